"""The strokes on the paper and what the person said of them, with undo and redo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from handwrite_gui.draw.stroke import Stroke

Strokes = tuple[Stroke, ...]


@dataclass(frozen=True, slots=True)
class SaidCharacter:
    """Strokes that the person said are one character, and which."""

    strokes: Strokes
    label: str


@dataclass(frozen=True, slots=True)
class _Paper:
    """What is on the paper."""

    strokes: Strokes = ()
    said: tuple[SaidCharacter, ...] = ()

    def without(self, gone: Sequence[Stroke]) -> _Paper:
        """Without some strokes, and without what was said of characters that they belong to."""
        numbers = {id(stroke) for stroke in gone}
        return _Paper(
            tuple(stroke for stroke in self.strokes if id(stroke) not in numbers),
            tuple(own for own in self.said if not any(id(s) in numbers for s in own.strokes)),
        )

    def saying(self, strokes: Strokes, label: str) -> _Paper:
        """With these strokes said to be one character; "" takes back what was said."""
        numbers = {id(stroke) for stroke in strokes}
        others = tuple(own for own in self.said if not any(id(s) in numbers for s in own.strokes))
        return _Paper(self.strokes, (*others, SaidCharacter(strokes, label)) if label else others)


class Drawing(QObject):
    """Holds the strokes and what the person said they are; every change can be undone.

    Signals:
        stroke_added(Stroke): one more than before; what stood there stands.
        replaced(): any other change of the strokes.
        changed(): after either, and after something was said.
        undo_changed(): what can be undone or redone is other than before.
        said_of(object, str): the person said what these strokes, a tuple, are; "" where that was
            taken back.
    """

    stroke_added = Signal(object)
    replaced = Signal()
    changed = Signal()
    undo_changed = Signal()
    said_of = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._paper = _Paper()
        self._undo_stack = QUndoStack(self)
        self._undo_stack.canUndoChanged.connect(self.undo_changed)
        self._undo_stack.canRedoChanged.connect(self.undo_changed)

    @property
    def strokes(self) -> Strokes:
        """In the order they were drawn."""
        return self._paper.strokes

    @property
    def said(self) -> tuple[SaidCharacter, ...]:
        """What the person said, of strokes that are there."""
        return self._paper.said

    @property
    def is_empty(self) -> bool:
        return not self._paper.strokes

    @property
    def can_undo(self) -> bool:
        return self._undo_stack.canUndo()

    @property
    def can_redo(self) -> bool:
        return self._undo_stack.canRedo()

    def said_groups(self) -> dict[tuple[int, ...], str]:
        """What the person said, by the indices of the strokes."""
        places = {id(stroke): index for index, stroke in enumerate(self.strokes)}
        return {
            tuple(sorted(places[id(stroke)] for stroke in own.strokes)): own.label
            for own in self.said
        }

    def add(self, stroke: Stroke) -> None:
        """Add a stroke."""
        paper = _Paper((*self.strokes, stroke), self.said)
        self._undo_stack.push(_Change(self, paper, "Stroke"))

    def clear(self) -> None:
        """Take all strokes away."""
        if not self.is_empty:
            self._undo_stack.push(_Change(self, _Paper(), "Clear"))

    def remove(self, strokes: Sequence[Stroke]) -> bool:
        """Take some strokes away.

        Returns:
            whether all of them were there; else nothing changes.
        """
        there = {id(stroke) for stroke in self.strokes}
        if not strokes or any(id(stroke) not in there for stroke in strokes):
            return False
        self._undo_stack.push(_Change(self, self._paper.without(strokes), "Scratch Out"))
        return True

    def say(self, strokes: Strokes, label: str) -> None:
        """Let the person say which character some strokes are; "" takes back what they said."""
        if self._paper.saying(strokes, label) != self._paper:
            self._undo_stack.push(_Saying(self, strokes, label))

    def undo(self) -> None:
        """Take back the last change."""
        self._undo_stack.undo()

    def redo(self) -> None:
        """Do again what was taken back last."""
        self._undo_stack.redo()

    def show_paper(self, paper: _Paper) -> None:
        """Put something else in the place of all; for the undo commands."""
        before, self._paper = self._paper, paper
        if paper.strokes and paper.strokes[:-1] == before.strokes:
            self.stroke_added.emit(paper.strokes[-1])
        elif paper.strokes != before.strokes:
            self.replaced.emit()
        self.changed.emit()


class _Change(QUndoCommand):
    # Strokes are shared between the tuples, so that keeping both costs little.
    def __init__(self, drawing: Drawing, after: _Paper, text: str) -> None:
        super().__init__(text)
        self._drawing = drawing
        self._before = drawing._paper
        self._after = after

    def undo(self) -> None:
        self._drawing.show_paper(self._before)

    def redo(self) -> None:
        self._drawing.show_paper(self._after)


class _Saying(_Change):
    def __init__(self, drawing: Drawing, strokes: Strokes, label: str) -> None:
        super().__init__(drawing, drawing._paper.saying(strokes, label), "Correction")
        self._gone = [own for own in self._before.said if own not in self._after.said]
        self._new = [own for own in self._after.said if own not in self._before.said]

    def undo(self) -> None:
        super().undo()
        self._tell(self._new, self._gone)

    def redo(self) -> None:
        super().redo()
        self._tell(self._gone, self._new)

    def _tell(self, gone: list[SaidCharacter], new: list[SaidCharacter]) -> None:
        again = {id(stroke) for own in new for stroke in own.strokes}
        for own in gone:
            if {id(stroke) for stroke in own.strokes} != again:
                self._drawing.said_of.emit(own.strokes, "")
        for own in new:
            self._drawing.said_of.emit(own.strokes, own.label)
