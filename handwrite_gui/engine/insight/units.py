"""What excites the units of a network."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.layers import Dense
from handwrite_gui.engine.network.mlp import MLP

_AT_ONCE = 512


def layer_inputs(network: MLP, inputs: NDArray[np.uint8], layer: int) -> FloatArray:
    """What dense layer ``layer`` (from 0) gets of inputs ``(N, n_in)``: the outputs before it.

    For the first layer these are the pixels or their features; for ``len(hidden)`` the outputs
    of the last hidden layer.
    """
    target = network.dense_layers[layer]
    x: FloatArray = inputs.astype(network.dtype)
    x *= 1 / 255
    for one in network.layers:
        if one is target:
            return x
        x = one.infer(x)
    raise AssertionError("the layer is one of the network's")


def layer_outputs(network: MLP, inputs: NDArray[np.uint8], layer: int) -> FloatArray:
    """What dense layer ``layer`` (from 0) makes of inputs ``(N, n_in)``, activation included.

    Returns:
        ``(N, units)``; logits for the last layer.
    """
    x = layer_inputs(network, inputs, layer)
    start = network.layers.index(network.dense_layers[layer])
    x = network.layers[start].infer(x)
    for one in network.layers[start + 1 :]:
        if isinstance(one, Dense):
            break
        x = one.infer(x)
    return x


def most_exciting(
    network: MLP,
    inputs: NDArray[np.uint8],
    layer: int,
    unit: int,
    limit: int,
    *,
    should_stop: Callable[[], bool] | None = None,
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """The samples on which a unit's output is largest.

    Args:
        network: only read.
        inputs: uint8 ``(N, n_in)``.
        layer, unit: of the dense layers and of their units, from 0.
        limit: how many to find.

    Returns:
        Indices ``(n,)`` of the samples, the most exciting first, and the unit's outputs on all
        of the N samples, float32 ``(N,)``.

    Raises:
        Cancelled: ``should_stop`` became true.
    """
    outputs = np.empty(len(inputs), np.float32)
    for start in range(0, len(inputs), _AT_ONCE):
        if should_stop is not None and should_stop():
            raise Cancelled
        rows = slice(start, start + _AT_ONCE)
        outputs[rows] = layer_outputs(network, inputs[rows], layer)[:, unit]
    return np.argsort(-outputs, kind="stable")[:limit].astype(np.int64), outputs


def neighbour_correlation(weights: NDArray[np.floating], shape: tuple[int, int]) -> float:
    """How alike the weights of neighbouring pixels are: Σ w w′ / √(Σ w² Σ w′²), −1 to 1.

    About 0 for weights drawn at random, and near 1 where each unit looks for strokes and areas.

    Args:
        weights: ``(height · width, units)``, the first layer's.
        shape: height and width of the images.

    Returns:
        over pixels beside each other in a row, of all units; NaN where all weights are zero.
    """
    images = weights.astype(np.float64).reshape(*shape, -1)
    left, right = images[:, :-1], images[:, 1:]
    size = float(np.sqrt(np.square(left).sum() * np.square(right).sum()))
    return float((left * right).sum()) / size if size else float("nan")
