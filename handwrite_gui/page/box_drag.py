"""Dragging on the image to edit boxes: moving and sizing one, drawing one, cutting one.

Values and pure functions; positions are image pixels.  A box lies along its writing, whichever way
that runs, and is held and sized along it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from handwrite_gui.engine.page.result import Point, Quad, box_quad
from handwrite_gui.engine.page_document.places import box_along, direction, extent
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.region import Grip, corners_and_middles, grip_at
from handwrite_gui.page.region_editor import HANDLE
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.theme import theme

LEAST_SIDE = 2.0
"""Of a box, in image pixels."""


@dataclass(frozen=True, slots=True)
class BoxDrag:
    """What is being dragged.

    Attributes:
        start, end: from where to where.
        index: the character whose box is held; None for a box that is drawn anew.
        quad: that box before; None for one that is drawn anew.
        grip: what of it is held.
    """

    start: Point
    end: Point
    index: int | None = None
    quad: Quad | None = None
    grip: Grip = Grip.NONE

    def to(self, point: Point) -> BoxDrag:
        """The same, dragged to a point."""
        return replace(self, end=point)

    @property
    def box(self) -> Quad:
        """The box as it is dragged to."""
        (x0, y0), (x1, y1) = self.start, self.end
        if self.quad is None:
            return box_quad(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
        return reshaped(self.quad, self.grip, (x1 - x0, y1 - y0))

    @property
    def is_box(self) -> bool:
        """Whether there is a box yet: what is drawn may have no height."""
        along = direction(self.box)
        start, end, top, bottom = extent(self.box, along)
        return min(end - start, bottom - top) >= LEAST_SIDE


@dataclass(frozen=True, slots=True)
class CutDrag:
    """A cut that is being drawn."""

    start: Point
    end: Point

    def to(self, point: Point) -> CutDrag:
        return replace(self, end=point)

    @property
    def middle(self) -> Point:
        return (self.start[0] + self.end[0]) / 2, (self.start[1] + self.end[1]) / 2


def held(quad: Quad, point: Point, slack: float) -> Grip:
    """What of a box is held at a point."""
    along = direction(quad)
    return grip_at(_frame(quad, along), _turned(point, along), slack)


def reshaped(quad: Quad, grip: Grip, by: Point) -> Quad:
    """A box once what is held of it was moved.

    An edge stops before it reaches the opposite one.
    """
    if grip is Grip.ALL:
        return _moved(quad, by)
    along = direction(quad)
    across, down = _turned(by, along)
    left, top, right, bottom = _frame(quad, along)
    if grip & Grip.LEFT:
        left = min(left + across, right - LEAST_SIDE)
    if grip & Grip.RIGHT:
        right = max(right + across, left + LEAST_SIDE)
    if grip & Grip.TOP:
        top = min(top + down, bottom - LEAST_SIDE)
    if grip & Grip.BOTTOM:
        bottom = max(bottom + down, top + LEAST_SIDE)
    return box_along(along, left, right, top, bottom)


def paint_handles(painter: QPainter, viewport: Viewport, quad: Quad) -> None:
    """Draw where a box can be taken hold of."""
    tokens = theme().tokens
    along = direction(quad)
    painter.setPen(QPen(QColor(tokens.accent), 1.5))
    painter.setBrush(QColor(tokens.surface))
    for place, depth in corners_and_middles(_frame(quad, along)):
        x, y = viewport.to_view(
            (place * along[0] - depth * along[1], place * along[1] + depth * along[0])
        )
        painter.drawRect(QRectF(x - HANDLE / 2, y - HANDLE / 2, HANDLE, HANDLE))


def paint_drag(painter: QPainter, viewport: Viewport, drag: BoxDrag | CutDrag) -> None:
    """Draw a box or a cut as far as it is dragged."""
    accent = QColor(theme().tokens.accent)
    if isinstance(drag, CutDrag):
        painter.setPen(QPen(accent, 2.5, Qt.PenStyle.DashLine))
        painter.drawLine(
            QLineF(QPointF(*viewport.to_view(drag.start)), QPointF(*viewport.to_view(drag.end)))
        )
        return
    painter.setPen(QPen(accent, 2.0))
    fill = QColor(accent)
    fill.setAlphaF(0.15)
    painter.setBrush(fill)
    painter.drawConvexPolygon(QPolygonF([QPointF(*viewport.to_view(c)) for c in drag.box]))


def _frame(quad: Quad, along: Point) -> Bounds:
    """A box as an upright rectangle, in coordinates along its writing and across it."""
    start, end, top, bottom = extent(quad, along)
    return Bounds(start, top, end, bottom)


def _turned(point: Point, along: Point) -> Point:
    x, y = point
    ux, uy = along
    return x * ux + y * uy, y * ux - x * uy


def _moved(quad: Quad, by: Point) -> Quad:
    a, b, c, d = ((x + by[0], y + by[1]) for x, y in quad)
    return a, b, c, d
