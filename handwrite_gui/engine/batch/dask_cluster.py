"""The tasks of a batch on a Dask cluster that is there already (the extra ``cluster``)."""

from __future__ import annotations

import contextlib
import time
from importlib import import_module
from queue import Empty, SimpleQueue
from typing import Any

from handwrite_gui.engine.batch.performing import perform
from handwrite_gui.engine.batch.task import BatchSettings, Outcome, Task
from handwrite_gui.engine.errors import HandwriteError

_SECONDS_TO_CONNECT = 20.0
_TRIES = 2
_LOST = "the workers that read it were lost, more than once; the file may be damaged."
_NO_WORKERS_AFTER = 60.0
_NONE_LEFT = "The cluster has had no workers for a minute; start some, and resume the batch."


class DaskCluster:
    """Does tasks on the workers of a cluster.

    Every worker reads the files under the same paths as this machine, as from a shared folder, and
    has this program installed.  A task whose worker is lost is done by another; as outputs are
    written here alone, and once a task, nothing is written twice.

    Args:
        settings: of the batch.
        address: of the scheduler, ``tcp://host:8786``.

    Raises:
        HandwriteError: Dask is not installed, or there is no scheduler at the address.
    """

    def __init__(self, settings: BatchSettings, address: str) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise HandwriteError(
                "A cluster needs the Python package “distributed”; install Handwrite with the "
                "extra “cluster”."
            ) from None
        try:
            self._client: Any = distributed.Client(
                address, timeout=_SECONDS_TO_CONNECT, set_as_default=False
            )
        except (OSError, ValueError, TimeoutError) as error:
            raise HandwriteError(
                f"There is no Dask scheduler at {address}; check the address, and that it runs."
            ) from error
        self._settings = settings
        self._running: dict[Any, Task] = {}
        self._finished: SimpleQueue[Any] = SimpleQueue()
        self._tries: dict[Task, int] = {}
        self._alone_since: float | None = None

    @property
    def capacity(self) -> int:
        """Two for each thread of a worker: one is done while the next is on its way."""
        threads: int = sum(self._client.nthreads().values())
        return max(2 * threads, 1)

    def submit(self, task: Task) -> None:
        self._tries[task] = self._tries.get(task, 0) + 1
        future = self._client.submit(perform, task, self._settings, pure=False, retries=_TRIES)
        self._running[future] = task
        future.add_done_callback(self._finished.put)

    def wait(self, seconds: float) -> list[tuple[Task, Outcome]]:
        """As of any executor.

        Raises:
            HandwriteError: all workers are gone.
        """
        finished = []
        with contextlib.suppress(Empty):
            finished.append(self._finished.get(timeout=seconds))
            while True:
                finished.append(self._finished.get_nowait())
        self._check_workers()
        done = []
        for future in finished:
            task = self._running.pop(future, None)
            if task is None:  # it was cancelled
                continue
            outcome = self._outcome(future)
            future.release()
            if outcome is None and self._tries[task] < _TRIES:
                self.submit(task)
                continue
            self._tries.pop(task, None)
            done.append((task, outcome or Outcome(error=_LOST)))
        return done

    def cancel(self) -> None:
        for future in self._running:
            future.cancel()
        self._running.clear()

    def close(self) -> None:
        self.cancel()
        self._client.close()

    @staticmethod
    def _outcome(future: Any) -> Outcome | None:
        """None where the workers died of it."""
        if future.status != "finished":
            return None
        outcome: Outcome = future.result()
        return outcome

    def _check_workers(self) -> None:
        if self._client.nthreads():
            self._alone_since = None
            return
        now = time.monotonic()
        self._alone_since = self._alone_since or now
        if now - self._alone_since > _NO_WORKERS_AFTER:
            raise HandwriteError(_NONE_LEFT)
