"""Telling a scribble that deletes what it covers from writing.

A scratch-out goes to and fro over ink that is there.  Letters go to and fro as well, an M four
times and more; and strokes are drawn over others, the bar of a T, the bowls of a B.  What no
writing does is both: going to and fro often, and covering other strokes with it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import ConvexHull, QhullError

from handwrite_gui.engine.data.resampling import resample

# Found on the strokes of the training writers of UNIPEN; see docs/decisions/0020-drawings.md.
_PASSES = 6  # from one side to the other; some people's M and m have five
_PASS = 0.35  # share of the whole way across that a pass takes at least
_COVERED = 0.6  # share of a stroke's length that lies under the scribble
_MARGIN = 0.04  # of the diagonal, that a scribble reaches beyond itself
_STEPS = 64  # of a stroke that is looked at, a diagonal

Float = NDArray[np.floating[Any]]


def scratched_out(stroke: Float, others: Iterable[Float]) -> tuple[int, ...]:
    """Which strokes a new one scratches out.

    Args:
        stroke: float (n, 2), x, y, y down, the one that was drawn last.
        others: those that were there, in the same unit; empty ones are passed over.  None is asked
            for where the stroke is writing.

    Returns:
        Indices of the strokes that lie under it in ascending order; none where the stroke is
        writing.
    """
    diagonal = float(np.hypot(*np.ptp(stroke, axis=0))) if len(stroke) > _PASSES else 0.0
    if diagonal <= 0:
        return ()
    path = resample(np.asarray(stroke, np.float64), diagonal / _STEPS)
    if _passes(path) < _PASSES:
        return ()
    hull = _Hull(path, _MARGIN * diagonal)
    return tuple(
        index
        for index, other in enumerate(others)
        if len(other) and hull.covered(resample(np.asarray(other), diagonal / _STEPS)) >= _COVERED
    )


def _passes(path: Float) -> int:
    """How often a path goes from one side to the other along the direction it mostly runs in."""
    steps = np.diff(path, axis=0)
    # Of a direction and its opposite alike: the principal axis of the steps.
    axis = np.linalg.eigh(steps.T @ steps)[1][:, 1]
    along = path @ axis
    least = _PASS * float(np.ptp(along))
    passes, turn, ahead = 0, along[0], 0.0
    far = along[0]
    for value in along:
        # The farthest point of this pass, until the path has come back far enough.
        if ahead == 0.0:
            if abs(value - turn) >= least:
                ahead, far, passes = float(np.sign(value - turn)), value, 1
        elif (value - far) * ahead > 0:
            far = value
        elif (far - value) * ahead >= least:
            ahead, far, passes = -ahead, value, passes + 1
    return passes


class _Hull:
    """The convex hull of a path, with a margin."""

    def __init__(self, path: Float, margin: float) -> None:
        try:
            self._sides = ConvexHull(path).equations
        except QhullError:  # all on one straight line
            self._sides = np.array([[0.0, 0.0, np.inf]])
        self._margin = margin

    def covered(self, points: Float) -> float:
        """The share of some points that lie in it."""
        beyond = points @ self._sides[:, :2].T + self._sides[:, 2]
        return float(np.mean((beyond <= self._margin).all(axis=1)))
