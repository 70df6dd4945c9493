"""Back-propagation against central differences.

    ∂L/∂w ≈ (L(w + h) − L(w − h)) / 2h

with an error of the order h² from the third derivative and ε/h from rounding, which is why it needs
float64: there h = 10⁻⁵ leaves ten digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.network.arrays import FloatArray, IntArray, Parameter
from handwrite_gui.engine.network.mlp import MLP

TOLERANCE = 1e-6
"""Relative errors below this mean that the derivation is right; a wrong factor shows as 10⁻¹."""

_SMALLEST_SCALE = 1e-3
"""Errors are relative to at least this much: where gradients vanish, only rounding is left."""

_FINER = (0.1, 0.01)
"""Where a difference is off, a kink of ReLU may lie within h: it is tried with smaller steps."""


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
    _check_dtype(network)
    inputs = inputs.copy()

    def forward() -> FloatArray:
        rng = None if dropout_seed is None else np.random.default_rng(dropout_seed)
        return network.forward(inputs, training=rng is not None, rng=rng)

    def value() -> float:
        return loss.value(forward(), targets)

    _, logits_gradient = loss.value_and_gradient(forward(), targets)
    input_gradient = network.backward(logits_gradient, input_gradient=True)
    assert input_gradient is not None
    pairs = {p.name: (p.value, p.gradient.copy()) for p in network.parameters}
    pairs["inputs"] = (inputs, input_gradient.copy())

    errors: dict[str, float] = {}
    for name, (array, gradient) in pairs.items():
        numeric = np.empty_like(gradient)
        for index in np.ndindex(array.shape):
            numeric[index] = central_difference(array, index, step, value)
        scale = max(float(np.abs(gradient).max()), float(np.abs(numeric).max()), _SMALLEST_SCALE)
        errors[name] = float(np.abs(gradient - numeric).max()) / scale
    return errors


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """What a check of some weights of one dense layer gave.

    Attributes:
        layer: counted from 0; the last one gives the logits.
        error: the largest absolute difference, relative to the largest gradient in the same array
            (or to 10⁻³ if all are smaller).
        worst: the name of the array in which it was.
        largest_gradient: the largest |∂L/∂w| of all its weights and biases.
        checked: weights, biases and parameters of normalisation that were tried.
        parameters: how many of them the layer has.
    """

    layer: int
    error: float
    worst: str
    largest_gradient: float
    checked: int
    parameters: int

    @property
    def is_right(self) -> bool:
        """Whether back-propagation gave what the differences say."""
        return self.error < TOLERANCE


def check_layers(
    network: MLP,
    inputs: FloatArray,
    targets: IntArray | FloatArray,
    loss: Loss,
    *,
    samples: int = 50,
    seed: int = 0,
    step: float = 1e-5,
    on_progress: Callable[[float, str], object] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> list[LayerCheck]:
    """Compares the gradients of some weights of every layer with central differences.

    The network runs as in training: with dropout, the same units silenced every time, and with the
    batch's own mean and variance where it normalises.

    Args:
        network: of dtype float64.  Its weights are left as they were.
        inputs: float64 ``(B, n_in)``.
        targets: class indices ``(B,)`` or distributions ``(B, K)``.
        samples: how many entries of every array of a layer are tried: the one with the largest
            gradient, and others drawn at random.
        seed: of what is drawn, and of dropout.
        step: h.

    Returns:
        one result for each dense layer, from the first to the last.

    Raises:
        ValueError: the network is not of dtype float64.
        Cancelled: ``should_stop`` became true.
    """
    _check_dtype(network)
    features = network.features_of(inputs)

    def forward() -> FloatArray:
        return network.forward_features(features, training=True, rng=np.random.default_rng(seed))

    def value() -> float:
        return loss.value(forward(), targets)

    with _statistics_kept(network):
        _, logits_gradient = loss.value_and_gradient(forward(), targets)
        network.backward(logits_gradient)
        gradients = {p.name: p.gradient.copy() for p in network.parameters}
        rng = np.random.default_rng(seed)
        plans = [
            (parameter, _chosen(gradients[parameter.name], samples, rng))
            for parameter in network.parameters
        ]
        total, done = sum(len(entries) for _, entries in plans), 0
        checks: dict[int, LayerCheck] = {}
        for parameter, entries in plans:
            gradient = gradients[parameter.name]
            differences = []
            for entry in entries:
                if should_stop is not None and should_stop():
                    raise Cancelled
                index = np.unravel_index(entry, gradient.shape)
                differences.append(_least_error(parameter.value, gradient, index, step, value))
                done += 1
                if on_progress is not None:
                    on_progress(done / total, f"Weights tried: {done:,} of {total:,}")
            _enter(checks, parameter, gradient, differences)
    return [checks[layer] for layer in sorted(checks)]


def _enter(
    checks: dict[int, LayerCheck],
    parameter: Parameter,
    gradient: FloatArray,
    differences: list[float],
) -> None:
    """Adds the result of one array to that of its layer."""
    layer = int(parameter.name.rpartition("_")[2])
    largest = float(np.abs(gradient).max())
    found = LayerCheck(
        layer,
        max(differences),
        parameter.name,
        largest,
        len(differences),
        gradient.size,
    )
    before = checks.get(layer)
    if before is not None:
        worst = max(before, found, key=lambda check: check.error)
        found = LayerCheck(
            layer,
            worst.error,
            worst.worst,
            max(before.largest_gradient, largest),
            before.checked + found.checked,
            before.parameters + found.parameters,
        )
    checks[layer] = found


def _chosen(gradient: FloatArray, samples: int, rng: np.random.Generator) -> list[int]:
    """Flat indices without repetition; that of the largest gradient is among them."""
    largest = int(np.abs(gradient).argmax())
    drawn = rng.choice(gradient.size, min(samples, gradient.size), replace=False).tolist()
    return [largest, *(entry for entry in drawn if entry != largest)][:samples]


def _least_error(
    array: FloatArray,
    gradient: FloatArray,
    index: tuple[np.intp, ...],
    step: float,
    value: Callable[[], float],
) -> float:
    """|∂L/∂w − difference| of one weight, relative to the largest gradient in its array."""
    expected = float(gradient[index])
    largest = float(np.abs(gradient).max())
    error = np.inf
    for factor in (1.0, *_FINER):
        numeric = central_difference(array, index, step * factor, value)
        scale = max(largest, abs(numeric), _SMALLEST_SCALE)
        error = min(error, abs(expected - numeric) / scale)
        if error < TOLERANCE:
            break
    return float(error)


def central_difference(
    array: FloatArray,
    index: tuple[int, ...] | tuple[np.intp, ...],
    step: float,
    value: Callable[[], float],
) -> float:
    """(L(w + h) − L(w − h)) / 2h for one entry of an array, which is left as it was."""
    kept = array[index]
    array[index] = kept + step
    above = value()
    array[index] = kept - step
    below = value()
    array[index] = kept
    return (above - below) / (2 * step)


@contextmanager
def _statistics_kept(network: MLP) -> Iterator[None]:
    """Leaves the running statistics of normalisation, which every forward pass moves, as found."""
    kept = network.copy_weights()
    try:
        yield
    finally:
        network.set_weights(kept)


def _check_dtype(network: MLP) -> None:
    if network.dtype != np.float64:
        raise ValueError(f"the network has dtype {network.dtype}; gradients need float64")
