"""Finding the steps of a reading when they are asked for, once for each page."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from handwrite_gui.page.reading import Page, Reading
from handwrite_gui.page.steps import Steps, find_steps
from handwrite_gui.workers import Task, TaskRunner


class StepLoader(QObject):
    """Finds the steps of the page that is shown, in a worker, and keeps them.

    Signals:
        found(): the steps that were asked for are there.
        busy_changed(): work has begun or ended.
        progressed(float, str): how far the work is, in 0 to 1, and what it is doing.
        failed(object): the exception that ended the work.
    """

    found = Signal()
    busy_changed = Signal()
    progressed = Signal(float, str)
    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self._wanted: Reading | None = None
        self._reading: Reading | None = None
        self._steps: Steps = {}

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def steps_of(self, page: Page) -> Steps | None:
        """The steps of a page's reading; None where they were not found yet."""
        return self._steps if page.reading is not None and page.reading is self._reading else None

    def load(self, page: Page) -> None:
        """Find the steps of a page that was read; nothing to do where that is going on."""
        reading = page.reading
        if reading is None or reading is self._wanted or reading.recognizer is None:
            return  # of a document's own reading nobody knows what read it
        self._wanted = reading
        task = self._runner.run(
            find_steps, page.image, reading.framing, reading.recognizer, reading.options
        )
        task.progressed.connect(self.progressed)
        task.finished.connect(lambda steps: self._take(reading, steps))
        task.failed.connect(self._fail)
        self._set_task(task)

    def cancel(self) -> None:
        """Give up the work."""
        if self._task is not None:
            self._task.supersede()
        self._wanted = None
        self._set_task(None)

    def shutdown(self) -> None:
        """Give up the work and wait until it has ended."""
        self._runner.shutdown()

    def _take(self, reading: Reading, steps: Steps) -> None:
        self._reading, self._steps, self._wanted = reading, steps, None
        self._set_task(None)
        self.found.emit()

    def _fail(self, error: Exception) -> None:
        self._wanted = None
        self._set_task(None)
        self.failed.emit(error)

    def _set_task(self, task: Task | None) -> None:
        was_busy = self.is_busy
        self._task = task
        if self.is_busy != was_busy:
            self.busy_changed.emit()
