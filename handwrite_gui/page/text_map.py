"""Which place in the text belongs to which character of the page, both ways."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from handwrite_gui.engine.page.result import Character, PageResult


@dataclass(frozen=True, slots=True)
class CharacterRange:
    """Characters ``first`` to ``last``, both included, as indices in reading order."""

    first: int
    last: int

    @classmethod
    def between(cls, one: int, other: int) -> CharacterRange:
        """The range that spans two characters given in either order."""
        return cls(min(one, other), max(one, other))

    def __contains__(self, index: int) -> bool:
        return self.first <= index <= self.last

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class TextMap:
    """The text of a page and where each of its characters stands in it.

    Offsets count UTF-16 code units, as ``QTextCursor`` does: a model trained on another alphabet
    may read characters that need two of them.

    Attributes:
        text: the lines joined by line breaks, words by single spaces.
        characters: every character in reading order.
        starts, ends: offset of each character in the text, and of what follows it.
        line_of: the number, from 0, of each character's line.
        words: the characters of each word.
    """

    text: str
    characters: tuple[Character, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    line_of: tuple[int, ...]
    words: tuple[CharacterRange, ...]

    @classmethod
    def of(cls, result: PageResult) -> TextMap:
        """The map of a page as it was read."""
        characters: list[Character] = []
        starts: list[int] = []
        ends: list[int] = []
        line_of: list[int] = []
        words: list[CharacterRange] = []
        offset = 0
        for line_number, line in enumerate(result.lines):
            for word in line.words:
                first = len(characters)
                for character in word.characters:
                    characters.append(character)
                    starts.append(offset)
                    offset += utf16_length(character.label)
                    ends.append(offset)
                    line_of.append(line_number)
                words.append(CharacterRange(first, len(characters) - 1))
                offset += 1  # the space or the line break that follows the word
        return cls(
            result.text,
            tuple(characters),
            tuple(starts),
            tuple(ends),
            tuple(line_of),
            tuple(words),
        )

    def span(self, characters: CharacterRange) -> tuple[int, int]:
        """Offsets of the text from the range's first character to the end of its last."""
        return self.starts[characters.first], self.ends[characters.last]

    def text_of(self, characters: CharacterRange) -> str:
        """The text of a range, the spaces and line breaks inside it included."""
        start, end = self.span(characters)
        return self.text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le")

    def at_caret(self, offset: int) -> int | None:
        """The character a caret at ``offset`` stands at; None in an empty text.

        It is the one after the caret, or the one before it where a space, a line break or the
        end of the text follows.
        """
        if not self.starts:
            return None
        return max(0, bisect_right(self.starts, offset) - 1)

    def in_selection(self, start: int, end: int) -> CharacterRange | None:
        """The characters selected by offsets ``start`` to ``end``; None if only a gap is."""
        first = bisect_right(self.ends, start)
        last = bisect_right(self.starts, end - 1) - 1
        return CharacterRange(first, last) if first <= last else None

    def word_at(self, index: int) -> CharacterRange:
        """The word that a character belongs to."""
        position = bisect_right(self.words, index, key=lambda word: word.first) - 1
        return self.words[position]


def utf16_length(text: str) -> int:
    """Length of a text in the units that Qt counts."""
    return len(text.encode("utf-16-le")) // 2


def python_length(text: str, units: int) -> int:
    """How many of a text's characters its first ``units`` are, as Qt counts them."""
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore"))
