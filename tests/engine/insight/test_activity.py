"""What the layers of a network do on a few samples."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.insight.activity import (
    GRADIENT_BINS,
    INPUT_BINS,
    OUTPUT_BINS,
    layer_activity,
    output_range,
    slope,
    steepest,
)
from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.mlp import MLP

RNG = np.random.default_rng(1)
INPUTS = RNG.integers(0, 256, (50, 64)).astype(np.uint8)
TARGETS = RNG.integers(0, 3, 50)


def network(activation: str, initializer: str = "xavier", hidden: int = 1) -> MLP:
    sizes = [64, *[20] * hidden, 3]
    return MLP(sizes, activation=activation, initializer=initializer, rng=np.random.default_rng(0))


@given(st.sampled_from(sorted(ACTIVATIONS)), st.floats(-6, 6).filter(lambda z: abs(z) > 1e-3))
def test_the_slope_is_the_derivative(name: str, z: float) -> None:
    f = ACTIVATIONS[name]
    points = np.array([z - 1e-6, z + 1e-6])
    low, high = f.forward(points, np.empty(2))
    assert slope(f, np.array([z]))[0] == pytest.approx((high - low) / 2e-6, abs=1e-4)


def test_the_steepest_slopes_are_the_known_ones() -> None:
    known = {"sigmoid": 0.25, "tanh": 1.0, "relu": 1.0, "identity": 1.0}
    for name, value in known.items():
        assert steepest(ACTIVATIONS[name]) == pytest.approx(value)


def test_outputs_are_counted_between_whole_numbers_that_hold_them() -> None:
    known = {"sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, 8), "identity": (-8, 8)}
    for name, limits in known.items():
        assert output_range(ACTIVATIONS[name]) == limits
        hidden, output = layer_activity(network(name), INPUTS, TARGETS)
        assert hidden.output_range == limits
        assert output.output_range == (0, 1), "the probabilities of the classes"
        for layer in (hidden, output):
            assert layer.outputs.shape == (OUTPUT_BINS,)
            assert layer.outputs.sum() == 50 * layer.units


def test_the_outputs_of_a_rectifier_are_its_inputs_above_zero() -> None:
    net = network("relu")
    hidden, output = layer_activity(net, INPUTS, TARGETS)
    above = hidden.inputs[INPUT_BINS // 2 :]
    # Twice the bins for half the range; what is below zero is in the first.
    pairs = hidden.outputs.reshape(-1, 2).sum(axis=1)
    np.testing.assert_array_equal(pairs[1:], above[1:])
    assert pairs[0] == above[0] + hidden.inputs[: INPUT_BINS // 2].sum()
    certain = net.probabilities(INPUTS)
    expected, _ = np.histogram(certain, OUTPUT_BINS, (0, 1))
    np.testing.assert_array_equal(output.outputs, expected)


def test_every_input_and_every_gradient_is_counted() -> None:
    hidden, output = layer_activity(network("tanh"), INPUTS, TARGETS)
    assert (hidden.units, output.units) == (20, 3)
    for layer in (hidden, output):
        assert layer.inputs.shape == (INPUT_BINS,)
        assert layer.inputs.sum() == 50 * layer.units
        assert layer.gradients.shape == (GRADIENT_BINS,)
        zeros = round(layer.no_gradient * 50 * layer.units)
        assert layer.gradients.sum() + zeros == 50 * layer.units


def test_the_gradient_is_that_of_one_samples_loss() -> None:
    net = network("tanh")
    _, output = layer_activity(net, INPUTS, TARGETS)
    logits = net.predict_logits(INPUTS)
    _, expected = SoftmaxCrossEntropy().value_and_gradient(logits, TARGETS)
    assert output.gradient_size == pytest.approx(
        float(np.sqrt(np.mean((expected * 50) ** 2))), rel=1e-4
    )


def test_a_rectifier_that_never_fires_is_dead() -> None:
    net = network("relu")
    net.dense_layers[0].bias.value[:] = 0.0
    net.dense_layers[0].bias.value[:5] = -100.0
    hidden, output = layer_activity(net, INPUTS, TARGETS)
    assert hidden.dead is not None
    assert hidden.dead >= 5
    assert hidden.saturated is not None
    assert hidden.saturated >= 5 / 20
    assert output.dead is output.saturated is None


def test_sigmoids_with_large_inputs_are_saturated() -> None:
    net = network("sigmoid")
    calm, _ = layer_activity(net, INPUTS, TARGETS)
    net.dense_layers[0].weights.value *= 100
    wild, _ = layer_activity(net, INPUTS, TARGETS)
    assert calm.saturated is not None
    assert wild.saturated is not None
    assert calm.saturated < 0.05 < 0.9 < wild.saturated


def test_gradients_of_sigmoids_vanish_towards_the_first_layer() -> None:
    layers = layer_activity(network("sigmoid", hidden=5), INPUTS, TARGETS)
    sizes = [layer.gradient_size for layer in layers]
    assert sizes == sorted(sizes)
    assert sizes[0] < sizes[-1] / 1000


def test_a_network_with_normalisation_and_features_is_looked_at_too() -> None:
    net = MLP([1024, 12, 3], features="directions", normalization="batch")
    inputs = RNG.integers(0, 256, (20, 1024)).astype(np.uint8)
    hidden, output = layer_activity(net, inputs, TARGETS[:20])
    assert hidden.inputs.sum() == 20 * 12
    assert output.gradient_size > 0


def test_a_network_that_diverged_is_looked_at_without_an_error() -> None:
    net = network("relu")
    net.dense_layers[0].weights.value[:] = np.inf
    assert len(layer_activity(net, INPUTS, TARGETS)) == 2
