"""Training as a sequence of events that other threads can pause, step and stop."""

from __future__ import annotations

import math
import os
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any, Literal

import numpy as np

from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.evaluation.confusion import confusion_matrix
from handwrite_gui.engine.model_file import Model, ModelCard, check_arrays
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.training.batches import Augmentation, Batch, Batches, Mixing
from handwrite_gui.engine.training.checkpoint import (
    Checkpoint,
    layer_sizes,
    read_checkpoint,
    write_checkpoint,
)
from handwrite_gui.engine.training.control import RunControl, Turn
from handwrite_gui.engine.training.events import (
    BatchDone,
    EpochDone,
    Event,
    Paused,
    Resumed,
    TrainingDone,
)
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.learner import Learner
from handwrite_gui.engine.training.prefetch import Prefetcher, spare_core
from handwrite_gui.engine.training.schedules import (
    RateChanges,
    check_rate,
    make_schedule,
    rate_at,
)
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData, check_fit


class Trainer:
    """Trains a multilayer perceptron.

    One thread iterates over :meth:`run`; every other method may be called from any thread at
    any time.  Equal settings and data give equal weights, bit for bit, however often the run
    was paused, stopped, or saved and resumed, on the same machine and number of BLAS threads.

    Args:
        settings: see :class:`TrainingSettings`.
        training: what to learn from.
        validation: what to measure on after every epoch, or None.
        classes: the names of the outputs; targets are indices into it.
        augmenter: changes training inputs at random; made from ``settings.augmentation`` by
            default.
        blas_threads: threads of NumPy's matrix product while :meth:`run` is iterated over, in
            the whole process; None leaves them as they are.
        prefetch: whether a second thread prepares the next batches while one is learned, where
            there is something to prepare; by default where there is a second core.  The batches
            are the same.
        start: a model to go on from; random weights by default.

    Raises:
        HandwriteError: there is nothing to learn from, or ``start`` has other classes or layers.
        ValueError: the data do not fit each other or the classes.
    """

    def __init__(
        self,
        settings: TrainingSettings,
        training: TrainingData,
        validation: TrainingData | None,
        classes: Sequence[str],
        *,
        augmenter: Augmentation | None = None,
        blas_threads: int | None = 1,
        prefetch: bool | None = None,
        start: Model | None = None,
    ) -> None:
        self.settings = settings
        self.classes = tuple(classes)
        self.history = History()
        self._training = training
        self._validation = validation if validation is not None and len(validation) else None
        check_fit(training, self._validation, self.classes)
        self._blas_threads = blas_threads
        self._control = RunControl()
        self._step = 0
        self._seconds = 0.0
        self._epoch_seconds = 0.0

        if augmenter is None and settings.augmentation:
            # Imported here: SciPy, which it needs, is slow to load.
            from handwrite_gui.engine.data.augmentation import Augmenter

            augmenter = Augmenter(settings.augmentation, settings.seed)
        sizes = layer_sizes(training.inputs.shape[1], settings, self.classes)
        if start is not None:
            _check_start(start, sizes, settings, self.classes)
        self._learner = Learner(sizes, settings, None if start is None else start.network)
        network = self._learner.network
        self._batches = Batches(
            training,
            settings.batch_size,
            settings.seed,
            augmenter,
            network.features_of if network.has_features else None,
            Mixing(settings.mixup, len(self.classes)) if settings.mixup else None,
        )
        self._prefetches = spare_core() if prefetch is None else prefetch
        self._prefetcher: Prefetcher[Batch] | None = None
        self._schedule = make_schedule(settings, self._batches.per_epoch)
        self._rate_changes: RateChanges = ()
        self._safe = self._capture()

    # Control

    def pause(self) -> None:
        """Pauses before the next batch; also a run that has not begun."""
        self._control.pause()

    def resume(self) -> None:
        """Ends a pause."""
        self._control.resume()

    def step(self) -> None:
        """Learns exactly one batch and is paused then.

        While paused, one more batch; before the run begins, its first one; while running, the
        next one is the last before the pause.
        """
        self._control.step()

    def step_epoch(self) -> None:
        """Learns to the end of the epoch, evaluates, and is paused then.

        At the end of an epoch, and before the run begins, that is a whole epoch.
        """
        self._control.step_epoch()

    def set_learning_rate(self, rate: float) -> None:
        """Goes on from the next batch as a run of that learning rate would; checkpoints keep it.

        Raises:
            ValueError: the rate is not within its limit.
        """
        rate = check_rate(rate)
        with self._control.reading():
            before = tuple(change for change in self._rate_changes if change[0] < self._step)
            self._rate_changes = (*before, (self._step, rate))

    @property
    def learning_rate(self) -> float:
        """The rate η of the next batch, before the schedule scales it."""
        return rate_at(self.settings.learning_rate, self._rate_changes, self._step)

    @property
    def rate_changes(self) -> RateChanges:
        """Every :meth:`set_learning_rate` that had an effect, with its step."""
        return self._rate_changes

    def stop(self) -> None:
        """Ends the run before the next batch, or at once while it evaluates.

        Before a run has begun, it ends that run as it begins.
        """
        self._control.stop()

    @property
    def paused(self) -> bool:
        """Whether a pause is asked for or going on."""
        return self._control.paused

    # Position

    @property
    def steps_done(self) -> int:
        """Batches learned."""
        return self._step

    @property
    def epochs_done(self) -> int:
        """Complete epochs."""
        return self._step // self._batches.per_epoch

    @property
    def seconds(self) -> float:
        """Time spent training, without pauses."""
        return self._seconds

    @property
    def batches_per_epoch(self) -> int:
        return self._batches.per_epoch

    @property
    def total_steps(self) -> int:
        """Batches of the whole run."""
        return self.settings.epochs * self._batches.per_epoch

    # Running

    def run(self) -> Generator[Event, None, None]:
        """Trains from the present position to the last epoch, one event at a time.

        Nothing changes between two events but in the call that asks for the next; at most the
        batches that come next are prepared meanwhile.  After the event :class:`TrainingDone` a
        stopped trainer can be run again and continues.  Closing the iterator early is fine.

        Raises:
            RuntimeError: another run of this trainer is going on.
        """
        self._control.begin()
        try:
            with self._thread_limit(), self._prefetching():
                while True:
                    event = self._next_event()
                    yield event
                    if isinstance(event, TrainingDone):
                        return
        finally:
            self._control.end()

    def _thread_limit(self) -> AbstractContextManager[Any]:
        if self._blas_threads is None:
            return nullcontext()
        from threadpoolctl import threadpool_limits

        limit: AbstractContextManager[Any] = threadpool_limits(self._blas_threads, "blas")
        return limit

    @contextmanager
    def _prefetching(self) -> Iterator[None]:
        """Prepares batches ahead while a run goes on, from the present step to the last."""
        if self._prefetches and self._batches.take_time and self._step < self.total_steps:
            self._prefetcher = Prefetcher(self._batches.batch, self._step, self.total_steps)
        try:
            yield
        finally:
            if self._prefetcher is not None:
                self._prefetcher.close()
                self._prefetcher = None

    def _next_batch(self) -> Batch:
        if self._prefetcher is None:
            return self._batches.batch(self._step)
        return self._prefetcher.take()

    def _next_event(self) -> Event:
        if len(self.history.epochs) < self.epochs_done:
            return self._end_epoch()
        if self._step >= self.total_steps:
            return self._done("finished")
        if self._has_lost_patience():
            patience = self.settings.patience
            return self._done("finished", f"No lower validation loss in {patience:,} epochs")
        match self._control.next_turn():
            case Turn.STOPPED:
                return self._done("stopped")
            case Turn.PAUSED:
                return Paused(self._step)
            case Turn.RESUMED:
                return Resumed(self._step)
            case Turn.BATCH:
                with self._control.changing():
                    return self._learn_batch()

    def _has_lost_patience(self) -> bool:
        patience, rows = self.settings.patience, self.history.epochs
        if not patience or len(rows) <= patience or self._step % self._batches.per_epoch:
            return False
        losses = [math.inf if row.validation_loss is None else row.validation_loss for row in rows]
        return math.isfinite(losses[-1]) and min(losses[:-patience]) <= min(losses[-patience:])

    def _done(
        self, reason: Literal["finished", "stopped", "diverged"], message: str = ""
    ) -> TrainingDone:
        return TrainingDone(reason, self.epochs_done, self._step, message)

    def _learn_batch(self) -> Event:
        started = time.perf_counter()
        step = self._step
        epoch = step // self._batches.per_epoch + 1
        batch = self._next_batch()
        rate = self._schedule(step) * (self.learning_rate / self.settings.learning_rate)
        loss, accuracy = self._learner.learn(batch, step, rate)
        if not math.isfinite(loss):
            return self._diverged(f"The loss was no longer a number in epoch {epoch}")
        self.history.add_batch(loss, accuracy)
        self._step = step + 1
        duration = time.perf_counter() - started
        self._seconds += duration
        self._epoch_seconds += duration
        return BatchDone(step + 1, epoch, loss, accuracy, rate, self._seconds)

    def _diverged(self, what: str) -> TrainingDone:
        """Goes back to the last state known to be sound."""
        rate = self.learning_rate
        self._restore(self._safe)
        return self._done(
            "diverged",
            f"{what}: the learning rate {rate:g} is too high. Lower it, for example to "
            f"{rate / 10:g}, and start again.",
        )

    def _end_epoch(self) -> Event:
        epoch = self.epochs_done
        if not self._learner.is_finite():
            with self._control.changing():
                return self._diverged(f"The weights grew beyond all numbers in epoch {epoch}")
        loss = accuracy = confusion = readings = None
        if self._validation is not None:
            started = time.perf_counter()
            evaluation = self._learner.evaluate(self._validation, lambda: self._control.stopping)
            self._seconds += time.perf_counter() - started
            if evaluation is None:
                return self._done("stopped")
            loss, readings = evaluation
            if not math.isfinite(loss):
                with self._control.changing():
                    return self._diverged(f"The validation loss was no number in epoch {epoch}")
            confusion = confusion_matrix(
                self._validation.targets, readings.predictions, len(self.classes)
            )
            accuracy = float(confusion.trace() / len(readings))
        batches = slice(self._step - self._batches.per_epoch, self._step)
        sizes = [self._batches.size(step) for step in range(batches.start, batches.stop)]
        row = EpochRow(
            epoch,
            self._step,
            float(np.average(self.history.batch_losses[batches], weights=sizes)),
            float(np.average(self.history.batch_accuracies[batches], weights=sizes)),
            loss,
            accuracy,
            len(self._training) / max(self._epoch_seconds, 1e-9),
            self._seconds,
        )
        with self._control.changing():
            self.history.add_epoch(row)
            self._epoch_seconds = 0.0
            self._safe = self._capture()
        self._control.epoch_ended()
        return EpochDone(
            row.epoch,
            row.step,
            row.training_loss,
            row.training_accuracy,
            row.validation_loss,
            row.validation_accuracy,
            confusion,
            readings,
            row.samples_per_second,
            row.seconds,
        )

    # Snapshots

    def model(self, name: str = "Trained model", description: str = "") -> Model:
        """The model as it is now, with weights of its own; waits for one batch at most."""
        with self._control.reading():
            network = self._learner.evaluated_network.folded()
            epochs, step = list(self.history.epochs), self._step
        figures: dict[str, float] = {"steps": step}
        if epochs:
            last = epochs[-1]
            figures |= {
                "epochs": last.epoch,
                "training_loss": last.training_loss,
                "training_accuracy": last.training_accuracy,
            }
            if last.validation_loss is not None and last.validation_accuracy is not None:
                figures["validation_loss"] = last.validation_loss
                figures["validation_accuracy"] = last.validation_accuracy
        card = ModelCard(
            name=name,
            description=description,
            created=datetime.now(UTC).isoformat(timespec="seconds"),
            data=(self._training.name,) if self._training.name else (),
            figures=figures,
            settings=self.settings.to_dict(),
        )
        return Model(network, self.classes, card, _image_shape(network.sizes[0]))

    def learned_network(self) -> MLP:
        """A copy of the network as it is learned: before any average, nothing folded."""
        with self._control.reading():
            return self._learner.network.copy()

    def first_layer_weights(self) -> FloatArray:
        """A copy of the first layer's weights ``(n_in, units)``, as :meth:`model` has them."""
        with self._control.reading():
            return self._learner.evaluated_network.first_layer_weights.copy()

    def layer_weights(self) -> list[FloatArray]:
        """Copies of the weights of every dense layer as they are learned, before any average."""
        with self._control.reading():
            return [layer.weights.value.copy() for layer in self._learner.network.dense_layers]

    # Checkpoints

    def save_checkpoint(self, path: str | os.PathLike[str]) -> None:
        """Writes all that the run needs to continue, at any time; waits for one batch at most.

        Raises:
            ModelFileError: the file cannot be written.
        """
        write_checkpoint(path, self.checkpoint())

    def checkpoint(self) -> Checkpoint:
        """A copy of all that the run needs to continue; waits for one batch at most."""
        validation = self._validation
        fingerprints = (
            self._training.fingerprint,
            None if validation is None else validation.fingerprint,
        )
        with self._control.reading():
            return self._capture(*fingerprints)

    @classmethod
    def from_checkpoint(
        cls,
        path: str | os.PathLike[str],
        training: TrainingData,
        validation: TrainingData | None,
        *,
        augmenter: Augmentation | None = None,
        blas_threads: int | None = 1,
        prefetch: bool | None = None,
    ) -> Trainer:
        """A trainer that continues as the saved one would have, bit for bit.

        Give the same data, and the same ``augmenter`` if one was given before.

        Raises:
            ModelFileError: the file is no sound checkpoint, or belongs to other data.
        """
        checkpoint = read_checkpoint(path)
        if training.fingerprint != checkpoint.training_fingerprint:
            raise ModelFileError(
                path, "it belongs to other training data; choose the data it was started with."
            )
        present = validation.fingerprint if validation is not None and len(validation) else None
        if present != checkpoint.validation_fingerprint:
            raise ModelFileError(
                path, "it belongs to other validation data; choose the data it was started with."
            )
        try:
            trainer = cls(
                checkpoint.settings,
                training,
                validation,
                checkpoint.classes,
                augmenter=augmenter,
                blas_threads=blas_threads,
                prefetch=prefetch,
            )
        except ValueError as problem:
            raise ModelFileError(path, f"it does not fit the data: {problem}.") from None
        trainer._check_position(path, checkpoint)
        shapes = {name: array.shape for name, array in trainer._learner.state().items()}
        check_arrays(path, checkpoint.state, shapes)
        trainer._restore(checkpoint)
        trainer.history = checkpoint.history
        trainer._safe = trainer._capture()
        return trainer

    def _check_position(self, path: str | os.PathLike[str], checkpoint: Checkpoint) -> None:
        complete, begun = divmod(checkpoint.step, self._batches.per_epoch)
        # Saved between the last batch of an epoch and its evaluation, a row is still to come.
        counts = (complete,) if begun else (complete, complete - 1)
        rows = [(row.epoch, row.step) for row in checkpoint.history.epochs]
        expected = [(e, e * self._batches.per_epoch) for e in range(1, len(rows) + 1)]
        if checkpoint.step > self.total_steps or len(rows) not in counts or rows != expected:
            raise ModelFileError(path, "its history contradicts itself; get the file again.")

    def _capture(
        self, training_fingerprint: str = "", validation_fingerprint: str | None = None
    ) -> Checkpoint:
        """A copy of the present state; the caller keeps the training thread out."""
        return Checkpoint(
            self.settings,
            self.classes,
            self._training.inputs.shape[1],
            self._step,
            self._seconds,
            self._epoch_seconds,
            training_fingerprint,
            validation_fingerprint,
            self._learner.state(),
            self.history.copy(),
            self._rate_changes,
        )

    def _restore(self, checkpoint: Checkpoint) -> None:
        """Goes to the state of ``checkpoint``, whose arrays are known to fit."""
        self._learner.restore(checkpoint.state)
        self._step = checkpoint.step
        self._seconds = checkpoint.seconds
        self._epoch_seconds = checkpoint.epoch_seconds
        self._rate_changes = checkpoint.rate_changes
        self.history.truncate(checkpoint.step)


def _check_start(
    start: Model, sizes: Sequence[int], settings: TrainingSettings, classes: tuple[str, ...]
) -> None:
    """Raises HandwriteError if the weights of ``start`` do not fit the run."""
    if start.classes != classes:
        raise HandwriteError(
            f"“{start.card.name}” reads other characters than are to be learned, so training "
            "cannot go on from it; start from a model of the same characters, or from none."
        )
    network = start.network
    found = (*network.sizes, network.features, network.activation, network.normalization)
    wanted = (*sizes, settings.features, settings.activation, settings.normalization)
    if found != wanted:
        raise HandwriteError(
            f"“{start.card.name}” is a network of {_layers(found)}, and {_layers(wanted)} is to "
            "be trained, so training cannot go on from it; give it the same layers, or start from "
            "none."
        )


def _layers(kind: tuple[object, ...]) -> str:
    *sizes, features, activation, normalization = kind
    return f"{'-'.join(map(str, sizes))} ({features}, {activation}, normalization {normalization})"


def _image_shape(inputs: int) -> tuple[int, int]:
    side = math.isqrt(inputs)
    return (side, side) if side * side == inputs else (1, inputs)
