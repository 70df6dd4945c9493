"""What passes from the training thread to the window: figures and evaluations."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from handwrite_gui.engine.evaluation.readings import Readings
from handwrite_gui.engine.training.events import BatchDone, EpochDone
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.train.confusion_summary import ConfusionSummary
from handwrite_gui.train.curve_history import CurveHistory, CurveSnapshot

_SPEED_WINDOW_SECONDS = 2.0


@dataclass(frozen=True)
class RunPlan:
    """What a run sets out to do.

    Attributes:
        epochs: how many are planned.
        batches_per_epoch: steps in one of them.
        training_count: samples in one of them.
    """

    epochs: int
    batches_per_epoch: int
    training_count: int

    @property
    def total_steps(self) -> int:
        return self.epochs * self.batches_per_epoch


@dataclass(frozen=True)
class Progress:
    """Where a run is.

    Attributes:
        step: batches learned.
        epoch: the one being learned, from 1.
        loss, accuracy: of training, moving averages.
        validation_loss, validation_accuracy: of the last evaluation, if there was one.
        best_epoch: the evaluated epoch of the highest validation accuracy, if there was one.
        learning_rate: of the last batch.
        seconds: spent training, without pauses.
        remaining_seconds: to be expected; None while nobody can say.
        samples_per_second: over the last seconds; None while nobody can say.
    """

    step: int
    epoch: int
    loss: float
    accuracy: float
    validation_loss: float | None
    validation_accuracy: float | None
    best_epoch: int | None
    learning_rate: float
    seconds: float
    remaining_seconds: float | None
    samples_per_second: float | None


@dataclass(frozen=True)
class Evaluation:
    """What one look at the validation samples gave.

    Attributes:
        summary: the confusion matrix, ready to show.
        readings: of each of the validation samples, in their order.
    """

    summary: ConfusionSummary
    readings: Readings


@dataclass(frozen=True)
class RunUpdate:
    """How a run stands.

    Attributes:
        progress, curves: as they are now.
        evaluation: where there is a new one since the last update, else None.
    """

    progress: Progress
    curves: CurveSnapshot
    evaluation: Evaluation | None


class RunBuffer:
    """Filled by the training thread at its own speed, emptied by the window at its own.

    Every method may be called from any thread.

    Args:
        plan: of the run.
        history: what a run that goes on has learned already.
    """

    def __init__(self, plan: RunPlan, history: History | None = None) -> None:
        self.plan = plan
        self._lock = threading.Lock()
        history = history or History()
        self._curves = CurveHistory.of(history, plan.batches_per_epoch)
        self._batch: BatchDone | None = None
        self._epoch: EpochRow | EpochDone | None = None
        self._best: tuple[float, int] | None = None
        for row in history.epochs:
            self._epoch = row
            self._note_best(row)
        self._evaluation: Evaluation | None = None
        self._changed = False
        self._speed_mark: tuple[int, float] | None = None
        self._speed: float | None = None
        self._speed_is_rough = True

    # The training thread

    def add_batch(self, event: BatchDone) -> None:
        with self._lock:
            self._batch = event
            self._curves.add_batch(event.step, event.loss, event.accuracy)
            self._changed = True
            self._measure_speed(event)

    def add_epoch(self, event: EpochDone, evaluation: Evaluation | None) -> None:
        with self._lock:
            self._epoch = event
            self._curves.add_epoch(
                event.step,
                event.validation_loss,
                event.validation_accuracy,
                event.training_loss,
                event.training_accuracy,
            )
            self._note_best(event)
            self._evaluation = evaluation
            self._changed = True

    def _note_best(self, row: EpochRow | EpochDone) -> None:
        accuracy = row.validation_accuracy
        if accuracy is not None and (self._best is None or accuracy > self._best[0]):
            self._best = (accuracy, row.epoch)

    def _measure_speed(self, event: BatchDone) -> None:
        if self._speed_mark is None:
            # A run that goes on has time behind it that says nothing of its speed now.
            self._speed_mark = (0, 0.0) if event.step == 1 else (event.step, event.seconds)
        step, since = self._speed_mark
        seconds = event.seconds - since
        # At the start a rough figure is better than none.
        if seconds >= _SPEED_WINDOW_SECONDS or (self._speed_is_rough and seconds > 0):
            epochs = (event.step - step) / self.plan.batches_per_epoch
            self._speed = epochs * self.plan.training_count / seconds
        if seconds >= _SPEED_WINDOW_SECONDS:
            self._speed_mark = (event.step, event.seconds)
            self._speed_is_rough = False

    # The window

    def take(self) -> RunUpdate | None:
        """What is new since the last call, or None."""
        with self._lock:
            if not self._changed or self._batch is None:
                return None
            update = RunUpdate(
                self._progress(self._batch),
                self._curves.snapshot(),
                self._evaluation,
            )
            self._evaluation = None
            self._changed = False
            return update

    def _progress(self, batch: BatchDone) -> Progress:
        epoch, plan = self._epoch, self.plan
        loss, accuracy = self._curves.averages
        # An evaluation counts into the seconds of training, but not into those of a batch.
        seconds = max(batch.seconds, epoch.seconds if epoch else 0.0)
        return Progress(
            step=batch.step,
            epoch=batch.epoch,
            loss=loss,
            accuracy=accuracy,
            validation_loss=epoch.validation_loss if epoch else None,
            validation_accuracy=epoch.validation_accuracy if epoch else None,
            best_epoch=self._best[1] if self._best else None,
            learning_rate=batch.learning_rate,
            seconds=seconds,
            remaining_seconds=(plan.total_steps - batch.step) * seconds / batch.step,
            samples_per_second=self._speed,
        )
