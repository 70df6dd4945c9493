"""Where the labels go: one chip a character, one a word where characters are too small, or none.

Pure functions; lengths are view pixels unless said otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.hit_testing import Bounds, HitMap, union
from handwrite_gui.page.text_map import CharacterRange, TextMap
from handwrite_gui.page.viewport import Viewport

DOUBT_MARK = "?"
"""Follows the label of a character read with low confidence: seen without any colour."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A label to draw.

    Attributes:
        text: what it says.
        bounds: its place in the view.
        characters: which characters it stands for.
        confidence: that of its least sure character.
    """

    text: str
    bounds: Bounds
    characters: CharacterRange
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class ChipMetrics:
    """Measures of the font that labels are drawn in.

    Attributes:
        advance: the width of a text.
        height: of a chip.
        padding: beside the text, on each side.
    """

    advance: Callable[[str], float]
    height: float
    padding: float

    def width(self, text: str) -> float:
        return max(self.height, self.advance(text) + 2 * self.padding)


def lay_out_chips(
    text: TextMap, hits: HitMap, viewport: Viewport, metrics: ChipMetrics
) -> tuple[Chip, ...]:
    """The labels of the characters that the view shows.

    A word whose characters are at least as high as a chip, and stand a chip apart, gets a chip
    a character; a smaller one gets one chip with the whole word, if that is not much wider than
    the word itself; a word smaller than that, or lower than half a chip, gets none: it could not
    be told which word a label belongs to.
    """
    visible = viewport.visible.grown(2 * metrics.height / viewport.scale)
    chips: list[Chip] = []
    for word in text.words:
        around = union(hits.bounds[word.first : word.last + 1])
        width, height = around.width * viewport.scale, around.height * viewport.scale
        if not around.overlaps(visible) or height < 0.5 * metrics.height:
            continue
        if height >= metrics.height and width / len(word) >= metrics.height:
            chips.extend(_character_chips(word, text, hits, viewport, metrics))
        else:
            chips.extend(_word_chip(word, around, text, viewport, metrics))
    return tuple(chips)


def _character_chips(
    word: CharacterRange, text: TextMap, hits: HitMap, viewport: Viewport, metrics: ChipMetrics
) -> Iterator[Chip]:
    for index in range(word.first, word.last + 1):
        character = text.characters[index]
        confidence = confidence_of(character.probability)
        label = character.label + (DOUBT_MARK if confidence is Confidence.LOW else "")
        (left, top), (right, right_top) = hits.quads[index][:2]
        x, y = viewport.to_view(((left + right) / 2, (top + right_top) / 2))
        place = _above(x, y, metrics.width(label), metrics.height)
        yield Chip(label, place, CharacterRange(index, index), confidence)


def _word_chip(
    word: CharacterRange, around: Bounds, text: TextMap, viewport: Viewport, metrics: ChipMetrics
) -> Iterator[Chip]:
    members = text.characters[word.first : word.last + 1]
    label = "".join(character.label for character in members)
    width = metrics.width(label)
    if width > 1.3 * around.width * viewport.scale:
        return
    confidence = confidence_of(min(character.probability for character in members))
    x, y = viewport.to_view((around.centre[0], around.top))
    yield Chip(label, _above(x, y, width, metrics.height), word, confidence)


def _above(x: float, y: float, width: float, height: float) -> Bounds:
    """A chip centred on x that stands on y."""
    return Bounds(x - width / 2, y - height, x + width / 2, y)
