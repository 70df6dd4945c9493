"""The cheapest way to part a row of pieces into runs: characters out of strokes or of cut ink."""

from __future__ import annotations

from collections.abc import Sequence


def cheapest_cover(
    first: Sequence[int], last: Sequence[int], costs: Sequence[float], count: int
) -> list[int]:
    """The runs of neighbouring pieces that take every piece once at the least sum of costs.

    Dynamic programming from left to right (Casey & Lecolinet 1996); of equal ways the one whose
    last run stands first in the sequence wins.

    Args:
        first, last: the pieces that each run begins and ends with.
        costs: of each run; may be negative.
        count: number of pieces; some runs must cover them all.

    Returns:
        Indices of runs from left to right.
    """
    total = [0.0] + [float("inf")] * count
    via = [0] * (count + 1)
    for index in sorted(range(len(last)), key=last.__getitem__):
        reached = total[first[index]] + costs[index]
        end = last[index] + 1
        if reached < total[end]:
            total[end], via[end] = reached, index
    path = []
    while count > 0:
        path.append(via[count])
        count = first[via[count]]
    return path[::-1]
