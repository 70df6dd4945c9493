"""Reading the drawing in a worker while it is being drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from handwrite_gui.draw.stroke import Stroke
from handwrite_gui.model_store import ModelStore
from handwrite_gui.workers import Task, TaskRunner

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handwrite_gui.engine.drawing.reader import DrawingMemory
    from handwrite_gui.engine.drawing.result import DrawingResult
    from handwrite_gui.engine.recognizer import Recognizer

_INTERVAL = 33  # milliseconds: some 30 readings a second, as many as an eye can follow

Strokes = tuple[Stroke, ...]
Said = dict[tuple[int, ...], str]


def points_of(stroke: Stroke) -> NDArray[np.float32]:
    """Where the pen was, (n, 2), without its pressure; for workers."""
    import numpy as np

    return np.array([point[:2] for point in stroke.points], np.float32)


class _Worker:
    """What a reading keeps for the next one; used by one worker at a time."""

    def __init__(self) -> None:
        self._memory: DrawingMemory | None = None
        self._points: dict[int, tuple[Stroke, NDArray[np.float32]]] = {}

    def read(self, recognizer: Recognizer, strokes: Strokes, said: Said) -> DrawingResult:
        if self._memory is None:
            from handwrite_gui.engine.drawing.reader import DrawingMemory

            self._memory = DrawingMemory()
        known = self._points
        # With the stroke itself, or another one could have come to its number.
        self._points = {id(s): known.get(id(s)) or (s, points_of(s)) for s in strokes}
        points = [self._points[id(stroke)][1] for stroke in strokes]
        return recognizer.read_strokes(points, said=said, memory=self._memory)


class DrawingReader(QObject):
    """Keeps a reading of the drawing up to date.

    At most one reading runs at a time, and the next begins when it has ended: on a slow machine
    readings come less often, but they come.  A drawing that was cleared has no reading at once,
    and one that is still under way is dropped.

    Args:
        strokes: gives the drawing as it is now.
        said: gives what the person said of groups of its strokes.

    Attributes:
        strokes_read: those that the last reading was of.

    Signals:
        read(object): a ``DrawingResult``, or None for an empty drawing or without a model.
        failed(object): an exception of the recogniser.
    """

    read = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        store: ModelStore,
        strokes: Callable[[], Strokes],
        parent: QObject | None = None,
        *,
        said: Callable[[], Said] = dict,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._strokes = strokes
        self._said = said
        self._worker = _Worker()
        self._under_way: Strokes = ()
        self.strokes_read: Strokes = ()
        self._runner = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self._wanted = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(_INTERVAL)
        self._timer.timeout.connect(self._next)
        store.changed.connect(self.refresh)

    @property
    def is_busy(self) -> bool:
        """Whether a newer reading than the last one is to come."""
        return self._wanted or self._task is not None

    def refresh(self) -> None:
        """The drawing, the model or the alphabet is another one: read again."""
        if self._closed:
            return
        if not self._strokes() or self._store.recognizer is None:
            self._drop()
            self.strokes_read = ()
            self.read.emit(None)
            return
        self._wanted = True
        if self._task is None and not self._timer.isActive():
            self._next()

    def shutdown(self) -> None:
        """Wait for the reading that is under way; none follows."""
        self._closed = True
        self._drop()
        self._runner.shutdown()

    def _drop(self) -> None:
        self._wanted = False
        self._timer.stop()
        if self._task is not None:
            self._task.supersede()
            self._task = None

    def _next(self) -> None:
        recognizer, strokes = self._store.recognizer, self._strokes()
        if not self._wanted or recognizer is None or not strokes:
            return
        self._wanted = False
        self._under_way = strokes
        self._task = self._runner.run(self._worker.read, recognizer, strokes, self._said())
        self._task.finished.connect(self._finished)
        self._task.failed.connect(self._failed)
        self._timer.start()

    def _finished(self, result: DrawingResult) -> None:
        read_of = self._under_way  # ending may begin the next
        self._end()
        self.strokes_read = read_of
        self.read.emit(result)

    def _failed(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._task = None
        if self._wanted and not self._timer.isActive():
            self._next()
