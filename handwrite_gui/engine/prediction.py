"""Guesses of the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Prediction(NamedTuple):
    """A character and how probable the network holds it, in 0 to 1."""

    label: str
    probability: float


def ranked_rows(
    probabilities: NDArray[np.floating], labels: Sequence[str], alternatives: int
) -> list[tuple[Prediction, ...]]:
    """The most probable labels of every row, best first.

    Args:
        probabilities: (N, K), one for each of ``labels``.
        alternatives: how many to give at most.
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, :alternatives]
    chances = np.take_along_axis(probabilities, order, axis=1)
    return [
        tuple(Prediction(labels[index], chance) for index, chance in zip(*row, strict=True))
        for row in zip(order.tolist(), chances.tolist(), strict=True)
    ]
