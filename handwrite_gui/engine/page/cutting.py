"""A page cut into the lattices that its reader chooses from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph, find_pieces
from handwrite_gui.engine.page.scoring import Weights
from handwrite_gui.engine.page.sheet import Layout, find_writing
from handwrite_gui.engine.page.strip import Strip
from handwrite_gui.engine.page.upright import turn_upright
from handwrite_gui.engine.page.verdict import Judge


@dataclass(frozen=True, eq=False)
class CutLine:
    """A line of writing with everything that may be a character in it.

    Attributes:
        strip: its ink; cutting gave the parts of components labels of their own.
        pieces: from left to right.
        lattice: runs of pieces.
    """

    strip: Strip
    pieces: Sequence[Glyph]
    lattice: Lattice


def cut_page(ink: InkMap, judge: Judge, weights: Weights) -> tuple[Layout, list[CutLine]]:
    """Turn a page upright and cut its lines into candidates.

    Args:
        ink: of the page.
        judge: asked which way up the page is read.
        weights: of the properties of candidates.

    Returns:
        How the page lies, and its lines in reading order.
    """
    layout = turn_upright(find_writing(ink), judge, weights)
    lines = []
    for strip in map(layout.strip, layout.lines):
        if strip.components:
            pieces = find_pieces(strip.labels, strip.components, layout.usual, layout.sheet.pen)
            lines.append(CutLine(strip, pieces, build(pieces, layout.usual)))
    return layout, lines
