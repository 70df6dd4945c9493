"""The writing on a page, turned upright and gathered into lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.baseline import fit_run
from handwrite_gui.engine.page.components import (
    Component,
    Labels,
    find_components,
    letter_height,
    stroke_width,
    writing,
)
from handwrite_gui.engine.page.decoration import without_frames, without_underlines
from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.lines import find_lines
from handwrite_gui.engine.page.orientation import Turn
from handwrite_gui.engine.page.strip import Strip, make_strip


@dataclass(frozen=True, eq=False)
class Sheet:
    """The writing on an ink map, as it lies.

    Attributes:
        ink: the map.
        labels: int32 (h, w), the label image of its components.
        components: those that can be writing.
        points: float32 (N, 2), x and y of the middles of all pixels of the writing.
        owners: int32 (N,), the label of each of these pixels.
        usual: the usual height of a letter in pixels of the map, 0 where nothing is written.
        pen: the width of the pen in pixels of the map.
    """

    ink: InkMap
    labels: Labels
    components: tuple[Component, ...]
    points: NDArray[np.float32]
    owners: NDArray[np.int32]
    usual: float
    pen: float


@dataclass(frozen=True, eq=False)
class Layout:
    """The lines of a sheet, seen after a turn.

    Attributes:
        sheet: whose lines they are.
        turn: how the sheet was turned.
        lines: components of each line from left to right, in pixels of the turned frame, in
            reading order.
        usual: the usual height of a letter in pixels, 0 where nothing is written.
    """

    sheet: Sheet
    turn: Turn
    lines: tuple[tuple[Component, ...], ...]
    usual: float

    def strip(self, line: Sequence[Component]) -> Strip:
        """Take one of the lines out of the sheet and straighten it."""
        sheet = self.sheet
        run = fit_run(line, self.usual)
        return make_strip(sheet.ink, sheet.labels, line, run, self.turn, self.usual)


def find_writing(ink: InkMap) -> Sheet:
    """Find the components of an ink map that can be writing."""
    pen = stroke_width(ink.mask)
    labels, components = find_components(ink.mask)
    components = writing(components, _shape(ink), pen)
    components = without_frames(labels, components, letter_height(components, pen), pen)
    is_writing = np.zeros(int(labels.max(initial=0)) + 1, bool)
    is_writing[[c.label for c in components]] = True
    flat = np.flatnonzero(labels)
    owners = labels.reshape(-1)[flat]
    kept = is_writing[owners]
    y, x = np.divmod(flat[kept], labels.shape[1])
    points = np.stack([x, y], axis=1).astype(np.float32) + np.float32(0.5)
    usual = letter_height(components, pen)
    return Sheet(ink, labels, tuple(components), points, owners[kept], usual, pen)


def lay_out(sheet: Sheet, degrees: float) -> Layout:
    """Turn a sheet and find its lines.

    Args:
        sheet: as it lies.
        degrees: to turn it by, clockwise as seen.
    """
    turn = Turn(degrees, _shape(sheet.ink))
    components, usual = list(sheet.components), sheet.usual
    if degrees and components:
        height, width = turn.after
        components = _turned(sheet, turn)
        # What is long and thin, or at the edge, shows only when it lies straight.
        components = writing(components, (int(np.ceil(height)), int(np.ceil(width))), sheet.pen)
        usual = letter_height(components, sheet.pen)
    components = without_underlines(components, usual, sheet.pen)
    return Layout(sheet, turn, tuple(tuple(line) for line in find_lines(components, usual)), usual)


def _shape(ink: InkMap) -> tuple[int, int]:
    return int(ink.mask.shape[0]), int(ink.mask.shape[1])


def _turned(sheet: Sheet, turn: Turn) -> list[Component]:
    """The components with their boxes in the turned frame."""
    points = turn.to_turned(sheet.points)
    count = int(sheet.owners.max()) + 1
    low = np.full((count, 2), np.inf, np.float32)
    high = np.full((count, 2), -np.inf, np.float32)
    for axis in (0, 1):
        np.minimum.at(low[:, axis], sheet.owners, points[:, axis])
        np.maximum.at(high[:, axis], sheet.owners, points[:, axis])
    # Half a pixel to either side of the middles of the outermost; quarter turns stay exact.
    labels = [c.label for c in sheet.components]
    boxes = np.rint(np.concatenate([low[labels] - 0.5, high[labels] + 0.5], axis=1))
    return [
        Component(c.label, left, top, right, bottom, c.area)
        for c, (left, top, right, bottom) in zip(
            sheet.components, boxes.astype(int).tolist(), strict=True
        )
    ]
