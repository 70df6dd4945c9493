"""Images that are nearly the same: copies that were scanned, scaled or saved again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from handwrite_gui.engine.data.audit import duplicates
from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.errors import Cancelled

NEAR = 0.12
"""Distance below which two images count as nearly the same.

Copies scaled to three quarters and back are below it, and most that were turned by two degrees.
Of 22,362 capitals of UNIPEN 430 are found by it, of 6,831 scanned ones of NIST 2.
"""

_SIGMA = 1.0
_DIRECTIONS = 16
_AT_ONCE = 128
_MOST_PAIRS = 4_000_000


@dataclass(frozen=True, eq=False, slots=True)
class NearDuplicates:
    """Images that are nearly the same.

    Attributes:
        rows: int64 ``(n,)``, where they are, in rising order; copies to the last pixel included.
        distance: between the two nearest that are not equal.
    """

    rows: NDArray[np.int64]
    distance: float


def near_duplicates(
    inputs: NDArray[np.uint8],
    *,
    nearer_than: float = NEAR,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> list[NearDuplicates]:
    """Groups of images that are nearly, but not all exactly, the same; the nearest first.

    The distance of two images is the Euclidean one between their ink, blurred and brought to unit
    length, 0 to √2.  Images that are linked by near ones are one group.  Nothing is missed: a
    projection on orthogonal directions never lengthens a distance, so what is near is near along
    the first principal components as well, where a k-d tree (Bentley 1975) finds it.

    Args:
        inputs: uint8 ``(N, 1024)``, normalised images.
        nearer_than: how near is near.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    copies = duplicates(inputs)
    single = np.ones(len(inputs), np.bool_)
    for group in copies:
        single[group[1:]] = False
    rows = np.flatnonzero(single)
    if len(rows) < 2:
        return []
    looks = _looks(inputs[rows])
    linked, nearest = _linked(looks, nearer_than, on_progress, should_stop)
    count, member_of = connected_components(linked, directed=False)
    sizes = np.bincount(member_of, minlength=count)
    others = {int(group[0]): group for group in copies}
    found = []
    for number in np.flatnonzero(sizes > 1):
        members = np.flatnonzero(member_of == number)
        all_rows = [others.get(int(row), np.array([row], np.int64)) for row in rows[members]]
        found.append(
            NearDuplicates(np.sort(np.concatenate(all_rows)), float(nearest[members].min()))
        )
    return sorted(found, key=lambda one: (one.distance, int(one.rows[0])))


def _looks(inputs: NDArray[np.uint8]) -> NDArray[np.float32]:
    """What is compared: blurred ink at half the size, of unit length; ``(N, 256)``."""
    half = INPUT_SIZE // 2
    looks = np.empty((len(inputs), half * half), np.float32)
    for start in range(0, len(inputs), 1024):
        images = inputs[start : start + 1024].reshape(-1, INPUT_SIZE, INPUT_SIZE)
        blurred = ndimage.gaussian_filter(
            images.astype(np.float32), (0, _SIGMA, _SIGMA), mode="constant"
        )
        parts = blurred.reshape(-1, half, 2, half, 2).mean(axis=(2, 4))
        looks[start : start + 1024] = parts.reshape(len(parts), -1)
    lengths = np.linalg.norm(looks, axis=1, keepdims=True)
    return np.asarray(looks / np.maximum(lengths, np.finfo(np.float32).tiny))


def _linked(
    looks: NDArray[np.float32],
    nearer_than: float,
    on_progress: Callable[[float, str], None] | None,
    should_stop: Callable[[], bool] | None,
) -> tuple[coo_array, NDArray[np.float64]]:
    """Which images are near each other, as a graph; the distance of each to the nearest."""
    count = len(looks)
    centred = looks - looks.mean(axis=0)
    _, directions = np.linalg.eigh(centred.T @ centred)
    projected = np.asarray(centred @ directions[:, -_DIRECTIONS:], np.float64)
    tree = cKDTree(projected)
    nearest = np.full(count, np.inf)
    first, second = np.empty(0, np.int64), np.empty(0, np.int64)
    # Rounding must not push out of the tree's reach what is just near enough.
    reach = nearer_than * (1 + 1e-4) + 1e-6
    for start in range(0, count, _AT_ONCE):
        if should_stop is not None and should_stop():
            raise Cancelled
        block = cKDTree(projected[start : start + _AT_ONCE])
        pairs = block.sparse_distance_matrix(tree, reach, output_type="ndarray")
        i, j = pairs["i"].astype(np.int64) + start, pairs["j"].astype(np.int64)
        i, j = i[i < j], j[i < j]
        distances = _distances(looks, i, j)
        near = distances < nearer_than
        i, j, distances = i[near], j[near], distances[near]
        np.minimum.at(nearest, i, distances)
        np.minimum.at(nearest, j, distances)
        first, second = np.concatenate([first, i]), np.concatenate([second, j])
        if len(first) > _MOST_PAIRS:
            # Thousands that are all alike have millions of pairs; a star links them as well.
            _, member_of = connected_components(_graph(first, second, count), directed=False)
            _, heads = np.unique(member_of, return_index=True)
            first, second = np.arange(count), heads[member_of].astype(np.int64)
        if on_progress is not None:
            done = min(start + _AT_ONCE, count)
            on_progress(done / count, f"Compared {done:,} of {count:,} images")
    return _graph(first, second, count), nearest


def _distances(
    looks: NDArray[np.float32], i: NDArray[np.int64], j: NDArray[np.int64]
) -> NDArray[np.float64]:
    distances = np.empty(len(i))
    for start in range(0, len(i), 65_536):
        part = slice(start, start + 65_536)
        distances[part] = np.linalg.norm(looks[i[part]] - looks[j[part]], axis=1)
    return distances


def _graph(first: NDArray[np.int64], second: NDArray[np.int64], count: int) -> coo_array:
    return coo_array((np.ones(len(first), np.bool_), (first, second)), shape=(count, count))
