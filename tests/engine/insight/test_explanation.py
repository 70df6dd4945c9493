"""Why a network reads an image as it does."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.insight.explanation import explain, nearest, strongest
from handwrite_gui.engine.network.mlp import MLP

RNG = np.random.default_rng(5)
INPUTS = RNG.integers(0, 256, (60, 1024)).astype(np.uint8)


def network(features: str = "pixels", activation: str = "tanh") -> MLP:
    return MLP([1024, 9, 4], features=features, activation=activation, dtype=np.float64)


@pytest.mark.parametrize("features", ["pixels", "directions"])
def test_the_gradient_is_that_of_the_lead(features: str) -> None:
    net = network(features)
    image = INPUTS[0]
    found = explain(net, image, 2, 1)
    x = image[np.newaxis] / 255

    def lead(x: np.ndarray) -> float:
        logits = net.forward(x)[0]
        return float(logits[2] - logits[1])

    assert found.lead == pytest.approx(lead(x))
    wrong = 0
    for pixel in RNG.integers(0, 1024, 30):
        step = np.zeros((1, 1024))
        step[0, pixel] = 1e-6
        slope = (lead(x + step) - lead(x - step)) / 2e-6
        wrong += found.gradient[pixel] != pytest.approx(slope, rel=1e-3, abs=1e-6)
    # Where an edge lies exactly between two directions there is a kink, and no one slope.
    assert wrong <= (3 if features == "directions" else 0)


def test_contributions_sum_to_the_lead() -> None:
    found = explain(network(activation="relu"), INPUTS[1])
    assert found.contributions.shape == (9,)
    assert found.contributions.sum() + found.offset == pytest.approx(found.lead, rel=1e-4)


def test_by_default_the_two_most_probable_classes_are_compared() -> None:
    found = explain(network(), INPUTS[2])
    order = np.argsort(-found.probabilities)
    assert (found.favoured, found.rival) == (order[0], order[1])
    assert found.lead >= 0
    assert found.probabilities.sum() == pytest.approx(1)
    assert explain(network(), INPUTS[2], favoured=int(order[1])).rival == order[0]


def test_the_smooth_gradient_of_a_linear_network_is_its_gradient() -> None:
    net = MLP([1024, 3])
    found = explain(net, INPUTS[3])
    np.testing.assert_allclose(found.smooth_gradient, found.gradient, rtol=1e-4, atol=1e-6)


def test_the_smooth_gradient_is_calmer() -> None:
    net = MLP([1024, 40, 4], activation="relu")

    def wildness(gradient: np.ndarray) -> float:
        return float(np.abs(gradient).max())

    found = explain(net, INPUTS[4])
    assert wildness(found.smooth_gradient) < 1.2 * wildness(found.gradient)
    again = explain(net, INPUTS[4])
    np.testing.assert_array_equal(found.smooth_gradient, again.smooth_gradient)


def test_a_class_is_not_compared_to_itself() -> None:
    with pytest.raises(ValueError, match="no lead"):
        explain(network(), INPUTS[0], 1, 1)


def test_the_nearest_sample_of_a_known_image_is_itself() -> None:
    rows, likeness = nearest(network(), INPUTS[17], INPUTS, 5)
    assert rows[0] == 17
    assert likeness[0] == pytest.approx(1)
    assert likeness.tolist() == sorted(likeness.tolist(), reverse=True)


def test_without_hidden_layers_pixels_are_compared() -> None:
    rows, _ = nearest(MLP([1024, 3]), INPUTS[8], INPUTS, 1)
    assert rows.tolist() == [8]


def test_the_search_can_be_given_up() -> None:
    with pytest.raises(Cancelled):
        nearest(network(), INPUTS[0], INPUTS, 5, should_stop=lambda: True)


def test_the_strongest_have_the_largest_size() -> None:
    assert strongest([0.1, -3.0, 2.0, 0.0], 3) == [1, 2, 0]
