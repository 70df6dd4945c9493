"""Two models on the same characters: which reads better, where, and whether that may be chance."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binomtest

from handwrite_gui.engine.data.dataset import Dataset, to_training_data
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.evaluation.figures import Figures, figures_of_logits
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.recognizer import Recognizer

_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class ClassDifference:
    """How one character is read by two models.

    Attributes:
        label: the character.
        samples: how many there were of it.
        first, second: how many of them each model read right.
    """

    label: str
    samples: int
    first: int
    second: int

    @property
    def gain(self) -> float:
        """Share that the second model reads right more, −1 to 1."""
        return (self.second - self.first) / self.samples


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Figures of two models on one data set, both choosing from the same characters.

    Attributes:
        first, second: of each.
        left_out: images whose label is not among those characters.
        classes: every character that there were samples of, the largest difference first.
        only_first, only_second: samples that one read right and the other did not.
        p_value: how likely so unequal a pair of these two is, were both equally good (McNemar
            1947, exact).
    """

    first: Figures
    second: Figures
    left_out: int
    classes: tuple[ClassDifference, ...]
    only_first: int
    only_second: int
    p_value: float


def compare_models(
    first: Model,
    second: Model,
    data: Dataset,
    *,
    alphabet: str | None = None,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> ModelComparison:
    """Read a data set with two models.

    Args:
        first, second: the models.
        data: labelled characters.
        alphabet: what both may choose from, see :class:`~.recognizer.Recognizer`; only what both
            know.
        on_progress: told the share done, 0 to 1, and what is being done.
        should_stop: asked between blocks of images.

    Raises:
        HandwriteError: the models have no character in common, the data none of them, or a model
            does not know the alphabet.
        Cancelled: ``should_stop`` became true.
    """
    recognizers = [Recognizer(model, alphabet) for model in (first, second)]
    common = tuple(name for name in recognizers[0].classes if name in recognizers[1].classes)
    if len(common) < 2:
        raise HandwriteError(
            "These two models do not choose between the same characters; choose two that do."
        )
    chosen = data.of_classes(common)
    if not len(chosen):
        raise HandwriteError(
            f"“{data.name}” has none of the characters that both models know; choose other data."
        )
    targets = np.array([common.index(label) for label in chosen.labels.tolist()], np.int64)
    logits: list[FloatArray] = [
        np.empty((len(chosen), len(common)), np.float32) for _ in recognizers
    ]
    for start in range(0, len(chosen), _AT_ONCE):
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            on_progress(start / len(chosen), "Reading")
        block = np.arange(start, min(start + _AT_ONCE, len(chosen)))
        inputs = to_training_data(chosen.subset(block), common).inputs
        for recognizer, rows in zip(recognizers, logits, strict=True):
            read = recognizer.model.logits(inputs, common)[1]
            rows[block] = read / recognizer.model.temperature(common)
    right = [rows.argmax(axis=1) == targets for rows in logits]
    only_first = int(np.sum(right[0] & ~right[1]))
    only_second = int(np.sum(right[1] & ~right[0]))
    apart = only_first + only_second
    return ModelComparison(
        figures_of_logits(data.name, logits[0], targets, common),
        figures_of_logits(data.name, logits[1], targets, common),
        len(data) - len(chosen),
        _differences(common, targets, right[0], right[1]),
        only_first,
        only_second,
        float(binomtest(only_first, apart).pvalue) if apart else 1.0,
    )


def _differences(
    classes: tuple[str, ...],
    targets: NDArray[np.int64],
    first: NDArray[np.bool_],
    second: NDArray[np.bool_],
) -> tuple[ClassDifference, ...]:
    counts = [
        np.bincount(targets, weights=weights, minlength=len(classes)).astype(int).tolist()
        for weights in (None, first, second)
    ]
    found = [
        ClassDifference(label, *row) for label, *row in zip(classes, *counts, strict=True) if row[0]
    ]
    return tuple(sorted(found, key=lambda one: -abs(one.gain)))
