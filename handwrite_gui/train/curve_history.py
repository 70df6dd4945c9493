"""The curves of a training run, held in bounded memory and ready to be drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.training.history import History

Curve = NDArray[np.float64]

MAX_POINTS = 60_000
"""More points than a screen has columns by far; past it neighbours are merged."""

SHORTEST_AVERAGE = 20
"""Batches that the moving average looks back over, or a fifth of an epoch if that is more."""

_POSITION, _LOSS, _ACCURACY, _SMOOTH_LOSS, _SMOOTH_ACCURACY = range(5)
_EPOCH, _TRAINING_LOSS, _TRAINING_ACCURACY, _VALIDATION_LOSS, _VALIDATION_ACCURACY = range(5)


@dataclass(frozen=True)
class CurveSnapshot:
    """What there is to draw at one moment.  Positions are in epochs; accuracies in 0 to 1.

    The arrays are views that are never written again, so they may be read on any thread.

    Attributes:
        position, loss, accuracy: (n,) one value a batch, or the mean of a few neighbouring
            batches in a very long run.
        smooth_loss, smooth_accuracy: (n,) exponential moving averages of the two, free of the
            bias towards the start value (as in Adam, Kingma & Ba 2015).
        epochs: (e,) where an epoch ended; in a run of very many, where every other did.
        training_loss, training_accuracy: (e,) means over the batches of each epoch.
        validation_loss, validation_accuracy: (e,) measured at the end of each epoch; NaN where
            the run has no validation set.
    """

    position: Curve
    loss: Curve
    accuracy: Curve
    smooth_loss: Curve
    smooth_accuracy: Curve
    epochs: Curve
    training_loss: Curve
    training_accuracy: Curve
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
        self._batches = _Columns(max_points, averaged=(_LOSS, _ACCURACY))
        self._epochs = _Columns(max_points)
        self._stride = 1
        self._pending: list[tuple[float, float]] = []
        self._averages = (0.0, 0.0)
        self._average_weight = 0.0

    @classmethod
    def of(
        cls, history: History, steps_per_epoch: int, max_points: int = MAX_POINTS
    ) -> CurveHistory:
        """The curves of a run so far, as if its batches and epochs had been added one by one."""
        curves = cls(steps_per_epoch, max_points)
        raw = np.stack([history.batch_losses, history.batch_accuracies])
        count = raw.shape[1]
        while count // curves._stride > max_points:
            curves._stride *= 2
        stride = curves._stride
        kept = curves._kept
        if count:
            averages = _exponential_average(raw, kept)
            weights = -np.expm1(np.arange(1, count + 1) * np.log(kept))
            curves._averages = (float(averages[0, -1]), float(averages[1, -1]))
            curves._average_weight = float(weights[-1])
            whole = count - count % stride
            ends = slice(stride - 1, whole, stride)
            merged = raw[:, :whole].reshape(2, -1, stride).mean(axis=2)
            positions = np.arange(1, count + 1)[ends] / steps_per_epoch
            smooth = (averages / weights)[:, ends]
            curves._batches.fill(np.concatenate([positions[None], merged, smooth]))
            curves._pending = [(float(loss), float(right)) for loss, right in raw[:, whole:].T]
        for row in history.epochs:
            curves.add_epoch(
                row.step,
                row.validation_loss,
                row.validation_accuracy,
                row.training_loss,
                row.training_accuracy,
            )
        return curves

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
        if self._batches.is_full:
            self._batches.merge()
            self._stride *= 2
            if len(self._pending) < self._stride:
                return
        losses, accuracies = zip(*self._pending, strict=True)
        self._batches.append(
            (
                step / self._steps_per_epoch,
                sum(losses) / len(losses),
                sum(accuracies) / len(accuracies),
                *self.averages,
            )
        )
        self._pending.clear()

    def add_epoch(
        self,
        step: int,
        loss: float | None,
        accuracy: float | None,
        training_loss: float = np.nan,
        training_accuracy: float = np.nan,
    ) -> None:
        """Append what validation found after batch ``step``; None where there is no such set."""
        if self._epochs.is_full:
            self._epochs.merge()
        self._epochs.append(
            (
                step / self._steps_per_epoch,
                training_loss,
                training_accuracy,
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
        batches, epochs = self._batches.view(), self._epochs.view()
        return CurveSnapshot(
            position=batches[_POSITION],
            loss=batches[_LOSS],
            accuracy=batches[_ACCURACY],
            smooth_loss=batches[_SMOOTH_LOSS],
            smooth_accuracy=batches[_SMOOTH_ACCURACY],
            epochs=epochs[_EPOCH],
            training_loss=epochs[_TRAINING_LOSS],
            training_accuracy=epochs[_TRAINING_ACCURACY],
            validation_loss=epochs[_VALIDATION_LOSS],
            validation_accuracy=epochs[_VALIDATION_ACCURACY],
        )


def _exponential_average(raw: Curve, kept: float) -> Curve:
    """yₜ = kept yₜ₋₁ + (1 − kept) xₜ from y = 0, along the rows of float64 (2, n).

    Blockwise by a triangular matrix: SciPy's filter would do, but takes a second to be loaded.
    """
    block = min(256, raw.shape[1])
    powers = kept ** np.arange(block + 1)
    lags = np.subtract.outer(np.arange(block), np.arange(block))
    weights = np.where(lags >= 0, (1 - kept) * powers[np.maximum(lags, 0)], 0.0)
    averages = np.empty_like(raw)
    carried = np.zeros((len(raw), 1))
    for start in range(0, raw.shape[1], block):
        values = raw[:, start : start + block]
        size = values.shape[1]
        part = values @ weights[:size, :size].T
        part += carried * powers[1 : size + 1]
        averages[:, start : start + block] = part
        carried = part[:, -1:]
    return averages


class _Columns:
    """Five values a point; points are only appended, and merged into new arrays.

    Args:
        most: even; that many points are held at most.
        averaged: rows that a merged pair has the mean of; of others it has the later value.
    """

    def __init__(self, most: int, averaged: tuple[int, ...] = ()) -> None:
        self._most = most
        self._averaged = averaged
        self._values = np.empty((5, min(4096, most)))
        self._count = 0

    @property
    def is_full(self) -> bool:
        return self._count == self._most

    def view(self) -> Curve:
        return self._values[:, : self._count]

    def fill(self, values: Curve) -> None:
        """Hold these points, float64 (5, n), instead."""
        self._count = values.shape[1]
        self._values = np.empty((5, min(self._most, max(4096, 2 * self._count))))
        self._values[:, : self._count] = values

    def append(self, point: tuple[float, ...]) -> None:
        if self._count == self._values.shape[1]:
            self.fill(self._values)
        self._values[:, self._count] = point
        self._count += 1

    def merge(self) -> None:
        """Make one point of each pair."""
        full = self._values[:, : self._count]
        merged = full[:, 1::2].copy()
        for row in self._averaged:
            merged[row] = 0.5 * (full[row, 0::2] + full[row, 1::2])
        self.fill(merged)
