"""Running a batch from the window: begun, paused, cancelled, and what it tells."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import Event
from handwrite_gui.engine.batch.executors import Executor, Processes
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.report import Report
from handwrite_gui.engine.batch.task import BatchItem, BatchSettings
from handwrite_gui.workers import Task, TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.model_file import Model

_MILLISECONDS_BETWEEN_LOOKS = 100

MakeExecutor = Callable[[BatchSettings, int], Executor]


@dataclass(frozen=True, slots=True, eq=False)
class BatchOrder:
    """What is to be done.

    Attributes:
        files: paths and quarters by which their pages are turned, in their order.
        settings: how they are read and written.
        output: the folder for what is written.
        jobs: how many processes read.
        resume: leave out what an earlier batch has read.
        model: a model that is in memory alone, to be read with instead of that of the settings.
    """

    files: Sequence[tuple[Path, int]]
    settings: BatchSettings
    output: Path
    jobs: int
    resume: bool
    model: Model | None = None


class _Control:
    """The batch as the worker has it; wishes that came before it was made are kept."""

    def __init__(self) -> None:
        self._batch: Batch | None = None
        self._pauses = False
        self._cancels = False

    def set_batch(self, batch: Batch) -> None:
        self._batch = batch
        self.pause(self._pauses)
        if self._cancels:
            batch.cancel()

    def pause(self, pauses: bool) -> None:
        self._pauses = pauses
        if self._batch is not None:
            (self._batch.pause if pauses else self._batch.resume)()

    def cancel(self) -> None:
        self._cancels = True
        if self._batch is not None:
            self._batch.cancel()


class BatchSession(QObject):
    """Runs one batch at a time in a worker, whose processes read.

    Signals:
        told(object): an event of the batch.
        finished(Report): it ended; cancelled, if the report says so.
        failed(object): the exception that it ended with.
        busy_changed(): it has begun, ended, was paused or goes on.
    """

    told = Signal(object)
    finished = Signal(object)
    failed = Signal(object)
    busy_changed = Signal()

    def __init__(
        self, parent: QObject | None = None, *, make_executor: MakeExecutor | None = None
    ) -> None:
        super().__init__(parent)
        self._make_executor: MakeExecutor = make_executor or Processes
        self._runner = TaskRunner(self, threads=1)
        self._task: Task | None = None
        self._control = _Control()
        self._events: SimpleQueue[Event] = SimpleQueue()
        self.is_paused = False
        self._timer = QTimer(self)
        self._timer.setInterval(_MILLISECONDS_BETWEEN_LOOKS)
        self._timer.timeout.connect(self._tell)

    @property
    def is_busy(self) -> bool:
        """Whether a batch is being read, paused or not."""
        return self._task is not None

    def start(self, order: BatchOrder) -> None:
        """Begin; nothing else may be running."""
        self._control = _Control()
        self._events = SimpleQueue()
        self.is_paused = False
        self._task = self._runner.run(
            run_order, order, self._make_executor, self._control, self._events
        )
        self._task.finished.connect(self._finish)
        self._task.failed.connect(self.failed)
        self._task.ended.connect(self._end)
        self._timer.start()
        self.busy_changed.emit()

    def pause(self, pauses: bool) -> None:
        """Begin no more pages, or go on."""
        if self.is_busy and pauses != self.is_paused:
            self.is_paused = pauses
            self._control.pause(pauses)
            self.busy_changed.emit()

    def cancel(self) -> None:
        """End soon; what was read stays."""
        self._control.cancel()

    def shutdown(self) -> None:
        """End and wait for it."""
        self._timer.stop()
        self._control.cancel()
        self._runner.shutdown()

    def _tell(self) -> None:
        while True:
            try:
                event = self._events.get_nowait()
            except Empty:
                return
            self.told.emit(event)

    def _finish(self, report: Report) -> None:
        self._tell()
        self.finished.emit(report)

    def _end(self) -> None:
        self._timer.stop()
        self._tell()
        self._task = None
        self.is_paused = False
        self.busy_changed.emit()


def run_order(
    order: BatchOrder,
    make_executor: MakeExecutor,
    control: _Control,
    events: SimpleQueue[Event],
    *,
    should_stop: Callable[[], bool],
) -> Report:
    """Do what is ordered; in a worker.

    Raises:
        HandwriteError: two outputs would go to one place, or an earlier batch in the folder had
            other settings.
        OSError: the folder cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix="handwrite-") as folder:
        settings = order.settings
        if order.model is not None:
            from handwrite_gui.engine.model_file import save_model

            path = Path(folder) / "model.npz"
            save_model(order.model, path)
            settings = replace(settings, model=path)
        turns = dict(order.files)
        items = [
            BatchItem(item.source, item.stem, turns.get(item.source, 0))
            for item in plan([path for path, _ in order.files], order.output, settings.format)
        ]
        batch = Batch(items, settings, order.output, resume=order.resume)
        control.set_batch(batch)
        for event in batch.run(make_executor(settings, order.jobs)):
            events.put(event)
            if should_stop():
                batch.cancel()
        return batch.report
