"""What a confusion matrix says, worked out once for drawing and for reading."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.evaluation.confusion import normalized

Mode = Literal["row", "column", "count"]
"""What a cell's colour and number are: its share of the row, of the column, or its count."""

RIGHT_LEVELS = range(128)
WRONG_LEVELS = range(128, 256)
"""Levels of the cell images: right ones fill the first half of a colour table, errors the rest."""


@dataclass(frozen=True)
class Mistake:
    """Of ``total`` samples of class ``true``, ``count`` were read as class ``predicted``."""

    true: int
    predicted: int
    count: int
    total: int


@dataclass(frozen=True)
class ConfusionSummary:
    """A confusion matrix with its images.

    Attributes:
        classes: the K characters in the order of rows and columns.
        counts: int64 (K, K), rows true, columns predicted.
        levels: for each of :data:`Mode` uint8 (K, K) levels for a colour table, see
            :data:`RIGHT_LEVELS`.
        totals: samples of each true class, the sums of the rows.
        read_totals: samples that were read as each class, the sums of the columns.
        worst: the most frequent mistakes, most frequent first.
        epoch: the epoch after which it was measured.
    """

    classes: tuple[str, ...]
    counts: NDArray[np.int64]
    levels: Mapping[Mode, NDArray[np.uint8]]
    totals: tuple[int, ...]
    read_totals: tuple[int, ...]
    worst: tuple[Mistake, ...]
    epoch: int

    @property
    def total(self) -> int:
        return sum(self.totals)

    @property
    def errors(self) -> int:
        return self.total - int(self.counts.trace())


def confusion_summary(
    counts: NDArray[np.int64], classes: Sequence[str], epoch: int, worst: int = 12
) -> ConfusionSummary:
    """Summarise a confusion matrix (K, K), rows true and columns predicted."""
    totals = counts.sum(axis=1)
    return ConfusionSummary(
        classes=tuple(classes),
        counts=counts,
        levels={
            "row": _levels(normalized(counts, "row")),
            "column": _levels(normalized(counts, "column")),
            "count": _levels(counts.astype(np.float64)),
        },
        totals=tuple(totals.tolist()),
        read_totals=tuple(counts.sum(axis=0).tolist()),
        worst=_worst(counts, totals, worst),
        epoch=epoch,
    )


def _levels(values: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Right and wrong cells each fill their half of the table, whatever their sizes."""
    diagonal = np.eye(len(values), dtype=bool)
    levels = np.empty(values.shape, dtype=np.uint8)
    for cells, half in ((diagonal, RIGHT_LEVELS), (~diagonal, WRONG_LEVELS)):
        chosen = values[cells]
        most = chosen.max(initial=0.0) or 1.0
        # The square root lifts single mistakes above the colour of none at all.
        levels[cells] = half.start + np.rint(np.sqrt(chosen / most) * (len(half) - 1))
    return levels


def _worst(counts: NDArray[np.int64], totals: NDArray[np.int64], limit: int) -> tuple[Mistake, ...]:
    wrong = counts.copy()
    np.fill_diagonal(wrong, 0)
    order = np.argsort(wrong, axis=None, kind="stable")[::-1][:limit]
    true, predicted = np.unravel_index(order, wrong.shape)
    return tuple(
        Mistake(int(t), int(p), int(wrong[t, p]), int(totals[t]))
        for t, p in zip(true, predicted, strict=True)
        if wrong[t, p]
    )
