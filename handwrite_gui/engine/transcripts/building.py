"""Putting pages together from what a file says of them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from handwrite_gui.engine.export.geometry import bounds, parted
from handwrite_gui.engine.page.result import (
    Character,
    Line,
    PageResult,
    Point,
    Quad,
    Word,
    box_quad,
)
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.signs import split_signs
from handwrite_gui.engine.transcripts.xml_tree import XmlTrouble

_FARTHEST = 1e6  # pixels
_LARGEST_SIDE = 1_000_000
UNKNOWN_PROBABILITY = 1.0
"""Of text whose file does not say how sure it is: mostly a person wrote it."""


def number(text: str) -> float:
    """A finite number of pixels.

    Raises:
        XmlTrouble: it is none.
    """
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not abs(value) <= _FARTHEST:
        raise XmlTrouble(f"“{text[:20]}” is no place on a page; the file is damaged.")
    return value


def probability(text: str | None, scale: float = 1.0) -> float:
    """A confidence out of ``scale``, as 0 to 1."""
    if text is None:
        return UNKNOWN_PROBABILITY
    try:
        value = float(text) / scale
    except ValueError:
        return UNKNOWN_PROBABILITY
    return min(max(value, 0.0), 1.0) if math.isfinite(value) else UNKNOWN_PROBABILITY


def quad_of(corners: Sequence[Point]) -> Quad:
    """The place that an outline encloses: its own corners where it has four, else its box.

    Raises:
        XmlTrouble: there are no corners.
    """
    if not corners:
        raise XmlTrouble("an outline has no corners; the file is damaged.")
    if len(corners) == 4:
        first, second, third, fourth = corners
        box = box_quad(*bounds(corners))
        # Programs begin an upright box at any of its corners.
        return box if set(corners) == set(box) else (first, second, third, fourth)
    return box_quad(*bounds(corners))


def character(
    label: str, chance: float, quad: Quad, alternatives: Iterable[Prediction] = ()
) -> Character:
    """A character as another file has it."""
    return Character(label, chance, tuple(alternatives), quad)


def characters_of(text: str, chance: float, quad: Quad) -> tuple[Character, ...]:
    """A word of which only the whole place is known: shared out evenly."""
    signs = split_signs(text)
    places = parted(quad, len(signs))
    return tuple(character(sign, chance, place) for sign, place in zip(signs, places, strict=True))


def words_of(text: str, chance: float, quad: Quad) -> tuple[Word, ...]:
    """A line of which only the whole place is known: shared out evenly, gaps included."""
    signs = split_signs(" ".join(text.split()))
    places = parted(quad, len(signs))
    words: list[list[Character]] = [[]]
    for sign, place in zip(signs, places, strict=True):
        if sign == " ":
            words.append([])
        else:
            words[-1].append(character(sign, chance, place))
    return tuple(Word(tuple(word)) for word in words if word)


def word(
    text: str | None, chance: float, quad: Quad, characters: Sequence[Character]
) -> Word | None:
    """A word with its characters, if these are its text; None if it has neither.

    Where a person corrected the word and not the characters, the word is right.
    """
    own = "".join(one.label for one in characters)
    if characters and (text is None or text == own or not text.strip()):
        return Word(tuple(characters))
    shared = characters_of("".join((text or "").split()), chance, quad)
    return Word(shared) if shared else None


def page(lines: Iterable[Line], width: float, height: float) -> PageResult:
    """A page; a size that is not known is what its text takes.

    Raises:
        XmlTrouble: the size is out of range.
    """
    lines = tuple(lines)
    corners = [p for line in lines for w in line.words for c in w.characters for p in c.quad]
    if corners and not (width > 0 and height > 0):
        box = bounds(corners)
        width, height = max(width, box.right, 1), max(height, box.bottom, 1)
    if not (0 <= width <= _LARGEST_SIDE and 0 <= height <= _LARGEST_SIDE):
        raise XmlTrouble("the page has no sensible size; the file is damaged.")
    return PageResult(round(width), round(height), lines)
