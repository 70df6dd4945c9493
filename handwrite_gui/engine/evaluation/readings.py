"""How every single sample of a set was read: what matrices and curves are made of."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.evaluation.metrics import (
    CALIBRATION_BINS,
    ReliabilityBin,
    reliability_of_confidences,
)
from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.network.losses import softmax


@dataclass(frozen=True, eq=False, slots=True)
class Readings:
    """What a network made of N samples, in their order.

    Attributes:
        predictions: int64 ``(N,)``, the class it chose.
        confidences: float32 ``(N,)``, the probability it gave that class.
        label_probabilities: float32 ``(N,)``, the probability it gave the sample's label.
    """

    predictions: NDArray[np.int64]
    confidences: NDArray[np.float32]
    label_probabilities: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.predictions)

    @classmethod
    def empty(cls, count: int) -> Readings:
        """Room for ``count`` samples, to be filled with :meth:`fill`."""
        return cls(
            np.zeros(count, np.int64), np.zeros(count, np.float32), np.zeros(count, np.float32)
        )

    @classmethod
    def of_logits(cls, logits: FloatArray, targets: IntArray) -> Readings:
        """The readings that logits ``(N, K)`` of samples of these classes ``(N,)`` mean."""
        readings = cls.empty(len(logits))
        readings.fill(slice(0, len(logits)), logits, targets)
        return readings

    def fill(self, rows: slice, logits: FloatArray, targets: IntArray) -> None:
        """Enter the samples ``rows``, of which logits ``(B, K)`` and class indices are given."""
        probabilities = softmax(logits)
        probabilities.argmax(axis=1, out=self.predictions[rows])
        chosen = np.arange(len(logits))
        self.confidences[rows] = probabilities[chosen, self.predictions[rows]]
        self.label_probabilities[rows] = probabilities[chosen, targets]


def worst(readings: Readings, targets: IntArray, limit: int) -> NDArray[np.int64]:
    """Indices of the samples with the largest loss that were read wrong, largest first.

    The network was sure of something else: a label that is wrong is often among them.
    """
    wrong = np.flatnonzero(readings.predictions != targets)
    order = np.argsort(readings.label_probabilities[wrong], kind="stable")[:limit]
    return np.asarray(wrong[order], np.int64)


def least_certain(readings: Readings, limit: int) -> NDArray[np.int64]:
    """Indices of the samples that were read with the lowest confidence, lowest first."""
    order = np.argsort(readings.confidences, kind="stable")[:limit]
    return np.asarray(order, np.int64)


def calibration(
    readings: Readings, targets: IntArray, bins: int = CALIBRATION_BINS
) -> list[ReliabilityBin]:
    """The points of a reliability diagram; see :func:`~.metrics.reliability`."""
    return reliability_of_confidences(readings.confidences, readings.predictions == targets, bins)
