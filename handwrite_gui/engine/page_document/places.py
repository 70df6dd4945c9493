"""Where characters stand: which two places are one character's, and where a new one belongs.

Pure functions over quadrilaterals, in image pixels (x right, y down)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import median

import numpy as np

from handwrite_gui.engine.page.result import Point, Quad

SAME_FROM = 0.5
"""Intersection over union from which two places hold the same character; the usual criterion
for objects in images (Everingham et al. 2010)."""

SAME_CENTRED_FROM = 0.2
"""The same where each one's middle lies in the other: a dot is a few pixels large, and one pixel
of difference is much of it."""

_AT_ONCE = 256  # so many places are compared with all others at a time


def middle(quad: Quad) -> Point:
    """The mean of the corners."""
    return sum(x for x, _ in quad) / 4, sum(y for _, y in quad) / 4


def area(polygon: Sequence[Point]) -> float:
    """Of a simple polygon, whichever way round it turns."""
    return abs(_signed_area(polygon))


def contains(quad: Quad, point: Point) -> bool:
    """Whether a point lies in a quadrilateral or on its edge, whichever way round it turns."""
    x, y = point
    turns = [
        (x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)
        for (x0, y0), (x1, y1) in zip(quad, (*quad[1:], quad[0]), strict=True)
    ]
    return all(turn >= 0 for turn in turns) or all(turn <= 0 for turn in turns)


def common_area(one: Quad, other: Quad) -> float:
    """Of what two convex quadrilaterals share (Sutherland and Hodgman 1974)."""
    if not _may_meet(one, other):
        return 0.0
    clip = list(other) if _signed_area(other) >= 0 else list(reversed(other))
    inside: list[Point] = list(one)
    for (x0, y0), (x1, y1) in zip(clip, (*clip[1:], clip[0]), strict=True):
        if not inside:
            return 0.0

        def side(point: Point) -> float:
            return (x1 - x0) * (point[1] - y0) - (y1 - y0) * (point[0] - x0)  # noqa: B023

        before, kept = inside[-1], []
        for point in inside:
            here, there = side(point), side(before)
            if (here >= 0) != (there >= 0):
                share = there / (there - here)
                kept.append(
                    (
                        before[0] + share * (point[0] - before[0]),
                        before[1] + share * (point[1] - before[1]),
                    )
                )
            if here >= 0:
                kept.append(point)
            before = point
        inside = kept
    return area(inside) if len(inside) > 2 else 0.0


def likeness(one: Quad, other: Quad) -> float:
    """Intersection over union of two places of one character, 0 where they are of two."""
    common = common_area(one, other)
    together = area(one) + area(other) - common
    if not common or together <= 0:
        return 0.0
    share = common / together
    centred = contains(one, middle(other)) and contains(other, middle(one))
    return share if share > (SAME_CENTRED_FROM if centred else SAME_FROM) else 0.0


def matched(places: Sequence[Quad], sought: Sequence[Quad]) -> dict[int, int]:
    """Which of ``sought`` each of ``places`` is: at most one each, the best overlap first.

    Returns:
        index in ``sought`` by index in ``places``.
    """
    found: dict[int, int] = {}
    index_of = {quad: index for index, quad in enumerate(places)}
    pending = []
    for number, quad in enumerate(sought):
        index = index_of.get(quad)
        if index is None or index in found:
            pending.append(number)
        else:
            found[index] = number
    if not pending:
        return found
    candidates = [
        (score, index, number)
        for number, near in zip(pending, meeting(places, [sought[n] for n in pending]), strict=True)
        for index in near
        if (score := likeness(places[index], sought[number]))
    ]
    placed: set[int] = set()
    for _, index, number in sorted(candidates, key=lambda c: -c[0]):
        if index not in found and number not in placed:
            found[index] = number
            placed.add(number)
    return found


def meeting(places: Sequence[Quad], others: Sequence[Quad]) -> list[list[int]]:
    """For each of ``others`` the indices of the places that it may have something in common with:
    those whose upright rectangle meets the one around it."""
    if not places or not others:
        return [[] for _ in others]
    corners = np.asarray(places, float)
    least, most = corners.min(axis=1), corners.max(axis=1)
    own = np.asarray(others, float)
    own_least, own_most = own.min(axis=1), own.max(axis=1)
    found = []
    for start in range(0, len(others), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        meets = np.ones((len(own_least[part]), len(places)), bool)
        for axis in (0, 1):
            meets &= least[:, axis] <= own_most[part, axis, np.newaxis]
            meets &= most[:, axis] >= own_least[part, axis, np.newaxis]
        found += [np.flatnonzero(row).tolist() for row in meets]
    return found


def covered(place: Quad, by: Quad) -> float:
    """The share of the smaller of two places that the other takes up, 0 to 1."""
    smaller = min(area(place), area(by))
    return common_area(place, by) / smaller if smaller > 0 else 0.0


def around(quads: Sequence[Quad]) -> Quad:
    """The smallest box along the writing that holds all of them, of which there is at least one."""
    ux, uy = along = direction(quads[0], quads[-1])
    corners = [corner for quad in quads for corner in quad]
    places = [x * ux + y * uy for x, y in corners]
    depths = [y * ux - x * uy for x, y in corners]
    return box_along(along, min(places), max(places), min(depths), max(depths))


def box_along(along: Point, start: float, end: float, top: float, bottom: float) -> Quad:
    """The box from ``start`` to ``end`` along a direction and ``top`` to ``bottom`` across it."""
    ux, uy = along

    def at(place: float, depth: float) -> Point:
        return place * ux - depth * uy, place * uy + depth * ux

    return at(start, top), at(end, top), at(end, bottom), at(start, bottom)


def extent(quad: Quad, along: Point) -> tuple[float, float, float, float]:
    """Start and end along a direction, top and bottom across it."""
    ux, uy = along
    places = [x * ux + y * uy for x, y in quad]
    depths = [y * ux - x * uy for x, y in quad]
    return min(places), max(places), min(depths), max(depths)


def divided(quad: Quad, parts: int, along: Point | None = None) -> tuple[Quad, ...]:
    """A place cut into equal parts across the writing, in reading order."""
    along = along or direction(quad)
    start, end, top, bottom = extent(quad, along)
    width = (end - start) / parts
    return tuple(
        box_along(along, start + i * width, start + (i + 1) * width, top, bottom)
        for i in range(parts)
    )


def cut(quad: Quad, one: Point, other: Point) -> tuple[Quad, Quad] | None:
    """A place cut in two, in reading order, by the line through two points.

    The cut is across the writing: a slanting line parts the place where it crosses its middle.

    Returns:
        None where the line does not part it.
    """
    along = direction(quad)
    ux, uy = along
    start, end, top, bottom = extent(quad, along)
    a = (one[0] * ux + one[1] * uy, one[1] * ux - one[0] * uy)
    b = (other[0] * ux + other[1] * uy, other[1] * ux - other[0] * uy)
    if abs(b[1] - a[1]) < abs(b[0] - a[0]) / 4:  # it runs along the writing
        return None
    share = ((top + bottom) / 2 - a[1]) / (b[1] - a[1])
    place = a[0] + share * (b[0] - a[0])
    if max(min(a[1], b[1]), top) > min(max(a[1], b[1]), bottom):
        return None  # above it or below it
    least = (end - start) / 50
    if not start + least < place < end - least:
        return None
    return (
        box_along(along, start, place, top, bottom),
        box_along(along, place, end, top, bottom),
    )


def direction(first: Quad, last: Quad | None = None) -> Point:
    """The way one reads, as a vector of length 1, from a first character to a last."""
    (tl, tr, br, bl) = first
    start = _between(tl, bl)
    end = _between(tr, br) if last is None or last is first else _between(last[1], last[2])
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (1.0, 0.0)


def heights(quads: Sequence[Quad]) -> float:
    """The usual height of characters, across the writing."""
    sizes = []
    for quad in quads:
        _, _, top, bottom = extent(quad, direction(quad))
        sizes.append(bottom - top)
    return median(sizes) if sizes else 0.0


def _between(one: Point, other: Point) -> Point:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2


def _signed_area(polygon: Sequence[Point]) -> float:
    following = (*polygon[1:], polygon[0])
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(polygon, following, strict=True)) / 2


def _may_meet(one: Quad, other: Quad) -> bool:
    """Whether the upright rectangles around them have a point in common."""
    xs, ys = [x for x, _ in one], [y for _, y in one]
    us, vs = [x for x, _ in other], [y for _, y in other]
    return min(xs) <= max(us) and min(us) <= max(xs) and min(ys) <= max(vs) and min(vs) <= max(ys)
