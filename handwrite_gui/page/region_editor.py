"""Choosing a part of the image by dragging a rectangle, or with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from handwrite_gui.engine.page.result import Point
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.region import LEAST_SIDE, Grip, corners_and_middles, dragged, grip_at
from handwrite_gui.page.viewport import Size, Viewport
from handwrite_gui.theme import theme

SLACK = 8.0
"""How far from an edge it is still taken hold of, in view pixels."""

HANDLE = 9.0
"""Side of a handle's square, in view pixels."""

STEP = 8.0
"""How far an arrow key moves, in view pixels."""

STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

POINTERS = {
    Grip.ALL: Qt.CursorShape.SizeAllCursor,
    Grip.LEFT: Qt.CursorShape.SizeHorCursor,
    Grip.RIGHT: Qt.CursorShape.SizeHorCursor,
    Grip.TOP: Qt.CursorShape.SizeVerCursor,
    Grip.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Grip.LEFT | Grip.TOP: Qt.CursorShape.SizeFDiagCursor,
    Grip.RIGHT | Grip.BOTTOM: Qt.CursorShape.SizeFDiagCursor,
    Grip.RIGHT | Grip.TOP: Qt.CursorShape.SizeBDiagCursor,
    Grip.LEFT | Grip.BOTTOM: Qt.CursorShape.SizeBDiagCursor,
}


class RegionEditor:
    """The rectangle while it is being chosen; the canvas hands over its events.

    Args:
        region: where it begins, in image pixels.
        size: width and height of the image.
    """

    def __init__(self, region: Bounds, size: Size) -> None:
        self.region = region
        self._size = size
        self._grip = Grip.NONE
        self._at: Point = (0.0, 0.0)
        self._before = self._kept = region

    def press(self, position: QPointF, viewport: Viewport) -> None:
        """Take hold of the rectangle, or begin another one beside it."""
        self._at = viewport.to_image((position.x(), position.y()))
        self._grip = grip_at(self.region, self._at, SLACK / viewport.scale)
        self._before = self._kept = self.region
        if self._grip is Grip.NONE:
            width, height = self._size
            x, y = min(max(self._at[0], 0.0), width), min(max(self._at[1], 0.0), height)
            self._before = Bounds(x, y, x, y)
            self._grip = Grip.RIGHT | Grip.BOTTOM

    def move(self, position: QPointF, viewport: Viewport) -> None:
        """Drag what is held."""
        if self._grip is Grip.NONE:
            return
        x, y = viewport.to_image((position.x(), position.y()))
        by = (x - self._at[0], y - self._at[1])
        self.region = dragged(self._before, self._grip, by, self._size)

    def release(self) -> None:
        """Let go; a click beside the rectangle leaves it as it was."""
        if min(self.region.width, self.region.height) < LEAST_SIDE:
            self.region = self._kept
        self._grip = Grip.NONE

    def step(self, key: Qt.Key, viewport: Viewport, *, sizing: bool, fine: bool) -> bool:
        """Move the rectangle, or its lower right corner, with an arrow key.

        Returns:
            whether it is such a key.
        """
        if key not in STEPS:
            return False
        across, down = STEPS[key]
        length = 1.0 if fine else max(1.0, STEP / viewport.scale)
        grip = Grip.RIGHT | Grip.BOTTOM if sizing else Grip.ALL
        self.region = dragged(self.region, grip, (across * length, down * length), self._size)
        return True

    def pointer(self, position: QPointF, viewport: Viewport) -> Qt.CursorShape:
        """What the pointer looks like there."""
        grip = self._grip
        if grip is Grip.NONE:
            at = viewport.to_image((position.x(), position.y()))
            grip = grip_at(self.region, at, SLACK / viewport.scale)
        return POINTERS.get(grip, Qt.CursorShape.CrossCursor)

    def paint(self, painter: QPainter, viewport: Viewport) -> None:
        """Draw the rectangle with its handles, and a veil over the rest."""
        paint_region(painter, viewport, self.region)
        tokens = theme().tokens
        painter.setPen(QPen(QColor(tokens.accent), 1.5))
        painter.setBrush(QColor(tokens.surface))
        for corner in corners_and_middles(self.region):
            x, y = viewport.to_view(corner)
            painter.drawRect(QRectF(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE))


def paint_region(painter: QPainter, viewport: Viewport, region: Bounds) -> None:
    """Draw the frame of a region and a veil over what is not in it."""
    left, top = viewport.to_view((region.left, region.top))
    right, bottom = viewport.to_view((region.right, region.bottom))
    inside = QRectF(QPointF(left, top), QPointF(right, bottom))
    width, height = viewport.image
    corner = viewport.to_view((0.0, 0.0))
    outside = QPainterPath()
    outside.addRect(QRectF(*corner, width * viewport.scale, height * viewport.scale))
    outside.addRect(inside)
    tokens = theme().tokens
    veil = QColor(tokens.window)
    veil.setAlphaF(0.72)
    painter.fillPath(outside, veil)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.accent), 1.5))
    painter.drawRect(inside)
