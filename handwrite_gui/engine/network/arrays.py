"""The arrays that flow through a network, and the buffers that hold them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

FloatArray: TypeAlias = NDArray[np.floating[Any]]
"""float32 in use; float64 where gradients are checked."""

IntArray: TypeAlias = NDArray[np.integer[Any]]


@dataclass(eq=False, slots=True)
class Parameter:
    """An array that is learned.

    Layers and optimisers keep views of both arrays, so both are only ever changed in place.

    Attributes:
        name: unique within a network, for example ``weights_0``.
        value: the learned numbers, C order.
        gradient: the derivative of the loss with respect to ``value``, same shape and dtype.
        decays: whether weight decay applies; it does not to biases.
    """

    name: str
    value: FloatArray
    decays: bool = True
    gradient: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        self.value = np.ascontiguousarray(self.value)
        self.gradient = np.zeros_like(self.value)


class BatchBuffer:
    """A ``(batch, width)`` array that is allocated once and lent out row by row.

    It grows to the largest batch seen; a smaller batch, such as the last one of an epoch, gets
    the first rows of it.
    """

    def __init__(self, width: int, dtype: DTypeLike) -> None:
        self._array: NDArray[Any] = np.empty((0, width), dtype)

    def rows(self, count: int) -> NDArray[Any]:
        """The first ``count`` rows; what was in them before is undefined."""
        if count > len(self._array):
            self._array = np.empty((count, self._array.shape[1]), self._array.dtype)
        return self._array[:count]
