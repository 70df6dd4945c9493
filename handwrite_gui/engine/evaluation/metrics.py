"""Figures over a whole data set."""

from __future__ import annotations

import numpy as np

from handwrite_gui.engine.network.arrays import FloatArray, IntArray


def accuracy(targets: IntArray, predictions: IntArray) -> float:
    """The share of ``predictions (N,)`` that equal ``targets (N,)``; NaN without samples."""
    if targets.shape != predictions.shape:
        raise ValueError(
            f"targets and predictions have different shapes: {targets.shape} and "
            f"{predictions.shape}"
        )
    return float(np.mean(targets == predictions)) if targets.size else float("nan")


def expected_calibration_error(
    probabilities: FloatArray, targets: IntArray, bins: int = 15
) -> float:
    """How far the confidence of a prediction is from its chance of being right, 0 to 1.

    Predictions are sorted into ``bins`` of equal width by their confidence; the result is the
    mean of |accuracy − mean confidence| over the bins, weighted by their samples (Naeini et al.
    2015; Guo et al. 2017).

    Args:
        probabilities: ``(N, K)``, rows sum to one.
        targets: class indices ``(N,)``.
    """
    if len(probabilities) != len(targets):
        raise ValueError(f"{len(probabilities)} rows of probabilities for {len(targets)} targets")
    if not len(targets):
        return float("nan")
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == targets
    # Bins are open on the left: a confidence of exactly 1 belongs to the last one.
    index = np.clip(np.ceil(confidence * bins).astype(np.int64) - 1, 0, bins - 1)
    gap = np.bincount(index, weights=right - confidence, minlength=bins)
    return float(np.abs(gap).sum() / len(targets))
