"""Scribbling over ink deletes it: found in a worker as soon as the pen is lifted."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from handwrite_gui.draw.drawing import Drawing
from handwrite_gui.draw.stroke import Stroke
from handwrite_gui.importing import one_at_a_time
from handwrite_gui.workers import TaskRunner

_FEWEST_POINTS = 5  # of a scribble


def _get_ready() -> None:
    """Import what finds scribbles: that takes longer than finding one."""
    with one_at_a_time:
        import handwrite_gui.engine.drawing.scratch_out  # noqa: F401


def _covered(stroke: Stroke, others: tuple[Stroke, ...]) -> tuple[Stroke, ...]:
    from handwrite_gui.draw.reading import points_of
    from handwrite_gui.engine.drawing.scratch_out import scratched_out

    # One by one as they are asked for: for a stroke that is writing none is.
    indices = scratched_out(points_of(stroke), (points_of(other) for other in others))
    return tuple(others[index] for index in indices)


class ScratchOuts(QObject):
    """Takes strokes away that were scratched out, and the scribble with them.

    The scribble is a stroke of the drawing until then: undoing brings back what it covered and
    leaves it there, for whoever meant it as writing.

    Signals:
        scratched(int): so many strokes were taken away, the scribble not counted.
    """

    scratched = Signal(int)

    def __init__(self, drawing: Drawing, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._runner = TaskRunner(self, threads=1)
        self._is_ready = False
        self._closed = False

    @property
    def is_busy(self) -> bool:
        """Whether a stroke is being looked at."""
        return self._runner.is_busy

    def look_at(self, stroke: Stroke) -> None:
        """Look whether a stroke that was just drawn is a scribble."""
        if self._closed:
            return
        if not self._is_ready:
            self._is_ready = True
            self._runner.run(_get_ready)
        others = tuple(other for other in self._drawing.strokes if other is not stroke)
        if len(stroke.points) < _FEWEST_POINTS or not others:
            return
        task = self._runner.run(_covered, stroke, others)
        task.finished.connect(lambda covered: self._take_away(stroke, covered))

    def shutdown(self) -> None:
        """Wait for what is being looked at; nothing is taken away any more."""
        self._closed = True
        self._runner.shutdown()

    def _take_away(self, stroke: Stroke, covered: tuple[Stroke, ...]) -> None:
        if covered and self._drawing.remove((*covered, stroke)):
            self.scratched.emit(len(covered))
