"""Accuracy and calibration."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handwrite_gui.engine.evaluation import accuracy, expected_calibration_error
from handwrite_gui.engine.evaluation.metrics import reliability


def predictions(confidences: list[float]) -> np.ndarray:
    """Two classes, class 0 predicted with each confidence (above one half)."""
    return np.array([[c, 1 - c] for c in confidences])


def test_accuracy_is_the_share_that_is_right() -> None:
    assert accuracy(np.array([1, 2, 3, 4]), np.array([1, 2, 0, 0])) == 0.5
    assert math.isnan(accuracy(np.empty(0, int), np.empty(0, int)))
    with pytest.raises(ValueError, match="shapes"):
        accuracy(np.zeros(2, int), np.zeros((2, 1), int))


def test_certain_and_right_is_calibrated() -> None:
    assert expected_calibration_error(predictions([1.0] * 9), np.zeros(9, int)) == 0


def test_certain_and_wrong_is_not() -> None:
    assert expected_calibration_error(predictions([1.0] * 9), np.ones(9, int)) == 1


def test_a_confidence_of_three_quarters_that_is_right_three_times_in_four_is_calibrated() -> None:
    targets = np.array([0, 0, 0, 1])
    assert expected_calibration_error(predictions([0.75] * 4), targets) == pytest.approx(0)


def test_bins_are_weighted_by_their_samples() -> None:
    # Ten bins: three samples at 0.95 of which two are right, one at 0.65 that is wrong.
    result = expected_calibration_error(
        predictions([0.95, 0.95, 0.95, 0.65]), np.array([0, 0, 1, 1]), bins=10
    )
    assert result == pytest.approx(3 / 4 * (0.95 - 2 / 3) + 1 / 4 * 0.65)


def test_over_and_under_confidence_in_different_bins_do_not_cancel() -> None:
    targets = np.array([1, 0])
    error = expected_calibration_error(predictions([0.55, 0.95]), targets, bins=10)
    assert error == pytest.approx((0.55 + 0.05) / 2)


def test_a_calibrated_source_has_almost_no_error() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.uniform(0.5, 1, 50_000)
    targets = (rng.random(50_000) > confidence).astype(int)
    p = np.stack([confidence, 1 - confidence], axis=1).astype(np.float32)
    assert expected_calibration_error(p, targets) < 0.01


def test_no_samples_and_lengths_that_differ() -> None:
    assert math.isnan(expected_calibration_error(np.empty((0, 2)), np.empty(0, int)))
    with pytest.raises(ValueError, match="targets"):
        expected_calibration_error(predictions([0.9]), np.zeros(2, int))


def test_reliability_shows_how_often_each_confidence_is_right() -> None:
    probabilities = np.array([[0.95, 0.05], [0.93, 0.07], [0.35, 0.65], [0.55, 0.45]])
    rows = reliability(probabilities, np.array([0, 1, 1, 0]), bins=5)
    assert [row.samples for row in rows] == [1, 1, 2]
    assert [row.confidence for row in rows] == pytest.approx([0.55, 0.65, 0.94])
    assert [row.accuracy for row in rows] == pytest.approx([1, 1, 0.5])
    assert reliability(np.empty((0, 2)), np.empty(0, np.int64)) == []


def test_the_calibration_error_is_the_gap_in_the_reliability() -> None:
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(4), 500)
    targets = rng.integers(0, 4, 500)
    rows = reliability(probabilities, targets)
    gap = sum(row.samples * abs(row.accuracy - row.confidence) for row in rows) / 500
    assert expected_calibration_error(probabilities, targets) == pytest.approx(gap)
    assert gap > 0.1
