"""Putting a new reading in place of an old one, with everything that the person said kept.

A page that is read again is parted anew: places differ a little, some characters are no longer
found and others are.  What the person said of one is kept for the place where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handwrite_gui.engine.page.result import PageResult, Quad
from handwrite_gui.engine.page_document.insertion import gaps_around, insertion_index
from handwrite_gui.engine.page_document.places import contains, covered, matched, meeting, middle
from handwrite_gui.engine.page_document.writing import DocumentCharacter, Gap, Writing

COVERED_FROM = 0.5
"""Share of the smaller of two places from which a new character is one that the person placed."""


def read_again(before: Writing, result: PageResult, region: Quad | None = None) -> Writing:
    """The new reading with the person's labels, boxes, deletions, gaps and order.

    Args:
        before: the writing that the person has worked on.
        result: the new reading, with places on the image as it was opened.
        region: the part of that image that was read; None for all of it.  What the person placed
            outside of it is put aside.
    """
    after = Writing.of(result)
    if not before.has_decisions:
        return after
    known = (*before.characters, *before.aside)
    merge = _Merge(after)
    merge.leave_out(before.erased)
    merge.relabel([c for c in known if c.corrected is not None and not c.is_placed])
    placed = [
        c for c in known if c.is_placed and (region is None or contains(region, middle(c.quad)))
    ]
    if placed or any(c.is_joined for c in before.characters):
        merge.recognise([c for c in before.characters if not c.is_by_person])
    merge.put_in(placed, before)
    merge.join(before.characters)
    aside = tuple(c for c in known if c.is_by_person and not merge.has(c))
    return replace(merge.writing(), aside=aside, erased=before.erased)


class _Cell:
    """A character of the new reading; it stays the same one, whatever becomes of it."""

    def __init__(self, character: DocumentCharacter) -> None:
        self.character = character

    def widen(self, gap: Gap) -> None:
        self.character = replace(self.character, gap=max(gap, self.character.gap))


class _Merge:
    """A reading while what the person said is worked into it."""

    def __init__(self, read: Writing) -> None:
        self._read = read
        self._cells = [_Cell(character) for character in read.characters]
        self._of: dict[int, _Cell] = {}  # the cell of an old character, by the identity of that
        self._taken: set[int] = set()  # identities of the cells that are an old character's

    def writing(self) -> Writing:
        return self._read.with_characters(cell.character for cell in self._cells)

    def has(self, old: DocumentCharacter) -> bool:
        """Whether an old character has a place in the new reading, and no box covers it."""
        return self._cell_of(old) is not None

    def leave_out(self, erased: Sequence[Quad]) -> None:
        """Leave out what stands where the person said that nothing does."""
        gone = matched(self._places(self._cells), erased)
        kept: list[_Cell] = []
        gap = Gap.NONE
        for index, cell in enumerate(self._cells):
            if index in gone:
                gap = max(gap, cell.character.gap)
            else:
                cell.widen(gap)
                kept.append(cell)
                gap = Gap.NONE
        self._cells = kept

    def relabel(self, old: Sequence[DocumentCharacter]) -> None:
        """Give characters the labels that the person gave those at their places."""
        for cell, own in self._recognised(old):
            cell.character = replace(cell.character, corrected=own.corrected)

    def recognise(self, old: Sequence[DocumentCharacter]) -> None:
        """Find the places that are an old character's, of which the person said nothing."""
        self._recognised(old)

    def put_in(self, placed: Sequence[DocumentCharacter], before: Writing) -> None:
        """Put the person's boxes in place of what was read there, or where they belong."""
        read = list(self._cells)
        near = meeting(self._places(read), [own.quad for own in placed])
        gone: set[int] = set()
        for own, indices in zip(placed, near, strict=True):
            covers = [
                read[index]
                for index in indices
                if id(read[index]) not in gone
                and covered(read[index].character.quad, own.quad) >= COVERED_FROM
            ]
            gone |= {id(cell) for cell in covers}
            made = _Cell(own)
            if covers:
                at = self._cells.index(covers[0])
                if not own.is_joined:
                    made.character = replace(own, gap=covers[0].character.gap)
                self._cells = [cell for cell in self._cells if cell not in covers]
            else:
                at = self._beside(made, before)
            self._cells.insert(at, made)
            self._of[id(own)] = made
            self._taken.add(id(made))

    def join(self, old: Sequence[DocumentCharacter]) -> None:
        """Let characters follow one another as the person said, with the gaps they said."""
        for index, own in enumerate(old):
            cell = self._cell_of(own) if own.is_joined else None
            previous = self._cell_of(old[index - 1]) if index else None
            if cell is None or (index and previous is None):
                continue
            self._let_follow(cell, previous)
            cell.character = replace(cell.character, gap=own.gap, is_joined=True)

    def _let_follow(self, cell: _Cell, previous: _Cell | None) -> None:
        start = self._cells.index(cell)
        there = 0 if previous is None else self._cells.index(previous) + 1
        if there <= start and not any(id(c) in self._taken for c in self._cells[there:start]):
            return  # what was found between them is new: the order is the person's already
        end = start + 1
        while end < len(self._cells) and self._is_new_of_line(self._cells[end]):
            end += 1
        block = self._cells[start:end]
        if end < len(self._cells):
            self._cells[end].widen(cell.character.gap)
        del self._cells[start:end]
        there = 0 if previous is None else self._cells.index(previous) + 1
        self._cells[there:there] = block

    def _is_new_of_line(self, cell: _Cell) -> bool:
        return id(cell) not in self._taken and cell.character.gap is not Gap.LINE

    def _beside(self, made: _Cell, before: Writing) -> int:
        """Where a box goes that nothing was read in: after the character that it stood after."""
        own = made.character
        index = next((i for i, c in enumerate(before.characters) if c is own), None)
        if index:
            previous = self._cell_of(before.characters[index - 1])
            if previous is not None:
                at = self._cells.index(previous) + 1
                following = (
                    before.characters[index + 1] if index + 1 < len(before.characters) else None
                )
                behind = None if following is None else self._cell_of(following)
                if (
                    following is not None
                    and behind is not None
                    and self._cells[at : at + 1] == [behind]
                ):
                    behind.character = replace(behind.character, gap=following.gap)
                return at
        writing = self.writing()
        at = insertion_index(writing, own.quad)
        gap, after = gaps_around(writing, own.quad, at)
        made.character = replace(own, gap=gap)
        if at < len(self._cells):
            cell = self._cells[at]
            cell.character = replace(cell.character, gap=after)
        return at

    def _cell_of(self, old: DocumentCharacter) -> _Cell | None:
        """The cell that an old character stands in; None where it has none, or a box covers it."""
        cell = self._of.get(id(old))
        return cell if cell in self._cells else None

    def _recognised(
        self, old: Sequence[DocumentCharacter]
    ) -> list[tuple[_Cell, DocumentCharacter]]:
        free = [cell for cell in self._cells if id(cell) not in self._taken]
        found = matched(self._places(free), [c.quad for c in old])
        pairs = [(free[index], old[number]) for index, number in found.items()]
        for cell, own in pairs:
            self._of[id(own)] = cell
            self._taken.add(id(cell))
        return pairs

    def _places(self, cells: Sequence[_Cell]) -> list[Quad]:
        return [cell.character.quad for cell in cells]
