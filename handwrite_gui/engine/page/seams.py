"""Where touching letters may be parted: the paths from top to bottom that cross the least ink.

A straight vertical cut goes through the foot of one letter to part it from the next; a path that
may lean and bend follows the valley between them (least-ink paths: Tsujimoto & Asada 1992; as
seams: Avidan & Shamir 2007).  The paths through the middle of a component, one for each column,
come from two passes of dynamic programming; the columns whose path is cheaper than those beside it
are the candidates.  A stroke that two letters share is no valley but a wall of double width: its
middle is a candidate too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]
Float = NDArray[np.float32]

_HEIGHT = 30.0  # pixels of a letter on the reduced picture that the paths are found on
_LEAN = 0.25  # what a step sideways costs, in pixels of ink: straight where nothing is gained
_BLANK = 0.01  # what a pixel without ink costs
_LEAST_INK = 0.2  # pixels of ink on the reduced picture that a path crosses at least
_WALL = 1e4  # what a pixel between two components costs
_DEEPEST = 6.0  # pen widths of ink a path may cross
_WIDE = 0.9  # letter heights: what is wider is likely to be several letters
_LEAST_PIECE = (0.15, 0.1)  # letter heights between two paths, in what is narrow and wide
_LONGEST_UNCUT = (0.5, 0.25)  # letter heights without a path, from which the best one is taken
_SHARED_STROKE = 1.45  # pen widths, from which an upright stroke may be two letters'
_UPRIGHT = 0.6  # of a component's height that an upright stroke has at least


@dataclass(frozen=True, eq=False)
class Seams:
    """The paths through one component.

    Attributes:
        columns: int (n, h), for each path the first column right of it in every row, in pixels
            from the component's left edge; ascending along the first axis.
        ink: float (n,), pixels of ink that each crosses.
    """

    columns: NDArray[np.intp]
    ink: NDArray[np.float64]


def find_seams(masks: Sequence[Mask], usual: float, pen: float) -> list[Seams]:
    """Paths that may part components into letters.

    All components go through the dynamic programming side by side: its loop over rows is then
    paid once for a line of writing and not for each letter.

    Args:
        masks: bool (h_i, w_i), the ink of each component alone.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.

    Returns:
        For each component its paths, from left to right.
    """
    if not masks:
        return []
    step = max(1, round(usual / _HEIGHT))
    strip, lefts, tops = _strip([_reduced(mask, step) for mask in masks], step, usual)
    paths = _paths(strip)
    crossed = strip[np.arange(len(strip)), paths].sum(axis=1) - _BLANK * len(strip)
    seams = []
    for mask, left, top in zip(masks, lefts, tops, strict=True):
        height, width = -(-mask.shape[0] // step), -(-mask.shape[1] // step)
        own = crossed[left : left + width]
        chosen = _choose(
            own, strip[top : top + height, left : left + width], usual / step, pen / step
        )
        rows = top + np.arange(mask.shape[0]) // step
        columns = (paths[left : left + width][chosen][:, rows] - left) * step + step // 2
        seams.append(Seams(columns, own[chosen].astype(np.float64) * step))
    return seams


def _paths(strip: Float) -> NDArray[np.intp]:
    """The cheapest path through every pixel of the middle row: int (w, h), columns by row."""
    middle = len(strip) // 2
    upward = _trace(_descend(strip), middle)
    downward = _trace(_descend(strip[::-1]), len(strip) - 1 - middle)
    return np.concatenate([upward[:, ::-1], downward[:, 1:]], axis=1)


def _reduced(mask: Mask, step: int) -> Float:
    """The share of ink of every block of pixels."""
    height, width = mask.shape
    padded = np.zeros((-(-height // step) * step, -(-width // step) * step), np.float32)
    padded[:height, :width] = mask
    blocks = padded.reshape(padded.shape[0] // step, step, -1, step)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def _strip(parts: Sequence[Float], step: int, usual: float) -> tuple[Float, list[int], list[int]]:
    """Components side by side, their middles level, walls between them."""
    margin = max(2, round(0.25 * usual / step))
    height = max(len(part) for part in parts) + 2
    strip = np.full(
        (height, sum(part.shape[1] + 2 * margin + 1 for part in parts) + 1), _BLANK, np.float32
    )
    lefts, tops = [], []
    at = 0
    for part in parts:
        strip[:, at] = _WALL
        left, top = at + 1 + margin, (height - len(part)) // 2
        strip[top : top + len(part), left : left + part.shape[1]] += part
        lefts.append(left)
        tops.append(top)
        at = left + part.shape[1] + margin
    strip[:, at] = _WALL
    return strip, lefts, tops


def _descend(strip: Float) -> NDArray[np.int8]:
    """The last step of the cheapest way from the top row to every pixel, of _SIDEWAYS."""
    height, width = strip.shape
    cost = strip[0].copy()
    came = np.zeros((height, width), np.int8)
    ways = np.empty((3, width), np.float32)
    for row in range(1, height):
        ways[0] = cost
        ways[1, 0], ways[1, 1:] = _WALL, cost[:-1] + _LEAN
        ways[2, -1], ways[2, :-1] = _WALL, cost[1:] + _LEAN
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


def _choose(crossed: Float, ink: Float, usual: float, pen: float) -> list[int]:
    """Columns whose paths are kept, ascending; sizes in reduced pixels."""
    width = len(crossed)
    is_wide = width > _WIDE * usual
    least = max(_LEAST_PIECE[is_wide] * usual, 2.0)
    # A path that crosses nothing goes past the component, not through it.
    parts = crossed > _LEAST_INK
    smooth = ndimage.gaussian_filter1d(
        np.where(parts, crossed, 2 * _DEEPEST * pen), max(pen / 4, 0.5), mode="nearest"
    )
    lowest = ndimage.minimum_filter1d(smooth, max(3, int(least) | 1), mode="nearest")
    flat = np.flatnonzero((smooth <= lowest + 1e-3) & (smooth <= _DEEPEST * pen) & parts)
    # A straight stroke makes a long flat minimum: its middle stands for it.
    valleys = [
        int(run.mean()) for run in np.split(flat, np.flatnonzero(np.diff(flat) > 1) + 1) if run.size
    ]
    chosen: list[int] = []

    def add(columns: Sequence[int]) -> None:
        for column in columns:
            inside = least <= column <= width - least
            if inside and all(abs(column - other) >= least for other in chosen):
                chosen.append(column)

    add(_shared_strokes(ink, pen))
    add(sorted(valleys, key=lambda column: float(smooth[column])))
    ends = sorted([0, *chosen, width])
    for left, right in pairwise(ends):
        if right - left > _LONGEST_UNCUT[is_wide] * usual:
            inner = np.arange(int(left + least), int(right - least) + 1)
            # Towards the middle where all are alike.
            away = np.abs(inner - (left + right) / 2) / (right - left)
            if inner.size:
                add([int(inner[np.argmin(smooth[inner] / pen + away)])])
    return sorted(chosen)


def _shared_strokes(ink: Float, pen: float) -> list[int]:
    """Middles of upright strokes that are wide enough for two."""
    upright = np.append((ink > 0.5).sum(axis=0) >= _UPRIGHT * len(ink), False)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], upright]).astype(np.int8)))
    return [
        int((start + end) // 2)
        for start, end in zip(edges[::2], edges[1::2], strict=True)
        if end - start >= _SHARED_STROKE * pen
    ]
