"""From the picture of a character to the strokes of a pen that would have drawn it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.morphology import skeletonize

Points = NDArray[np.float64]
Pixel = tuple[int, int]

_FINER = 4  # than the picture is what its middle line is looked for on
_LEVEL = 0.45  # share of the darkest ink that is ink
_SPUR = 1.6  # pen radii: a branch with a free end that is shorter comes of the pen's edge
_SMOOTH = 0.5  # pixels of the picture, standard deviation
_AROUND = ((-1, 0), (0, 1), (1, 0), (0, -1), (-1, -1), (-1, 1), (1, 1), (1, -1))


def traced(image: NDArray[Any]) -> list[Points]:
    """The middle lines of the ink, from one end or crossing to the next.

    Args:
        image: (H, W), ink bright on dark ground.

    Returns:
        Points (n, 2), x and y in pixels, y down; none where there is no ink.
    """
    fine = ndimage.zoom(np.pad(image.astype(np.float32), 1), _FINER, order=1)
    fine = ndimage.gaussian_filter(fine, _FINER / 3)
    ink = fine > _LEVEL * fine.max()
    radius = ndimage.distance_transform_edt(ink)
    near = _neighbours(skeletonize(ink))
    strokes = []
    for path in _paths(near):
        ends = path[0], path[-1]
        free, most = sorted(len(near[end]) for end in ends)
        if free == 1 and most > 2 and len(path) < _SPUR * max(radius[end] for end in ends):
            continue
        points = np.array(path, np.float64)[:, ::-1]
        points[1:-1] = ndimage.gaussian_filter1d(points, _SMOOTH * _FINER, axis=0, mode="nearest")[
            1:-1
        ]
        strokes.append(points / _FINER - 1)
    return strokes


def _neighbours(bones: NDArray[np.bool_]) -> dict[Pixel, list[Pixel]]:
    """What each pixel of a skeleton is connected to; not across a corner that one can walk around,
    so that most pixels have two neighbours."""
    pixels = {(row, column) for row, column in np.argwhere(bones).tolist()}
    return {
        (y, x): [
            (y + dy, x + dx)
            for dy, dx in _AROUND
            if (y + dy, x + dx) in pixels
            and not (dy and dx and ((y + dy, x) in pixels or (y, x + dx) in pixels))
        ]
        for y, x in sorted(pixels)
    }


def _paths(near: dict[Pixel, list[Pixel]]) -> list[list[Pixel]]:
    """All connections once: between ends and crossings, then those that go round in a circle."""
    walked: set[tuple[Pixel, Pixel]] = set()
    passed: set[Pixel] = set()
    paths = []
    nodes = [pixel for pixel, others in near.items() if len(others) != 2]
    paths = [[node] for node in nodes if not near[node]]
    between = [pixel for pixel, others in near.items() if len(others) == 2]
    for start in [*nodes, *between]:
        for other in near[start]:
            if (start, other) in walked or start in passed:
                continue
            path = [start, other]
            while len(near[path[-1]]) == 2 and path[-1] != start:
                a, b = near[path[-1]]
                path.append(b if a == path[-2] else a)
            walked |= {(path[0], path[1]), (path[-1], path[-2])}
            passed.update(pixel for pixel in path if len(near[pixel]) == 2)
            paths.append(path)
    return paths
