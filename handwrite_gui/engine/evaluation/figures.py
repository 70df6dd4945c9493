"""The figures of a model on a set of characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.evaluation.look_alikes import merged_accuracy
from handwrite_gui.engine.evaluation.metrics import accuracy, expected_calibration_error
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.network.losses import softmax


@dataclass(frozen=True, slots=True)
class Figures:
    """How well characters of an alphabet are read; shares in 0 to 1, NaN without samples.

    Attributes:
        name: what was measured on.
        classes: how many characters the model could choose from.
        samples: how many were read.
        accuracy: share read right.
        merged: share read right when look-alikes count as one.
        top_two: share whose label is among the first two guesses.
        calibration_error: expected calibration error of the confidences.
    """

    name: str
    classes: int
    samples: int
    accuracy: float
    merged: float
    top_two: float
    calibration_error: float


def figures_of_logits(
    name: str, logits: FloatArray, targets: IntArray, classes: Sequence[str]
) -> Figures:
    """Figures of logits ``(N, K)`` of the classes that were allowed.

    Args:
        targets: indices ``(N,)`` into ``classes``.
    """
    predictions = logits.argmax(axis=1)
    right = logits[np.arange(len(targets)), targets]
    # Where the label's logit is below at most one other it is first or second.
    above = (logits > right[:, np.newaxis]).sum(axis=1)
    return Figures(
        name,
        len(classes),
        len(targets),
        accuracy(targets, predictions),
        merged_accuracy(targets, predictions, classes),
        float(np.mean(above <= 1)) if len(targets) else float("nan"),
        expected_calibration_error(softmax(logits), targets),
    )


def allowed_logits(
    model: Model,
    inputs: NDArray[np.uint8],
    targets: NDArray[np.int64],
    alphabet: Sequence[str],
) -> tuple[FloatArray, NDArray[np.int64], tuple[str, ...]]:
    """Logits of the classes in ``alphabet`` for the samples whose label is one of them.

    Returns:
        Logits ``(N', K')``, targets ``(N',)`` as columns of them, and the ``K'`` names.
    """
    classes = enumerate(model.classes)
    allowed = np.array([index for index, name in classes if name in alphabet], np.int64)
    wanted = np.isin(targets, allowed)
    names = tuple(model.classes[index] for index in allowed)
    logits = model.logits(inputs[wanted], names)[1]
    return logits, np.searchsorted(allowed, targets[wanted]), names
