"""What was read on a page, as plain values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import ChangedBy

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]
"""Corners in image pixels (x right, y down): top left, top right, bottom right, bottom left, as
seen by someone reading the text upright."""


def box_quad(left: float, top: float, right: float, bottom: float) -> Quad:
    """The quadrilateral of an upright box."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


@dataclass(frozen=True, slots=True)
class Character:
    """One character where it stands on the page.

    Attributes:
        label: the character read: what was inferred from its shape and its surroundings.
        probability: how sure the reading is of it, its surroundings considered, in 0 to 1.
        alternatives: the network's guesses from the shape alone, best first, ``label`` among
            them; none for a letter that has no ink of its own, and is known from its word.
        quad: its corners in image pixels.
        changed_by: what made ``label`` another than the best guess: ``"context"``, that is its
            height and the letters or digits around it, or ``"language"``; None where the shape
            alone says the same.  ``"language"`` too for ink that the language had cut otherwise
            than it looks, whatever its label.
    """

    label: str
    probability: float
    alternatives: tuple[Prediction, ...]
    quad: Quad
    changed_by: ChangedBy | None = None

    @property
    def seen(self) -> str:
        """What its shape alone says: the best of the alternatives; nothing where there is none."""
        if self.is_hidden:
            return ""
        return self.alternatives[0].label if self.alternatives else self.label

    @property
    def is_hidden(self) -> bool:
        """Whether it has no ink of its own: the language alone tells that it is there."""
        return self.changed_by == "language" and not self.alternatives


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together, in reading order; never empty."""

    characters: tuple[Character, ...]

    @property
    def text(self) -> str:
        return "".join(character.label for character in self.characters)

    @property
    def text_seen(self) -> str:
        """The text as the shapes alone say it."""
        return "".join(character.seen for character in self.characters)


@dataclass(frozen=True, slots=True)
class Line:
    """Words on one line of writing, in reading order; never empty."""

    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def text_seen(self) -> str:
        """The text as the shapes alone say it."""
        return " ".join(word.text_seen for word in self.words)


@dataclass(frozen=True, slots=True)
class PageResult:
    """A page as it was read.

    Attributes:
        width, height: size in pixels of the image that was read; the quadrilaterals refer to it.
        lines: from top to bottom; empty where nothing is written.
    """

    width: int
    height: int
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """The text as inferred: lines joined by line breaks, words by single spaces."""
        return "\n".join(line.text for line in self.lines)

    @property
    def text_seen(self) -> str:
        """The text as the shapes alone say it, in the same lines and words."""
        return "\n".join(line.text_seen for line in self.lines)

    @property
    def characters(self) -> Iterator[Character]:
        """Every character in reading order."""
        return (c for line in self.lines for word in line.words for c in word.characters)
