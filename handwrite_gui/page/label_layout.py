"""Where the labels go: one chip a character, one a word where characters are too small, or none.

Pure functions; lengths are view pixels unless said otherwise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from handwrite_gui.engine.page.result import Point, Quad
from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.oriented import WordBox, degrees, direction
from handwrite_gui.page.text_map import CharacterRange, TextMap
from handwrite_gui.page.viewport import Viewport

DOUBT_MARK = "?"
"""Follows the label of a character read with low confidence: seen without any colour."""

LEVEL_WITHIN = 3.0
"""Degrees that labels do not follow: text on the pixel grid is crisper."""

TURNED_UP_TO = 50.0
"""Degrees beyond which the label of a single character stays upright: it could be taken for
another one, an N for a Z."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A label to draw.

    Attributes:
        text: what it says.
        bounds: its place in the view before it is turned about its middle.
        degrees: how far it is turned, clockwise.
        characters: which characters it stands for.
        confidence: that of its least sure character.
    """

    text: str
    bounds: Bounds
    degrees: float
    characters: CharacterRange
    confidence: Confidence

    @property
    def reach(self) -> Bounds:
        """A part of the view that holds it however it is turned."""
        if not self.degrees:
            return self.bounds
        x, y = self.bounds.centre
        radius = math.hypot(self.bounds.width, self.bounds.height) / 2
        return Bounds(x, y, x, y).grown(radius)


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
    text: TextMap,
    quads: Sequence[Quad],
    boxes: Sequence[WordBox],
    viewport: Viewport,
    metrics: ChipMetrics,
) -> tuple[Chip, ...]:
    """The labels of the characters that the view shows, along the writing.

    A word whose characters are at least as high as a chip, and stand a chip apart, gets a chip
    a character; a smaller one gets one chip with the whole word, if that is not much wider than
    the word itself; a word smaller than that, or lower than half a chip, gets none: it could not
    be told which word a label belongs to.

    Args:
        quads: of the characters.
        boxes: of the words.
    """
    visible = viewport.visible.grown(2 * metrics.height / viewport.scale)
    chips: list[Chip] = []
    for word, box in zip(text.words, boxes, strict=True):
        width, height = box.width * viewport.scale, box.height * viewport.scale
        if not box.bounds.overlaps(visible) or height < 0.5 * metrics.height:
            continue
        if height >= metrics.height and width / len(word) >= metrics.height:
            chips.extend(_character_chips(word, text, quads, viewport, metrics))
        else:
            chips.extend(_word_chip(word, box, text, viewport, metrics))
    return tuple(chips)


def _character_chips(
    word: CharacterRange,
    text: TextMap,
    quads: Sequence[Quad],
    viewport: Viewport,
    metrics: ChipMetrics,
) -> Iterator[Chip]:
    for index in range(word.first, word.last + 1):
        character, quad = text.characters[index], quads[index]
        if not character.label:  # as seen, where nothing is to be seen
            continue
        confidence = confidence_of(character.probability)
        label = character.label + (DOUBT_MARK if confidence is Confidence.LOW else "")
        along = direction(quad)
        turned = _settled(degrees(along))
        if abs(turned) > TURNED_UP_TO:
            turned = 0.0
        (left, top), (right, right_top) = quad[:2]
        foot = viewport.to_view(((left + right) / 2, (top + right_top) / 2))
        place = _above(foot, along, turned, metrics.width(label), metrics.height)
        yield Chip(label, place, turned, CharacterRange(index, index), confidence)


def _word_chip(
    word: CharacterRange, box: WordBox, text: TextMap, viewport: Viewport, metrics: ChipMetrics
) -> Iterator[Chip]:
    members = text.characters[word.first : word.last + 1]
    label = "".join(character.label for character in members)
    width = metrics.width(label)
    if width > 1.3 * box.width * viewport.scale:
        return
    confidence = confidence_of(min(character.probability for character in members))
    turned = _settled(degrees(box.along))
    if len(word) == 1 and abs(turned) > TURNED_UP_TO:
        turned = 0.0
    elif abs(turned) > 90:  # writing that is upside down: nobody reads labels that way
        turned -= math.copysign(180, turned)
    place = _above(viewport.to_view(box.top), box.along, turned, width, metrics.height)
    yield Chip(label, place, turned, word, confidence)


def _above(foot: Point, along: Point, turned: float, width: float, height: float) -> Bounds:
    """A chip that stands on a point, on the upper side of the writing there.

    Args:
        along: the way one reads.
        turned: how far the chip is turned, in degrees.
    """
    up = (along[1], -along[0])
    # How far the chip reaches towards the point, as it is turned against that direction.
    angle = math.radians(turned)
    across = abs(up[0] * math.cos(angle) + up[1] * math.sin(angle))
    upright = abs(up[1] * math.cos(angle) - up[0] * math.sin(angle))
    distance = (across * width + upright * height) / 2
    x, y = foot[0] + up[0] * distance, foot[1] + up[1] * distance
    return Bounds(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _settled(angle: float) -> float:
    return 0.0 if abs(angle) < LEVEL_WITHIN else float(round(angle))
