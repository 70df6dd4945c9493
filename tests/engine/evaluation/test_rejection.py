from __future__ import annotations

import math

import numpy as np
import pytest

from handwrite_gui.engine.evaluation.rejection import roc_auc


def test_is_the_chance_that_a_positive_sample_scores_higher() -> None:
    rng = np.random.default_rng(0)
    # Few values, so that many scores are equal.
    positive, negative = rng.integers(2, 9, 60) / 10, rng.integers(0, 7, 50) / 10
    above = (positive[:, None] > negative).mean()
    equal = (positive[:, None] == negative).mean()
    assert roc_auc(positive, negative) == pytest.approx(above + equal / 2)


def test_the_ends_of_the_scale() -> None:
    high, low = np.array([0.8, 0.9]), np.array([0.1, 0.2, 0.3])
    assert roc_auc(high, low) == 1.0
    assert roc_auc(low, high) == 0.0
    assert roc_auc(low, low) == 0.5


def test_needs_both_kinds() -> None:
    assert math.isnan(roc_auc(np.empty(0), np.ones(3)))
    assert math.isnan(roc_auc(np.ones(3), np.empty(0)))
