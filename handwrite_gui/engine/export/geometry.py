"""Boxes, turned boxes and baselines of what was read."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

from handwrite_gui.engine.page.result import Line, Point, Quad, Word, box_quad


class Box(NamedTuple):
    """An upright box in pixels; whole numbers where it was rounded."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top


def bounds(points: Iterable[Point]) -> Box:
    """The smallest upright box around points, at least one."""
    xs, ys = zip(*points, strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def rounded(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """A box in whole pixels, as far as it lies on the page."""

    def within(value: float, most: int) -> int:
        return min(max(round(value), 0), most)

    return (
        within(box.left, width),
        within(box.top, height),
        within(box.right, width),
        within(box.bottom, height),
    )


def is_upright(quad: Quad) -> bool:
    """Whether a quadrilateral is the box around its corners, to a tenth of a pixel."""
    box = box_quad(*bounds(quad))
    return all(
        abs(x - u) < 0.1 and abs(y - v) < 0.1 for (x, y), (u, v) in zip(quad, box, strict=True)
    )


def word_quad(word: Word) -> Quad:
    """The box around a word's characters, turned as they are."""
    return joined([character.quad for character in word.characters])


def line_quad(line: Line) -> Quad:
    """The box around a line's characters, turned as they are."""
    return joined([c.quad for word in line.words for c in word.characters])


def direction(quads: Sequence[Quad]) -> Point:
    """The unit vector in which text in these places runs; (1, 0) where they do not tell."""
    across = sum((q[1][0] - q[0][0]) + (q[2][0] - q[3][0]) for q in quads)
    down = sum((q[1][1] - q[0][1]) + (q[2][1] - q[3][1]) for q in quads)
    length = math.hypot(across, down)
    if length == 0 or not math.isfinite(length) or (abs(down) < 1e-6 * abs(across) and across > 0):
        return (1.0, 0.0)
    return (across / length, down / length)


def joined(quads: Sequence[Quad]) -> Quad:
    """The smallest box around places, turned in the direction in which their text runs."""
    along = direction(quads)
    if along == (1.0, 0.0):
        return box_quad(*bounds(point for quad in quads for point in quad))
    box = bounds(to_frame(point, along) for quad in quads for point in quad)
    a, b, c, d = (from_frame(point, along) for point in box_quad(*box))
    return (a, b, c, d)


def to_frame(point: Point, along: Point) -> Point:
    """A point in coordinates along the text and down from it."""
    (x, y), (u, v) = point, along
    return (x * u + y * v, y * u - x * v)


def from_frame(point: Point, along: Point) -> Point:
    """The inverse of :func:`to_frame`."""
    (s, t), (u, v) = point, along
    return (s * u - t * v, s * v + t * u)


def parted(quad: Quad, count: int) -> list[Quad]:
    """A place divided evenly from its beginning to its end."""
    top_left, top_right, bottom_right, bottom_left = quad
    edges = (
        [
            (
                _between(top_left, top_right, i / count),
                _between(bottom_left, bottom_right, i / count),
            )
            for i in range(count + 1)
        ]
        if count
        else []
    )
    return [(a, c, d, b) for (a, b), (c, d) in pairwise(edges)]


def _between(one: Point, other: Point, share: float) -> Point:
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)


def baseline(line: Line) -> tuple[Point, Point]:
    """Where a line of writing stands: from its beginning to its end, in pixels.

    A straight line fitted to the lower edges of its characters by least squares, those apart that
    reach far below it or end far above.
    """
    quads = [character.quad for word in line.words for character in word.characters]
    along = direction(quads)
    feet = [to_frame(_middle(quad[3], quad[2]), along) for quad in quads]
    offset, slope = _fitted(feet)
    height = fmean(abs(to_frame(q[3], along)[1] - to_frame(q[0], along)[1]) for q in quads)
    near = [foot for foot in feet if abs(foot[1] - offset - slope * foot[0]) <= height / 4]
    if len(near) >= max(2, len(feet) / 2):
        offset, slope = _fitted(near)
    box = bounds(to_frame(point, along) for quad in quads for point in quad)
    first, last = ((x, offset + slope * x) for x in (box.left, box.right))
    return from_frame(first, along), from_frame(last, along)


def _middle(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _fitted(points: Sequence[Point]) -> tuple[float, float]:
    """Offset and slope of the line through points."""
    x_mean, y_mean = fmean(x for x, _ in points), fmean(y for _, y in points)
    spread = sum((x - x_mean) ** 2 for x, _ in points)
    slope = sum((x - x_mean) * (y - y_mean) for x, y in points) / spread if spread > 0 else 0.0
    return y_mean - slope * x_mean, slope
