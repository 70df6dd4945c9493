"""What excites the units of a network."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.insight.units import (
    layer_inputs,
    layer_outputs,
    most_exciting,
    neighbour_correlation,
)
from handwrite_gui.engine.network.mlp import MLP

RNG = np.random.default_rng(2)
INPUTS = RNG.integers(0, 256, (700, 1024)).astype(np.uint8)


@pytest.fixture(params=["pixels", "directions"])
def network(request: pytest.FixtureRequest) -> MLP:
    return MLP(
        [1024, 9, 7, 4],
        features=request.param,
        normalization="batch",
        activation="tanh",
        dropout=0.3,
    )


def test_outputs_of_the_last_layer_are_the_logits(network: MLP) -> None:
    np.testing.assert_allclose(
        layer_outputs(network, INPUTS[:20], 2), network.predict_logits(INPUTS[:20]), rtol=1e-5
    )


def test_a_layer_gets_what_the_one_before_gives(network: MLP) -> None:
    np.testing.assert_array_equal(
        layer_inputs(network, INPUTS[:20], 2), layer_outputs(network, INPUTS[:20], 1)
    )
    first = network.features_of(INPUTS[:20].astype(np.float32) / np.float32(255))
    np.testing.assert_allclose(layer_inputs(network, INPUTS[:20], 0), first, atol=1e-5)


def test_the_most_exciting_samples_come_first(network: MLP) -> None:
    rows, outputs = most_exciting(network, INPUTS, 1, 3, 5)
    expected = layer_outputs(network, INPUTS, 1)[:, 3]
    np.testing.assert_allclose(outputs, expected, rtol=1e-4, atol=1e-6)
    assert outputs[rows].tolist() == sorted(outputs.tolist(), reverse=True)[:5]


def test_a_unit_that_looks_for_a_sample_finds_it() -> None:
    network = MLP([1024, 2, 2], activation="relu")
    wanted = INPUTS[123] / 255
    network.first_layer_weights[:, 1] = wanted - wanted.mean()
    rows, _ = most_exciting(network, INPUTS, 0, 1, 1)
    assert rows.tolist() == [123]


def test_the_search_can_be_given_up(network: MLP) -> None:
    with pytest.raises(Cancelled):
        most_exciting(network, INPUTS, 0, 0, 5, should_stop=lambda: True)


def test_weights_of_neighbouring_pixels_are_alike_where_they_are_smooth() -> None:
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(32 * 32, 64))
    assert abs(neighbour_correlation(noise, (32, 32))) < 0.02
    ramp = np.repeat(np.linspace(1, 2, 32)[:, np.newaxis], 32, axis=1).reshape(-1, 1)
    assert neighbour_correlation(ramp, (32, 32)) == pytest.approx(1)
    assert neighbour_correlation(ramp * np.tile([1, -1], 512)[:, np.newaxis], (32, 32)) < -0.99


def test_weights_that_are_all_zero_are_like_nothing() -> None:
    assert math.isnan(neighbour_correlation(np.zeros((16, 2)), (4, 4)))
