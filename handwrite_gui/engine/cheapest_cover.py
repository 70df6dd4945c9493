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


def cheapest_through(
    first: Sequence[int], last: Sequence[int], costs: Sequence[float], count: int
) -> list[float]:
    """For each run the least sum of costs of all ways that take every piece once, and this run.

    Args:
        first, last, costs, count: as for :func:`cheapest_cover`; where no way takes a run, it is
            infinite.
    """
    infinite = float("inf")
    before, behind = [0.0] + [infinite] * count, [infinite] * count + [0.0]
    for index in sorted(range(len(last)), key=last.__getitem__):
        end = last[index] + 1
        before[end] = min(before[end], before[first[index]] + costs[index])
    for index in sorted(range(len(first)), key=first.__getitem__, reverse=True):
        begin = first[index]
        behind[begin] = min(behind[begin], costs[index] + behind[last[index] + 1])
    return [
        before[begin] + cost + behind[end + 1]
        for begin, end, cost in zip(first, last, costs, strict=True)
    ]
