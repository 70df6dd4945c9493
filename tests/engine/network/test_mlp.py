"""The network as a whole, and the theory that must hold for it."""

from __future__ import annotations

import threading
import tracemalloc

import numpy as np
import pytest

from handwrite_gui.engine.network import ACTIVATIONS, MLP, OPTIMIZERS, SoftmaxCrossEntropy
from handwrite_gui.engine.network.optimizers import Optimizer


def train_step(
    network: MLP, optimizer: Optimizer, x: np.ndarray, targets: np.ndarray, rate: float = 0.1
) -> None:
    loss = SoftmaxCrossEntropy()
    _, gradient = loss.value_and_gradient(network.forward(x, training=True), targets)
    network.backward(gradient)
    optimizer.step(rate)


def sample(count: int, width: int, classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.random((count, width), np.float32), rng.integers(0, classes, count)


def test_a_deep_linear_net_is_one_linear_map() -> None:
    rng = np.random.default_rng(0)
    network = MLP(
        [7, 20, 3, 15, 4], activation="identity", initializer="xavier", rng=rng, dtype=np.float64
    )
    matrix, offset = np.eye(7), np.zeros(7)
    for dense in network.dense_layers:
        dense.bias.value[:] = rng.normal(size=dense.bias.value.shape)
        matrix = matrix @ dense.weights.value
        offset = offset @ dense.weights.value + dense.bias.value
    x = rng.normal(size=(50, 7))
    np.testing.assert_allclose(network.forward(x), x @ matrix + offset, atol=1e-12)
    # Three hidden units are its bottleneck: no more than three directions get through.
    assert np.linalg.matrix_rank(matrix) == 3


def hidden_units_differ_by(initializer: str, activation: str) -> tuple[float, float]:
    """After twenty steps: how far hidden units are apart, and how far they have moved."""
    network = MLP([12, 6, 5, 3], activation=activation, initializer=initializer)
    start = network.copy_weights()
    optimizer = OPTIMIZERS["momentum"](network.parameters)
    x, targets = sample(64, 12, 3)
    for _ in range(20):
        train_step(network, optimizer, x, targets)
    first, second = network.dense_layers[0].weights.value, network.dense_layers[1].weights.value
    spread = max(np.ptp(first, axis=1).max(), np.ptp(second, axis=0).max())
    moved = max(
        float(np.abs(p.value - s).max()) for p, s in zip(network.parameters, start, strict=True)
    )
    return float(spread), moved


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("initializer", ["zero", "constant"])
def test_equal_first_weights_keep_hidden_units_equal_for_ever(
    initializer: str, activation: str
) -> None:
    spread, moved = hidden_units_differ_by(initializer, activation)
    assert spread < 1e-5
    assert moved > 1e-2


def test_random_first_weights_break_the_symmetry() -> None:
    spread, _ = hidden_units_differ_by("xavier", "sigmoid")
    assert spread > 0.1


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_inference_equals_the_forward_pass_however_it_is_cut(activation: str) -> None:
    network = MLP([9, 8, 7, 4], activation=activation, dropout=0.5)
    x, _ = sample(25, 9, 4)
    expected = network.forward(x).copy()
    for size in (1, 7, 25, 1000):
        np.testing.assert_allclose(network.predict_logits(x, size), expected, atol=1e-6)
    probabilities = network.probabilities(x)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-5)
    np.testing.assert_array_equal(probabilities.argmax(1), expected.argmax(1))


def test_bytes_are_read_as_fractions() -> None:
    network = MLP([4, 3])
    raw = np.array([[0, 51, 204, 255]], np.uint8)
    np.testing.assert_allclose(
        network.predict_logits(raw), network.predict_logits(raw / np.float32(255)), rtol=1e-6
    )


def test_no_inputs_give_no_logits() -> None:
    assert MLP([4, 3]).predict_logits(np.empty((0, 4), np.float32)).shape == (0, 3)


@pytest.mark.parametrize("shape", [(4,), (2, 5), (2, 2, 2)])
def test_inputs_of_another_shape_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="shape"):
        MLP([4, 3]).predict_logits(np.zeros(shape, np.float32))


def test_many_threads_may_ask_one_network() -> None:
    network = MLP([64, 128, 64, 10])
    inputs = [sample(200, 64, 10, seed)[0] for seed in range(4)]
    expected = [network.predict_logits(x, 50) for x in inputs]
    right = [False] * len(inputs)

    def ask(number: int) -> None:
        answers = [network.predict_logits(inputs[number], 50) for _ in range(30)]
        right[number] = all(np.array_equal(answer, expected[number]) for answer in answers)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(right)


def test_dropout_acts_in_training_only() -> None:
    network = MLP([20, 30, 5], dropout=0.5)
    x, _ = sample(3, 20, 5)
    still = network.forward(x).copy()
    noisy = network.forward(x, training=True, rng=np.random.default_rng(0)).copy()
    assert not np.allclose(still, noisy)
    np.testing.assert_array_equal(network.forward(x), still)


def test_one_dropout_rate_is_for_hidden_layers_and_many_begin_with_the_inputs() -> None:
    assert MLP([4, 3, 3, 2], dropout=0.5).dropout == (0.0, 0.5, 0.5)
    assert MLP([4, 3, 3, 2], dropout=[0.1, 0.2, 0.3]).dropout == (0.1, 0.2, 0.3)


def test_the_input_gradient_comes_on_request_only() -> None:
    network = MLP([4, 3, 2], dropout=[0.2, 0.0])
    loss = SoftmaxCrossEntropy()
    x, targets = sample(5, 4, 2)

    def backward(wanted: bool) -> np.ndarray | None:
        logits = network.forward(x)
        return network.backward(loss.value_and_gradient(logits, targets)[1], wanted)

    assert backward(False) is None
    gradient = backward(True)
    assert gradient is not None
    assert gradient.shape == x.shape


def test_a_training_step_allocates_no_array_of_batch_size() -> None:
    width, batch = 512, 128
    network = MLP([256, width, width, 10], activation="gelu")
    loss = SoftmaxCrossEntropy(0.1)
    optimizer = OPTIMIZERS["adamw"](network.parameters, weight_decay=0.01)
    x, targets = sample(batch, 256, 10)

    def step() -> None:
        _, gradient = loss.value_and_gradient(network.forward(x, training=True), targets)
        network.backward(gradient)
        optimizer.step(1e-3)

    step()
    tracemalloc.start()
    try:
        step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < batch * width  # a quarter of one float32 array (batch, width)


def test_weights_are_given_and_taken_as_copies() -> None:
    network = MLP([4, 3, 2])
    weights = network.copy_weights()
    network.first_layer_weights[:] = 0
    assert weights[0].any()
    network.set_weights(weights)
    np.testing.assert_array_equal(network.first_layer_weights, weights[0])
    assert not np.shares_memory(network.first_layer_weights, weights[0])
    twin = network.copy()
    x, _ = sample(3, 4, 2)
    np.testing.assert_array_equal(twin.forward(x), network.forward(x))
    twin.first_layer_weights[:] = 0
    assert network.first_layer_weights.any()


def test_weights_of_other_shapes_change_nothing() -> None:
    network = MLP([4, 3, 2])
    before = network.copy_weights()
    with pytest.raises(ValueError, match="shapes"):
        network.set_weights(MLP([4, 5, 2]).copy_weights())
    for parameter, array in zip(network.parameters, before, strict=True):
        np.testing.assert_array_equal(parameter.value, array)


def test_first_layer_weights_have_a_column_for_each_unit() -> None:
    assert MLP([1024, 64, 36]).first_layer_weights.shape == (1024, 64)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"sizes": [4]}, "sizes"),
        ({"sizes": [4, 0, 2]}, "sizes"),
        ({"sizes": [4, 2], "activation": "swish"}, "activation"),
        ({"sizes": [4, 2], "initializer": "ones"}, "initializer"),
        ({"sizes": [4, 3, 2], "dropout": 1.0}, "dropout"),
        ({"sizes": [4, 3, 2], "dropout": [0.1]}, "dropout"),
    ],
)
def test_bad_arguments_are_named(arguments: dict, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        MLP(**arguments)
