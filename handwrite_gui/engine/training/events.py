"""What a trainer reports, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.evaluation.readings import Readings


@dataclass(frozen=True, slots=True)
class BatchDone:
    """One batch was learned.

    Attributes:
        step: batches learned so far, this one included.
        epoch: the epoch it belongs to, from 1.
        loss: mean loss over the batch before the update, label smoothing included.
        accuracy: share of the batch that was read right before the update, 0 to 1.
        learning_rate: the rate of this update.
        seconds: time spent training so far, without pauses.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    learning_rate: float
    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class EpochDone:
    """Every training sample was seen once more, and the network was evaluated.

    Attributes:
        epoch: the epoch that ended, from 1.
        step: batches learned so far.
        training_loss, training_accuracy: means over the epoch's samples, each measured just
            before the network learned from it: with dropout and augmentation.
        validation_loss, validation_accuracy: of the network as it is now, by the same loss;
            None without validation data.
        confusion: int64 ``(K, K)`` over the validation samples, rows true, columns predicted.
        validation_readings: how each validation sample was read, in their order.
        samples_per_second: training samples by the time their batches took.
        seconds: time spent training so far, without pauses.
    """

    epoch: int
    step: int
    training_loss: float
    training_accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    confusion: NDArray[np.int64] | None
    validation_readings: Readings | None
    samples_per_second: float
    seconds: float

    @property
    def validation_predictions(self) -> NDArray[np.int64] | None:
        """Class indices, int64, in the order of the validation samples."""
        return None if self.validation_readings is None else self.validation_readings.predictions


@dataclass(frozen=True, slots=True)
class Paused:
    """The trainer waits for ``resume``, ``step`` or ``stop``."""

    step: int


@dataclass(frozen=True, slots=True)
class Resumed:
    """The trainer goes on after a pause."""

    step: int


@dataclass(frozen=True, slots=True)
class TrainingDone:
    """The run is over; always the last event.

    Attributes:
        reason: ``finished`` after the last epoch, or when the run lost patience; ``stopped``
            when asked to, and a new run goes on from here; ``diverged`` when the loss or the
            weights were no longer finite, and the trainer went back to the state it had after
            ``epoch`` epochs.
        epoch: complete epochs behind the present state.
        step: batches behind the present state.
        message: for ``diverged``, what happened and what to do, for a person; for a run that
            finished early, why; else "".
    """

    reason: Literal["finished", "stopped", "diverged"]
    epoch: int
    step: int
    message: str = ""


Event: TypeAlias = BatchDone | EpochDone | Paused | Resumed | TrainingDone
