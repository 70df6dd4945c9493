"""Running the engine's long functions off the GUI thread."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial
from threading import Event, Lock
from typing import Any

from PySide6.QtCore import QObject, Qt, QThreadPool, Signal

from handwrite_gui.engine.errors import Cancelled


class _Call:
    """A function call as the worker thread sees it: plain values, no QObject.

    The thread that runs it keeps a reference to it alone, so that no QObject is ever deleted
    by that thread, or while that thread emits one of its signals.
    """

    def __init__(
        self,
        function: Callable[..., object],
        arguments: tuple[Any, ...],
        keywords: dict[str, Any],
    ) -> None:
        self.function = function
        self.arguments = arguments
        self.keywords = keywords
        self.stop = Event()
        self.result: object = None
        self.error: Exception | None = None
        self.notify: Callable[[bool], None] = lambda done: None
        self._lock = Lock()
        self._progress: tuple[float, str] | None = None

    def execute(self) -> None:
        """Call the function and keep what comes of it."""
        try:
            if not self.stop.is_set():
                self.result = self.function(*self.arguments, **self._hooks(), **self.keywords)
        except Cancelled:
            self.stop.set()
        except Exception as error:
            self.error = error
        finally:
            # Arguments can be a page's pixels; a call that is done must not keep them.
            self.arguments = ()
            self.keywords = {}
            self.notify(True)

    def take_progress(self) -> tuple[float, str] | None:
        """The last report that was not taken yet."""
        with self._lock:
            progress, self._progress = self._progress, None
        return progress

    def _hooks(self) -> dict[str, Any]:
        try:
            names = inspect.signature(self.function).parameters
        except (TypeError, ValueError):
            return {}
        hooks = {"on_progress": self._report, "should_stop": self.stop.is_set}
        return {k: v for k, v in hooks.items() if k in names and k not in self.keywords}

    def _report(self, fraction: float, text: str = "") -> None:
        with self._lock:
            waiting = self._progress is not None
            self._progress = (float(fraction), text)
        if not waiting:
            self.notify(False)


class Task(QObject):
    """One call that runs in a thread of the pool.

    Every signal is emitted on the GUI thread; exactly one of ``finished``, ``failed`` and
    ``cancelled`` ends a task, unless a later task took its place: then it ends silently.

    Signals:
        progressed(float, str): how far it is, in 0 to 1, and what it is doing.  Reports that
            come faster than the GUI thread takes them are merged into the last one.
        finished(object): what the function returned.
        failed(object): the exception it raised.
        cancelled(): it was asked to stop, and has ended.
        ended(): after any of these, and after the silent end.
    """

    progressed = Signal(float, str)
    finished = Signal(object)
    failed = Signal(object)
    cancelled = Signal()
    ended = Signal()

    def __init__(self, call: _Call, parent: QObject) -> None:
        super().__init__(parent)
        self._call = call
        self._superseded = False

    def cancel(self) -> None:
        """Ask the function to stop; ``cancelled`` follows when it has."""
        self._call.stop.set()

    @property
    def is_cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._call.stop.is_set()

    def supersede(self) -> None:
        """Ask the function to stop, and drop whatever it gives."""
        self._superseded = True
        self.cancel()

    def deliver_progress(self) -> None:
        """Emit the last report."""
        progress = self._call.take_progress()
        if progress is not None and not self.is_cancelled:
            self.progressed.emit(*progress)

    def deliver_outcome(self) -> None:
        """Emit what came of the call."""
        call = self._call
        if not self._superseded:
            self.deliver_progress()
            if call.error is not None:
                self.failed.emit(call.error)
            elif self.is_cancelled:
                self.cancelled.emit()
            else:
                self.finished.emit(call.result)
        self.ended.emit()


class TaskRunner(QObject):
    """Runs functions in threads of its own and waits for them at the end.

    Args:
        parent: owns the runner; call :meth:`shutdown` before it goes.
        latest_only: one task at a time matters: a new one asks the one before to stop and
            drops its result, however late it comes.
        threads: how many tasks run at once; always one where ``latest_only``.
    """

    _notified = Signal(int, bool)

    def __init__(
        self, parent: QObject | None = None, *, latest_only: bool = False, threads: int = 2
    ) -> None:
        super().__init__(parent)
        self._latest_only = latest_only
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1 if latest_only else threads)
        self._tasks: dict[int, Task] = {}
        self._generation = 0
        self._closed = False
        self._notified.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether a task has yet to end."""
        return bool(self._tasks)

    def run(self, function: Callable[..., object], *arguments: Any, **keywords: Any) -> Task:
        """Call ``function`` in a thread; returns at once.

        ``on_progress`` and ``should_stop`` are handed over where the function has parameters
        of these names.

        Raises:
            RuntimeError: the runner was shut down.
        """
        if self._closed:
            raise RuntimeError("this runner was shut down")
        if self._latest_only:
            for earlier in self._tasks.values():
                earlier.supersede()
        self._generation += 1
        call = _Call(function, arguments, keywords)
        # The runner outlives its threads, shutdown() sees to it: it is safe to emit from there.
        call.notify = partial(self._notified.emit, self._generation)
        task = Task(call, self)
        self._tasks[self._generation] = task
        self._pool.start(call.execute)
        return task

    def supersede_all(self) -> None:
        """Ask every task to stop, and drop whatever they give."""
        for task in self._tasks.values():
            task.supersede()

    def cancel_all(self) -> None:
        """Ask every task to stop."""
        for task in self._tasks.values():
            task.cancel()

    def wait(self) -> None:
        """Wait until every task has run to its end; what comes of them is delivered later."""
        self._pool.waitForDone()

    def shutdown(self) -> None:
        """Ask every task to stop and wait until all have; nothing is delivered afterwards."""
        self._closed = True
        for task in self._tasks.values():
            task.supersede()
        self._pool.waitForDone()

    def _deliver(self, generation: int, done: bool) -> None:
        task = self._tasks.get(generation)
        if task is None:
            return
        if not done:
            task.deliver_progress()
            return
        del self._tasks[generation]
        task.deliver_outcome()
        task.deleteLater()
