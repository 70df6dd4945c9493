"""Why a network reads an image as one class and not as another.

Everything here speaks of one number, the lead d = z_k − z_m of the logit of class k over that of
class m: what raises it is evidence for k, what lowers it for m.  Logits are compared, not
probabilities: where a network is sure, the softmax is flat and its gradient tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.insight.units import layer_inputs
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.network.mlp import MLP

SMOOTHING_SAMPLES = 48
SMOOTHING_NOISE = 0.15
"""Standard deviation of the noise, as a share of the range from no ink to full ink."""
_AT_ONCE = 1024


@dataclass(frozen=True, eq=False, slots=True)
class Explanation:
    """What made the network prefer class ``favoured`` to class ``rival``.

    Attributes:
        favoured, rival: class indices k and m.
        probabilities: float32 ``(K,)``, of all classes.
        lead: z_k − z_m.
        gradient: float32 ``(n_in,)``, ∂(z_k − z_m)/∂x with ink x from 0 to 1: where more ink
            would speak for k (positive) or for m (negative).
        smooth_gradient: the same as a mean over noisy copies of the image.
        contributions: float32 ``(units,)``, what each unit of the last hidden layer adds to the
            lead; with ``offset`` they sum to it.
        offset: what is added whatever the image, from the biases.
    """

    favoured: int
    rival: int
    probabilities: NDArray[np.float32]
    lead: float
    gradient: NDArray[np.float32]
    smooth_gradient: NDArray[np.float32]
    contributions: NDArray[np.float32]
    offset: float


def explain(
    network: MLP,
    image: NDArray[np.uint8],
    favoured: int | None = None,
    rival: int | None = None,
    *,
    seed: int = 0,
) -> Explanation:
    """Explains how an image is read.

    SmoothGrad is the mean gradient over copies with Gaussian noise (Smilkov et al. 2017): single
    gradients of a piecewise linear network jump from pixel to pixel.

    Args:
        network: its buffers are used, so nobody else may be training it.
        image: uint8 ``(n_in,)``, as the network gets it.
        favoured: the class k; by default the most probable one.
        rival: the class m; by default the most probable other one.
        seed: of the noise.

    Raises:
        ValueError: there is one class only, or both classes are the same.
    """
    logits = network.predict_logits(image[np.newaxis])[0]
    if favoured is None:
        favoured = int(logits.argmax())
    if rival is None:
        others = logits.copy()
        others[favoured] = -np.inf
        rival = int(others.argmax())
    if favoured == rival:
        raise ValueError("a class has no lead over itself")
    x = image.astype(network.dtype) / network.dtype.type(255)
    noise = np.random.default_rng(seed).normal(0, SMOOTHING_NOISE, (SMOOTHING_SAMPLES, len(x)))
    noisy: FloatArray = np.clip(x + noise, 0, 1).astype(network.dtype)
    last = network.dense_layers[-1]
    towards = last.weights.value[:, favoured] - last.weights.value[:, rival]
    entering = layer_inputs(network, image[np.newaxis], len(network.dense_layers) - 1)[0]
    return Explanation(
        favoured,
        rival,
        np.asarray(softmax(logits), np.float32),
        float(logits[favoured] - logits[rival]),
        _gradient(network, x[np.newaxis], favoured, rival)[0],
        _gradient(network, noisy, favoured, rival).mean(axis=0),
        np.asarray(entering * towards, np.float32),
        float(last.bias.value[favoured] - last.bias.value[rival]),
    )


def _gradient(network: MLP, x: FloatArray, favoured: int, rival: int) -> NDArray[np.float32]:
    logits = network.forward(x)
    towards: FloatArray = np.zeros_like(logits)
    towards[:, favoured], towards[:, rival] = 1, -1
    gradient = network.backward(towards, input_gradient=True)
    assert gradient is not None
    return np.array(gradient, np.float32)


def nearest(
    network: MLP,
    image: NDArray[np.uint8],
    inputs: NDArray[np.uint8],
    limit: int,
    *,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The samples that are most like an image to the network.

    Likeness is the cosine between the outputs of the last hidden layer; of a network without
    hidden layers, between what its only layer gets.

    Args:
        network: only read.
        image: uint8 ``(n_in,)``.
        inputs: uint8 ``(N, n_in)``, what is searched.
        limit: how many to find.

    Returns:
        Indices ``(n,)`` of the samples, the most alike first, and their likeness, −1 to 1.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    layer = len(network.dense_layers) - 1
    wanted = _unit(layer_inputs(network, image[np.newaxis], layer))[0]
    likeness = np.empty(len(inputs), np.float32)
    for start in range(0, len(inputs), _AT_ONCE):
        if should_stop is not None and should_stop():
            raise Cancelled
        rows = slice(start, start + _AT_ONCE)
        likeness[rows] = _unit(layer_inputs(network, inputs[rows], layer)) @ wanted
    found = np.argsort(-likeness, kind="stable")[:limit]
    return found.astype(np.int64), likeness[found]


def _unit(vectors: FloatArray) -> FloatArray:
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, np.finfo(np.float32).tiny))


def strongest(contributions: Sequence[float] | NDArray[np.float32], limit: int) -> list[int]:
    """Units with the largest contributions, of either sign, largest first."""
    order = np.argsort(-np.abs(np.asarray(contributions)), kind="stable")[:limit]
    return [int(unit) for unit in order]
