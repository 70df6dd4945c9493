"""Painting strokes: smooth curves whose width follows the pressure.

Between the midpoints of neighbouring points runs a quadratic curve with the point between them
as its control point: the curve is smooth everywhere, and a new point changes nothing that was
painted before it, so that only a small area is painted again while the pen moves.

A stroke is always painted as one path.  Painted piece by piece, the half-covered pixels at the
edges would be blended twice where pieces meet, and the stroke would look like a string of beads.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF

from handwrite_gui.draw.stroke import PenPoint, Stroke

PEN_WIDTH = 9.0
"""Device-independent pixels, at a pressure of 0.5."""

_SAMPLE = 3.0  # pixels between the places where the width of a stroke is set anew
_SHARP = math.radians(30)  # a turn between two samples that needs a disc to be round
_CAP_STEPS = 12
_Sample = tuple[float, float, float]  # x, y, width


def pen_width(pressure: float) -> float:
    """The pen's width at a pressure of 0 to 1: half at no pressure, half more at full."""
    return PEN_WIDTH * (0.5 + min(max(pressure, 0.0), 1.0))


def dirty_area(points: Sequence[PenPoint]) -> QRectF:
    """Where the last point changed the picture: around the last three points."""
    last = points[-3:]
    margin = pen_width(1.0) / 2 + 2
    left, right = min(p.x for p in last), max(p.x for p in last)
    top, bottom = min(p.y for p in last), max(p.y for p in last)
    return QRectF(left, top, right - left, bottom - top).adjusted(-margin, -margin, margin, margin)


def paint_points(
    painter: QPainter, points: Sequence[PenPoint], colour: QColor, area: QRectF | None = None
) -> None:
    """Paint a stroke of these points.

    Args:
        area: nothing outside it needs to be painted; None for no limit.
    """
    if not points:
        return
    first = points[0].pressure
    if all(point.pressure == first for point in points):
        style = Qt.PenStyle.SolidLine
        cap, join = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(colour, pen_width(first), style, cap, join))
        painter.drawPath(_line(points))
    else:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        painter.drawPath(_ribbon(points, area))


def _line(points: Sequence[PenPoint]) -> QPainterPath:
    """The middle of a stroke."""
    path = QPainterPath(QPointF(points[0].x, points[0].y))
    for point, after in pairwise(points):
        path.quadTo(point.x, point.y, (point.x + after.x) / 2, (point.y + after.y) / 2)
    last = points[-1]
    # A path without any length would not be painted; the tiny step makes a dot of it.
    path.lineTo(last.x + (0.01 if len(points) == 1 else 0.0), last.y)
    return path


def _ribbon(points: Sequence[PenPoint], area: QRectF | None) -> QPainterPath:
    """The outline of a stroke of changing width, as far as it can be seen in ``area``.

    The outline runs along one side and back along the other.  Discs and quadrilaterals laid over
    one another would be simpler, but Qt adds up the coverage of a pixel by parts of a path, so
    that the edges would be jagged.
    """
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    run: list[_Sample] = []
    samples = list(_samples(points))
    if area is not None:
        # A run that ends outside has its round end outside as well.
        margin = pen_width(1.0) + _SAMPLE
        area = area.adjusted(-margin, -margin, margin, margin)
    for sample in samples:
        if area is None or area.contains(sample[0], sample[1]):
            run.append(sample)
        elif run:
            _add_outline(path, run)
            run = []
    if run:
        _add_outline(path, run)
    return path


def _add_outline(path: QPainterPath, run: Sequence[_Sample]) -> None:
    """Add the outline of a piece of a stroke, with round ends and round sharp turns."""
    directions = [math.atan2(b[1] - a[1], b[0] - a[0]) for a, b in pairwise(run)]
    if not directions:
        x, y, width = run[0]
        path.addEllipse(QPointF(x, y), width / 2, width / 2)
        return
    ahead, behind = [*directions, directions[-1]], [directions[0], *directions]
    outline = QPolygonF()
    for sample, before, after in zip(run, behind, ahead, strict=True):
        turn = math.remainder(after - before, math.tau)
        if abs(turn) > _SHARP:
            path.addEllipse(QPointF(sample[0], sample[1]), sample[2] / 2, sample[2] / 2)
        outline.append(_beside(sample, before + turn / 2 - math.pi / 2))
    _append_cap(outline, run[-1], directions[-1] - math.pi / 2)
    for sample, before, after in zip(reversed(run), reversed(behind), reversed(ahead), strict=True):
        turn = math.remainder(after - before, math.tau)
        outline.append(_beside(sample, before + turn / 2 + math.pi / 2))
    _append_cap(outline, run[0], directions[0] + math.pi / 2)
    path.addPolygon(outline)
    path.closeSubpath()


def _beside(sample: _Sample, angle: float) -> QPointF:
    x, y, width = sample
    return QPointF(x + math.cos(angle) * width / 2, y + math.sin(angle) * width / 2)


def _append_cap(outline: QPolygonF, sample: _Sample, start: float) -> None:
    """A half circle round the end of a stroke, from the direction ``start`` on."""
    for step in range(1, _CAP_STEPS):
        outline.append(_beside(sample, start + math.pi * step / _CAP_STEPS))


def _samples(points: Sequence[PenPoint]) -> Iterator[_Sample]:
    """Places along the smooth curve with the stroke's width there, at least two."""
    x, y, width = points[0].x, points[0].y, pen_width(points[0].pressure)
    yield x, y, width
    for point, after in pairwise(points):
        end_x, end_y = (point.x + after.x) / 2, (point.y + after.y) / 2
        end_width = (pen_width(point.pressure) + pen_width(after.pressure)) / 2
        reach = math.hypot(point.x - x, point.y - y) + math.hypot(end_x - point.x, end_y - point.y)
        steps = max(1, math.ceil(reach / _SAMPLE))
        for step in range(1, steps + 1):
            t = step / steps
            a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t**2
            yield (
                a * x + b * point.x + c * end_x,
                a * y + b * point.y + c * end_y,
                (1 - t) * width + t * end_width,
            )
        x, y, width = end_x, end_y, end_width
    last = points[-1]
    yield last.x, last.y, pen_width(last.pressure)


class InkLayer:
    """Finished strokes as an image at the screen's resolution."""

    def __init__(self) -> None:
        self._pixmap = QPixmap()

    def reset(self, size: QSize, ratio: float, strokes: Iterable[Stroke], colour: QColor) -> None:
        """Start anew with other strokes.

        Args:
            size: in device-independent pixels.
            ratio: device pixels in one of them.
        """
        self._pixmap = QPixmap(size * ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        self._pixmap.fill(Qt.GlobalColor.transparent)
        for stroke in strokes:
            self.add(stroke, colour)

    def add(self, stroke: Stroke, colour: QColor) -> None:
        """Paint one more stroke."""
        painter = QPainter(self._pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_points(painter, stroke.points, colour)
        painter.end()

    def paint(self, painter: QPainter, area: QRect) -> None:
        """Copy an area (device-independent pixels) to where it belongs."""
        ratio = self._pixmap.devicePixelRatio()
        source = QRectF(
            area.x() * ratio, area.y() * ratio, area.width() * ratio, area.height() * ratio
        )
        painter.drawPixmap(QRectF(area), self._pixmap, source)
