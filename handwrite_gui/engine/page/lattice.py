"""Which pieces of a line are one character: the cheapest way through the lattice of all choices.

Every run of neighbouring pieces is a candidate.  The network says how much it looks like a
character, its geometry how likely ink of that form is one; dynamic programming finds the sequence
of candidates that takes every piece once at the least cost (Casey & Lecolinet 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.cheapest_cover import cheapest_cover
from handwrite_gui.engine.page.pieces import Glyph, join
from handwrite_gui.engine.page.scoring import Weights, gather, weigh

MOST_PASSED = 6.5  # −log of the probability that there is no border in a character, at most
_SUREST = 0.95  # probability that a border counts as at most, and none as well
_WIDEST = 1.8  # letter heights: no character is wider
_WIDEST_BLANK = 0.4  # letter heights: no character has a wider blank column inside


@dataclass(frozen=True, eq=False)
class Lattice:
    """The candidates of one line.

    Attributes:
        count: number of pieces.
        first, last: int (C,), the pieces each candidate begins and ends with.
        glyphs: its ink.
        blank: float (C,), blank columns inside it, in letter heights.
        height, width: float (C,), in letter heights.
        top, bottom: float (C,), rows of its edges, in letter heights.
        touch: float (C,), at how many of its ends it goes on into other ink, 0 to 2.
        border: float (C,), −log of the probability that a character begins where it does.
        passed: float (C,), −log of the probability that none begins inside it.
        is_mark: bool (C,), whether it is too small for a character.
    """

    count: int
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    glyphs: tuple[Glyph, ...]
    blank: NDArray[np.float64]
    height: NDArray[np.float64]
    width: NDArray[np.float64]
    top: NDArray[np.float64]
    bottom: NDArray[np.float64]
    touch: NDArray[np.float64]
    border: NDArray[np.float64]
    passed: NDArray[np.float64]
    is_mark: NDArray[np.bool_]

    def pieces(self) -> list[Glyph]:
        """The pieces from left to right, each a candidate by itself."""
        return [self.glyphs[index] for index in np.flatnonzero(self.first == self.last)]

    def gaps(self, usual: float) -> NDArray[np.float64]:
        """Blank width before each piece, float (count,), in letter heights; 0 before the first.

        Args:
            usual: the usual height of a letter in pixels.
        """
        pieces = self.pieces()
        left = np.array([piece.left for piece in pieces], np.float64)
        right = np.maximum.accumulate([piece.right for piece in pieces])
        return np.concatenate([[0.0], (left[1:] - right[:-1]) / usual])


def build(pieces: Sequence[Glyph], usual: float) -> Lattice:
    """All candidates of a line.

    Args:
        pieces: from left to right.
        usual: the usual height of a letter in pixels.
    """
    meets = [False, *(b.left <= a.right for a, b in pairwise(pieces)), False]
    begins = np.clip([piece.begins for piece in pieces], 1 - _SUREST, _SUREST)
    begun, passed = -np.log(begins), -np.log(1 - begins)
    rows: list[tuple[int, int, Glyph, float, float]] = []
    for first in range(len(pieces)):
        blank, inside, apart = 0.0, 0.0, 0.0
        left, right = pieces[first].left, pieces[first].right
        for last in range(first, len(pieces)):
            if last > first:
                gap = max(pieces[last].left - right, 0) / usual
                blank += gap
                inside += float(passed[last])
                apart += float(passed[last]) if not meets[last] else 0.0
                left, right = min(left, pieces[last].left), max(right, pieces[last].right)
                extent = (right - left) / usual
                if gap > _WIDEST_BLANK or extent > _WIDEST or apart > MOST_PASSED:
                    break
                # What stands apart may be a character however sure it looks that it is to be cut.
                if inside > MOST_PASSED and (meets[first] or meets[last + 1]):
                    continue
            rows.append((first, last, join(pieces[first : last + 1]), blank, inside))
    glyphs = tuple(row[2] for row in rows)
    height = np.array([glyph.height for glyph in glyphs], np.float64) / usual
    width = np.array([glyph.width for glyph in glyphs], np.float64) / usual
    joined = np.array(meets, np.float64)
    first_pieces = np.array([row[0] for row in rows], np.intp)
    last_pieces = np.array([row[1] for row in rows], np.intp)
    return Lattice(
        len(pieces),
        first_pieces,
        last_pieces,
        glyphs,
        np.array([row[3] for row in rows]),
        height,
        width,
        np.array([glyph.top for glyph in glyphs], np.float64) / usual,
        np.array([glyph.bottom for glyph in glyphs], np.float64) / usual,
        joined[first_pieces] + joined[last_pieces + 1],
        begun[first_pieces],
        np.array([row[4] for row in rows]),
        (np.maximum(height, width) < _MARK_SIDE)
        | ((height < _DASH_HEIGHT) & (width > 1.5 * height)),
    )


_MARK_SIDE = 0.3  # letter heights: what is smaller both ways is a dot or a speck, no letter
_DASH_HEIGHT = 0.22  # letter heights: what is flatter, and wider than high, is a dash


def best_path(
    lattice: Lattice,
    character: NDArray[np.floating],
    best: NDArray[np.floating],
    weights: Weights,
) -> list[int]:
    """The candidates that take every piece once at the least cost.

    Args:
        lattice: of one line.
        character: (C,) probability that a candidate is a character at all.
        best: (C,) probability of its best character, given that it is one.
        weights: what each property costs.

    Returns:
        Indices of candidates from left to right.
    """
    cost = weigh(gather(lattice, character, best), weights)
    return cheapest_cover(
        lattice.first.tolist(), lattice.last.tolist(), cost.tolist(), lattice.count
    )
