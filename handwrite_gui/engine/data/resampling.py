"""Strokes with their points evenly spaced."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def resample(stroke: NDArray[np.floating[Any]], step: float) -> NDArray[np.floating[Any]]:
    """Points at even distances along a stroke, from its first to its last.

    Args:
        stroke: float (n, 2), columns x and y; n ≥ 1.
        step: roughly the distance between two points, above 0, in the stroke's units.

    Returns:
        float (m, 2); the stroke itself where it has no length.
    """
    length = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    if len(stroke) < 2 or length[-1] == 0:
        return stroke
    at = np.linspace(0, length[-1], max(2, int(length[-1] / step)))
    return np.stack([np.interp(at, length, axis) for axis in stroke.T], axis=1)
