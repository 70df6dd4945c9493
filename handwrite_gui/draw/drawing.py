"""The strokes on the paper, with undo and redo."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from handwrite_gui.draw.stroke import Stroke


class Drawing(QObject):
    """Holds the strokes; every change can be undone.

    Signals:
        stroke_added(Stroke): one more than before; what stood there stands.
        replaced(): any other change.
        changed(): after either.
        undo_changed(): what can be undone or redone is other than before.
    """

    stroke_added = Signal(object)
    replaced = Signal()
    changed = Signal()
    undo_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._strokes: tuple[Stroke, ...] = ()
        self._undo_stack = QUndoStack(self)
        self._undo_stack.canUndoChanged.connect(self.undo_changed)
        self._undo_stack.canRedoChanged.connect(self.undo_changed)

    @property
    def strokes(self) -> tuple[Stroke, ...]:
        """In the order they were drawn."""
        return self._strokes

    @property
    def is_empty(self) -> bool:
        return not self._strokes

    @property
    def can_undo(self) -> bool:
        return self._undo_stack.canUndo()

    @property
    def can_redo(self) -> bool:
        return self._undo_stack.canRedo()

    def add(self, stroke: Stroke) -> None:
        """Add a stroke."""
        self._undo_stack.push(_Change(self, (*self._strokes, stroke), "Stroke"))

    def clear(self) -> None:
        """Take all strokes away."""
        if self._strokes:
            self._undo_stack.push(_Change(self, (), "Clear"))

    def undo(self) -> None:
        """Take back the last change."""
        self._undo_stack.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._undo_stack.redo()

    def show_strokes(self, strokes: tuple[Stroke, ...]) -> None:
        """Put other strokes in the place of all; for the undo commands."""
        before, self._strokes = self._strokes, strokes
        if strokes[:-1] == before and strokes:
            self.stroke_added.emit(strokes[-1])
        else:
            self.replaced.emit()
        self.changed.emit()


class _Change(QUndoCommand):
    # Strokes are shared between the tuples, so that keeping both costs little.
    def __init__(self, drawing: Drawing, after: tuple[Stroke, ...], text: str) -> None:
        super().__init__(text)
        self._drawing = drawing
        self._before = drawing.strokes
        self._after = after

    def undo(self) -> None:
        self._drawing.show_strokes(self._before)

    def redo(self) -> None:
        self._drawing.show_strokes(self._after)
