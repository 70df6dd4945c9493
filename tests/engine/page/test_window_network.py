"""A network that sees windows of a line: its gradients, that it learns, and how it is folded."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.evaluation.gradient_check import central_difference
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy
from handwrite_gui.engine.network.optimizers import AdamW
from handwrite_gui.engine.page.window_network import WindowLayers, WindowNetwork

WINDOW = 2, 16, 24


@pytest.fixture(scope="module")
def strokes() -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.intp]]:
    """Windows with a short or a long stroke, anywhere; a measure; which of four kinds each is."""
    rng = np.random.default_rng(5)
    windows = np.zeros((400, *WINDOW), np.uint8)
    label = np.arange(400) % 4
    for window, kind in zip(windows, label, strict=True):
        y, x = rng.integers(2, 12), rng.integers(2, 12)
        window[:, y : y + 3, x : x + (10 if kind % 2 else 5)] = 255
    measures = (label[:, None] // 2 + rng.normal(0, 0.1, (400, 1))).astype(np.float32)
    return windows, measures, label


@pytest.mark.parametrize("normalized", [True, False])
def test_gradients_agree_with_central_differences(normalized: bool) -> None:
    rng = np.random.default_rng(3)
    network = WindowNetwork(
        WindowLayers(WINDOW, 16, [(2, 3, 1), (3, 3, 2)], 4, 3, measures=2),
        normalized=normalized,
        rng=rng,
        dtype=np.float64,
    )
    for parameter in network.parameters:  # away from kinks where nothing is drawn
        parameter.value += rng.normal(0, 0.3, parameter.value.shape)
    maps = network.features(rng.integers(0, 256, (5, *WINDOW)).astype(np.uint8))
    measures = rng.normal(size=(5, 2))
    weight = rng.normal(size=(5, 3))  # L = Σ weight · logits

    def loss() -> float:
        told = network.forward(maps, measures, True, np.random.default_rng(7))
        return float((weight * told).sum())

    loss()
    network.backward(weight)
    gradients = [parameter.gradient.copy() for parameter in network.parameters]
    for parameter, gradient in zip(network.parameters, gradients, strict=True):
        flat, expected = parameter.value.reshape(-1), gradient.reshape(-1)
        for index in rng.permutation(flat.size)[:20]:
            numeric = central_difference(flat, (index,), 1e-6, loss)
            assert expected[index] == pytest.approx(numeric, abs=1e-5)


def test_it_learns_how_long_a_stroke_is_and_how_measures_count(
    strokes: tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.intp]],
) -> None:
    windows, measures, label = strokes
    rng = np.random.default_rng(1)
    layers = WindowLayers(WINDOW, 16, [(8, 3, 1), (8, 3, 2)], 32, 4, measures=1)
    network = WindowNetwork(layers, normalized=True, rng=rng)
    optimizer, loss = AdamW(network.parameters), SoftmaxCrossEntropy()
    targets = np.eye(4, dtype=np.float32)[label]
    maps = network.features(windows)
    for _ in range(25):
        for rows in np.split(rng.permutation(400), 8):
            logits = network.forward(maps[rows], measures[rows], True, rng)
            network.backward(loss.value_and_gradient(logits, targets[rows])[1])
            optimizer.step(0.005)
    told = network.probabilities(windows, measures)
    assert (told.argmax(axis=1) == label).mean() > 0.97
    assert told.sum(axis=1) == pytest.approx(1, abs=1e-5)
    folded = network.folded()
    np.testing.assert_allclose(folded.probabilities(windows, measures), told, atol=1e-4)
    assert len(folded.parameters) < len(network.parameters) < len(network.state)


def test_any_number_of_windows_is_judged_alike() -> None:
    rng = np.random.default_rng(0)
    network = WindowNetwork(WindowLayers(WINDOW, 16, [(8, 3, 2)], 8, 5, measures=3), rng=rng)
    windows = rng.integers(0, 256, (70, *WINDOW)).astype(np.uint8)
    measures = rng.normal(size=(70, 3)).astype(np.float32)
    told = network.probabilities(windows, measures)
    np.testing.assert_allclose(
        network.probabilities(windows[:1], measures[:1]), told[:1], rtol=1e-4
    )
    assert network.probabilities(windows[:0], measures[:0]).shape == (0, 5)


def test_measures_may_be_left_out() -> None:
    rng = np.random.default_rng(0)
    network = WindowNetwork(WindowLayers((1, 16, 24), 8, [(8, 3, 2)], 8, 2), rng=rng)
    windows = rng.integers(0, 256, (5, 1, 16, 24)).astype(np.uint8)
    logits = network.forward(network.features(windows))
    told = network.probabilities(windows)
    assert told.shape == (5, 2)
    np.testing.assert_allclose(np.log(told[:, 1] / told[:, 0]), logits @ [-1, 1], atol=1e-4)
