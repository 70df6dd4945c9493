"""Making confidences mean what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.mlp import MLP

_COLDEST, _HOTTEST = 0.05, 20.0


def fit_temperature(logits: FloatArray, targets: IntArray) -> float:
    """The T for which softmax(logits / T) has the least negative log-likelihood.

    One number cannot overfit, and it changes no prediction (Guo et al. 2017).

    Args:
        logits: ``(N, K)`` of samples that were not trained on.
        targets: class indices ``(N,)``.

    Returns:
        T within 0.05 and 20; above 1 where the network is too sure of itself.

    Raises:
        ValueError: there are no samples.
    """
    if not len(logits) or len(logits) != len(targets):
        raise ValueError(f"{len(logits)} rows of logits for {len(targets)} targets")
    cross_entropy = SoftmaxCrossEntropy()
    exact: NDArray[np.float64] = logits.astype(np.float64)

    def loss(log_temperature: float) -> float:
        return cross_entropy.value(exact / np.exp(log_temperature), targets)

    bounds = (float(np.log(_COLDEST)), float(np.log(_HOTTEST)))
    return float(np.exp(minimize_scalar(loss, bounds=bounds, method="bounded").x))


def divide_logits(network: MLP, temperature: float) -> None:
    """Changes the last layer so that the network's logits are those of before over T."""
    last = network.dense_layers[-1]
    for parameter in (last.weights, last.bias):
        parameter.value /= temperature
