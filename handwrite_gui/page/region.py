"""A rectangle on an image that is dragged into place: grips, moving, sizing.

Pure functions; lengths are image pixels."""

from __future__ import annotations

from enum import Flag, auto

from handwrite_gui.engine.page.result import Point
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.viewport import Size

LEAST_SIDE = 8.0
"""Of a region: there is no writing to read in a smaller one."""


class Grip(Flag):
    """What of a rectangle is held: none of it, some edges, or all of it."""

    NONE = 0
    LEFT = auto()
    TOP = auto()
    RIGHT = auto()
    BOTTOM = auto()
    ALL = LEFT | TOP | RIGHT | BOTTOM


def grip_at(region: Bounds, point: Point, slack: float) -> Grip:
    """What is held at a point: an edge or a corner within ``slack``, else the inside."""
    x, y = point
    if not region.grown(slack).overlaps(Bounds(x, y, x, y)):
        return Grip.NONE
    grip = Grip.NONE
    # Of a rectangle smaller than the slack the lower right corner is held, which enlarges it.
    if abs(x - region.right) <= slack:
        grip |= Grip.RIGHT
    elif abs(x - region.left) <= slack:
        grip |= Grip.LEFT
    if abs(y - region.bottom) <= slack:
        grip |= Grip.BOTTOM
    elif abs(y - region.top) <= slack:
        grip |= Grip.TOP
    return grip or Grip.ALL


def dragged(region: Bounds, grip: Grip, by: Point, size: Size) -> Bounds:
    """The rectangle once what is held of it was moved; it stays on the image.

    An edge that is dragged beyond the opposite one turns the rectangle inside out, as people
    expect who drew it from the wrong corner.

    Args:
        by: how far, to the right and down.
        size: width and height of the image.
    """
    dx, dy = by
    width, height = size
    left, top, right, bottom = region
    if grip is Grip.ALL:
        dx = min(max(dx, -left), width - right)
        dy = min(max(dy, -top), height - bottom)
        return Bounds(left + dx, top + dy, right + dx, bottom + dy)
    if grip & Grip.LEFT:
        left = min(max(left + dx, 0.0), width)
    if grip & Grip.RIGHT:
        right = min(max(right + dx, 0.0), width)
    if grip & Grip.TOP:
        top = min(max(top + dy, 0.0), height)
    if grip & Grip.BOTTOM:
        bottom = min(max(bottom + dy, 0.0), height)
    return Bounds(min(left, right), min(top, bottom), max(left, right), max(top, bottom))


def corners_and_middles(region: Bounds) -> tuple[Point, ...]:
    """Where the eight handles are."""
    x, y = region.centre
    xs, ys = (region.left, x, region.right), (region.top, y, region.bottom)
    return tuple((a, b) for a in xs for b in ys if (a, b) != (x, y))
