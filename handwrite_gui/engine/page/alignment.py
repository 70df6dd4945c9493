"""Forced alignment: where the characters of a known text stand in a lattice of candidates.

The reader's own way of finding characters, told the answer: the path through the lattice whose
labels are the text (as in training hybrid recognisers from unsegmented words: Bengio et al. 1995).
It gives the network true characters cut as the reader cuts them, beside the reader's own wrong
cuts, and tells an error of cutting from an error of naming.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_FLOOR = 1e-5  # probabilities below count as this: one misshapen letter must not lose its line


@dataclass(frozen=True)
class Alignment:
    """A text laid over a lattice.

    Attributes:
        path: for each character of the text the index of its candidate.
        costs: for each character what it costs there, in −log of probability.
        skipped: pieces that belong to no character.
    """

    path: tuple[int, ...]
    costs: tuple[float, ...]
    skipped: tuple[int, ...]


def label_costs(
    text: str,
    letters: Sequence[str],
    character: NDArray[np.floating],
    probabilities: NDArray[np.floating],
) -> NDArray[np.float64]:
    """What it costs that a candidate is a character of a text: float (C, T).

    A capital and its small letter count as one: a hand's capitals are often small letters.

    Args:
        text: T characters, without spaces.
        letters: labels of the K columns of ``probabilities``.
        character: (C,) probability that a candidate is a character at all.
        probabilities: (C, K) of each letter, given that it is one.
    """
    folded = np.array([letter.upper() for letter in letters])
    columns = {c: probabilities[:, folded == c].sum(axis=1) for c in set(text.upper())}
    named = np.stack([columns[c] for c in text.upper()], axis=1)
    return np.asarray(-np.log(np.maximum(character[:, None] * named, _FLOOR)), np.float64)


def align(
    first: NDArray[np.integer],
    last: NDArray[np.integer],
    costs: NDArray[np.floating],
    skip: NDArray[np.floating],
) -> Alignment | None:
    """The cheapest way to lay a text over a lattice.

    Args:
        first, last: int (C,), the pieces that each candidate begins and ends with.
        costs: (C, T) of each candidate being each character.
        skip: (P,) what it costs to leave out each piece.

    Returns:
        None where the lattice has no room for the text.
    """
    pieces, length = len(skip), costs.shape[1]
    total = np.full((pieces + 1, length + 1), np.inf)
    total[0, 0] = 0.0
    via = np.full((pieces + 1, length + 1), -1, np.intp)  # a candidate, −1 for a piece left out
    ending: list[list[int]] = [[] for _ in range(pieces)]
    for index, end in enumerate(last.tolist()):
        ending[end].append(index)
    for piece in range(pieces):
        total[piece + 1] = total[piece] + skip[piece]
        for index in ending[piece]:
            reached = total[first[index], :-1] + costs[index]
            better = np.flatnonzero(reached < total[piece + 1, 1:])
            total[piece + 1, better + 1] = reached[better]
            via[piece + 1, better + 1] = index
    if not np.isfinite(total[pieces, length]):
        return None
    path: list[int] = []
    skipped: list[int] = []
    at, left = pieces, length
    while at > 0:
        index = int(via[at, left])
        if index < 0:
            at -= 1
            skipped.append(at)
        else:
            path.append(index)
            at, left = int(first[index]), left - 1
    path.reverse()
    own = tuple(float(costs[index, place]) for place, index in enumerate(path))
    return Alignment(tuple(path), own, tuple(reversed(skipped)))
