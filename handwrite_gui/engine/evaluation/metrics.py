"""Figures over a whole data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.arrays import FloatArray, IntArray


def accuracy(targets: IntArray, predictions: IntArray) -> float:
    """The share of ``predictions (N,)`` that equal ``targets (N,)``; NaN without samples."""
    if targets.shape != predictions.shape:
        raise ValueError(
            f"targets and predictions have different shapes: {targets.shape} and "
            f"{predictions.shape}"
        )
    return float(np.mean(targets == predictions)) if targets.size else float("nan")


CALIBRATION_BINS = 15
"""As in Guo et al. 2017."""


class ReliabilityBin(NamedTuple):
    """Predictions of about the same confidence: calibrated ones are right as often as they say.

    Attributes:
        samples: how many there are, at least one.
        confidence: their mean confidence.
        accuracy: the share of them that is right.
    """

    samples: int
    confidence: float
    accuracy: float


def reliability(
    probabilities: FloatArray, targets: IntArray, bins: int = CALIBRATION_BINS
) -> list[ReliabilityBin]:
    """The points of a reliability diagram, by rising confidence; empty bins are left out.

    Args:
        probabilities: ``(N, K)``, rows sum to one.
        targets: class indices ``(N,)``.
        bins: how many of equal width 0 to 1 is divided into.
    """
    if len(probabilities) != len(targets):
        raise ValueError(f"{len(probabilities)} rows of probabilities for {len(targets)} targets")
    if not len(targets):
        return []
    right = probabilities.argmax(axis=1) == targets
    return reliability_of_confidences(probabilities.max(axis=1), right, bins)


def reliability_of_confidences(
    confidences: FloatArray, right: NDArray[np.bool_], bins: int = CALIBRATION_BINS
) -> list[ReliabilityBin]:
    """As :func:`reliability`, of the probability ``(N,)`` of each prediction.

    Args:
        right: ``(N,)``, whether the prediction is right.
    """
    confidence: NDArray[np.float64] = confidences.astype(np.float64)
    # Bins are open on the left: a confidence of exactly 1 belongs to the last one.
    index = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    counts, sums, rights = (
        np.bincount(index, weights=weights, minlength=bins) for weights in (None, confidence, right)
    )
    return [
        ReliabilityBin(int(counts[i]), float(sums[i] / n), float(rights[i] / n))
        for i, n in enumerate(counts)
        if n
    ]


def expected_calibration_error(
    probabilities: FloatArray, targets: IntArray, bins: int = CALIBRATION_BINS
) -> float:
    """How far the confidence of a prediction is from its chance of being right, 0 to 1.

    The mean of |accuracy − mean confidence| over the bins of :func:`reliability`, weighted by
    their samples (Naeini et al. 2015; Guo et al. 2017); NaN without samples.

    Args:
        probabilities: ``(N, K)``, rows sum to one.
        targets: class indices ``(N,)``.
        bins: how many of equal width 0 to 1 is divided into.
    """
    return calibration_error(reliability(probabilities, targets, bins))


def calibration_error(rows: Sequence[ReliabilityBin]) -> float:
    """The expected calibration error that the points of a reliability diagram mean."""
    samples = sum(row.samples for row in rows)
    if not samples:
        return float("nan")
    return sum(row.samples * abs(row.accuracy - row.confidence) for row in rows) / samples
