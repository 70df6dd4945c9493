"""A hand that draws on a widget with real mouse events."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

Point = tuple[float, float]

LETTERS: dict[str, list[list[Point]]] = {
    "L": [[(4, 0), (0, 98), (56, 100)]],
    "O": [[(34, 0), (14, 8), (2, 32), (0, 58), (10, 86), (30, 100), (52, 92), (66, 66), (66, 36),
           (56, 10), (34, 0)]],
    "R": [[(12, 0), (4, 100)], [(0, 4), (26, 0), (50, 8), (54, 26), (40, 44), (8, 50)],
          [(24, 48), (62, 100)]],
    "T": [[(0, 0), (64, 2)], [(36, 0), (28, 100)]],
}  # fmt: skip
"""Strokes in a box about 60 wide and 100 high, y down."""


def stroke(widget: QWidget, points: Sequence[Point], *, lift: bool = True) -> None:
    """Draw one stroke through the points, in the widget's pixels."""
    path = [QPoint(round(x), round(y)) for x, y in _filled(points)]
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QTest.mousePress(widget, left, none, path[0])
    for place in path[1:]:
        QTest.mouseMove(widget, place)
    if lift:
        QTest.mouseRelease(widget, left, none, path[-1])


def write(widget: QWidget, text: str, *, at: Point = (80, 120), scale: float = 1.5) -> None:
    """Write letters side by side."""
    x0, y0 = at
    for letter in text:
        for points in LETTERS[letter]:
            stroke(widget, [(x0 + scale * x, y0 + scale * y) for x, y in points])
        x0 += 100 * scale


def _filled(points: Sequence[Point]) -> list[Point]:
    """The points with eight more between each two, as a hand that does not leap."""
    steps = [step / 8 for step in range(8)]
    between = [
        (ax + (bx - ax) * t, ay + (by - ay) * t)
        for (ax, ay), (bx, by) in pairwise(points)
        for t in steps
    ]
    return [*between, points[-1]]
