"""Back-propagation against central differences."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.network.mlp import MLP


class Loss(Protocol):
    """A loss with its gradient."""

    def value(self, logits: FloatArray, targets: IntArray | FloatArray) -> float: ...

    def value_and_gradient(
        self, logits: FloatArray, targets: IntArray | FloatArray
    ) -> tuple[float, FloatArray]: ...


def gradient_check(
    network: MLP,
    inputs: FloatArray,
    targets: IntArray | FloatArray,
    loss: Loss,
    *,
    step: float = 1e-5,
    dropout_seed: int | None = None,
) -> dict[str, float]:
    """Compares every gradient with (L(w + h) − L(w − h)) / 2h.

    Args:
        network: of dtype float64; float32 rounds away the differences.  Left as it was.
        inputs: float64 ``(B, n_in)``.
        targets: class indices ``(B,)`` or distributions ``(B, K)``.
        step: h.
        dropout_seed: runs the network as in training, with the same dropout mask every time;
            by default without dropout.

    Returns:
        For every parameter, and for the inputs under ``"inputs"``, the largest absolute
        difference relative to the largest gradient in that array (or to 10⁻³ if all are
        smaller).  Below 10⁻⁶ means that the derivation is right; a wrong factor shows as 10⁻¹.

    Raises:
        ValueError: the network is not of dtype float64.
    """
    if network.dtype != np.float64:
        raise ValueError(f"the network has dtype {network.dtype}; gradients need float64")

    def forward() -> FloatArray:
        rng = None if dropout_seed is None else np.random.default_rng(dropout_seed)
        return network.forward(inputs, training=rng is not None, rng=rng)

    _, logits_gradient = loss.value_and_gradient(forward(), targets)
    input_gradient = network.backward(logits_gradient, input_gradient=True)
    assert input_gradient is not None
    inputs = inputs.copy()
    pairs = {p.name: (p.value, p.gradient.copy()) for p in network.parameters}
    pairs["inputs"] = (inputs, input_gradient.copy())

    errors: dict[str, float] = {}
    for name, (value, gradient) in pairs.items():
        numeric = np.empty_like(gradient)
        for index in np.ndindex(value.shape):
            kept = value[index]
            value[index] = kept + step
            above = loss.value(forward(), targets)
            value[index] = kept - step
            below = loss.value(forward(), targets)
            value[index] = kept
            numeric[index] = (above - below) / (2 * step)
        scale = max(float(np.abs(gradient).max()), float(np.abs(numeric).max()), 1e-3)
        errors[name] = float(np.abs(gradient - numeric).max()) / scale
    return errors
