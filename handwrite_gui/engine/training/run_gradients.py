"""The gradient check of a run: its network, its loss and its data against central differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from handwrite_gui.engine.evaluation.gradient_check import LayerCheck, check_layers
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.training.learner import Learner
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData

BATCH = 16
"""Samples whose loss is differentiated: enough that every unit has something to do."""

SAMPLES = 50
"""Entries of every array that are tried: a second for the small networks, a few for the largest."""


def new_network(settings: TrainingSettings, inputs: int, classes: int) -> MLP:
    """The network that a run with these settings begins with.

    Args:
        inputs: pixels of an image.
        classes: outputs.
    """
    return Learner((inputs, *settings.hidden, classes), settings).network


def check_gradients(
    network: MLP,
    settings: TrainingSettings,
    data: TrainingData,
    *,
    samples: int = SAMPLES,
    on_progress: Callable[[float, str], object] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> list[LayerCheck]:
    """Checks back-propagation through a network in float64, on a few samples of its data.

    Args:
        network: as it is learned; it is copied, so it must not be trained during the call.
        settings: of its run: label smoothing and seed count.
        data: what it learns from.
        samples: how many entries of every array are tried.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    from threadpoolctl import threadpool_limits

    exact = network.copy(np.float64)
    rows = np.random.default_rng(settings.seed).permutation(len(data))[:BATCH]
    inputs: FloatArray = data.inputs[rows].astype(np.float64) / 255
    # Products this small gain nothing from threads, which wait for each other on a busy machine.
    with threadpool_limits(1, "blas"):
        return check_layers(
            exact,
            inputs,
            data.targets[rows],
            SoftmaxCrossEntropy(settings.label_smoothing),
            samples=samples,
            seed=settings.seed,
            on_progress=on_progress,
            should_stop=should_stop,
        )
