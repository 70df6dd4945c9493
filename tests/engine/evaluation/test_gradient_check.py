"""The gradient check finds wrong gradients; that right ones pass is tested with the network."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.evaluation import check_layers, gradient_check
from handwrite_gui.engine.network import MLP, SoftmaxCrossEntropy
from handwrite_gui.engine.network.activations import ACTIVATIONS


def network() -> MLP:
    return MLP([4, 5, 3], activation="tanh", initializer="xavier", dtype=np.float64)


X = np.random.default_rng(0).normal(size=(6, 4))
TARGETS = np.array([0, 1, 2, 0, 1, 2])


def test_a_gradient_with_a_wrong_factor_is_found_where_it_is() -> None:
    wrong = network()
    dense = wrong.dense_layers[0]
    backward = dense.backward

    def doubled_bias(gradient: np.ndarray, input_gradient: bool = True) -> np.ndarray | None:
        result = backward(gradient, input_gradient)
        dense.bias.gradient *= 1.01
        return result

    dense.backward = doubled_bias
    errors = gradient_check(wrong, X, TARGETS, SoftmaxCrossEntropy())
    assert errors.pop("bias_0") == pytest.approx(0.01, rel=0.05)
    assert max(errors.values()) < 1e-6


def test_the_network_and_the_inputs_stay_as_they_were() -> None:
    checked = network()
    before, x = checked.copy_weights(), X.copy()
    gradient_check(checked, x, TARGETS, SoftmaxCrossEntropy())
    np.testing.assert_array_equal(x, X)
    for array, parameter in zip(before, checked.parameters, strict=True):
        np.testing.assert_array_equal(array, parameter.value)


def test_float32_is_refused() -> None:
    with pytest.raises(ValueError, match="float64"):
        gradient_check(MLP([4, 3]), X, TARGETS, SoftmaxCrossEntropy())


# Some weights of every layer


def scaled(network: MLP, layer: int, array: str, factor: float) -> MLP:
    """A network whose back-propagation is wrong by a factor in one array."""
    dense = network.dense_layers[layer]
    backward = dense.backward

    def wrong(gradient: np.ndarray, input_gradient: bool = True) -> np.ndarray | None:
        result = backward(gradient, input_gradient)
        getattr(dense, array).gradient *= factor
        return result

    dense.backward = wrong
    return network


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
@pytest.mark.parametrize("normalization", ["none", "batch"])
def test_every_layer_passes_with_every_activation(activation: str, normalization: str) -> None:
    checked = MLP(
        [4, 9, 7, 3],
        activation=activation,
        normalization=normalization,
        initializer="xavier",
        dropout=0.2,
        dtype=np.float64,
    )
    checks = check_layers(checked, X, TARGETS, SoftmaxCrossEntropy(0.1), samples=12)
    assert [check.layer for check in checks] == [0, 1, 2]
    assert all(check.is_right for check in checks), checks


@pytest.mark.parametrize("layer", [0, 1])
@pytest.mark.parametrize("array", ["weights", "bias"])
def test_a_wrong_factor_is_found_in_its_layer_and_in_no_other(layer: int, array: str) -> None:
    wrong = scaled(network(), layer, array, 1.01)
    checks = check_layers(wrong, X, TARGETS, SoftmaxCrossEntropy(), samples=3)
    assert [check.is_right for check in checks] == [number != layer for number in (0, 1)]
    assert checks[layer].worst == f"{array}_{layer}"
    # Among what is tried is the weight with the largest gradient, so the factor shows in full.
    assert checks[layer].error == pytest.approx(0.01, rel=0.05)


def test_a_layer_tells_how_many_of_its_weights_were_tried() -> None:
    checks = check_layers(network(), X, TARGETS, SoftmaxCrossEntropy(), samples=4)
    # 4 × 5 weights and 5 biases, 5 × 3 weights and 3 biases, of which there are no 4.
    assert [(c.checked, c.parameters) for c in checks] == [(8, 25), (7, 18)]


def test_the_same_seed_tries_the_same_weights() -> None:
    loss = SoftmaxCrossEntropy()
    first, again = (check_layers(network(), X, TARGETS, loss, samples=4) for _ in range(2))
    assert first == again


def test_a_check_leaves_weights_and_running_statistics_as_they_were() -> None:
    checked = MLP([4, 5, 3], normalization="batch", dtype=np.float64)
    before = checked.copy_weights()
    check_layers(checked, X, TARGETS, SoftmaxCrossEntropy(), samples=3)
    for array, parameter in zip(before, checked.state, strict=True):
        np.testing.assert_array_equal(array, parameter.value)


def test_a_kink_within_the_step_is_no_mistake_of_the_gradient() -> None:
    # Both biases put every input of the units a hair above the kink of ReLU.
    kinked = MLP([2, 2, 2], activation="relu", initializer="xavier", dtype=np.float64)
    x = np.array([[1.0, 0.0]])
    dense = kinked.dense_layers[0]
    dense.bias.value[:] = 3e-6 - x[0] @ dense.weights.value
    (first, _) = check_layers(kinked, x, np.array([0]), SoftmaxCrossEntropy(), samples=10)
    assert first.is_right
    errors = gradient_check(kinked, x, np.array([0]), SoftmaxCrossEntropy())
    assert errors["bias_0"] > 0.1  # what the same step gives where it is not made smaller


def test_a_check_reports_its_progress_and_can_be_cancelled() -> None:
    seen: list[float] = []
    check_layers(
        network(),
        X,
        TARGETS,
        SoftmaxCrossEntropy(),
        samples=4,
        on_progress=lambda fraction, text: seen.append(fraction),
    )
    assert seen == sorted(seen) and seen[-1] == 1.0
    with pytest.raises(Cancelled):
        check_layers(network(), X, TARGETS, SoftmaxCrossEntropy(), should_stop=lambda: True)
