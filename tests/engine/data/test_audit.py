"""Images that occur twice, and labels that are doubtful."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.data.audit import (
    FOLDS,
    cross_probabilities,
    doubtful_labels,
    duplicates,
)
from handwrite_gui.engine.data.dataset import to_training_data
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.training.training_data import TrainingData


def test_equal_images_are_found_in_their_order() -> None:
    inputs = np.array([[3, 1], [2, 2], [3, 1], [5, 5], [2, 2], [3, 1]], np.uint8)
    assert [group.tolist() for group in duplicates(inputs)] == [[0, 2, 5], [1, 4]]
    assert duplicates(inputs[:0]) == []


def test_a_label_is_doubtful_where_another_class_is_claimed_for_it() -> None:
    probabilities = np.array(
        [[0.9, 0.1], [0.8, 0.2], [0.05, 0.95], [0.1, 0.9], [0.2, 0.8], [0.45, 0.55]]
    )
    targets = np.array([0, 0, 0, 1, 1, 0])
    # Samples labelled 1 have 0.85 on average: 0.95 reaches it, 0.55 does not.
    assert doubtful_labels(probabilities, targets).tolist() == [2]


def test_a_class_without_samples_claims_nothing() -> None:
    probabilities = np.array([[0.4, 0.6], [0.9, 0.1]])
    assert doubtful_labels(probabilities, np.array([0, 0])).tolist() == []


def test_labels_that_were_exchanged_are_found() -> None:
    classes = ("0", "1", "4", "7")
    data = to_training_data(synthesize(classes, 60, 3), classes)
    targets = data.targets.copy()
    wrong = np.random.default_rng(0).choice(len(data), 10, replace=False)
    targets[wrong] = (targets[wrong] + 1) % 4
    spoiled = TrainingData(data.inputs, targets)
    found = doubtful_labels(cross_probabilities(spoiled, classes), targets)
    right = set(found.tolist()) & set(wrong.tolist())
    assert len(right) >= 6
    assert len(right) >= 0.8 * len(found)


def test_judging_can_be_given_up_and_tells_how_far_it_is() -> None:
    data = TrainingData(np.zeros((9, 1024), np.uint8), np.arange(9) % 2)
    told: list[float] = []
    cross_probabilities(data, "ab", on_progress=lambda share, _: told.append(share))
    assert told[-1] == pytest.approx(1.0)
    assert told == sorted(told)
    with pytest.raises(Cancelled):
        cross_probabilities(data, "ab", should_stop=lambda: True)


def test_too_few_samples_are_refused() -> None:
    data = TrainingData(np.zeros((FOLDS - 1, 1024), np.uint8), np.zeros(FOLDS - 1, np.int64))
    with pytest.raises(HandwriteError, match="at least 3"):
        cross_probabilities(data, "ab")
