"""First weights: their distribution, and what it does to signals in a deep net."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handwrite_gui.engine.network import INITIALIZERS, MLP
from handwrite_gui.engine.network.layers import Dense


def draw(name: str, n_in: int, n_out: int, seed: int = 0) -> np.ndarray:
    return INITIALIZERS[name](n_in, n_out, np.random.default_rng(seed))


@pytest.mark.parametrize("name", INITIALIZERS)
def test_shape_precision_and_repeatability(name: str) -> None:
    weights = draw(name, 30, 20)
    assert weights.shape == (30, 20)
    assert weights.dtype == np.float32
    np.testing.assert_array_equal(weights, draw(name, 30, 20))


def test_zero_and_constant_hold_one_value() -> None:
    assert not draw("zero", 3, 4).any()
    assert set(draw("constant", 3, 4).ravel()) == {np.float32(0.01)}


def test_xavier_is_uniform_with_variance_two_by_fan_in_and_fan_out() -> None:
    n_in, n_out = 400, 200
    weights = draw("xavier", n_in, n_out)
    limit = math.sqrt(6 / (n_in + n_out))
    assert weights.var() == pytest.approx(2 / (n_in + n_out), rel=0.02)
    assert np.abs(weights).max() <= limit
    # Uniform: each quarter of the range holds a quarter of the weights.
    counts, _ = np.histogram(weights, bins=4, range=(-limit, limit))
    np.testing.assert_allclose(counts / weights.size, 0.25, atol=0.01)


def test_he_is_normal_with_variance_two_by_fan_in() -> None:
    weights = draw("he", 400, 200)
    assert weights.var() == pytest.approx(2 / 400, rel=0.02)
    standard = weights / weights.std()
    assert (standard**4).mean() == pytest.approx(3, abs=0.1)  # the kurtosis of a normal one


def test_uniform_does_not_depend_on_the_size_of_the_layer() -> None:
    for shape in ((10, 1000), (1000, 10)):
        weights = draw("uniform", *shape)
        assert np.abs(weights).max() <= 0.05
        assert weights.var() == pytest.approx(0.05**2 / 3, rel=0.05)


def test_biases_start_at_zero() -> None:
    network = MLP([5, 4, 3])
    assert not any(dense.bias.value.any() for dense in network.dense_layers)


def spreads(initializer: str, activation: str) -> tuple[list[float], list[float]]:
    """The variance at the output of each of ten layers: of signals, and of gradients."""
    width, depth = 256, 10
    rng = np.random.default_rng(1)
    network = MLP([width] * (depth + 1), activation=activation, initializer=initializer, rng=rng)
    x = rng.normal(0, 0.2, (512, width)).astype(np.float32)
    signals, gradients = [], []
    for layer in network.layers:
        x = layer.forward(x, True, None)
        if isinstance(layer, Dense):
            signals.append(float(x.var()))
    gradient = rng.normal(0, 1, x.shape).astype(np.float32)
    for layer in reversed(network.layers):
        if isinstance(layer, Dense):
            gradients.append(float(gradient.var()))
        result = layer.backward(gradient, True)
        assert result is not None
        gradient = result
    return signals, gradients


def unevenness(variances: list[float]) -> float:
    return max(variances) / min(variances)


@pytest.mark.parametrize("activation", ["identity", "tanh"])
def test_xavier_keeps_variances_through_ten_layers(activation: str) -> None:
    signals, gradients = spreads("xavier", activation)
    assert len(signals) == len(gradients) == 10
    assert unevenness(signals) < 2
    assert unevenness(gradients) < 2


def test_he_keeps_variances_through_ten_layers_of_relu() -> None:
    signals, gradients = spreads("he", "relu")
    assert unevenness(signals) < 3
    assert unevenness(gradients) < 3


def test_a_fixed_uniform_range_lets_signals_and_gradients_vanish() -> None:
    signals, gradients = spreads("uniform", "tanh")
    assert signals[-1] < 1e-5 * signals[0]
    assert gradients[-1] < 1e-5 * gradients[0]


def test_a_constant_makes_signals_and_gradients_explode() -> None:
    signals, gradients = spreads("constant", "identity")
    assert signals[-1] > 1e3 * signals[0]
    assert gradients[-1] > 1e3 * gradients[0]
