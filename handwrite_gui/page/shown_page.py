"""A page's writing as it is shown: as seen or as inferred, with what the person said of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from handwrite_gui.engine.page.result import Character, PageResult
from handwrite_gui.engine.page_document.writing import DocumentCharacter, Writing
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
        writing: what is shown.
        result: with these labels; one that the person gave is certain.
        characters: the same, in reading order.
        read: the characters as the reader gave them, in reading order.
        decided: by what each of them was decided.
        turn, as_seen: as it was asked for.
    """

    writing: Writing
    result: PageResult
    characters: tuple[Character, ...]
    read: tuple[Character, ...]
    decided: tuple[Decided, ...]
    turn: Turn | None = None
    as_seen: bool = False

    @classmethod
    def of(cls, writing: Writing, turn: Turn | None = None, *, as_seen: bool = False) -> ShownPage:
        """What is to be shown of a page's writing.

        Args:
            turn: how the image is turned that it is shown on; None where it is not.
            as_seen: show what the network took each shape for, before its surroundings were
                considered.
        """
        read = tuple(_placed(character.read, turn) for character in writing.characters)
        labelled = tuple(
            _corrected(place, own.corrected)
            if own.corrected is not None
            else _as_seen(place)
            if as_seen
            else place
            for own, place in zip(writing.characters, read, strict=True)
        )
        result = writing.result_of(labelled)
        if turn is not None:
            result = replace(result, width=int(turn.after[0]), height=int(turn.after[1]))
        decided = tuple(map(_decided, writing.characters))
        return cls(writing, result, labelled, read, decided, turn, as_seen)

    def is_of(self, writing: Writing, turn: Turn | None, *, as_seen: bool) -> bool:
        """Whether this is what :meth:`of` would make of these."""
        return self.writing is writing and self.turn == turn and self.as_seen == as_seen

    def has_same_places(self, other: ShownPage) -> bool:
        """Whether the same places are parted into words in the same way."""
        one, two = self.writing.characters, other.writing.characters
        return len(one) == len(two) and all(
            a is b or (a.quad == b.quad and a.gap is b.gap) for a, b in zip(one, two, strict=True)
        )


def _decided(character: DocumentCharacter) -> Decided:
    if character.corrected is not None:
        return Decided.BY_PERSON
    return Decided.BY_SHAPE if character.read.changed_by is None else Decided.BY_CONTEXT


def _as_seen(character: Character) -> Character:
    if character.changed_by is None:
        return character
    if not character.alternatives:
        return replace(character, label=character.seen)
    label, probability = character.alternatives[0]
    return replace(character, label=label, probability=probability)


def _corrected(character: Character, label: str) -> Character:
    return replace(character, label=label, probability=1.0)


def _placed(character: Character, turn: Turn | None) -> Character:
    if turn is None or not turn.degrees:
        return character
    return replace(character, quad=map_quad(character.quad, turn.turned))
