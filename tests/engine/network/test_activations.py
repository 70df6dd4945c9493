"""Each activation is the function it is named after, and its derivative is its own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from handwrite_gui.engine.network import ACTIVATIONS

DEFINITIONS = {
    "identity": lambda x: x,
    "sigmoid": lambda x: 1 / (1 + math.exp(-x)),
    "tanh": math.tanh,
    "relu": lambda x: max(x, 0.0),
    "leaky_relu": lambda x: x if x > 0 else 0.01 * x,
    "gelu": lambda x: x / 2 * (1 + math.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
}
moderate = st.floats(-30, 30)
vectors = hnp.arrays(np.float64, st.integers(1, 20), elements=moderate)


def apply(name: str, z: np.ndarray) -> np.ndarray:
    return ACTIVATIONS[name].forward(z, out=np.empty_like(z))


def test_every_activation_has_a_definition_here() -> None:
    assert set(ACTIVATIONS) == set(DEFINITIONS)


@pytest.mark.parametrize("name", DEFINITIONS)
@given(z=vectors)
def test_follows_its_definition(name: str, z: np.ndarray) -> None:
    expected = [DEFINITIONS[name](x) for x in z]
    np.testing.assert_allclose(apply(name, z), expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", DEFINITIONS)
@given(z=vectors, upstream=st.floats(-3, 3))
def test_derivative_agrees_with_central_differences(
    name: str, z: np.ndarray, upstream: float
) -> None:
    h = 1e-6
    z = np.where(np.abs(z) < 1e-3, 1e-3, z)  # away from the kink of the ReLUs
    numeric = upstream * (apply(name, z + h) - apply(name, z - h)) / (2 * h)
    gradient = np.full_like(z, upstream)
    ACTIVATIONS[name].multiply_derivative(z.copy(), apply(name, z), gradient)
    np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", ["relu", "leaky_relu"])
def test_the_derivative_at_the_kink_is_the_one_from_the_left(name: str) -> None:
    z = np.zeros(1)
    gradient = np.ones(1)
    ACTIVATIONS[name].multiply_derivative(z.copy(), apply(name, z), gradient)
    assert gradient[0] == pytest.approx(0.0 if name == "relu" else 0.01)


@given(z=vectors)
def test_tanh_is_a_stretched_sigmoid(z: np.ndarray) -> None:
    np.testing.assert_allclose(apply("tanh", z), 2 * apply("sigmoid", 2 * z) - 1, atol=1e-12)


@given(z=st.floats(-6, 6))
def test_gelu_stays_near_the_exact_one(z: float) -> None:
    exact = z * (1 + math.erf(z / math.sqrt(2))) / 2
    assert apply("gelu", np.array([z]))[0] == pytest.approx(exact, abs=5e-4)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_huge_inputs_neither_overflow_nor_become_nan(name: str) -> None:
    z = np.array([-1e4, -200, 200, 1e4], np.float32)
    gradient = np.ones_like(z)
    a = apply(name, z)
    assert np.isfinite(a).all()
    ACTIVATIONS[name].multiply_derivative(z, a, gradient)
    assert np.isfinite(gradient).all()


@pytest.mark.parametrize("name", DEFINITIONS)
def test_works_in_the_given_buffer_and_precision(name: str) -> None:
    z = np.linspace(-1, 1, 5, dtype=np.float32)
    out = np.empty_like(z)
    assert ACTIVATIONS[name].forward(z, out=out) is out
    assert out.dtype == np.float32
