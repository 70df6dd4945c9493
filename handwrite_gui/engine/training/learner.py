"""One step of learning, and the state that it changes."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from handwrite_gui.engine.evaluation.readings import Readings
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy, only_among
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.network.optimizers import OPTIMIZERS, Optimizer
from handwrite_gui.engine.training.batches import Batch, Stream, generator
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.engine.training.weight_average import WeightAverage

EVALUATION_CHUNK = 1024
"""Samples between two looks at whether to stop."""


class Lesson(NamedTuple):
    """The mean loss over a batch and the share read right, both before the update."""

    loss: float
    accuracy: float


class Evaluation(NamedTuple):
    """The mean loss over all samples, and how each of them was read."""

    loss: float
    readings: Readings


class Learner:
    """A network with its loss, its optimiser and, if asked for, the average of its weights.

    Args:
        sizes: units of every layer, inputs and classes included.
        settings: of the run.
        start: a network of the same layers whose weights it begins with; random ones by default.
    """

    def __init__(
        self, sizes: Sequence[int], settings: TrainingSettings, start: MLP | None = None
    ) -> None:
        self.network = MLP(
            sizes,
            features=settings.features,
            activation=settings.activation,
            normalization=settings.normalization,
            initializer=settings.initializer,
            dropout=[settings.input_dropout, *[settings.dropout] * len(settings.hidden)],
            rng=generator(settings.seed, Stream.WEIGHTS, 0),
        )
        if start is not None:
            self.network.set_weights(start.copy_weights())
        self.optimizer = _make_optimizer(settings, self.network)
        self._loss = SoftmaxCrossEntropy(settings.label_smoothing)
        self._average = (
            WeightAverage(self.network, settings.ema_decay) if settings.ema_decay else None
        )
        self._seed = settings.seed
        self._drops = any(self.network.dropout)

    @property
    def evaluated_network(self) -> MLP:
        """The network that is evaluated and handed out: with averaged weights if asked for."""
        return self.network if self._average is None else self._average.network

    def learn(self, batch: Batch, step: int, rate: float) -> Lesson:
        """Learns batch number ``step``.  A loss that is not finite changes nothing.

        Args:
            batch: features, as ``network.features_of`` gives them, with their targets; of
                shares the largest counts as right.
            step: number of the batch.
            rate: the learning rate.
        """
        with np.errstate(all="ignore"):  # overflow shows in the loss, which the caller checks
            rng = generator(self._seed, Stream.DROPOUT, step) if self._drops else None
            targets, among = batch.targets, batch.among
            logits = self.network.forward_features(batch.inputs, training=True, rng=rng)
            loss, gradient = self._loss.value_and_gradient(logits, targets, among)
            labels = targets if targets.ndim == 1 else targets.argmax(axis=1)
            if among is not None:
                logits = only_among(logits, among)
            right = np.count_nonzero(logits.argmax(axis=1) == labels)
            if math.isfinite(loss):
                self.network.backward(gradient)
                self.optimizer.step(rate)
                if self._average is not None:
                    self._average.update(step + 1)
        return Lesson(loss, right / len(targets))

    def evaluate(self, data: TrainingData, should_stop: Callable[[], bool]) -> Evaluation | None:
        """Loss and readings without dropout and augmentation; None if it was to stop."""
        readings = Readings.empty(len(data))
        total = 0.0
        with np.errstate(all="ignore"):
            for start in range(0, len(data), EVALUATION_CHUNK):
                if should_stop():
                    return None
                rows = slice(start, start + EVALUATION_CHUNK)
                logits = self.evaluated_network.predict_logits(data.inputs[rows])
                among = data.among(np.arange(len(data))[rows])
                total += self._loss.value(logits, data.targets[rows], among) * len(logits)
                if among is not None:
                    logits = only_among(logits, among)
                readings.fill(rows, logits, data.targets[rows])
        return Evaluation(total / len(data), readings)

    def is_finite(self) -> bool:
        """Whether all weights are numbers."""
        return all(bool(np.isfinite(p.value).all()) for p in self.network.state)

    def state(self) -> dict[str, FloatArray]:
        """Copies of the arrays that the next batch depends on, by name."""
        state = {f"network.{p.name}": p.value.copy() for p in self.network.state}
        for name, array in self.optimizer.state_dict().items():
            state[f"optimizer.{name}"] = array
        if self._average is not None:
            for parameter in self._average.network.state:
                state[f"average.{parameter.name}"] = parameter.value.copy()
        return state

    def restore(self, state: Mapping[str, FloatArray]) -> None:
        """Goes back to a state; names and shapes must be those of :meth:`state`."""
        self.network.set_weights([state[f"network.{p.name}"] for p in self.network.state])
        if self._average is not None:
            averaged = self._average.network
            averaged.set_weights([state[f"average.{p.name}"] for p in averaged.state])
        prefix = "optimizer."
        self.optimizer.load_state_dict(
            {n.removeprefix(prefix): a for n, a in state.items() if n.startswith(prefix)}
        )


def _make_optimizer(settings: TrainingSettings, network: MLP) -> Optimizer:
    options: dict[str, float] = {"weight_decay": settings.weight_decay}
    if settings.optimizer in ("momentum", "nesterov"):
        options["momentum"] = settings.momentum
    return OPTIMIZERS[settings.optimizer](network.parameters, **options)
