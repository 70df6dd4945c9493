"""A page made ready for cutting characters out of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.components import (
    Component,
    Labels,
    find_components,
    letter_height,
    stroke_width,
    writing,
)
from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.orientation import Turn, level, line_slant
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.result import Quad


@dataclass(frozen=True, eq=False)
class Sheet:
    """An ink map whose lines lie level, with its components.

    Attributes:
        ink: the levelled map.
        labels: int32 (h, w), the label image; cutting components changes it.
        components: those that can be writing.
        turn: how the map was levelled.
        usual: the usual height of a letter in pixels of the map, 0 where nothing is written.
        pen: the width of the pen in pixels of the map.
    """

    ink: InkMap
    labels: Labels
    components: tuple[Component, ...]
    turn: Turn
    usual: float
    pen: float

    def cut(self, glyph: Glyph) -> NDArray[np.uint8]:
        """The ink of one character alone, uint8, with a rim for its soft edge."""
        height, width = self.labels.shape
        rows = slice(max(glyph.top - 1, 0), min(glyph.bottom + 1, height))
        columns = slice(max(glyph.left - 1, 0), min(glyph.right + 1, width))
        labels = self.labels[rows, columns]
        own = np.isin(labels, [c.label for c in glyph.components])
        # The soft edge lies outside of the mask: everything but others' ink is taken along.
        visible = np.where(own | (labels == 0), self.ink.darkness[rows, columns], 0)
        return np.asarray(np.rint(visible * 255), np.uint8)

    def quad(self, glyph: Glyph) -> Quad:
        """The corners of a character in pixels of the picture."""
        left, top, right, bottom = glyph.left, glyph.top, glyph.right, glyph.bottom
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
        points = self.turn.to_original(corners) * self.ink.reduction
        a, b, c, d = ((float(x), float(y)) for x, y in points)
        return a, b, c, d


def prepare(ink: InkMap) -> Sheet:
    """Find the writing on an ink map and level its lines."""
    sheet = _analysed(ink, None)
    writing_mask = np.isin(sheet.labels, [c.label for c in sheet.components])
    slant = line_slant(writing_mask, sheet.usual)
    if not slant:
        return sheet
    levelled, turn = level(ink, slant)
    return _analysed(levelled, turn)


def _analysed(ink: InkMap, turn: Turn | None) -> Sheet:
    shape = (int(ink.mask.shape[0]), int(ink.mask.shape[1]))
    pen = stroke_width(ink.mask)
    labels, components = find_components(ink.mask)
    components = writing(components, shape, pen)
    usual = letter_height(components, pen)
    return Sheet(ink, labels, tuple(components), turn or Turn(0.0, shape, shape), usual, pen)
