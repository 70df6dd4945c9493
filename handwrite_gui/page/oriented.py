"""Directions of writing, and boxes that lie along it.

Pure functions over quadrilaterals, in image pixels (x right, y down)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from handwrite_gui.engine.page.result import Point, Quad
from handwrite_gui.page.hit_testing import Bounds, quad_bounds, union


def direction(first: Quad, last: Quad | None = None) -> Point:
    """The way one reads, as a vector of length 1.

    Args:
        first, last: the first and the last character; the first alone tells it where it is the
            only one.
    """
    (tl, tr, br, bl) = first
    if last is not None and last is not first:
        start, end = _middle(tl, bl), _middle(last[1], last[2])
    else:
        start, end = _middle(tl, bl), _middle(tr, br)
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)


def degrees(along: Point) -> float:
    """A direction as an angle, clockwise from level, within ±180."""
    return math.degrees(math.atan2(along[1], along[0]))


@dataclass(frozen=True, slots=True)
class WordBox:
    """The box of a word along its own writing.

    Attributes:
        along: the way one reads, of length 1.
        top: the middle of its upper edge.
        width, height: along the writing and across it.
        bounds: the smallest upright rectangle that holds its characters.
        baseline: from where to where its characters stand; those that hang below it, and those
            that do not reach down to it, are outvoted.
    """

    along: Point
    top: Point
    width: float
    height: float
    bounds: Bounds
    baseline: tuple[Point, Point]

    @classmethod
    def around(cls, quads: Sequence[Quad]) -> WordBox:
        """The box of characters in reading order, of which there is at least one."""
        ux, uy = along = direction(quads[0], quads[-1])
        corners = [corner for quad in quads for corner in quad]
        places = [x * ux + y * uy for x, y in corners]
        depths = [y * ux - x * uy for x, y in corners]
        feet = [(y * ux - x * uy) for quad in quads for x, y in (_middle(quad[2], quad[3]),)]
        left, right, upper, lower = min(places), max(places), min(depths), max(depths)
        foot = median(feet)

        def at(place: float, depth: float) -> Point:
            return place * ux - depth * uy, place * uy + depth * ux

        return cls(
            along,
            at((left + right) / 2, upper),
            right - left,
            lower - upper,
            union(quad_bounds(quad) for quad in quads),
            (at(left, foot), at(right, foot)),
        )


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
