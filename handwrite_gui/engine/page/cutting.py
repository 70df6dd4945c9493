"""A page cut into the lattices that its reader chooses from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph, find_pieces, may_be_cut
from handwrite_gui.engine.page.scoring import Weights
from handwrite_gui.engine.page.sheet import Layout, find_writing
from handwrite_gui.engine.page.strip import Strip
from handwrite_gui.engine.page.upright import turn_upright
from handwrite_gui.engine.page.verdict import Judge, judge_ink

_CLEAR = 0.9  # probability of a letter, from which its ink is not cut


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
    usual, pen = layout.usual, layout.sheet.pen
    strips = [strip for strip in map(layout.strip, layout.lines) if strip.components]
    lines = []
    for strip, letters in zip(strips, clear_letters(strips, usual, judge), strict=True):
        pieces = find_pieces(strip.labels, strip.components, usual, pen, letters)
        lines.append(CutLine(strip, pieces, build(pieces, usual)))
    return layout, lines


def clear_letters(strips: Sequence[Strip], usual: float, judge: Judge) -> list[set[int]]:
    """What needs no cutting, for it is a clear letter as it is.

    Args:
        strips: lines, before they are cut.
        usual: the usual height of a letter in pixels.
        judge: tells letters from what is none.

    Returns:
        For each line the labels of such components; none if the judge takes all ink for letters.
    """
    found: dict[Strip, set[int]] = {strip: set() for strip in strips}
    if not judge.refuses:
        return list(found.values())
    wide = [(s, Glyph((c,))) for s in strips for c in s.components if may_be_cut(c, usual)]
    verdict = judge_ink(judge, wide)
    clear = verdict.character * verdict.probabilities.max(axis=1) >= _CLEAR
    for index in np.flatnonzero(clear).tolist():
        strip, glyph = wide[index]
        found[strip].add(glyph.components[0].label)
    return list(found.values())
