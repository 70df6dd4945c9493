"""Characters of the same shape, which no reader of single characters can tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.arrays import IntArray

LOOK_ALIKES = MappingProxyType(
    {"0": "O", "o": "O", "1": "I", "l": "I"} | {c: c.upper() for c in "ckpsuvwxyz"}
)
"""A character and the one it is counted as: 0/O/o, 1/I/l, and small letters shaped like their
capitals."""


def merged_accuracy(targets: IntArray, predictions: IntArray, classes: Sequence[str]) -> float:
    """The share read right when look-alikes count as one; NaN without samples.

    Args:
        targets, predictions: indices ``(N,)`` into ``classes``.
    """
    if not len(targets):
        return float("nan")
    shapes = [LOOK_ALIKES.get(name, name) for name in classes]
    shape: NDArray[np.int64] = np.array([shapes.index(name) for name in shapes])
    return float(np.mean(shape[targets] == shape[predictions]))
