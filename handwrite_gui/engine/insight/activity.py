"""What the layers of a network do on a few samples: outputs, slopes and gradients.

Signals that grow or die from layer to layer, sigmoids that saturate and rectifiers that never fire
are what initialisers and activations are chosen against (Glorot & Bengio 2010; He et al. 2015).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.activations import Activation
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.layers import ActivationLayer, Dense
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy, softmax
from handwrite_gui.engine.network.mlp import MLP

INPUT_LIMIT = 8.0
"""Inputs of activations are counted from −8 to 8; what lies beyond is in the outermost bins."""
INPUT_BINS = 64
OUTPUT_BINS = 64
GRADIENT_DECADES = (-10.0, 2.0)
"""Gradients are counted by the logarithm of their size, from 10⁻¹⁰ to 10²."""
GRADIENT_BINS = 48
FLAT_SHARE = 0.05
"""A unit is saturated where its activation is flatter than this share of its steepest slope."""


@dataclass(frozen=True, eq=False, slots=True)
class LayerActivity:
    """One dense layer at one moment.

    Attributes:
        inputs: int64 ``(INPUT_BINS,)``, how often z = xW + b lay in each bin.
        outputs: int64 ``(OUTPUT_BINS,)``, the same of a = f(z); of the last layer, of the
            probabilities.
        output_range: between which values outputs are counted; what lies beyond is in the
            outermost bins.
        gradients: int64 ``(GRADIENT_BINS,)``, the same of |∂L/∂z|, of one sample's loss.
        no_gradient: share of the ∂L/∂z that are exactly zero, 0 to 1.
        gradient_size: root mean square of ∂L/∂z.
        saturated: share of all outputs that lie where the activation is flat, 0 to 1; None for
            the last layer, which has none.
        dead: number of units that are saturated on every sample; None for the last layer.
        units: how many there are.
    """

    inputs: NDArray[np.int64]
    outputs: NDArray[np.int64]
    output_range: tuple[float, float]
    gradients: NDArray[np.int64]
    no_gradient: float
    gradient_size: float
    saturated: float | None
    dead: int | None
    units: int


def slope(activation: Activation, z: FloatArray) -> FloatArray:
    """f'(z), a new array."""
    a = activation.forward(z, out=np.empty_like(z))
    gradient: FloatArray = np.ones_like(z)
    activation.multiply_derivative(z.copy(), a, gradient)
    return gradient


def steepest(activation: Activation) -> float:
    """The largest |f'|, found on a fine grid of what inputs are counted."""
    grid: FloatArray = np.linspace(-INPUT_LIMIT, INPUT_LIMIT, 4001)
    return float(np.abs(slope(activation, grid)).max())


def output_range(activation: Activation | None) -> tuple[float, float]:
    """Whole numbers that hold what an activation gives of what inputs are counted.

    None stands for the softmax of the last layer.
    """
    if activation is None:
        return 0.0, 1.0
    grid: FloatArray = np.linspace(-INPUT_LIMIT, INPUT_LIMIT, 4001)
    a = activation.forward(grid, out=np.empty_like(grid))
    return float(math.floor(a.min())), float(math.ceil(a.max()))


def layer_activity(
    network: MLP, inputs: NDArray[np.uint8], targets: NDArray[np.int64]
) -> tuple[LayerActivity, ...]:
    """What every dense layer does, without dropout.

    Args:
        network: its buffers are used, so nobody else may be training it.
        inputs: uint8 ``(B, n_in)``.
        targets: class indices ``(B,)``.
    """
    x: FloatArray = inputs.astype(network.dtype)
    x *= 1 / 255
    seen: list[tuple[FloatArray, Activation | None, FloatArray]] = []
    with np.errstate(all="ignore"):  # a run that diverges is looked at too
        for layer in network.layers:
            x = layer.forward(x, False, None)
            if isinstance(layer, Dense):
                z = x.copy()
                seen.append((z, None, z))
            elif isinstance(layer, ActivationLayer):
                # With a normalisation between, what it gives is what the activation gets.
                before = layer.last_input
                seen[-1] = (before.copy(), layer.activation, x.copy())
        _, gradient = SoftmaxCrossEntropy().value_and_gradient(x, targets)
        gradients: list[FloatArray] = []
        for layer in reversed(network.layers):
            if isinstance(layer, Dense):
                gradients.append(gradient * len(inputs))  # the loss is a mean over the samples
                if layer is network.dense_layers[0]:
                    break
            after = layer.backward(gradient, True)
            assert after is not None
            gradient = after
        return tuple(
            _activity(z, activation, a, g)
            for (z, activation, a), g in zip(seen, reversed(gradients), strict=True)
        )


def _activity(
    z: FloatArray, activation: Activation | None, a: FloatArray, gradient: FloatArray
) -> LayerActivity:
    saturated = dead = None
    if activation is None:
        a = softmax(z)
    else:
        flat = np.abs(slope(activation, z)) < FLAT_SHARE * steepest(activation)
        saturated, dead = float(flat.mean()), int(np.count_nonzero(flat.all(axis=0)))
    size = np.abs(gradient)
    there = size[size > 0]
    limits = output_range(activation)
    return LayerActivity(
        _counts(z, -INPUT_LIMIT, INPUT_LIMIT, INPUT_BINS),
        _counts(a, *limits, OUTPUT_BINS),
        limits,
        _counts(np.log10(there), *GRADIENT_DECADES, GRADIENT_BINS),
        1.0 - there.size / max(size.size, 1),
        float(np.sqrt(np.mean(np.square(gradient, dtype=np.float64)))),
        saturated,
        dead,
        z.shape[1],
    )


def _counts(values: FloatArray, low: float, high: float, bins: int) -> NDArray[np.int64]:
    """How many values lie in each bin; the outermost take what lies beyond, and no NaN."""
    finite = np.nan_to_num(values.ravel(), nan=0.0)
    place = np.clip((finite - low) * (bins / (high - low)), 0, bins - 1)
    return np.bincount(place.astype(np.int64), minlength=bins)
