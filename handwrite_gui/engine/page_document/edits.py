"""What can be done to a page's writing, as values: each makes another writing of one.

Characters are named by their index in reading order.  An edit that does not fit the writing it
is applied to raises ``IndexError`` and changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from handwrite_gui.engine.page.result import Character, PageResult, Quad
from handwrite_gui.engine.page_document.imported import labelled
from handwrite_gui.engine.page_document.insertion import gaps_around, insertion_index
from handwrite_gui.engine.page_document.rereading import read_again
from handwrite_gui.engine.page_document.writing import DocumentCharacter, Gap, Writing


class Edit(Protocol):
    """One thing done to a document."""

    @property
    def title(self) -> str:
        """What it does, as it stands after “Undo”."""

    def applied(self, writing: Writing) -> Writing:
        """What comes of a writing; itself where that changes nothing."""


@dataclass(frozen=True, slots=True)
class Relabel:
    """Say what a character is; the label that it has already confirms it."""

    index: int
    label: str

    @property
    def title(self) -> str:
        return f"Correct to {self.label}"

    def applied(self, writing: Writing) -> Writing:
        return _with(writing, self.index, corrected=self.label)


@dataclass(frozen=True, slots=True)
class Confirm:
    """Say that characters ``first`` to ``last`` are what they were taken for."""

    first: int
    last: int

    @property
    def title(self) -> str:
        return "Confirm"

    def applied(self, writing: Writing) -> Writing:
        _check(writing, self.first, self.last)
        return writing.with_characters(
            replace(c, corrected=c.label) if self.first <= i <= self.last else c
            for i, c in enumerate(writing.characters)
        )


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Go back to what was read of a character."""

    index: int

    @property
    def title(self) -> str:
        return "Remove Correction"

    def applied(self, writing: Writing) -> Writing:
        return _with(writing, self.index, corrected=None)


@dataclass(frozen=True, slots=True)
class Erase:
    """Say that characters ``first`` to ``last`` are none; what was there is not read again."""

    first: int
    last: int

    @property
    def title(self) -> str:
        return "Delete"

    def applied(self, writing: Writing) -> Writing:
        gone, rest = _taken(writing, self.first, self.last)
        erased = (*writing.erased, *(c.quad for c in gone))
        return replace(writing.with_characters(rest), erased=erased)


@dataclass(frozen=True, slots=True)
class Draw:
    """Add a character.

    Attributes:
        read: what was read at its place.
        corrected: what it is; None to leave it at what was read.
        at: the index that it gets; None for where its place belongs.
        gap: what comes before it; None for what its place says.
    """

    read: Character
    corrected: str | None = None
    at: int | None = None
    gap: Gap | None = None

    @property
    def title(self) -> str:
        return "Add Character"

    def applied(self, writing: Writing) -> Writing:
        characters = list(writing.characters)
        is_joined = self.at is not None or self.gap is not None
        if self.at is None:
            at = insertion_index(writing, self.read.quad)
        else:
            _check_place(writing, self.at)
            at = self.at
        before, after = gaps_around(writing, self.read.quad, at)
        if self.gap is not None:
            before = self.gap
            if at < len(characters) and self.gap is Gap.NONE and self.at is not None:
                after = characters[at].gap
        made = DocumentCharacter(self.read, before, self.corrected, True, is_joined)
        if at < len(characters):
            characters[at] = replace(characters[at], gap=after)
        return writing.with_characters([*characters[:at], made, *characters[at:]])


@dataclass(frozen=True, slots=True)
class Reshape:
    """Move or resize a character's box.

    Attributes:
        read: what was read in the new box, which is the place of it.
    """

    index: int
    read: Character

    @property
    def title(self) -> str:
        return "Move Box"

    def applied(self, writing: Writing) -> Writing:
        return _with(writing, self.index, read=self.read, is_placed=True)


@dataclass(frozen=True, slots=True)
class Split:
    """Part a character into several.

    Attributes:
        parts: what was read in each part, in reading order.
    """

    index: int
    parts: tuple[Character, ...]

    @property
    def title(self) -> str:
        return "Split Character"

    def applied(self, writing: Writing) -> Writing:
        _check(writing, self.index, self.index)
        whole = writing.characters[self.index]
        labels: Sequence[str | None] = [None] * len(self.parts)
        if whole.corrected is not None and len(whole.corrected) == len(self.parts):
            labels = whole.corrected  # a letter for each
        made = [
            DocumentCharacter(part, Gap.NONE, label, True)
            for part, label in zip(self.parts, labels, strict=True)
        ]
        made[0] = replace(made[0], gap=whole.gap, is_joined=whole.is_joined)
        return _replaced(writing, self.index, self.index, made)


@dataclass(frozen=True, slots=True)
class Merge:
    """Make one character of characters ``first`` to ``last``.

    Attributes:
        read: what was read in all of their places together.
        corrected: what it is; None to leave it at what was read.
    """

    first: int
    last: int
    read: Character
    corrected: str | None = None

    @property
    def title(self) -> str:
        return "Merge Characters"

    def applied(self, writing: Writing) -> Writing:
        _check(writing, self.first, self.last)
        begin = writing.characters[self.first]
        made = DocumentCharacter(self.read, begin.gap, self.corrected, True, begin.is_joined)
        return _replaced(writing, self.first, self.last, [made])


@dataclass(frozen=True, slots=True)
class Part:
    """Put a space, a line break or nothing before a character."""

    index: int
    gap: Gap

    @property
    def title(self) -> str:
        return {
            Gap.NONE: "Join",
            Gap.SPACE: "Insert Space",
            Gap.LINE: "Insert Line Break",
        }[self.gap]

    def applied(self, writing: Writing) -> Writing:
        _check(writing, self.index, self.index)
        if not self.index or writing.characters[self.index].gap is self.gap:
            return writing
        return _with(writing, self.index, gap=self.gap, is_joined=True)


@dataclass(frozen=True, slots=True)
class Shift:
    """Move characters ``first`` to ``last`` by one place in reading order.

    A space or a line break is a place as well: a character at the end of a word goes behind the
    space first, and then behind the first letter of the next word.

    Attributes:
        step: 1 for later, -1 for earlier.
    """

    first: int
    last: int
    step: int

    @property
    def title(self) -> str:
        return "Move Later" if self.step > 0 else "Move Earlier"

    def applied(self, writing: Writing) -> Writing:
        _check(writing, self.first, self.last)
        characters = writing.characters
        # As a text of characters and of the gaps before them, but for the first one.
        tokens: list[DocumentCharacter | Gap] = []
        begin = end = 0
        for i, character in enumerate(characters):
            if i and character.gap is not Gap.NONE:
                tokens.append(character.gap)
            if i == self.first:
                begin = len(tokens)
            tokens.append(character)
            if i == self.last:
                end = len(tokens)
        block = tokens[begin:end]
        there = begin - 1 if self.step < 0 else end
        if not 0 <= there < len(tokens):
            return writing
        passed = tokens[there]
        if self.step < 0:
            tokens[there:end] = [*block, passed]
        else:
            tokens[begin : there + 1] = [passed, *block]
        moved = {id(token) for token in block if isinstance(token, DocumentCharacter)}
        return writing.with_characters(_from_tokens(tokens, moved))


@dataclass(frozen=True, slots=True)
class MoveLine:
    """Move the line of a character before the line above it, or behind the one below.

    Attributes:
        step: 1 for down, -1 for up.
    """

    index: int
    step: int

    @property
    def title(self) -> str:
        return "Move Line Down" if self.step > 0 else "Move Line Up"

    def applied(self, writing: Writing) -> Writing:
        _check(writing, self.index, self.index)
        own = writing.line_of(self.index)
        if self.step > 0:
            if own.stop == len(writing.characters):
                return writing
            upper, lower = own, writing.line_of(own.stop)
        else:
            if not own.start:
                return writing
            upper, lower = writing.line_of(own.start - 1), own
        characters = list(writing.characters)
        # Each is said to follow the one before it: the order is the person's from now on.
        moved = [replace(characters[i], is_joined=True) for i in own]
        rest = [characters[i] for i in (upper if self.step < 0 else lower)]
        behind = characters[lower.stop :]
        both = [*moved, *rest] if self.step < 0 else [*rest, *moved]
        return writing.with_characters([*characters[: upper.start], *both, *behind])


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """Put another reading in place of the last one; what the person said stays.

    Attributes:
        result: with places on the image as it was opened.
        region: the part of that image that was read; None for all of it.
    """

    result: PageResult
    region: Quad | None = None

    @property
    def title(self) -> str:
        return "Read Again"

    def applied(self, writing: Writing) -> Writing:
        return read_again(writing, self.result, self.region)


@dataclass(frozen=True, slots=True)
class ImportReading:
    """Put the reading of a file in place of the last one; what the person said stays.

    Attributes:
        result: with places on the image as it was opened.
        source: name of the file.
    """

    result: PageResult
    source: str

    @property
    def title(self) -> str:
        return "Import Reading"

    def applied(self, writing: Writing) -> Writing:
        read = read_again(writing, labelled(self.result))
        return replace(read, width=writing.width, height=writing.height, imported_from=self.source)


@dataclass(frozen=True, slots=True)
class Together:
    """Several edits, one after the other, as one thing done."""

    title: str
    edits: tuple[Edit, ...]

    def applied(self, writing: Writing) -> Writing:
        for edit in self.edits:
            writing = edit.applied(writing)
        return writing


def _check(writing: Writing, first: int, last: int) -> None:
    if not 0 <= first <= last < len(writing.characters):
        raise IndexError(f"no characters {first} to {last} of {len(writing.characters)}")


def _check_place(writing: Writing, at: int) -> None:
    if not 0 <= at <= len(writing.characters):
        raise IndexError(f"no place {at} among {len(writing.characters)} characters")


def _with(writing: Writing, index: int, **changes: object) -> Writing:
    _check(writing, index, index)
    before = writing.characters[index]
    after = replace(before, **changes)  # type: ignore[arg-type]
    return writing if after == before else _replaced(writing, index, index, [after])


def _replaced(writing: Writing, first: int, last: int, by: Iterable[DocumentCharacter]) -> Writing:
    characters = writing.characters
    return writing.with_characters([*characters[:first], *by, *characters[last + 1 :]])


def _taken(
    writing: Writing, first: int, last: int
) -> tuple[tuple[DocumentCharacter, ...], list[DocumentCharacter]]:
    """Characters, and the others without them; what parted them from those stays parted."""
    _check(writing, first, last)
    characters = writing.characters
    gone, behind = characters[first : last + 1], list(characters[last + 1 :])
    if behind:
        gap = max(behind[0].gap, *(c.gap for c in gone))
        is_joined = behind[0].is_joined or any(c.is_joined for c in gone)
        behind[0] = replace(behind[0], gap=gap, is_joined=is_joined)
    return gone, [*characters[:first], *behind]


def _from_tokens(
    tokens: Sequence[DocumentCharacter | Gap], moved: set[int]
) -> list[DocumentCharacter]:
    """Characters of a text of them and of gaps; of several gaps the widest counts."""
    made: list[DocumentCharacter] = []
    gap = Gap.LINE
    follows_moved = False
    for token in tokens:
        if isinstance(token, Gap):
            gap = max(gap, token)
            continue
        is_moved = id(token) in moved
        is_other = gap is not token.gap or is_moved or follows_moved
        made.append(replace(token, gap=gap, is_joined=token.is_joined or is_other))
        gap, follows_moved = Gap.NONE, is_moved
    return made
