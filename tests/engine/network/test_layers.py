"""Each layer by itself: its function, its gradient, its training and inference modes."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.evaluation.gradient_check import central_difference
from handwrite_gui.engine.network import ACTIVATIONS, Parameter
from handwrite_gui.engine.network.layers import ActivationLayer, Dense, Dropout, Layer


def dense(n_in: int, n_out: int) -> Dense:
    rng = np.random.default_rng(0)
    return Dense(
        Parameter("weights", rng.normal(size=(n_in, n_out))),
        Parameter("bias", rng.normal(size=n_out), decays=False),
    )


LAYERS = {
    "dense": lambda: dense(4, 3),
    "dropout": lambda: Dropout(0.4, 4, np.float64),
    **{
        name: lambda a=activation: ActivationLayer(a, 4, np.float64)
        for name, activation in ACTIVATIONS.items()
    },
}


@pytest.mark.parametrize("name", LAYERS)
def test_gradients_agree_with_central_differences(name: str) -> None:
    layer: Layer = LAYERS[name]()
    rng = np.random.default_rng(1)
    x = rng.normal(size=(5, 4))
    x[np.abs(x) < 1e-2] = 0.5  # away from kinks

    def output() -> np.ndarray:
        return layer.forward(x.copy(), True, np.random.default_rng(7))

    weight = rng.normal(size=output().shape)  # L = Σ weight · output
    x_gradient = layer.backward(weight.copy())
    assert x_gradient is not None
    pairs = [(x, x_gradient.copy())] + [(p.value, p.gradient.copy()) for p in layer.parameters]
    for array, gradient in pairs:
        for index in np.ndindex(array.shape):
            numeric = central_difference(
                array, index, 1e-6, lambda: float((weight * output()).sum())
            )
            assert gradient[index] == pytest.approx(numeric, abs=1e-7)


def test_dense_is_an_affine_map() -> None:
    layer = dense(4, 3)
    x = np.random.default_rng(2).normal(size=(6, 4))
    expected = x @ layer.weights.value + layer.bias.value
    np.testing.assert_allclose(layer.forward(x, False, None), expected)
    np.testing.assert_allclose(layer.infer(x), expected)


def test_dense_skips_the_input_gradient_when_not_needed() -> None:
    layer = dense(4, 3)
    x = np.ones((2, 4))
    g = np.ones((2, 3))
    layer.forward(x, True, None)
    assert layer.backward(g, input_gradient=False) is None
    np.testing.assert_allclose(layer.weights.gradient, 2)


@pytest.mark.parametrize("name", ["dense", "relu"])
def test_backward_without_forward_is_an_error(name: str) -> None:
    with pytest.raises(RuntimeError, match="forward"):
        LAYERS[name]().backward(np.ones((2, 3)))


def test_a_smaller_batch_reuses_the_buffer_of_a_larger_one() -> None:
    layer = dense(4, 3)
    large = layer.forward(np.ones((8, 4)), True, None)
    small = layer.forward(np.ones((5, 4)), True, None)
    assert np.shares_memory(large, small)
    assert small.shape == (5, 3)


def test_dropout_keeps_the_mean_and_drops_the_share_asked_for() -> None:
    layer = Dropout(0.3, 500, np.float32)
    x = np.ones((400, 500), np.float32)
    y = layer.forward(x, True, np.random.default_rng(0))
    assert (y == 0).mean() == pytest.approx(0.3, abs=0.005)
    assert y.mean() == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(y[y > 0], 1 / 0.7, rtol=1e-4)
    # Neighbours are independent: 16-bit pieces of one random word share nothing.
    dropped = y == 0
    assert (dropped[:, 1:] & dropped[:, :-1]).mean() == pytest.approx(0.09, abs=0.005)


def test_dropout_does_nothing_outside_training() -> None:
    layer = Dropout(0.3, 5, np.float32)
    x = np.ones((2, 5), np.float32)
    assert layer.forward(x, False, None) is x
    assert layer.infer(x) is x
    gradient = np.ones((2, 5), np.float32)
    np.testing.assert_array_equal(layer.backward(gradient), np.ones((2, 5)))


def test_dropout_depends_on_the_generator_alone() -> None:
    x = np.ones((7, 13), np.float32)  # 91 values: not a multiple of the four in a word
    first = Dropout(0.5, 13, np.float32).forward(x, True, np.random.default_rng(3))
    second = Dropout(0.5, 13, np.float32).forward(x, True, np.random.default_rng(3))
    other = Dropout(0.5, 13, np.float32).forward(x, True, np.random.default_rng(4))
    np.testing.assert_array_equal(first, second)
    assert (first != other).any()


def test_dropout_in_training_needs_a_generator() -> None:
    with pytest.raises(ValueError, match="random generator"):
        Dropout(0.5, 3, np.float32).forward(np.ones((1, 3), np.float32), True, None)


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_a_dropout_rate_out_of_range_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="dropout"):
        Dropout(rate, 3, np.float32)
