"""Hands to test with: synthetic writers, one of whom mixes up what others tell apart."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.handwriting.samples import Sample
from handwrite_gui.engine.model_file import Model, ModelCard
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.network.optimizers import AdamW

CLASSES = tuple("0123456789")


def ink(seed: int = 0, shape: tuple[int, int] = (40, 30)) -> NDArray[np.uint8]:
    """An image with a thick stroke somewhere in it."""
    image = np.zeros(shape, np.uint8)
    rng = np.random.default_rng(seed)
    top, left = rng.integers(2, 8, 2)
    image[top : top + 20, left : left + 4] = 255
    image[top : top + 4, left : left + 15] = 200
    return image


@cache
def small_model() -> Model:
    """Reads synthetic digits; trained here in a second."""
    drawn = synthesize(CLASSES, 60, 1)
    inputs = normalize(drawn.images).reshape(len(drawn), -1)
    targets = np.array([CLASSES.index(label) for label in drawn.labels.tolist()], np.int64)
    network = MLP((1024, 32, 10), features="directions", rng=np.random.default_rng(0))
    features = network.features_of(inputs.astype(np.float32) / 255)
    optimizer, loss = AdamW(network.parameters), SoftmaxCrossEntropy()
    rng = np.random.default_rng(0)
    for _ in range(150):
        rows = rng.integers(len(targets), size=64)
        logits = network.forward_features(features[rows], training=True)
        _, gradient = loss.value_and_gradient(logits, targets[rows])
        network.backward(gradient)
        optimizer.step(3e-3)
    return Model(network, CLASSES, ModelCard("small"))


@cache
def odd_hand() -> tuple[Sample, ...]:
    """A writer whose 1 looks like everybody's 7 and whose 7 like everybody's 1."""
    swapped = {"1": "7", "7": "1"}
    drawn = synthesize(CLASSES, 8, 9)
    return tuple(
        Sample(index, image, swapped.get(label, label), "taught", "", "")
        for index, (image, label) in enumerate(
            zip(drawn.images, drawn.labels.tolist(), strict=True)
        )
    )
