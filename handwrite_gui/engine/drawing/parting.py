"""Which strokes of a drawing make one character, where the network is asked.

Geometry does not tell an H from a 1 beside a 4, nor a K from an I beside a C.  So neighbouring
strokes are tried alone and together, the network says how well each trial is a character, and
the best way through the drawing is found by dynamic programming (Casey & Lecolinet 1996).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.cheapest_cover import cheapest_cover
from handwrite_gui.engine.data.strokes import Bounds, Strokes, stroke_bounds
from handwrite_gui.engine.drawing.grouping import sure_groups

Group = tuple[int, ...]

_MOST_PIECES = 4  # of a character: an E of four strokes
_WIDEST = 1.6  # heights of the writing: an M
_WIDEST_GAP = 0.35  # heights of the writing, between the pieces of a character
_LEAST = 1e-4  # how good the worst trial is


def part_drawing(
    strokes: Strokes, judge: Callable[[list[Group]], NDArray[np.floating]]
) -> list[Group]:
    """Part the strokes of one line of writing into characters.

    Args:
        strokes: float (n, 2) arrays of x, y, y down; empty ones belong to no character.
        judge: says of N groups of strokes, given by their indices, how good a character each is:
            (N,), 0 to 1.

    Returns:
        For each character, from left to right, the indices of its strokes in ascending order.

    Raises:
        ValueError: a point is not finite.
    """
    pieces = sure_groups(strokes)
    if len(pieces) < 2:
        return pieces
    runs = _runs([stroke_bounds([strokes[index] for index in piece]) for piece in pieces])
    groups = [tuple(sorted(sum(pieces[start:end], ()))) for start, end in runs]
    first, last = ([start for start, _ in runs], [end - 1 for _, end in runs])
    # A run of several pieces counts as often as they would alone: else few characters would cost
    # less than many, however bad they are.
    lengths = np.array(last) - np.array(first) + 1
    costs = lengths * -np.log(np.maximum(judge(groups), _LEAST))
    return [groups[run] for run in cheapest_cover(first, last, costs.tolist(), len(pieces))]


def _runs(boxes: Sequence[Bounds]) -> list[tuple[int, int]]:
    """Starts and ends of neighbouring pieces that may be one character, by ascending start."""
    tall = max(bottom - top for _, top, _, bottom in boxes)
    runs = []
    for start, (left, _, right, _) in enumerate(boxes):
        for end in range(start + 1, min(start + _MOST_PIECES, len(boxes)) + 1):
            last = boxes[end - 1]
            gap, left, right = last[0] - right, min(left, last[0]), max(right, last[2])
            too_far = gap > _WIDEST_GAP * tall or right - left > _WIDEST * tall
            if too_far and end > start + 1:
                break
            runs.append((start, end))
    return runs
