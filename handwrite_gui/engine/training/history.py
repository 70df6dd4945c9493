"""The course of a run: every batch and every epoch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

Series = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EpochRow:
    """The numbers of one epoch; see :class:`EpochDone` for their meaning."""

    epoch: int
    step: int
    training_loss: float
    training_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    samples_per_second: float
    seconds: float

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> EpochRow:
        """The inverse of :meth:`to_dict`.

        Raises:
            ValueError: a name is missing or unknown, or a value is not a number.
        """
        if set(values) != {field.name for field in fields(cls)}:
            raise ValueError("an epoch has other entries than expected")
        for name, value in values.items():
            optional = name.startswith("validation") and value is None
            whole = name in ("epoch", "step")
            number = isinstance(value, int if whole else int | float)
            if not optional and (isinstance(value, bool) or not number):
                raise ValueError(f"{name} of an epoch is not a number")
        return cls(**values)


class History:
    """Grows while training goes on.  Reading from another thread sees whole batches only."""

    def __init__(self) -> None:
        self._batches: NDArray[np.float64] = np.empty((2, 1024))
        self._steps = 0
        self.epochs: list[EpochRow] = []

    @property
    def steps(self) -> int:
        """Batches so far."""
        return self._steps

    @property
    def batch_losses(self) -> Series:
        """The loss of every batch; a view that later batches do not change."""
        return self._batches[0, : self._steps]

    @property
    def batch_accuracies(self) -> Series:
        """The accuracy of every batch, 0 to 1; a view that later batches do not change."""
        return self._batches[1, : self._steps]

    def add_batch(self, loss: float, accuracy: float) -> None:
        if self._steps == self._batches.shape[1]:
            grown = np.empty((2, 2 * self._steps))
            grown[:, : self._steps] = self._batches
            self._batches = grown
        self._batches[:, self._steps] = loss, accuracy
        self._steps += 1

    def add_epoch(self, row: EpochRow) -> None:
        self.epochs.append(row)

    def truncate(self, step: int) -> None:
        """Forgets all after ``step`` batches."""
        # A copy: views of what is forgotten must not change under their holders.
        self._batches = self._batches.copy()
        self._steps = min(self._steps, step)
        self.epochs = [row for row in self.epochs if row.step <= step]

    def copy(self) -> History:
        """The history so far, which grows no more."""
        return History.restored(self.batch_losses, self.batch_accuracies, self.epochs)

    @classmethod
    def restored(cls, losses: Series, accuracies: Series, epochs: list[EpochRow]) -> History:
        """A history with these batches and epochs."""
        history = cls()
        history._steps = len(losses)
        history._batches = np.empty((2, max(1024, len(losses))))
        history._batches[0, : len(losses)] = losses
        history._batches[1, : len(losses)] = accuracies
        history.epochs = list(epochs)
        return history
