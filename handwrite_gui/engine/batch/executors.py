"""Who does the tasks of a batch: this process, or several others."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import time
from collections import deque
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event
from typing import Protocol

from handwrite_gui.engine.batch.performing import OnProgress, ShouldStop, perform
from handwrite_gui.engine.batch.task import BatchSettings, Outcome, Task

DEFAULT_LIMIT = 600.0
"""Seconds that a task may take: a page takes a few, and only a damaged file takes forever."""

_TRIES = 2
_SECONDS_TO_END = 10.0
_DIED = (
    "the process that read it ended without a word, twice; the file may be damaged or need more "
    "memory than there is."
)
_TOO_LONG = "reading it took longer than {:g} seconds; the file may be damaged."


class Executor(Protocol):
    """Does tasks in any order.

    Attributes:
        capacity: how many tasks it is worth giving it at a time.
    """

    @property
    def capacity(self) -> int: ...

    def submit(self, task: Task) -> None:
        """Take a task; returns at once."""

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        """The tasks that are done now; waits for one, so many seconds at most."""

    def cancel(self) -> None:
        """Ask for an end of the tasks that were begun; they come back cancelled, or done."""

    def close(self) -> None:
        """End; tasks that were not done are forgotten."""


class InThisProcess:
    """Does one task after another, while it is waited for."""

    capacity = 1

    def __init__(
        self,
        settings: BatchSettings,
        *,
        on_progress: OnProgress | None = None,
        should_stop: ShouldStop | None = None,
    ) -> None:
        self._settings = settings
        self._on_progress = on_progress
        self._should_stop = should_stop
        self._tasks: deque[Task] = deque()

    def submit(self, task: Task) -> None:
        self._tasks.append(task)

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        if not self._tasks:
            time.sleep(seconds)
            return []
        task = self._tasks.popleft()
        outcome = perform(
            task, self._settings, on_progress=self._on_progress, should_stop=self._should_stop
        )
        return [(task, outcome)]

    def cancel(self) -> None:
        self._tasks.clear()

    def close(self) -> None:
        self._tasks.clear()


@dataclass(eq=False, slots=True)
class _Worker:
    process: SpawnProcess
    connection: Connection
    task: Task | None = None
    since: float = field(default_factory=time.monotonic)


class Processes:
    """Does tasks in processes of its own.

    A process that dies, by a fault in a library or for want of memory, is replaced, and its task
    tried once more; a task that takes too long is ended with its process.

    Args:
        settings: of the batch.
        count: how many processes, at least one.
        limit: seconds that a task may take.
    """

    def __init__(
        self, settings: BatchSettings, count: int, *, limit: float = DEFAULT_LIMIT
    ) -> None:
        if count < 1:
            raise ValueError(f"count must be at least 1, not {count}")
        self._settings = settings
        self._limit = limit
        # Not forked: a fork copies locks that threads of this process may hold.
        self._context = multiprocessing.get_context("spawn")
        self._stop: Event = self._context.Event()
        self._waiting: deque[Task] = deque()
        self._tries: dict[Task, int] = {}
        self._done: list[tuple[Task, Outcome]] = []
        self._workers = [self._start() for _ in range(count)]

    @property
    def capacity(self) -> int:
        # One more than are being done, so that no process waits for its next.
        return len(self._workers) + 1

    def submit(self, task: Task) -> None:
        self._waiting.append(task)
        self._hand_out()

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        self._hand_out()
        watched: list[Connection | int] = []
        for worker in self._workers:
            watched += [worker.connection, worker.process.sentinel]
        if not self._done:
            wait(watched, seconds)
        for index, worker in enumerate(self._workers):
            self._collect(index, worker)
        self._hand_out()
        done, self._done = self._done, []
        return done

    def cancel(self) -> None:
        self._stop.set()
        self._waiting.clear()

    def close(self) -> None:
        self._stop.set()
        for worker in self._workers:
            with contextlib.suppress(OSError):
                worker.connection.send(None)
        deadline = time.monotonic() + _SECONDS_TO_END
        for worker in self._workers:
            worker.process.join(max(deadline - time.monotonic(), 0.0))
            _end(worker)

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(
            target=_work, args=(theirs, self._settings, self._stop), daemon=True
        )
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _hand_out(self) -> None:
        for index, worker in enumerate(self._workers):
            if worker.task is not None or not self._waiting:
                continue
            task = self._waiting.popleft()
            worker.task, worker.since = task, time.monotonic()
            self._tries[task] = self._tries.get(task, 0) + 1
            try:
                worker.connection.send(task)
            except OSError:  # it died while it had nothing to do
                self._tries[task] -= 1
                self._waiting.appendleft(task)
                worker.task = None
                self._replace(index)

    def _collect(self, index: int, worker: _Worker) -> None:
        try:
            if worker.connection.poll():
                outcome = worker.connection.recv()
                if worker.task is not None:
                    self._finish(worker.task, outcome)
                worker.task = None
                return
        except (EOFError, OSError):
            pass
        else:
            if worker.process.is_alive() and not self._is_overdue(worker):
                return
        task = worker.task
        overdue = worker.process.is_alive() and self._is_overdue(worker)
        self._replace(index)
        if task is None:
            return
        if overdue:
            self._finish(task, Outcome(error=_TOO_LONG.format(self._limit)))
        elif self._stop.is_set():
            self._finish(task, Outcome(cancelled=True))
        elif self._tries[task] < _TRIES:
            self._waiting.appendleft(task)
        else:
            self._finish(task, Outcome(error=_DIED))

    def _is_overdue(self, worker: _Worker) -> bool:
        return worker.task is not None and time.monotonic() - worker.since > self._limit

    def _finish(self, task: Task, outcome: Outcome) -> None:
        self._tries.pop(task, None)
        self._done.append((task, outcome))

    def _replace(self, index: int) -> None:
        _end(self._workers[index])
        self._workers[index] = self._start()


def _end(worker: _Worker) -> None:
    if worker.process.is_alive():
        worker.process.kill()
        worker.process.join()
    worker.connection.close()
    worker.process.close()


def _work(connection: Connection, settings: BatchSettings, stop: Event) -> None:
    """What a process does: tasks, until there are no more or its parent is gone."""
    from threadpoolctl import threadpool_limits

    # Ctrl-C reaches every process of the terminal; the one that was started decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, OSError, BrokenPipeError), threadpool_limits(1, "blas"):
        while (task := connection.recv()) is not None:
            connection.send(perform(task, settings, should_stop=stop.is_set))


def usual_jobs() -> int:
    """How many processes this machine is good for."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1
