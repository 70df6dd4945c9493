"""Editing the text of a page as text: what that means for its characters and their boxes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from handwrite_gui.engine.page.result import Quad
from handwrite_gui.engine.page_document.edits import (
    Draw,
    Edit,
    Erase,
    Merge,
    Part,
    Relabel,
    Split,
    Together,
)
from handwrite_gui.engine.page_document.places import (
    around,
    box_along,
    direction,
    divided,
    extent,
    heights,
)
from handwrite_gui.engine.page_document.writing import LONGEST_LABEL, Gap, Writing, unread

THIN = 0.25
"""Width of a box between two characters that leave no room for one, in their heights."""

WIDE = 0.8
"""Greatest width of a character that is typed in free space, in heights of its neighbours."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """Text as characters with the gap before each, and the gap behind the last."""

    letters: tuple[str, ...]
    gaps: tuple[Gap, ...]
    trailing: Gap


def rewritten(writing: Writing, start: int, end: int, text: str) -> Edit | None:
    """The edit that replaces a part of a writing's text.

    As many letters as there were relabel the boxes; one letter for several joins them; more than
    there were share their room; where there were none, a box is put between the neighbours.

    Args:
        start, end: offsets in :attr:`Writing.text`.  Letters that share a box go together.
        text: what stands there instead.

    Returns:
        None where that changes nothing.
    """
    starts, ends = _offsets(writing)
    first = bisect_right(ends, start)  # the first character that reaches beyond the start
    stop = bisect_left(starts, end)  # the first that does not begin before the end
    characters = writing.characters
    if first < stop:
        # What is left of the letters of a box that is replaced in part.
        text = characters[first].label[: max(start - starts[first], 0)] + text
        last = characters[stop - 1]
        text += last.label[len(last.label) - max(ends[stop - 1] - end, 0) :]
        gap_goes = start < starts[first]
        gap_behind_goes = end > ends[stop - 1]
    else:
        gap_goes = False
        gap_behind_goes = end > start
    typed = _parsed(text)
    if first >= stop:
        behind_gap = start == end and first < len(characters) and start >= starts[first]
        edits = _between(writing, first, typed, gap_behind_goes, behind_gap)
    else:
        edits = _instead(writing, first, stop - 1, typed, gap_goes, gap_behind_goes)
    needed = []
    for edit in edits:
        after = edit.applied(writing)
        if after != writing:
            needed.append(edit)
            writing = after
    if not needed:
        return None
    return needed[0] if len(needed) == 1 else Together("Edit Text", tuple(needed))


def _offsets(writing: Writing) -> tuple[list[int], list[int]]:
    """Where each character begins and ends in the text."""
    starts, ends = [], []
    offset = -1  # the first line has no break before it
    for character in writing.characters:
        offset += len(character.gap.text)
        starts.append(offset)
        offset += len(character.label)
        ends.append(offset)
    return starts, ends


def _parsed(text: str) -> _Typed:
    letters, gaps = [], []
    gap = Gap.NONE
    for letter in text:
        if letter.isspace():
            gap = max(gap, Gap.LINE if letter in "\n\r\u2028\u2029" else Gap.SPACE)
        elif letter.isprintable():
            letters.append(letter)
            gaps.append(gap)
            gap = Gap.NONE
    return _Typed(tuple(letters), tuple(gaps), gap)


def _between(
    writing: Writing, at: int, typed: _Typed, gap_goes: bool, behind_gap: bool
) -> Iterator[Edit]:
    """Type between two characters: before the gap between them, behind it, or over it."""
    count = len(writing.characters)
    own = writing.characters[at].gap if at < count else Gap.LINE
    if not typed.letters:
        if at < count:
            yield Part(at, typed.trailing if gap_goes else max(own, typed.trailing))
        return
    gaps, behind = list(typed.gaps), typed.trailing
    if behind_gap:
        gaps[0] = max(gaps[0], own)
    elif not gap_goes:
        behind = max(behind, own)
    starts_line = at == 0 or gaps[0] is Gap.LINE
    for number, (letter, gap) in enumerate(zip(typed.letters, gaps, strict=True)):
        place = _room(writing, at, len(typed.letters), number, starts_line)
        yield Draw(unread(place), letter, at + number, gap)
    if at < count:
        yield Part(at + len(typed.letters), behind)


def _instead(
    writing: Writing, first: int, last: int, typed: _Typed, gap_goes: bool, gap_behind_goes: bool
) -> Iterator[Edit]:
    """Type in place of characters ``first`` to ``last``."""
    characters = writing.characters
    own_gap = Gap.NONE if gap_goes else characters[first].gap
    behind = characters[last + 1].gap if last + 1 < len(characters) else Gap.LINE
    if gap_behind_goes:
        behind = Gap.NONE
    count, letters = last - first + 1, typed.letters
    if not letters:
        yield Erase(first, last)
        if last + 1 < len(characters):
            yield Part(first, max(own_gap, behind, typed.trailing))
        return
    gaps = [max(own_gap, typed.gaps[0]), *typed.gaps[1:]]
    behind = max(behind, typed.trailing)
    whole = characters[first].label
    if count == 1 and len(whole) > 1 and len(letters) <= LONGEST_LABEL and not any(typed.gaps[1:]):
        letters, gaps = ("".join(letters),), gaps[:1]
    if len(letters) == 1 < count:
        yield Merge(first, last, unread(around([c.quad for c in characters[first : last + 1]])))
    elif len(letters) > count:
        # The last box is shared by what is more.
        more = len(letters) - count + 1
        parts = divided(characters[last].quad, more)
        yield Split(last, tuple(unread(part) for part in parts))
    elif len(letters) < count:
        yield Erase(first + len(letters), last)
    for number, (letter, gap) in enumerate(zip(letters, gaps, strict=True)):
        index = first + number
        changes = len(letters) != count or characters[index].label != letter
        if changes:
            yield Relabel(index, letter)
        yield Part(index, gap)
    if last + 1 < len(characters):
        yield Part(first + len(letters), behind)


def _room(writing: Writing, at: int, count: int, number: int, starts_line: bool) -> Quad:
    """The box of the ``number``-th of ``count`` characters that are typed between two."""
    characters = writing.characters
    before = characters[at - 1].quad if at else None
    behind = characters[at].quad if at < len(characters) else None
    if before is not None and behind is not None:
        # At the border of two lines it belongs to one of them.
        if starts_line:
            before = None
        elif characters[at].gap is Gap.LINE:
            behind = None
    beside = before or behind
    if beside is None:
        side = max(min(writing.width, writing.height) / 20, 1.0)
        start = number * side
        return box_along((1.0, 0.0), start, start + side, 0.0, side)
    along = direction(before or beside, behind or beside)
    size = heights([beside]) or 1.0
    _, _, top, bottom = extent(beside, along)
    if before is not None and behind is not None:
        left, right = extent(before, along)[1], extent(behind, along)[0]
    elif before is not None:
        left = extent(before, along)[1]
        right = left + count * WIDE * size
    else:
        right = extent(beside, along)[0]
        left = right - count * WIDE * size
    width = min((right - left) / count, WIDE * size)
    if width < THIN * size:
        middle = (left + right) / 2
        width = THIN * size
        left = middle - width * count / 2
    return box_along(along, left + number * width, left + (number + 1) * width, top, bottom)
