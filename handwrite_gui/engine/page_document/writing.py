"""What stands on a page, by the reader and by the person: a value that edits make others of.

Writing is a sequence of characters in reading order.  Before each stands nothing, a space or a
line break; lines and words follow from that, so that none can be empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum

from handwrite_gui.engine.page.result import Character, Line, PageResult, Quad, Word

UNKNOWN = "\N{REPLACEMENT CHARACTER}"
"""The label of a place of which nobody has said yet what stands there."""

LONGEST_LABEL = 8
"""Letters that one box may hold: it can be a word that nothing parts."""


class Gap(IntEnum):
    """What parts a character from the one before it; the wider, the greater."""

    NONE = 0
    SPACE = 1
    LINE = 2

    @property
    def text(self) -> str:
        return ("", " ", "\n")[self]


@dataclass(frozen=True, slots=True)
class DocumentCharacter:
    """A character of a document.

    Attributes:
        read: what was read at its place, which is on the image as it was opened.  A place that
            nobody read has the label :data:`UNKNOWN` and no alternatives.
        gap: what parts it from the character before it.
        corrected: the label that the person gave it, which nothing but the person changes; None
            where they said nothing.
        is_placed: whether the person drew, moved, cut or joined its box.
        is_joined: whether the person said what comes before it: the gap, and with it the order.
    """

    read: Character
    gap: Gap = Gap.NONE
    corrected: str | None = None
    is_placed: bool = False
    is_joined: bool = False

    @property
    def label(self) -> str:
        return self.read.label if self.corrected is None else self.corrected

    @property
    def quad(self) -> Quad:
        return self.read.quad

    @property
    def is_by_person(self) -> bool:
        """Whether the person said anything of it that a new reading must keep."""
        return self.corrected is not None or self.is_placed

    @property
    def shown(self) -> Character:
        """As a reading gives it; what the person said is certain."""
        if self.corrected is None:
            return self.read
        return replace(self.read, label=self.corrected, probability=1.0)


def unread(quad: Quad) -> Character:
    """A place of which nothing was read."""
    return Character(UNKNOWN, 0.0, (), quad)


@dataclass(frozen=True, slots=True)
class Writing:
    """All that is known of what stands on a page.

    Attributes:
        width, height: of the image as it was opened, in pixels; all places are on it.
        characters: in reading order; the first begins a line.
        aside: characters of which the person said something and which the last reading has no
            place for; they wait for one that has.
        erased: places where the person said that there is no character.
        imported_from: name of the file whose reading it is; "" where the page was read here.
    """

    width: int
    height: int
    characters: tuple[DocumentCharacter, ...] = ()
    aside: tuple[DocumentCharacter, ...] = ()
    erased: tuple[Quad, ...] = ()
    imported_from: str = ""

    @classmethod
    def of(cls, result: PageResult) -> Writing:
        """A reading as it is, with nothing said by the person."""
        characters = []
        for line in result.lines:
            gap = Gap.LINE
            for word in line.words:
                for character in word.characters:
                    characters.append(DocumentCharacter(character, gap))
                    gap = Gap.NONE
                gap = Gap.SPACE
        return cls(result.width, result.height, tuple(characters))

    @property
    def text(self) -> str:
        """Lines joined by line breaks, words by single spaces."""
        return "".join(c.gap.text + c.label for c in self.characters)[1:]

    @property
    def has_decisions(self) -> bool:
        """Whether the person has said anything about the page: also whose reading it is."""
        return bool(self.aside or self.erased or self.imported_from) or any(
            c.is_by_person or c.is_joined for c in self.characters
        )

    def result(self) -> PageResult:
        """As a reading gives it, the person's labels among it."""
        return self.result_of([character.shown for character in self.characters])

    def result_of(self, shown: Sequence[Character]) -> PageResult:
        """The same lines and words, of other characters, as many."""
        lines: list[list[list[Character]]] = []
        for character, own in zip(self.characters, shown, strict=True):
            if character.gap is Gap.LINE:
                lines.append([[]])
            elif character.gap is Gap.SPACE:
                lines[-1].append([])
            lines[-1][-1].append(own)
        return PageResult(
            self.width,
            self.height,
            tuple(Line(tuple(Word(tuple(word)) for word in line)) for line in lines),
        )

    def with_characters(self, characters: Iterable[DocumentCharacter]) -> Writing:
        """Others in reading order; whatever comes first begins a line."""
        changed = tuple(characters)
        if changed and changed[0].gap is not Gap.LINE:
            changed = (replace(changed[0], gap=Gap.LINE), *changed[1:])
        return replace(self, characters=changed)

    def line_starts(self) -> list[int]:
        """The index of the first character of every line."""
        return [i for i, c in enumerate(self.characters) if c.gap is Gap.LINE]

    def line_of(self, index: int) -> range:
        """The characters of the line that one belongs to."""
        starts = [*self.line_starts(), len(self.characters)]
        number = next(i for i, start in enumerate(starts) if start > index)
        return range(starts[number - 1], starts[number])
