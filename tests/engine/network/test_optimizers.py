"""Each optimiser does what its paper says, in place."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from handwrite_gui.engine.network import OPTIMIZERS, Parameter
from handwrite_gui.engine.network.optimizers import PIECE_SIZE

RATE = 0.05
DECAY = 0.1
Step = Callable[[np.ndarray, np.ndarray], np.ndarray]


def reference(name: str, decay: float) -> Step:
    """The update w, g → w, written for reading, with state of its own."""
    state = {"t": 0, "v": 0.0, "m": 0.0}

    def sgd(w: np.ndarray, g: np.ndarray) -> np.ndarray:
        return w - RATE * (g + decay * w)

    def momentum(w: np.ndarray, g: np.ndarray) -> np.ndarray:
        state["v"] = 0.9 * state["v"] + g + decay * w
        return w - RATE * state["v"]

    def nesterov(w: np.ndarray, g: np.ndarray) -> np.ndarray:
        g = g + decay * w
        state["v"] = 0.9 * state["v"] + g
        return w - RATE * (g + 0.9 * state["v"])

    def adam_step(w: np.ndarray, g: np.ndarray) -> np.ndarray:
        state["t"] += 1
        state["m"] = 0.9 * state["m"] + 0.1 * g
        state["v"] = 0.999 * state["v"] + 0.001 * g**2
        m_hat = state["m"] / (1 - 0.9 ** state["t"])
        v_hat = state["v"] / (1 - 0.999 ** state["t"])
        return RATE * m_hat / (np.sqrt(v_hat) + 1e-8)

    def adam(w: np.ndarray, g: np.ndarray) -> np.ndarray:
        return w - adam_step(w, g + decay * w)

    def adamw(w: np.ndarray, g: np.ndarray) -> np.ndarray:
        return w - RATE * decay * w - adam_step(w, g)

    return {"sgd": sgd, "momentum": momentum, "nesterov": nesterov, "adam": adam, "adamw": adamw}[
        name
    ]


def make(shape: tuple[int, ...], seed: int = 0, decays: bool = True) -> Parameter:
    value = np.random.default_rng(seed).normal(size=shape)
    return Parameter(f"p{seed}", value, decays=decays)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("decay", [0.0, DECAY])
# More than two pieces, so that the seams between them are covered as well.
@pytest.mark.parametrize("shape", [(3, 4), (2 * PIECE_SIZE + 5,)])
def test_follows_its_formula(name: str, decay: float, shape: tuple[int, ...]) -> None:
    parameter = make(shape)
    expected = parameter.value.copy()
    optimizer = OPTIMIZERS[name]([parameter], weight_decay=decay)
    step = reference(name, decay)
    rng = np.random.default_rng(1)
    for _ in range(6):
        gradient = rng.normal(size=shape)
        expected = step(expected, gradient)
        parameter.gradient[...] = gradient
        optimizer.step(RATE)
        np.testing.assert_allclose(parameter.value, expected, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_tiny_gradients_feel_the_epsilon_of_adam_alike(name: str) -> None:
    # √v̂ is as small as ε here: a misplaced ε would show.
    parameter = make((4,))
    expected = parameter.value.copy()
    optimizer = OPTIMIZERS[name]([parameter])
    step = reference(name, 0.0)
    for scale in (1e-8, 2e-8, -3e-8):
        gradient = np.full(4, scale)
        expected = step(expected, gradient)
        parameter.gradient[...] = gradient
        optimizer.step(RATE)
        np.testing.assert_allclose(parameter.value, expected, rtol=1e-12)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weight_decay_spares_parameters_that_do_not_decay(name: str) -> None:
    weights, bias = make((4,), 0), make((4,), 1, decays=False)
    before = bias.value.copy()
    OPTIMIZERS[name]([weights, bias], weight_decay=DECAY).step(RATE)
    np.testing.assert_array_equal(bias.value, before)
    assert not np.array_equal(weights.value, make((4,), 0).value)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_works_in_place_in_float32(name: str) -> None:
    parameter = Parameter("p", np.ones((3, 3), np.float32))
    value = parameter.value
    parameter.gradient[...] = 1
    OPTIMIZERS[name]([parameter]).step(RATE)
    assert parameter.value is value
    assert value.dtype == np.float32
    assert (value < 1).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_rate_may_change_at_every_step(name: str) -> None:
    parameter = make((3,))
    optimizer = OPTIMIZERS[name]([parameter])
    parameter.gradient[...] = 1
    before = parameter.value.copy()
    optimizer.step(0.0)
    np.testing.assert_array_equal(parameter.value, before)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_continues_exactly_from_its_state(name: str) -> None:
    rng = np.random.default_rng(2)
    gradients = rng.normal(size=(7, 5))

    def run(optimizer, parameter: Parameter, rows: np.ndarray) -> None:
        for gradient in rows:
            parameter.gradient[...] = gradient
            optimizer.step(RATE)

    straight = make((5,))
    run(OPTIMIZERS[name]([straight], weight_decay=DECAY), straight, gradients)

    first = make((5,))
    before = OPTIMIZERS[name]([first], weight_decay=DECAY)
    run(before, first, gradients[:3])
    second = Parameter("p0", first.value.copy())
    after = OPTIMIZERS[name]([second], weight_decay=DECAY)
    after.load_state_dict(before.state_dict())
    run(after, second, gradients[3:])
    np.testing.assert_array_equal(second.value, straight.value)


def test_the_state_given_out_is_a_copy() -> None:
    parameter = make((2,))
    optimizer = OPTIMIZERS["adam"]([parameter])
    state = optimizer.state_dict()
    parameter.gradient[...] = 1
    optimizer.step(RATE)
    assert not any(array.any() for array in state.values())


def test_the_state_of_another_optimiser_is_refused() -> None:
    sgd = OPTIMIZERS["sgd"]([make((2,))])
    adam = OPTIMIZERS["adam"]([make((2,))])
    with pytest.raises(ValueError, match="not the state"):
        adam.load_state_dict(sgd.state_dict())
    wider = OPTIMIZERS["adam"]([make((3,))])
    with pytest.raises(ValueError, match="shape"):
        adam.load_state_dict(wider.state_dict())


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_finds_the_bottom_of_a_bowl(name: str) -> None:
    parameter = Parameter("p", np.array([3.0, -2.0]))
    optimizer = OPTIMIZERS[name]([parameter])
    for step in range(400):
        parameter.gradient[...] = 2 * parameter.value
        optimizer.step(RATE * (1 + math.cos(math.pi * step / 400)))
    np.testing.assert_allclose(parameter.value, 0, atol=1e-2)
