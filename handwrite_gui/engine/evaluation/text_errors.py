"""How far what was read is from what is written: character and word error rates.

The rates are those of the field: the least number of characters (words) that have to be replaced,
taken away or put in (Levenshtein 1966), divided by the number of those that are written.  They can
exceed 1.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.text.signs import split_signs

LONGEST = 12_000
"""Characters of a page that can be aligned: the table of distances grows with their square."""

EditKind = Literal["same", "replaced", "missing", "added"]


class Edit(NamedTuple):
    """A pair of an alignment; what is missing or added has "" on one side."""

    kind: EditKind
    written: str
    read: str


@dataclass(frozen=True, slots=True)
class TextErrors:
    """What differs between what is written and what was read.

    Attributes:
        characters, words: how many are written.
        replaced, missing, added: characters that were read as others, not read, or read where
            there are none.
        word_errors: words to replace, take away or put in.
        edits: the alignment of the characters, in the order of the text.
        confusions: how often what is written was read as what; "" for nothing.
    """

    characters: int = 0
    words: int = 0
    replaced: int = 0
    missing: int = 0
    added: int = 0
    word_errors: int = 0
    edits: tuple[Edit, ...] = ()
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def character_errors(self) -> int:
        return self.replaced + self.missing + self.added

    @property
    def character_error_rate(self) -> float:
        """NaN where nothing is written."""
        return _rate(self.character_errors, self.characters)

    @property
    def word_error_rate(self) -> float:
        """NaN where nothing is written."""
        return _rate(self.word_errors, self.words)


def compare(written: str, read: str, *, ignore_case: bool = False) -> TextErrors:
    """Compare two texts.

    Both are brought to Unicode's form NFC; white space of any kind and length, line breaks
    included, counts as one space, and none at the ends.  A letter and the marks that combine
    with it are one character.

    Raises:
        HandwriteError: one is longer than :data:`LONGEST` characters.
    """
    first, second = (_prepared(text, ignore_case) for text in (written, read))
    signs, others = split_signs(first), split_signs(second)
    edits = align(signs, others)
    counts = Counter(edit.kind for edit in edits)
    words = first.split()
    word_edits = align(words, second.split())
    return TextErrors(
        characters=len(signs),
        words=len(words),
        replaced=counts["replaced"],
        missing=counts["missing"],
        added=counts["added"],
        word_errors=sum(edit.kind != "same" for edit in word_edits),
        edits=tuple(edits),
        confusions=Counter((e.written, e.read) for e in edits if e.kind != "same"),
    )


def total(errors: Iterable[TextErrors]) -> TextErrors:
    """The errors of several pages together; without their alignments."""
    every = list(errors)
    confusions: Counter[tuple[str, str]] = Counter()
    for one in every:
        confusions.update(one.confusions)
    names = ("characters", "words", "replaced", "missing", "added", "word_errors")
    return TextErrors(
        **{name: sum(getattr(one, name) for one in every) for name in names},
        confusions=confusions,
    )


def align(written: Sequence[str], read: Sequence[str]) -> list[Edit]:
    """The shortest way from one sequence to the other, as pairs.

    Raises:
        HandwriteError: one is longer than :data:`LONGEST`.
    """
    start = 0
    while start < min(len(written), len(read)) and written[start] == read[start]:
        start += 1
    stop = 0
    while stop < min(len(written), len(read)) - start and written[-1 - stop] == read[-1 - stop]:
        stop += 1
    middle = _aligned(written[start : len(written) - stop], read[start : len(read) - stop])
    same = [Edit("same", one, one) for one in written]
    return same[:start] + middle + same[len(written) - stop :]


def _aligned(written: Sequence[str], read: Sequence[str]) -> list[Edit]:
    if max(len(written), len(read)) > LONGEST:
        raise HandwriteError(
            f"The text has more than {LONGEST:,} characters on one page; divide it into pages."
        )
    table = _distances(written, read)
    edits = []
    row, column = len(written), len(read)
    while row or column:
        here = table[row, column]
        if row and column:
            same = written[row - 1] == read[column - 1]
            if table[row - 1, column - 1] + (not same) == here:
                row, column = row - 1, column - 1
                edits.append(Edit("same" if same else "replaced", written[row], read[column]))
                continue
        if row and table[row - 1, column] + 1 == here:
            row -= 1
            edits.append(Edit("missing", written[row], ""))
        else:
            column -= 1
            edits.append(Edit("added", "", read[column]))
    return edits[::-1]


def _distances(written: Sequence[str], read: Sequence[str]) -> NDArray[np.int16]:
    """Distances (N + 1, M + 1) of the beginnings of both, row by row."""
    codes = {sign: code for code, sign in enumerate(dict.fromkeys([*written, *read]))}
    across = np.array([codes[sign] for sign in read], np.int32)
    steps = np.arange(len(read) + 1, dtype=np.int16)
    table = np.empty((len(written) + 1, len(read) + 1), np.int16)
    table[0] = steps
    for row, sign in enumerate(written, 1):
        above = table[row - 1]
        best = table[row]
        best[0] = row
        np.minimum(above[1:] + 1, above[:-1] + (across != codes[sign]), out=best[1:])
        # What is put in costs one each from the cheapest place before.
        best -= steps
        np.minimum.accumulate(best, out=best)
        best += steps
    return table


def _prepared(text: str, ignore_case: bool) -> str:
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return unicodedata.normalize("NFC", text.casefold()) if ignore_case else text


def _rate(errors: int, count: int) -> float:
    return errors / count if count else float("nan")
