"""The moving average of weights follows its formula."""

from __future__ import annotations

import numpy as np

from handwrite_gui.engine.network import MLP
from handwrite_gui.engine.training.weight_average import WeightAverage


def test_follows_its_formula_with_a_quick_start() -> None:
    rng = np.random.default_rng(0)
    network = MLP([300, 200, 3])  # 60 000 weights: more than one piece
    average = WeightAverage(network, 0.5)
    expected = network.copy_weights()
    for step in range(1, 20):
        decay = min(0.5, (1 + step) / (10 + step))
        for index, parameter in enumerate(network.parameters):
            parameter.value[...] = rng.normal(size=parameter.value.shape)
            expected[index] = decay * expected[index] + (1 - decay) * parameter.value
        average.update(step)
    for parameter, array in zip(average.network.parameters, expected, strict=True):
        np.testing.assert_allclose(parameter.value, array, rtol=1e-4, atol=1e-6)


def test_leaves_the_network_alone() -> None:
    network = MLP([4, 3])
    before = network.copy_weights()
    average = WeightAverage(network, 0.9)
    average.network.first_layer_weights[:] = 7
    average.update(1)
    np.testing.assert_array_equal(network.first_layer_weights, before[0])
