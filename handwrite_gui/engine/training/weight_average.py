"""An exponential moving average of a network's weights."""

from __future__ import annotations

from typing import Generic, Protocol, Self, TypeVar

import numpy as np

from handwrite_gui.engine.network.arrays import Parameter
from handwrite_gui.engine.network.optimizers import PIECE_SIZE


class Averaged(Protocol):
    """A network of any kind."""

    state: list[Parameter]

    def copy(self) -> Self: ...


Network = TypeVar("Network", bound=Averaged)


class WeightAverage(Generic[Network]):
    """w̄ ← d w̄ + (1 − d) w after every step (Polyak & Juditsky 1992, in its moving form).

    The average reads better than the last weights, which still jump about with every batch.
    Early on d is smaller, (1 + t)/(10 + t), so that the first random weights are soon forgotten.

    Attributes:
        network: a network with the averaged weights, same architecture.
    """

    def __init__(self, network: Network, decay: float) -> None:
        self.network = network.copy()
        self.decay = decay
        scratch = np.empty(PIECE_SIZE, network.state[0].value.dtype)
        self._pieces = []
        for mean, current in zip(self.network.state, network.state, strict=True):
            averaged, value = mean.value.reshape(-1), current.value.reshape(-1)
            for start in range(0, value.size, PIECE_SIZE):
                run = slice(start, min(start + PIECE_SIZE, value.size))
                piece = averaged[run], value[run], scratch[: run.stop - run.start]
                self._pieces.append(piece)

    def update(self, step: int) -> None:
        """Takes in the weights after ``step`` steps."""
        share = 1 - min(self.decay, (1 + step) / (10 + step))
        for averaged, value, scratch in self._pieces:
            np.subtract(value, averaged, out=scratch)
            scratch *= share
            averaged += scratch
