"""The gradient check finds wrong gradients; that right ones pass is tested with the network."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.evaluation import gradient_check
from handwrite_gui.engine.network import MLP, SoftmaxCrossEntropy


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
