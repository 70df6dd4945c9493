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


def ranked(
    probabilities: NDArray[np.floating], labels: Sequence[str], alternatives: int
) -> tuple[Prediction, ...]:
    """The most probable labels, best first.

    Args:
        probabilities: (K,), one for each of ``labels``.
        alternatives: how many to give at most.
    """
    order = np.argsort(-probabilities, kind="stable")[:alternatives]
    return tuple(Prediction(labels[index], float(probabilities[index])) for index in order)
