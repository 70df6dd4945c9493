"""How the networks of the page reader learn: in parts at the same time, their weights averaged."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.optimizers import AdamW
from handwrite_gui.engine.page.window_network import WindowNetwork
from handwrite_gui.engine.training.schedules import CosineSchedule
from handwrite_gui.engine.training.weight_average import WeightAverage

BATCH, PARTS = 256, 2  # samples a step; what of them is learned from at once
WARMUP = 300  # steps until the learning rate is reached
DECAY = 0.999  # of the average of the weights, a step
REPORTED = 2000  # steps, after which it is told how well the hands held out are read


class Lesson(Protocol):
    """Samples, some of them of hands that are not trained on."""

    @property
    def held_out(self) -> NDArray[np.bool_]: ...


LogitsAndTargets = Callable[
    [WindowNetwork, NDArray[np.intp], np.random.Generator], tuple[FloatArray, FloatArray]
]
"""The logits that a network gives for some samples, by their indices, as it is trained, and the
probabilities that it should give."""


def learn(
    network: WindowNetwork,
    lesson: Lesson,
    epochs: float,
    learning_rate: float,
    logits_and_targets: LogitsAndTargets,
    told: Callable[[WindowNetwork], str],
    rng: np.random.Generator,
) -> WindowNetwork:
    """Let a network learn from all samples of hands that are not held out; the weights of the steps
    are averaged.

    A batch is learned from in parts at the same time, each of them normalised by itself.

    Args:
        network: what learns; it is used up.
        lesson: what it learns from.
        epochs: how often, may be a part.
        learning_rate: the highest; it falls along half a cosine.
        logits_and_targets: may run in several threads at once.
        told: says of a network how well it does.
        rng: the only source of chance.

    Returns:
        The average, its normalisation folded into its weights.
    """
    samples = np.flatnonzero(~lesson.held_out)
    twins = [network.copy() for _ in range(1, PARTS)]
    average = WeightAverage(network, DECAY)
    optimizer = AdamW(network.parameters, weight_decay=0.02)
    chances = rng.spawn(PARTS)
    steps = round(epochs * len(samples) / BATCH)
    schedule = CosineSchedule(learning_rate, steps)
    order = samples[:0]
    total = 0.0
    with threadpool_limits(1, "blas"), ThreadPoolExecutor(PARTS) as threads:
        for step in range(steps):
            if len(order) < BATCH:
                order = rng.permutation(samples)
            rows, order = order[:BATCH], order[BATCH:]
            for twin in twins:
                for its, parameter in zip(twin.parameters, network.parameters, strict=True):
                    np.copyto(its.value, parameter.value)
            values = threads.map(
                partial(_learn_from, logits_and_targets),
                [network, *twins],
                np.array_split(rows, PARTS),
                chances,
            )
            total += sum(values) / PARTS
            for index, parameter in enumerate(network.parameters):
                for twin in twins:
                    parameter.gradient += twin.parameters[index].gradient
                parameter.gradient /= PARTS
            optimizer.step(schedule(step) * min(1, (step + 1) / WARMUP))
            average.update(step)
            if (step + 1) % REPORTED == 0 or step + 1 == steps:
                mean_loss = total / (step % REPORTED + 1)
                report = told(average.network.folded())
                print(f"step {step + 1} of {steps}: loss {mean_loss:.4f}, {report}", flush=True)
                total = 0.0
    return average.network.folded()


def _learn_from(
    logits_and_targets: LogitsAndTargets,
    network: WindowNetwork,
    rows: NDArray[np.intp],
    rng: np.random.Generator,
) -> float:
    """Fill a network's gradients from some samples; how wrong it was about them."""
    logits, targets = logits_and_targets(network, rows, rng)
    value, gradient = SoftmaxCrossEntropy().value_and_gradient(logits, targets)
    network.backward(gradient)
    return value


def cross_entropy(told: FloatArray, targets: FloatArray) -> float:
    """How far probabilities (N, K) are from those that should be told, in nats a sample."""
    return float(-(targets * np.log(np.maximum(told, 1e-7))).sum(axis=1).mean())
