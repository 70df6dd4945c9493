"""Where in the reading order a new box belongs."""

from __future__ import annotations

from itertools import pairwise

from handwrite_gui.engine.page.result import Point, Quad
from handwrite_gui.engine.page_document.places import direction, extent, heights, middle
from handwrite_gui.engine.page_document.writing import Gap, Writing

ON_LINE_WITHIN = 0.8
"""How far from the middle of a line a character of it may stand, in heights of its characters."""

SPACE_FROM = 0.5
"""How wide a gap between a new box and its neighbour parts words, in heights of characters."""


def insertion_index(writing: Writing, quad: Quad) -> int:
    """The index that a new character gets: on the line it stands on, or as a line of its own."""
    lines = _lines(writing)
    if not lines:
        return 0
    on = [_distance(writing, line, quad) for line in lines]
    nearest = min(range(len(lines)), key=on.__getitem__)
    if on[nearest] <= ON_LINE_WITHIN:
        line = lines[nearest]
        along = _along(writing, line)
        place = _place(quad, along)
        after = [i for i in line if _place(writing.characters[i].quad, along) > place]
        return after[0] if after else line.stop
    # Of its own: before the first line that stands below it.
    along = _along(writing, lines[nearest])
    depth = _depth(quad, along)
    for line in lines:
        if _depth(writing.characters[line[0]].quad, along) > depth:
            return line.start
    return len(writing.characters)


def gaps_around(writing: Writing, quad: Quad, at: int) -> tuple[Gap, Gap]:
    """What parts a new character from those before and behind it, by its place.

    Args:
        at: the index that it gets.
    """
    characters = writing.characters
    before = characters[at - 1].quad if at else None
    behind = characters[at] if at < len(characters) else None
    begins = behind is None or behind.gap is Gap.LINE
    with_before = at > 0 and not _is_apart(writing, at - 1, quad)
    with_behind = behind is not None and not _is_apart(writing, at, quad)
    if begins and not (with_before and before is not None):
        # It begins a line: that of the character behind it where it stands on that one.
        joins = with_behind and behind is not None
        return Gap.LINE, (_gap(quad, behind.quad) if joins and behind is not None else Gap.LINE)
    assert before is not None
    gap = _gap(before, quad)
    if behind is None or behind.gap is Gap.LINE:
        return gap, Gap.LINE
    return gap, _gap(quad, behind.quad)


def _gap(one: Quad, other: Quad) -> Gap:
    along = direction(one, other)
    distance = extent(other, along)[0] - extent(one, along)[1]
    return Gap.SPACE if distance > SPACE_FROM * heights([one, other]) else Gap.NONE


def _is_apart(writing: Writing, index: int, quad: Quad) -> bool:
    """Whether a place does not lie on the line of a character."""
    return _distance(writing, writing.line_of(index), quad) > ON_LINE_WITHIN


def _lines(writing: Writing) -> list[range]:
    starts = [*writing.line_starts(), len(writing.characters)]
    return [range(start, end) for start, end in pairwise(starts)]


def _along(writing: Writing, line: range) -> Point:
    characters = writing.characters
    return direction(characters[line[0]].quad, characters[line[-1]].quad)


def _distance(writing: Writing, line: range, quad: Quad) -> float:
    """How far a place is from the middle of a line, in heights of its characters.

    A line may climb: what counts is the height of the nearest character on it.
    """
    along = _along(writing, line)
    quads = [writing.characters[i].quad for i in line]
    place = _place(quad, along)
    nearest = min(quads, key=lambda other: abs(_place(other, along) - place))
    size = heights(quads) or 1.0
    return abs(_depth(nearest, along) - _depth(quad, along)) / size


def _place(quad: Quad, along: Point) -> float:
    x, y = middle(quad)
    return x * along[0] + y * along[1]


def _depth(quad: Quad, along: Point) -> float:
    x, y = middle(quad)
    return y * along[0] - x * along[1]
