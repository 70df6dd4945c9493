"""How a page's image is turned, which part of it is read, and where that lies on the original.

Pure functions over plain numbers; positions are pixels, x to the right and y down."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from handwrite_gui.engine.page.result import Line, PageResult, Point, Quad, Word
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.region import LEAST_SIDE
from handwrite_gui.page.viewport import Size

LARGEST_SLANT = 45.0
"""Degrees either way beyond whole quarter turns."""


@dataclass(frozen=True, slots=True)
class Framing:
    """What the person chose of an image.

    Attributes:
        quarters: quarter turns clockwise, 0 to 3.
        slant: degrees clockwise on top of them, within ±:data:`LARGEST_SLANT`.
        region: the part to read, in pixels of the turned image; None for all of it.
    """

    quarters: int = 0
    slant: float = 0.0
    region: Bounds | None = None

    @property
    def degrees(self) -> float:
        """Clockwise, the whole turn."""
        return 90.0 * self.quarters + self.slant


UNFRAMED = Framing()
"""All of the image, as it was opened."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A rotation about an image's middle, into a frame that holds all of it.

    Attributes:
        degrees: clockwise as seen.
        before, after: width and height of the image and of the turned one.
    """

    degrees: float
    before: Size
    after: Size

    def turned(self, point: Point) -> Point:
        """Where a point of the image lies on the turned one."""
        return _about(point, self.before, self.after, self.degrees)

    def original(self, point: Point) -> Point:
        """Where a point of the turned image lies on the image before."""
        return _about(point, self.after, self.before, -self.degrees)


def _about(point: Point, before: Size, after: Size, degrees: float) -> Point:
    # Whole quarter turns must give whole pixels.
    turns = {0.0: (1.0, 0.0), 90.0: (0.0, 1.0), 180.0: (-1.0, 0.0), 270.0: (0.0, -1.0)}
    angle = math.radians(degrees)
    cosine, sine = turns.get(degrees % 360, (math.cos(angle), math.sin(angle)))
    x, y = point[0] - before[0] / 2, point[1] - before[1] / 2
    return x * cosine - y * sine + after[0] / 2, x * sine + y * cosine + after[1] / 2


def map_quad(quad: Quad, place: Callable[[Point], Point]) -> Quad:
    """A quadrilateral with every corner mapped."""
    one, two, three, four = (place(corner) for corner in quad)
    return one, two, three, four


def map_result(result: PageResult, place: Callable[[Point], Point], size: Size) -> PageResult:
    """A reading whose places are those on another image.

    Args:
        place: tells where a point lies on that image.
        size: its width and height in pixels.
    """
    lines = tuple(
        Line(
            tuple(
                Word(tuple(replace(c, quad=map_quad(c.quad, place)) for c in word.characters))
                for word in line.words
            )
        )
        for line in result.lines
    )
    return replace(result, width=int(size[0]), height=int(size[1]), lines=lines)


def turned_region(region: Bounds, before: Turn, after: Turn) -> Bounds | None:
    """The region around the same writing once the image is turned otherwise.

    It keeps its size, so that turning to and fro by little does not let it grow; width and
    height change places where the image comes to lie on its side.

    Args:
        region: on the image as ``before`` turned it.

    Returns:
        the region on the image as ``after`` turns it; None where hardly any is left on it.
    """
    x, y = after.turned(before.original(region.centre))
    width, height = region.width, region.height
    if round((after.degrees - before.degrees) / 90) % 2:
        width, height = height, width
    moved = Bounds(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return whole_pixels(moved, after.after)


def whole_pixels(region: Bounds, size: Size) -> Bounds | None:
    """A region cut to an image and to whole pixels.

    Args:
        size: width and height of the image.

    Returns:
        None where hardly any is left, or where it is all of the image.
    """
    width, height = size
    cut = Bounds(
        float(max(0, math.floor(region.left))),
        float(max(0, math.floor(region.top))),
        float(min(width, math.ceil(region.right))),
        float(min(height, math.ceil(region.bottom))),
    )
    if min(cut.width, cut.height) < LEAST_SIDE or cut == (0, 0, width, height):
        return None
    return cut
