"""What the reader saw on its way from the picture to the text, to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.result import Point, Quad
from handwrite_gui.engine.page.strip import Strip


@dataclass(frozen=True, eq=False)
class PageSteps:
    """The steps of reading one page.

    Positions are in pixels of the picture that was read (x right, y down).  The two images cover
    the whole of it at a lower resolution: their pixel (row, column) shows the square of
    ``reduction`` pixels whose upper left corner is (column · reduction, row · reduction).

    Attributes:
        grey: uint8 (h, w), the picture's luminance.
        ink: uint8 (h, w), what counts as ink, 255 for the pen's full ink, 0 for paper.
        reduction: pixels of the picture for each pixel of these, a whole number.
        degrees: clockwise as seen, how far the page was turned to be upright.
        lines: the outline of each line of writing: its upper edge from its beginning to its end
            and back along its lower one.
        pieces: for each line the parts its ink was cut into, from its beginning to its end; the
            network was asked which neighbours among them make a character together.
    """

    grey: NDArray[np.uint8]
    ink: NDArray[np.uint8]
    reduction: int
    degrees: float
    lines: tuple[tuple[Point, ...], ...]
    pieces: tuple[tuple[Quad, ...], ...]


def page_steps(
    ink: InkMap, degrees: float, strips: Sequence[Strip], pieces: Sequence[Sequence[Glyph]]
) -> PageSteps:
    """Put together what the reader has found so far.

    Args:
        ink: of the page.
        degrees: clockwise as seen, how far it was turned.
        strips: its lines.
        pieces: of each line.
    """
    shown = np.where(ink.mask, ink.darkness, 0)
    return PageSteps(
        grey=ink.grey,
        ink=np.asarray(np.rint(shown * 255), np.uint8),
        reduction=ink.reduction,
        degrees=degrees,
        lines=tuple(_outline(strip) for strip in strips),
        pieces=tuple(
            tuple(strip.quad(piece) for piece in own)
            for strip, own in zip(strips, pieces, strict=True)
        ),
    )


def _outline(strip: Strip) -> tuple[Point, ...]:
    course = strip.course
    corners = np.concatenate([course.upper, course.lower[::-1]]) * strip.reduction
    return tuple((float(x), float(y)) for x, y in corners)
