"""Making confidences mean what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from handwrite_gui.engine.evaluation.metrics import accuracy
from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.network.mlp import MLP

_COLDEST, _HOTTEST = 0.05, 20.0


def fit_temperature(logits: FloatArray, targets: IntArray) -> float:
    """The T for which the mean confidence of softmax(logits / T) is the share read right.

    One number cannot overfit, and it changes no reading (temperature scaling, Guo et al. 2017).
    They choose the T of the least negative log-likelihood.  That one weighs how probable wrong
    labels were held, and where labels are wrong or shapes the same it leaves the confidence in
    the best guess, which is what people are shown, too high.

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
    exact: NDArray[np.float64] = logits.astype(np.float64)
    right = accuracy(targets, exact.argmax(axis=1))

    def excess(log_temperature: float) -> float:
        """How much too sure; falls as the temperature rises."""
        return float(softmax(exact / np.exp(log_temperature)).max(axis=1).mean()) - right

    if excess(np.log(_COLDEST)) <= 0:
        return _COLDEST
    if excess(np.log(_HOTTEST)) >= 0:
        return _HOTTEST
    return float(np.exp(brentq(excess, np.log(_COLDEST), np.log(_HOTTEST), xtol=1e-4)))


def divide_logits(network: MLP, temperature: float) -> None:
    """Changes the last layer so that the network's logits are those of before over T."""
    last = network.dense_layers[-1]
    for parameter in (last.weights, last.bias):
        parameter.value /= temperature
