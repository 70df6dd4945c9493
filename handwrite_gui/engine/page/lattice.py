"""Which pieces of a line are one character: the cheapest way through the lattice of all choices.

Every run of neighbouring pieces is a candidate.  The network says how much it looks like a
character, its geometry how likely ink of that form is one; dynamic programming finds the sequence
of candidates that takes every piece once at the least cost (Casey & Lecolinet 1996).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.pieces import Glyph, join

MOST_PIECES = 6
_WIDEST = 1.6  # letter heights: no character is wider
_WIDEST_BLANK = 0.4  # letter heights: no character has a wider blank column inside
_FLOOR = 1e-4  # probabilities below count as this: a single doubt must not decide a line


@dataclass(frozen=True)
class Weights:
    """What each property of a candidate costs; found by random search on composed pages of
    training writers.

    Attributes:
        refusal: of −log of the probability that it is a character at all.
        doubt: of −log of the probability of its best character.
        pieces: how much both of them count for each further piece that the candidate spans: a
            character of three pieces spares two others.
        character: of every character: fewer are likelier.
        blank: of blank columns inside, for each letter height.
        small: of being lower than a letter, for each letter height that is missing.
        wide: of being wider than a letter is high, for each letter height.
        mark: of being taken for a dot or a dash instead of a character.
    """

    refusal: float = 0.94
    doubt: float = 0.6
    pieces: float = 0.4
    character: float = 0.33
    blank: float = 4.0
    small: float = 5.5
    wide: float = 1.1
    mark: float = 0.2


@dataclass(frozen=True, eq=False)
class Lattice:
    """The candidates of one line.

    Attributes:
        count: number of pieces.
        first, last: int (C,), the pieces each candidate begins and ends with.
        glyphs: its ink.
        blank, height, width: float (C,), in letter heights.
        is_mark: bool (C,), whether it is too small for a character.
    """

    count: int
    first: NDArray[np.intp]
    last: NDArray[np.intp]
    glyphs: tuple[Glyph, ...]
    blank: NDArray[np.float64]
    height: NDArray[np.float64]
    width: NDArray[np.float64]
    is_mark: NDArray[np.bool_]


def build(pieces: Sequence[Glyph], usual: float) -> Lattice:
    """All candidates of a line.

    Args:
        pieces: from left to right.
        usual: the usual height of a letter in pixels.
    """
    rows: list[tuple[int, int, Glyph, float]] = []
    for first in range(len(pieces)):
        blank, right = 0.0, pieces[first].right
        for last in range(first, min(first + MOST_PIECES, len(pieces))):
            gap = max(pieces[last].left - right, 0) / usual if last > first else 0.0
            glyph = join(pieces[first : last + 1])
            if last > first and (gap > _WIDEST_BLANK or glyph.width > _WIDEST * usual):
                break
            blank += gap
            right = max(right, pieces[last].right)
            rows.append((first, last, glyph, blank))
    glyphs = tuple(row[2] for row in rows)
    height = np.array([glyph.height for glyph in glyphs], np.float64) / usual
    width = np.array([glyph.width for glyph in glyphs], np.float64) / usual
    return Lattice(
        len(pieces),
        np.array([row[0] for row in rows], np.intp),
        np.array([row[1] for row in rows], np.intp),
        glyphs,
        np.array([row[3] for row in rows]),
        height,
        width,
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
    cost = _costs(lattice, character, best, weights)
    total = np.full(lattice.count + 1, np.inf)
    total[0] = 0.0
    via = np.zeros(lattice.count + 1, np.intp)
    for index in np.argsort(lattice.last, kind="stable"):
        end = lattice.last[index] + 1
        reached = total[lattice.first[index]] + cost[index]
        if reached < total[end]:
            total[end], via[end] = reached, index
    path: list[int] = []
    end = lattice.count
    while end > 0:
        path.append(int(via[end]))
        end = int(lattice.first[via[end]])
    return path[::-1]


def _costs(
    lattice: Lattice,
    character: NDArray[np.floating],
    best: NDArray[np.floating],
    weights: Weights,
) -> NDArray[np.float64]:
    spans = lattice.last - lattice.first
    looks = weights.refusal * -np.log(np.maximum(character, _FLOOR))
    looks += weights.doubt * -np.log(np.maximum(best, _FLOOR))
    cost = looks * (1 + weights.pieces * spans) + weights.character
    cost += weights.blank * lattice.blank
    cost += weights.small * np.maximum(0.75 - lattice.height, 0)
    cost += weights.wide * np.maximum(lattice.width - 1.0, 0)
    return np.where(lattice.is_mark, weights.mark, cost)
