"""From the picture of a page to its text.

grey → ink → components → level lines → characters → words → network → text.  The method assumes
that letters of one line hardly touch and that the page stands upright; lines may slant.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.page.components import (
    Labels,
    find_components,
    letter_height,
    stroke_width,
    writing,
)
from handwrite_gui.engine.page.context import settle_kinds
from handwrite_gui.engine.page.ink import InkMap, find_ink
from handwrite_gui.engine.page.lines import find_lines
from handwrite_gui.engine.page.orientation import Turn, level, line_slant
from handwrite_gui.engine.page.pieces import Glyph, merge_pieces
from handwrite_gui.engine.page.result import Character, Line, PageResult, Point, Word
from handwrite_gui.engine.page.words import split_words
from handwrite_gui.engine.prediction import Prediction

Classify = Callable[[Sequence[NDArray[np.uint8]]], list[tuple[Prediction, ...]]]
OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]

_MARK_SIDE = 0.3  # letter heights: what is smaller both ways is a dot or a speck, no letter
_DASH_HEIGHT = 0.22  # letter heights: what is flatter, and wider than high, is a dash
_CLASSIFIED_AT_ONCE = 256
_MARKS = frozenset(".,-'")


def read_page(
    image: NDArray[np.uint8],
    classify: Classify,
    marks: Classify | None = None,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> PageResult:
    """Read the handwriting on the picture of a page.

    Args:
        image: uint8 (H, W) grey or (H, W, 3 or 4) red, green, blue.
        classify: from cut-out ink images (uint8, ink 255 on 0) to ranked predictions.
        marks: the same for what is too small for a letter; None: such ink is passed over.
        on_progress: told the share done, 0 to 1, and what is being done.
        should_stop: asked between the steps.

    Raises:
        Cancelled: ``should_stop`` said so.
        ValueError: the array has another shape or dtype.
    """

    def advance(share: float, what: str) -> None:
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            on_progress(share, what)

    height, width = image.shape[:2]
    advance(0.0, "Finding ink")
    ink = find_ink(image)
    advance(0.35, "Finding lines")
    pen = stroke_width(ink.mask)
    labels, components = find_components(ink.mask)
    components = writing(components, _shape(ink.mask), pen)
    usual = letter_height(components, pen)
    advance(0.5, "Finding lines")
    slant = line_slant(np.isin(labels, [c.label for c in components]), usual)
    ink, turn = level(ink, slant)
    if slant:
        labels, components = find_components(ink.mask)
        components = writing(components, _shape(ink.mask), pen)
        usual = letter_height(components, pen)
    lines = [merge_pieces(line, usual) for line in find_lines(components, usual)]

    advance(0.6, "Reading characters")
    sheet = _Sheet(ink, labels, turn, usual)
    recognized = _recognize(lines, sheet, classify, marks, advance)
    kept = [[glyph for glyph in line if glyph in recognized] for line in lines]
    page = split_words([line for line in kept if line], usual)
    result = PageResult(width, height, tuple(_line(words, recognized, sheet) for words in page))
    advance(1.0, "Done")
    return result


class _Sheet:
    """A levelled ink map with its components: what characters are cut from."""

    def __init__(self, ink: InkMap, labels: Labels, turn: Turn, usual: float) -> None:
        self.ink = ink
        self.labels = labels
        self.turn = turn
        self.usual = usual

    def cut(self, glyph: Glyph) -> NDArray[np.uint8]:
        """The ink of one character alone, uint8, with a rim for its soft edge."""
        height, width = self.labels.shape
        rows = slice(max(glyph.top - 1, 0), min(glyph.bottom + 1, height))
        columns = slice(max(glyph.left - 1, 0), min(glyph.right + 1, width))
        labels = self.labels[rows, columns]
        own = np.isin(labels, [c.label for c in glyph.components])
        # The soft edge lies outside of the mask: everything but others' ink is taken along.
        visible = np.where(own | (labels == 0), self.ink.darkness[rows, columns], 0)
        return np.rint(visible * 255).astype(np.uint8)

    def quad(self, glyph: Glyph) -> tuple[Point, Point, Point, Point]:
        """The corners of a character in pixels of the picture."""
        corners = np.array(
            [
                (glyph.left, glyph.top),
                (glyph.right, glyph.top),
                (glyph.right, glyph.bottom),
                (glyph.left, glyph.bottom),
            ],
            np.float64,
        )
        points = self.turn.to_original(corners) * self.ink.reduction
        a, b, c, d = ((float(x), float(y)) for x, y in points)
        return a, b, c, d

    def is_mark(self, glyph: Glyph) -> bool:
        """Whether it is too small for a letter: a dot, a comma, a dash, a speck."""
        small = max(glyph.width, glyph.height) < _MARK_SIDE * self.usual
        flat = glyph.height < _DASH_HEIGHT * self.usual and glyph.width > 1.5 * glyph.height
        return small or flat


def _recognize(
    lines: Sequence[Sequence[Glyph]],
    sheet: _Sheet,
    classify: Classify,
    marks: Classify | None,
    advance: Callable[[float, str], None],
) -> dict[Glyph, tuple[Prediction, ...]]:
    """The predictions of every character that is one."""
    letters = [glyph for line in lines for glyph in line if not sheet.is_mark(glyph)]
    small = [glyph for line in lines for glyph in line if sheet.is_mark(glyph)]
    recognized: dict[Glyph, tuple[Prediction, ...]] = {}
    groups = [(letters, classify)]
    if marks is not None:
        groups.append((small, marks))
    total = max(sum(len(group) for group, _ in groups), 1)
    for group, recognizer in groups:
        for start in range(0, len(group), _CLASSIFIED_AT_ONCE):
            advance(0.6 + 0.35 * len(recognized) / total, "Reading characters")
            chunk = group[start : start + _CLASSIFIED_AT_ONCE]
            predictions = recognizer([sheet.cut(glyph) for glyph in chunk])
            recognized |= {g: p for g, p in zip(chunk, predictions, strict=True) if p}
    return recognized


def _line(
    words: Sequence[Sequence[Glyph]],
    recognized: dict[Glyph, tuple[Prediction, ...]],
    sheet: _Sheet,
) -> Line:
    labels = settle_kinds([[recognized[glyph] for glyph in word] for word in words])
    return Line(
        tuple(
            Word(
                tuple(
                    _character(label, recognized[glyph], sheet.quad(glyph))
                    for glyph, label in zip(word, chosen, strict=True)
                )
            )
            for word, chosen in zip(words, labels, strict=True)
        )
    )


def _character(
    label: str, alternatives: tuple[Prediction, ...], quad: tuple[Point, Point, Point, Point]
) -> Character:
    probability = next(p.probability for p in alternatives if p.label == label)
    return Character(label, probability, alternatives, quad)


def _shape(array: NDArray[np.bool_]) -> tuple[int, int]:
    return int(array.shape[0]), int(array.shape[1])
