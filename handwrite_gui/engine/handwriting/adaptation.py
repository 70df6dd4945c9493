"""A model learns one person's hand without forgetting everybody else's.

Only the last layer is fine-tuned: the features below it, learned from thousands of writers, stay.
Each batch mixes one's own samples, deformed at random, with replayed general ones, whose targets
are what the model itself said of them (Learning without Forgetting, Li & Hoiem 2016).  Afterwards
the weights go only part of the way from the old ones to the new (WiSE-FT, Wortsman et al. 2022),
which gives back most of what others lose and keeps most of what is won.

docs/adaptation.md has the study that chose this; decision 0017 says what else was tried.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.augmentation import Augmenter
from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.handwriting.replay import General
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.mlp import MLP, one_layer
from handwrite_gui.engine.network.optimizers import AdamW

_STEPS_BETWEEN_LOOKS = 20

UInt8Array = NDArray[np.uint8]
IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class AdaptationSettings:
    """How a hand is learned; the defaults are those of the study.

    Attributes:
        steps: batches.
        learning_rate: the highest; it rises over the first steps and falls along a cosine.
        own, replayed: samples of one's own and of others in each batch; their ratio is what the
            two are worth to each other.
        augmentation: strength of the deformation of one's own samples.
        variants: how many deformed copies of each of them.
        label_smoothing: of one's own samples' targets.
        share: how far the weights go from the old to the new, 0 to 1.
        seed: of all that is random.
    """

    steps: int = 200
    learning_rate: float = 2e-3
    own: int = 32
    replayed: int = 192
    augmentation: float = 0.3
    variants: int = 6
    label_smoothing: float = 0.05
    share: float = 0.75
    seed: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class OwnSamples:
    """One's own samples as the last layer gets them.

    Attributes:
        hidden: float32 ``(N, V, H)``, of each sample and its deformed copies; the first is the
            sample as it is.
        targets: int64 ``(N,)``, class indices.
    """

    hidden: FloatArray
    targets: IntArray

    def __len__(self) -> int:
        return len(self.targets)

    def subset(self, rows: NDArray[np.bool_]) -> OwnSamples:
        """The samples that a mask selects."""
        return OwnSamples(self.hidden[rows], self.targets[rows])


def own_samples(
    model: Model,
    inputs: UInt8Array,
    targets: IntArray,
    settings: AdaptationSettings | None = None,
) -> OwnSamples:
    """Deform samples and see what the model makes of them.

    Args:
        model: the one to adapt.
        inputs: uint8 ``(N, n_in)``, normalised.
        targets: int64 ``(N,)``, class indices.
        settings: the defaults where None.
    """
    settings = settings or AdaptationSettings()
    hidden = [model.network.predict_hidden(inputs)]
    if settings.augmentation:
        augmenter = Augmenter(settings.augmentation, settings.seed)
        for variant in range(settings.variants):
            rng = np.random.default_rng([settings.seed, variant])
            hidden.append(model.network.predict_hidden(augmenter(inputs, rng)))
    return OwnSamples(np.stack(hidden, axis=1), targets)


def adapt(
    model: Model,
    own: OwnSamples,
    general: General,
    settings: AdaptationSettings | None = None,
    *,
    should_stop: Callable[[], bool] | None = None,
) -> MLP:
    """The last layer after it has learned a hand, all the way: see :func:`with_head`.

    The model stays as it is.  Equal arguments give equal weights.

    Args:
        model: the one to start from.
        own: at least one sample, from :func:`own_samples`.
        general: what the model knew, from ``general_knowledge`` of the same model.
        settings: the defaults where None.
        should_stop: asked every few steps.

    Returns:
        A network of one layer, from the last hidden one's outputs to the classes.

    Raises:
        Cancelled: ``should_stop`` became true.
        ValueError: there are no samples.
    """
    settings = settings or AdaptationSettings()
    if not len(own):
        raise ValueError("there are no samples to adapt to")
    head = _head(model.network)
    optimizer = AdamW(head.parameters)
    loss = SoftmaxCrossEntropy()
    rng = np.random.default_rng(settings.seed)
    chances = _chances(own.targets)
    classes = len(model.classes)
    even = settings.label_smoothing / classes
    targets = np.empty((settings.own + settings.replayed, classes), np.float32)
    for step in range(settings.steps):
        if should_stop is not None and step % _STEPS_BETWEEN_LOOKS == 0 and should_stop():
            raise Cancelled
        mine = rng.choice(len(own), settings.own, p=chances)
        variants = rng.integers(own.hidden.shape[1], size=settings.own)
        others = rng.integers(len(general.hidden), size=settings.replayed)
        targets[: settings.own] = even
        targets[np.arange(settings.own), own.targets[mine]] += 1 - settings.label_smoothing
        targets[settings.own :] = general.answers[others]
        batch = np.concatenate([own.hidden[mine, variants], general.hidden[others]])
        _, gradient = loss.value_and_gradient(head.forward(batch, training=True), targets)
        head.backward(gradient)
        optimizer.step(_rate(step, settings))
    return head


def with_head(model: Model, head: MLP, share: float) -> MLP:
    """The model's network with its last layer moved by a share of the way to another one."""
    network = model.network.copy()
    layer, target = network.dense_layers[-1], head.dense_layers[0]
    for old, new in zip(layer.parameters, target.parameters, strict=True):
        old.value += np.float32(share) * (new.value - old.value)
    return network


def _head(network: MLP) -> MLP:
    """The last layer of a network as a network of its own."""
    last = network.dense_layers[-1]
    return one_layer(last.weights.value, last.bias.value, network.dtype)


def _chances(targets: IntArray) -> NDArray[np.float64]:
    """How often each sample is shown: a character that was written often counts for less."""
    counts = np.bincount(targets)
    chances = 1 / np.sqrt(counts[targets])
    return np.asarray(chances / chances.sum(), np.float64)


def _rate(step: int, settings: AdaptationSettings) -> float:
    warm = min(1.0, (step + 1) / 10)
    return settings.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * step / settings.steps))
