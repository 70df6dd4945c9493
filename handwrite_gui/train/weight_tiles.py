"""The first layer's weights as small images: one tile for each hidden unit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ZERO_LEVEL = 128
"""The grey level that stands for a weight of zero; 1 and 255 stand for -scale and +scale."""

_LEVELS = 127
# A handful of extreme weights would leave everything else at the colour of zero.
_SCALE_PERCENTILE = 99.5


@dataclass(frozen=True)
class WeightTiles:
    """The weights into every unit of the first layer, quantised for drawing.

    Attributes:
        shared: uint8 (units, height, width), level 128 is zero, one scale for all units.
        individual: uint8 (units, height, width), each unit on its own scale; None where that was
            not asked for.
        scale: the magnitude at the ends of the shared scale.
        lowest, highest: (units,) the range of each unit's weights.
        step: batches trained when these weights were read.
    """

    shared: NDArray[np.uint8]
    individual: NDArray[np.uint8] | None
    scale: float
    lowest: tuple[float, ...]
    highest: tuple[float, ...]
    step: int

    @property
    def count(self) -> int:
        return len(self.shared)


def shared_scale(images: NDArray[np.float32]) -> float:
    """The magnitude that all but a handful of weights stay below; 1 where all are zero."""
    magnitudes = np.abs(images).ravel()
    place = round((magnitudes.size - 1) * _SCALE_PERCENTILE / 100)
    return float(np.partition(magnitudes, place)[place]) or 1.0


def weight_tiles(
    images: NDArray[np.float32],
    step: int,
    scale: float | None = None,
    *,
    individual: bool = True,
) -> WeightTiles:
    """Quantise weights (units, height, width) to tiles symmetric about zero.

    Args:
        scale: the magnitude at the ends of the shared scale; by default that of these weights.
        individual: whether each unit is wanted on its own scale too, which takes most of the time.
    """
    rows = np.ascontiguousarray(images.reshape(len(images), -1))
    scale = scale or shared_scale(rows)
    own = None
    if individual:
        own_scale = np.percentile(np.abs(rows), _SCALE_PERCENTILE, axis=1, keepdims=True)
        own_scale[own_scale == 0.0] = 1.0
        own = _quantised(rows, own_scale.astype(np.float32)).reshape(images.shape)
    return WeightTiles(
        shared=_quantised(rows, scale).reshape(images.shape),
        individual=own,
        scale=scale,
        lowest=tuple(rows.min(axis=1).tolist()),
        highest=tuple(rows.max(axis=1).tolist()),
        step=step,
    )


def _quantised(rows: NDArray[np.float32], scale: float | NDArray[np.float32]) -> NDArray[np.uint8]:
    levels = rows * (np.float32(_LEVELS) / scale)
    np.clip(levels, -_LEVELS, _LEVELS, out=levels)
    np.rint(levels, out=levels)
    levels += ZERO_LEVEL
    return levels.astype(np.uint8)
