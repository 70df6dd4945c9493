"""Windows of candidates, changed a little anew every time that they are learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

TURN, SLANT = 0.12, 0.2  # radians, columns a row: at most, as all below
WIDER, HIGHER = 0.12, 0.08  # logarithms
MOVED = 1.0  # pixels
THICKER = 0.7  # share of the way to the ink grown, or worn, by a pixel
BENT = 0.5  # pixels that every node of a net over a window is moved by, standard deviation
NODES = 4, 6  # of it


def varied(windows: NDArray[np.uint8], rng: np.random.Generator) -> Float:
    """Turned, slanted, sized, moved and bent, and written with another pen; both windows of a
    candidate alike.  (Bent as by Simard, Steinkraus & Platt 2003, at the nodes of a coarse net.)

    Args:
        windows: uint8 (B, 2, rows, columns), ink bright.
        rng: the only source of chance.

    Returns:
        float32 (B, 2, rows, columns), ink 1 on 0.
    """
    count, pictures, height, width = windows.shape
    draw = (rng.random((6, count), np.float32) * 2 - 1)[:, :, None]
    angle, slant = draw[0] * TURN, draw[1] * SLANT
    cosine, sine = np.cos(angle), np.sin(angle)
    wide, high = np.exp(draw[2] * WIDER), np.exp(draw[3] * HIGHER)
    y, x = (
        (axis - (side - 1) / 2).astype(np.float32).reshape(1, -1)
        for axis, side in zip(np.indices((height, width)), (height, width), strict=True)
    )
    rows = (sine * wide) * x + (cosine * high) * y + draw[4] * MOVED + (height + 1) / 2
    columns = (cosine * wide) * x + (slant - sine * high) * y + draw[5] * MOVED + (width + 1) / 2
    down_net, across_net = (_between(*sides) for sides in zip(NODES, (height, width), strict=True))
    for places in (rows, columns):
        moved = rng.standard_normal((count, *NODES), np.float32) * BENT
        places += (down_net @ moved @ across_net.T).reshape(count, -1)
    # A rim of nothing: what lies outside is looked up there.
    padded = np.zeros((count, pictures, height + 2, width + 2), np.float32)
    np.multiply(windows, np.float32(1 / 255), out=padded[:, :, 1:-1, 1:-1])
    rows = np.clip(rows, 0, height + 0.99)
    columns = np.clip(columns, 0, width + 0.99)
    top, left = rows.astype(np.int32), columns.astype(np.int32)
    down, right = rows - top, columns - left
    index = top * (width + 2) + left
    seen = np.empty((count, pictures, height * width), np.float32)
    flat = padded.reshape(count, pictures, -1)
    for picture in range(pictures):
        own = flat[:, picture]
        corners = [
            np.take_along_axis(own, index + offset, axis=1)
            for offset in (0, 1, width + 2, width + 3)
        ]
        upper = corners[0] + right * (corners[1] - corners[0])
        lower = corners[2] + right * (corners[3] - corners[2])
        seen[:, picture] = upper + down * (lower - upper)
    images = seen.reshape(windows.shape)
    third = count // 3
    for chosen, extreme in ((slice(third), np.maximum), (slice(third, 2 * third), np.minimum)):
        changed = images[chosen]
        share = rng.random((len(changed), 1, 1, 1), np.float32) * THICKER
        changed += (_over_cross(changed, extreme) - changed) * share
    return images


def _between(nodes: int, pixels: int) -> Float:
    """Weights of the nodes of a net for every pixel of a side, (pixels, nodes): linear between."""
    places = np.linspace(0, nodes - 1, pixels, dtype=np.float32)
    apart = np.abs(places[:, np.newaxis] - np.arange(nodes, dtype=np.float32))
    return np.asarray(np.maximum(1 - apart, 0), np.float32)


def _over_cross(images: Float, extreme: np.ufunc) -> Float:
    """Every pixel with its four neighbours: ink grown (maximum) or worn (minimum) by a pixel."""
    result = images.copy()
    extreme(result[..., 1:, :], images[..., :-1, :], out=result[..., 1:, :])
    extreme(result[..., :-1, :], images[..., 1:, :], out=result[..., :-1, :])
    extreme(result[..., 1:], images[..., :-1], out=result[..., 1:])
    extreme(result[..., :-1], images[..., 1:], out=result[..., :-1])
    return result
