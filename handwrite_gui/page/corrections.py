"""What the person says that characters are, kept by their place on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPointF, Signal
from PySide6.QtGui import QPolygonF, QUndoCommand, QUndoStack

from handwrite_gui.engine.page.result import Quad
from handwrite_gui.page.hit_testing import quad_bounds, quad_contains

SAME_FROM = 0.5
"""Intersection over union from which two places hold the same character; the usual criterion
for objects in images (Everingham et al. 2010)."""

SAME_CENTRED_FROM = 0.2
"""The same where each one's middle lies in the other: a dot is a few pixels large, and one pixel
of difference is much of it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What stands at a place.

    Attributes:
        quad: on the image as it was opened, so that turning it loses nothing.
        label: the character that it is.
    """

    quad: Quad
    label: str


class Corrections(QObject):
    """The corrections of one page; every change can be undone.

    Signals:
        changed(): there are others than before.
        undo_changed(): what can be undone or redone is other than before; the stack finds out
            about a change only after it was made.
    """

    changed = Signal()
    undo_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[Correction, ...] = ()
        self._undo_stack = QUndoStack(self)
        self._undo_stack.canUndoChanged.connect(self.undo_changed)
        self._undo_stack.canRedoChanged.connect(self.undo_changed)

    @property
    def all(self) -> tuple[Correction, ...]:
        """In the order they were made."""
        return self._all

    @property
    def can_undo(self) -> bool:
        return self._undo_stack.canUndo()

    @property
    def can_redo(self) -> bool:
        return self._undo_stack.canRedo()

    def undo(self) -> None:
        self._undo_stack.undo()

    def redo(self) -> None:
        self._undo_stack.redo()

    def relabel(self, quad: Quad, label: str) -> None:
        """Say what stands at a place; a correction that is already there is replaced."""
        others = self._without(quad)
        self._change((*others, Correction(quad, label)), f"Correct to {label}")

    def withdraw(self, quad: Quad) -> None:
        """Take the correction at a place back."""
        self._change(self._without(quad), "Remove correction")

    def replace(self, corrections: tuple[Correction, ...]) -> None:
        """Put others in the place of all; for the undo commands."""
        self._all = corrections
        self.changed.emit()

    def _without(self, quad: Quad) -> tuple[Correction, ...]:
        place = match([quad], self._all).get(0)
        return tuple(correction for correction in self._all if correction is not place)

    def _change(self, after: tuple[Correction, ...], text: str) -> None:
        if after != self._all:
            self._undo_stack.push(_Change(self, after, text))


class _Change(QUndoCommand):
    def __init__(self, owner: Corrections, after: tuple[Correction, ...], text: str) -> None:
        super().__init__(text)
        self._owner = owner
        self._before = owner.all
        self._after = after

    def undo(self) -> None:
        self._owner.replace(self._before)

    def redo(self) -> None:
        self._owner.replace(self._after)


def match(quads: Sequence[Quad], corrections: Sequence[Correction]) -> dict[int, Correction]:
    """Which character each correction belongs to.

    A page that is read again is parted anew: the places differ a little, and some characters
    are no longer found.

    Args:
        quads: the places of the characters, on the image as it was opened.

    Returns:
        the correction of a character, by its index; at most one each, the best overlap first.
    """
    found: dict[int, Correction] = {}
    index_of = {quad: index for index, quad in enumerate(quads)}
    pending = []
    for correction in corrections:
        index = index_of.get(correction.quad)  # as long as the page was not read again
        if index is None:
            pending.append(correction)
        else:
            found[index] = correction
    if not pending:
        return found
    bounds = [quad_bounds(quad) for quad in quads]
    candidates = []
    for correction in pending:
        around = quad_bounds(correction.quad)
        candidates += [
            (score, index, correction)
            for index, other in enumerate(bounds)
            if other.overlaps(around) and (score := _likeness(quads[index], correction.quad))
        ]
    placed: set[Correction] = set()
    for _, index, correction in sorted(candidates, key=lambda c: c[0], reverse=True):
        if index not in found and correction not in placed:
            found[index] = correction
            placed.add(correction)
    return found


def _likeness(one: Quad, other: Quad) -> float:
    """Intersection over union of two places of one character, 0 where they are of two."""
    first, second = _polygon(one), _polygon(other)
    common = _area(first.intersected(second))
    together = _area(first) + _area(second) - common
    likeness = common / together if together > 0 else 0.0
    centred = quad_contains(one, _middle(other)) and quad_contains(other, _middle(one))
    return likeness if likeness > (SAME_CENTRED_FROM if centred else SAME_FROM) else 0.0


def _polygon(quad: Quad) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in quad])


def _area(polygon: QPolygonF) -> float:
    corners = [polygon.at(index) for index in range(polygon.size())]
    following = corners[1:] + corners[:1]
    twice = sum(a.x() * b.y() - b.x() * a.y() for a, b in zip(corners, following, strict=True))
    return abs(twice) / 2


def _middle(quad: Quad) -> tuple[float, float]:
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4
