"""A reading as it is shown: as seen or as inferred, with the person's corrections."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from handwrite_gui.engine.page.result import Character, Line, PageResult, Quad, Word
from handwrite_gui.page.corrections import Correction, match
from handwrite_gui.page.framing import Turn, map_quad


class Decided(Enum):
    """What decided about a character."""

    BY_SHAPE = "shape"
    BY_CONTEXT = "context"
    BY_PERSON = "person"


@dataclass(frozen=True, slots=True, eq=False)
class ShownPage:
    """A page's characters with the labels that are shown.

    Attributes:
        result: with these labels; one that the person gave is certain.
        characters: the same, in reading order.
        read: the characters as the reader gave them, in reading order.
        decided: by what each of them was decided.
        unplaced: the corrections that belong to no character of this reading.
    """

    result: PageResult
    characters: tuple[Character, ...]
    read: tuple[Character, ...]
    decided: tuple[Decided, ...]
    unplaced: tuple[Correction, ...] = ()

    @classmethod
    def of(
        cls,
        result: PageResult,
        corrections: tuple[Correction, ...] = (),
        turn: Turn | None = None,
        *,
        as_seen: bool = False,
    ) -> ShownPage:
        """What is to be shown of a reading.

        Args:
            corrections: on the image as it was opened.
            turn: how that image was turned before it was read; None where it was not.
            as_seen: show what the network took each shape for, before its surroundings were
                considered.
        """
        read = tuple(result.characters)
        placed = (
            match([_original(character.quad, turn) for character in read], corrections)
            if corrections
            else {}
        )
        labelled = tuple(
            _corrected(character, placed[index].label)
            if index in placed
            else _as_seen(character)
            if as_seen
            else character
            for index, character in enumerate(read)
        )
        decided = tuple(
            Decided.BY_PERSON
            if index in placed
            else Decided.BY_CONTEXT
            if character.changed_by is not None
            else Decided.BY_SHAPE
            for index, character in enumerate(read)
        )
        found = set(placed.values())
        unplaced = tuple(correction for correction in corrections if correction not in found)
        return cls(_with_characters(result, iter(labelled)), labelled, read, decided, unplaced)


def _as_seen(character: Character) -> Character:
    if character.changed_by is None:
        return character
    label, probability = character.alternatives[0]
    return replace(character, label=label, probability=probability)


def _corrected(character: Character, label: str) -> Character:
    return replace(character, label=label, probability=1.0)


def _original(quad: Quad, turn: Turn | None) -> Quad:
    return quad if turn is None or not turn.degrees else map_quad(quad, turn.original)


def _with_characters(result: PageResult, characters: Iterator[Character]) -> PageResult:
    """The same lines and words, of other characters."""
    lines = tuple(
        Line(tuple(Word(tuple(next(characters) for _ in word.characters)) for word in line.words))
        for line in result.lines
    )
    return replace(result, lines=lines)
