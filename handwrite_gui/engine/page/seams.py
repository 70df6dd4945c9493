"""Ways from top to bottom through a line of writing: straight ones, and those of least ink.

A straight cut goes through the foot of one letter to part it from the next; a path that may lean
and bend follows the valley between them (least-ink paths: Tsujimoto & Asada 1992; as seams: Avidan
& Shamir 2007).  The paths through the middle, one for each column, come from two passes of dynamic
programming.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

_LEAN = 0.25  # what a step sideways costs, in pixels of ink: straight where nothing is gained
_BLANK = 0.01  # what a pixel without ink costs
_BEYOND = 1e4  # what a step off the picture costs


def straight(width: int, height: int, lean: float = 0.0) -> NDArray[np.intp]:
    """The straight path through every column of the middle row: int (w, h), columns by row.

    Args:
        width, height: of the picture.
        lean: columns for each row further up, 0 for upright paths.
    """
    aside = np.rint(lean * (height // 2 - np.arange(height))).astype(np.intp)
    columns = np.arange(width, dtype=np.intp)[:, np.newaxis] + aside
    return np.asarray(np.clip(columns, 0, width), np.intp)


def least_ink(ink: Float) -> NDArray[np.intp]:
    """The cheapest path through every pixel of the middle row: int (w, h), columns by row.

    Args:
        ink: float32 (h, w), the share of ink of every pixel, 0 to 1; h at least 1.
    """
    cost = ink + np.float32(_BLANK)
    middle = len(ink) // 2
    upward = _trace(_descend(cost), middle)
    downward = _trace(_descend(cost[::-1]), len(ink) - 1 - middle)
    return np.concatenate([upward[:, ::-1], downward[:, 1:]], axis=1)


def _descend(strip: Float) -> NDArray[np.int8]:
    """The last step of the cheapest way from the top row to every pixel, of _SIDEWAYS."""
    height, width = strip.shape
    cost = strip[0].copy()
    came = np.zeros((height, width), np.int8)
    ways = np.empty((3, width), np.float32)
    for row in range(1, height):
        ways[0] = cost
        ways[1, 0], ways[1, 1:] = _BEYOND, cost[:-1] + _LEAN
        ways[2, -1], ways[2, :-1] = _BEYOND, cost[1:] + _LEAN
        came[row] = ways.argmin(axis=0)
        cost = ways.min(axis=0) + strip[row]
    return came


_SIDEWAYS = np.array([0, -1, 1], np.intp)


def _trace(came: NDArray[np.int8], row: int) -> NDArray[np.intp]:
    """The ways back to the top from all columns of a row: int (w, row + 1), the row first."""
    width = came.shape[1]
    path = np.empty((row + 1, width), np.intp)
    path[0] = np.arange(width)
    for back in range(row):
        path[back + 1] = path[back] + _SIDEWAYS[came[row - back, path[back]]]
    return path.T
