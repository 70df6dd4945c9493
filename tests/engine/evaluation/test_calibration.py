"""A temperature makes confidences honest and changes no reading."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.evaluation import expected_calibration_error
from handwrite_gui.engine.evaluation.calibration import divide_logits, fit_temperature
from handwrite_gui.engine.network import MLP
from handwrite_gui.engine.network.losses import softmax


def honest(count: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits of ten classes, and targets drawn with the very probabilities they stand for."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (count, 10)).astype(np.float32)
    thresholds = softmax(logits).cumsum(axis=1)
    return logits, (rng.random((count, 1)) > thresholds).sum(axis=1).clip(max=9)


@pytest.mark.parametrize("factor", [0.5, 1.0, 3.0])
def test_finds_how_much_too_sure_a_network_is(factor: float) -> None:
    logits, targets = honest()
    assert fit_temperature(logits * factor, targets) == pytest.approx(factor, rel=0.03)


def test_confidences_are_honest_afterwards() -> None:
    logits, targets = honest()
    sure = logits * 3
    assert expected_calibration_error(softmax(sure), targets) > 0.15
    temperature = fit_temperature(sure, targets)
    assert expected_calibration_error(softmax(sure / temperature), targets) < 0.01


def test_perfect_logits_do_not_break_it() -> None:
    temperature = fit_temperature(np.eye(3) * 100, np.arange(3))
    assert 0.05 <= temperature <= 20
    with pytest.raises(ValueError, match="0 rows of logits"):
        fit_temperature(np.empty((0, 3)), np.empty(0, np.int64))


def test_dividing_logits_changes_the_last_layer_only() -> None:
    network = MLP((4, 5, 3), rng=np.random.default_rng(1))
    network.dense_layers[-1].bias.value[:] = (1, 2, 3)
    x = np.random.default_rng(2).random((6, 4), np.float32)
    before, first = network.predict_logits(x), network.first_layer_weights.copy()
    divide_logits(network, 2.5)
    np.testing.assert_allclose(network.predict_logits(x), before / 2.5, rtol=1e-5)
    np.testing.assert_array_equal(network.first_layer_weights, first)
