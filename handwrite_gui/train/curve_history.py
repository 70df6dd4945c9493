"""The curves of a training run, held in bounded memory and ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Curve = NDArray[np.float64]

MAX_POINTS = 60_000
"""More points than a screen has columns by far; past it neighbours are merged."""

SHORTEST_AVERAGE = 20
"""Batches that the moving average looks back over, or a fifth of an epoch if that is more."""

_POSITION, _LOSS, _ACCURACY, _SMOOTH_LOSS, _SMOOTH_ACCURACY = range(5)


@dataclass(frozen=True)
class CurveSnapshot:
    """What there is to draw at one moment.  Positions are in epochs; accuracies in 0 to 1.

    The arrays are views that are never written again, so they may be read on any thread.

    Attributes:
        position, loss, accuracy: (n,) one value a batch, or the mean of a few neighbouring
            batches in a very long run.
        smooth_loss, smooth_accuracy: (n,) exponential moving averages of the two, free of the
            bias towards the start value (as in Adam, Kingma & Ba 2015).
        epochs: (e,) where an epoch ended.
        validation_loss, validation_accuracy: (e,) measured at the end of each epoch; NaN where
            the run has no validation set.
    """

    position: Curve
    loss: Curve
    accuracy: Curve
    smooth_loss: Curve
    smooth_accuracy: Curve
    epochs: Curve
    validation_loss: Curve
    validation_accuracy: Curve


class CurveHistory:
    """Collects the figures of every batch and epoch; not synchronised, see :class:`RunBuffer`.

    Columns are only ever appended, and merged into *new* arrays: what a snapshot shows stays
    true while the run goes on.

    Args:
        steps_per_epoch: batches in an epoch, to turn batch numbers into positions.
        max_points: even; when that many points are held, each pair becomes one.
    """

    def __init__(self, steps_per_epoch: int, max_points: int = MAX_POINTS) -> None:
        self._steps_per_epoch = steps_per_epoch
        self._max_points = max_points
        self._kept = 1.0 - 1.0 / max(SHORTEST_AVERAGE, steps_per_epoch / 5)
        self._columns = np.empty((5, min(4096, max_points)))
        self._count = 0
        self._stride = 1
        self._pending: list[tuple[float, float]] = []
        self._averages = (0.0, 0.0)
        self._average_weight = 0.0
        self._epochs: list[tuple[float, float, float]] = []

    def add_batch(self, step: int, loss: float, accuracy: float) -> None:
        """Append batch number ``step``, counted from 1."""
        kept, new = self._kept, 1.0 - self._kept
        self._averages = (
            kept * self._averages[0] + new * loss,
            kept * self._averages[1] + new * accuracy,
        )
        self._average_weight = kept * self._average_weight + new
        self._pending.append((loss, accuracy))
        if len(self._pending) < self._stride:
            return
        if self._count == self._columns.shape[1]:
            self._make_room()
            if len(self._pending) < self._stride:
                return
        losses, accuracies = zip(*self._pending, strict=True)
        self._columns[:, self._count] = (
            step / self._steps_per_epoch,
            sum(losses) / len(losses),
            sum(accuracies) / len(accuracies),
            *self.averages,
        )
        self._count += 1
        self._pending.clear()

    def add_epoch(self, step: int, loss: float | None, accuracy: float | None) -> None:
        """Append what validation found after batch ``step``; None where there is no such set."""
        self._epochs.append(
            (
                step / self._steps_per_epoch,
                np.nan if loss is None else loss,
                np.nan if accuracy is None else accuracy,
            )
        )

    @property
    def averages(self) -> tuple[float, float]:
        """Moving averages of loss and accuracy; NaN before the first batch."""
        if not self._average_weight:
            return np.nan, np.nan
        loss, accuracy = self._averages
        return loss / self._average_weight, accuracy / self._average_weight

    def snapshot(self) -> CurveSnapshot:
        columns = self._columns[:, : self._count]
        epochs = np.array(self._epochs, dtype=np.float64).reshape(-1, 3)
        return CurveSnapshot(
            position=columns[_POSITION],
            loss=columns[_LOSS],
            accuracy=columns[_ACCURACY],
            smooth_loss=columns[_SMOOTH_LOSS],
            smooth_accuracy=columns[_SMOOTH_ACCURACY],
            epochs=epochs[:, 0],
            validation_loss=epochs[:, 1],
            validation_accuracy=epochs[:, 2],
        )

    def _make_room(self) -> None:
        full = self._columns
        capacity = full.shape[1]
        if capacity < self._max_points:
            self._columns = np.empty((5, min(2 * capacity, self._max_points)))
            self._columns[:, :capacity] = full
            return
        # The right end of a pair keeps its position and averages; the raw values are averaged.
        merged = full[:, 1::2].copy()
        for row in (_LOSS, _ACCURACY):
            merged[row] = 0.5 * (full[row, 0::2] + full[row, 1::2])
        self._columns = np.empty_like(full)
        self._count = merged.shape[1]
        self._columns[:, : self._count] = merged
        self._stride *= 2
