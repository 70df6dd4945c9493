"""The order in which the lines of a page are read, where they stand in columns."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from handwrite_gui.engine.page.components import Component

Letters = list[Component]

_LEAST_VALLEY = 1.8  # letter heights of blank paper between two columns
_AGAINST_GAPS = 1.6  # times the wide gaps within the columns: words must not make columns
_LEAST_WIDTH = 4.0  # letter heights of the lines of a column: a list's figures are no column
_FEWEST_LINES = 2  # of each column


class _Valley(NamedTuple):
    """Blank paper between two columns: the lines first to last − 1 have no ink in it."""

    first: int
    last: int
    left: float
    right: float


def in_reading_order(lines: Sequence[Letters], usual: float) -> list[Letters]:
    """Order lines from top to bottom, column by column.

    Columns are seen by the blank valley between them: several lines one below the other that
    leave the same place blank, wider than between words.  A heading over all columns is read
    before them.  Lines that run through a valley are parted there.

    Args:
        lines: of a page that lies upright, each with its components from left to right.
        usual: the usual height of a letter in pixels.
    """
    ordered = sorted(lines, key=_middle)
    valley = _find_valley(ordered, usual)
    if valley is None:
        return ordered
    middle = (valley.left + valley.right) / 2
    block = ordered[valley.first : valley.last]
    sides = [
        [side for line in block if (side := [c for c in line if (_centre(c) < middle) == is_left])]
        for is_left in (True, False)
    ]
    return [
        *in_reading_order(ordered[: valley.first], usual),
        *in_reading_order(sides[0], usual),
        *in_reading_order(sides[1], usual),
        *in_reading_order(ordered[valley.last :], usual),
    ]


def _find_valley(lines: Sequence[Letters], usual: float) -> _Valley | None:
    """The valley along the most lines, the widest of those."""
    left = min((c.left for line in lines for c in line), default=0)
    right = max((c.right for line in lines for c in line), default=0)
    blanks = [_blanks(line, left, right, _LEAST_VALLEY * usual) for line in lines]
    best, best_rank = None, (0, 0.0)
    for first, own in enumerate(blanks):
        for blank in own:
            valley = _grown(first, blank, blanks, _LEAST_VALLEY * usual)
            rank = valley.last - valley.first, valley.right - valley.left
            if rank > best_rank and _parts_columns(valley, lines, usual):
                best, best_rank = valley, rank
    return best


def _blanks(
    line: Sequence[Component], left: float, right: float, least: float
) -> list[tuple[float, float]]:
    """The gaps of a line, with those to the edges of the page's writing, that are wide enough."""
    edges = [left, *(x for span in _spans(line) for x in span), right]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= least]


def _spans(line: Sequence[Component]) -> list[tuple[float, float]]:
    """The columns that a line has ink in."""
    spans: list[tuple[float, float]] = []
    for c in sorted(line, key=lambda c: c.left):
        if spans and c.left <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], c.right)
        else:
            spans.append((c.left, c.right))
    return spans


def _grown(
    first: int,
    blank: tuple[float, float],
    blanks: Sequence[Sequence[tuple[float, float]]],
    least: float,
) -> _Valley:
    """Carry a blank down over the lines that have it too."""
    left, right = blank
    last = first
    for own in blanks[first:]:
        shared = [(max(left, a), min(right, b)) for a, b in own]
        widest = max(shared, key=lambda common: common[1] - common[0], default=(0.0, 0.0))
        if widest[1] - widest[0] < least:
            break
        left, right = widest
        last += 1
    return _Valley(first, last, left, right)


def _parts_columns(valley: _Valley, lines: Sequence[Letters], usual: float) -> bool:
    """Whether there is a column on either side of a valley, and not only words."""
    block = lines[valley.first : valley.last]
    middle = (valley.left + valley.right) / 2
    sides = [
        [[c for c in line if (_centre(c) < middle) == is_left] for line in block]
        for is_left in (True, False)
    ]
    inner: list[float] = []
    for side in sides:
        present = [line for line in side if line]
        widths = [max(c.right for c in line) - min(c.left for c in line) for line in present]
        if len(present) < _FEWEST_LINES or np.median(widths) < _LEAST_WIDTH * usual:
            return False
        for line in present:
            spans = _spans(line)
            inner += [b[0] - a[1] for a, b in pairwise(spans)]
    both = sum(bool(a) and bool(b) for a, b in zip(*sides, strict=True))
    alternating = _overlap_in_height(*sides)
    wide = float(np.quantile(inner, 0.9)) if inner else 0.0
    return (both >= _FEWEST_LINES or alternating) and (
        valley.right - valley.left > _AGAINST_GAPS * wide
    )


def _overlap_in_height(left: Sequence[Letters], right: Sequence[Letters]) -> bool:
    """Whether two columns stand beside each other, not one below the other."""
    (a_top, a_bottom), (b_top, b_bottom) = (
        (
            min(_middle(line) for line in side if line),
            max(_middle(line) for line in side if line),
        )
        for side in (left, right)
    )
    shared = min(a_bottom, b_bottom) - max(a_top, b_top)
    return shared > 0.5 * min(a_bottom - a_top, b_bottom - b_top)


def _middle(line: Sequence[Component]) -> float:
    return float(np.mean([(c.top + c.bottom) / 2 for c in line]))


def _centre(component: Component) -> float:
    return (component.left + component.right) / 2
