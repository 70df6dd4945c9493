"""Which character lies under a point, and which one lies next to another.

Pure functions over the values of a page, in image pixels (x right, y down)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from handwrite_gui.engine.page.result import Point, Quad
from handwrite_gui.page.text_map import TextMap


class Bounds(NamedTuple):
    """An upright rectangle by its edges, in image pixels."""

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

    @property
    def centre(self) -> Point:
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    def grown(self, margin: float) -> Bounds:
        """The same rectangle with every edge moved outwards."""
        return Bounds(
            self.left - margin, self.top - margin, self.right + margin, self.bottom + margin
        )

    def overlaps(self, other: Bounds) -> bool:
        """Whether the two have a point in common."""
        return (
            self.left <= other.right
            and other.left <= self.right
            and self.top <= other.bottom
            and other.top <= self.bottom
        )

    def distance(self, point: Point) -> float:
        """How far a point lies outside; 0 inside."""
        x, y = point
        outside_x = max(self.left - x, 0.0, x - self.right)
        outside_y = max(self.top - y, 0.0, y - self.bottom)
        return float((outside_x**2 + outside_y**2) ** 0.5)


def quad_bounds(quad: Quad) -> Bounds:
    """The smallest upright rectangle around a quadrilateral."""
    xs = [x for x, _ in quad]
    ys = [y for _, y in quad]
    return Bounds(min(xs), min(ys), max(xs), max(ys))


def union(bounds: Iterable[Bounds]) -> Bounds:
    """The smallest rectangle around all of ``bounds``, of which there is at least one."""
    lefts, tops, rights, bottoms = zip(*bounds, strict=True)
    return Bounds(min(lefts), min(tops), max(rights), max(bottoms))


def quad_contains(quad: Quad, point: Point) -> bool:
    """Whether a point lies in a quadrilateral or on its edge, whichever way round it turns."""
    x, y = point
    turns = [
        (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        for (x0, y0), (x1, y1) in zip(quad, (*quad[1:], quad[0]), strict=True)
    ]
    return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


@dataclass(frozen=True, slots=True)
class HitMap:
    """The places of a page's characters, ready to be asked on every movement of the mouse."""

    quads: tuple[Quad, ...]
    bounds: tuple[Bounds, ...]

    @classmethod
    def of(cls, quads: Sequence[Quad]) -> HitMap:
        return cls(tuple(quads), tuple(quad_bounds(quad) for quad in quads))

    def at(self, point: Point, slack: float = 0.0) -> int | None:
        """The character at a point of the image.

        Args:
            point: image pixels.
            slack: how far outside of every quadrilateral the point may lie, in image pixels, so
                that a character that is tiny on the screen can still be hit.

        Returns:
            the smallest quadrilateral around the point (a dot inside a ring is meant when it is
            pointed at), else the nearest one within the slack, else None.
        """
        x, y = point
        near = [
            index
            for index, (left, top, right, bottom) in enumerate(self.bounds)
            if left - slack <= x <= right + slack and top - slack <= y <= bottom + slack
        ]
        inside = [index for index in near if quad_contains(self.quads[index], point)]
        if inside:
            return min(inside, key=lambda i: self.bounds[i].width * self.bounds[i].height)
        return min(
            (index for index in near if self.bounds[index].distance(point) <= slack),
            key=lambda i: self.bounds[i].distance(point),
            default=None,
        )


class Direction(Enum):
    """Where an arrow key points."""

    BEFORE = "before"
    AFTER = "after"
    UP = "up"
    DOWN = "down"


def neighbour(index: int, direction: Direction, text: TextMap, hits: HitMap) -> int:
    """The character next to another: in reading order, or nearest in the line above or below.

    At the edge of the page the character itself is returned.
    """
    if direction is Direction.BEFORE:
        return max(index - 1, 0)
    if direction is Direction.AFTER:
        return min(index + 1, len(hits.bounds) - 1)
    line = text.line_of[index] + (1 if direction is Direction.DOWN else -1)
    # Along the writing, which need not run across the image.
    (left, top), (right, right_top) = hits.quads[index][:2]
    across, down = right - left, right_top - top
    x, y = hits.bounds[index].centre

    def aside(other: int) -> float:
        other_x, other_y = hits.bounds[other].centre
        return abs((other_x - x) * across + (other_y - y) * down)

    candidates = [i for i, number in enumerate(text.line_of) if number == line]
    return min(candidates, key=aside, default=index)
