"""The confusion matrix and what is read off it."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.evaluation import (
    ClassScore,
    ConfusedPair,
    accuracy,
    confusion_matrix,
    most_confused,
    most_mistaken,
    normalized,
    order_by_confusion,
    per_class,
)

pairs = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=60)


def columns(samples: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    array = np.array(samples, np.int64).reshape(-1, 2)
    return array[:, 0], array[:, 1]


@given(samples=pairs)
def test_counts_every_pair_true_by_row_and_predicted_by_column(
    samples: list[tuple[int, int]],
) -> None:
    confusion = confusion_matrix(*columns(samples), 5)
    assert confusion.shape == (5, 5)
    assert confusion.dtype == np.int64
    for true in range(5):
        for predicted in range(5):
            assert confusion[true, predicted] == samples.count((true, predicted))


@given(samples=pairs.filter(bool))
def test_its_diagonal_is_the_accuracy(samples: list[tuple[int, int]]) -> None:
    targets, predictions = columns(samples)
    confusion = confusion_matrix(targets, predictions, 5)
    assert confusion.trace() / len(samples) == pytest.approx(accuracy(targets, predictions))


def test_narrow_integers_do_not_overflow() -> None:
    high = np.full(3, 99, np.uint8)
    assert confusion_matrix(high, high, 100)[99, 99] == 3


@pytest.mark.parametrize("wrong", [[-1, 0], [0, 3]])
def test_indices_out_of_range_are_refused(wrong: list[int]) -> None:
    right = np.zeros(2, np.int64)
    with pytest.raises(ValueError, match="targets"):
        confusion_matrix(np.array(wrong), right, 3)
    with pytest.raises(ValueError, match="predictions"):
        confusion_matrix(right, np.array(wrong), 3)


def test_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shapes"):
        confusion_matrix(np.zeros(2, np.int64), np.zeros(3, np.int64), 3)


def test_precision_and_recall() -> None:
    scores = per_class(np.array([[8, 2, 0], [4, 6, 0], [0, 0, 0]]))
    assert scores[0] == ClassScore(pytest.approx(8 / 12), pytest.approx(0.8), 10)
    assert scores[1] == ClassScore(pytest.approx(6 / 8), pytest.approx(0.6), 10)
    assert scores[2].samples == 0
    assert math.isnan(scores[2].precision)
    assert math.isnan(scores[2].recall)


def test_most_confused_pairs_come_largest_first_without_the_diagonal() -> None:
    confusion = np.array([[90, 3, 7], [3, 50, 0], [1, 0, 60]])
    expected = [
        ConfusedPair(0, 2, 7),
        ConfusedPair(0, 1, 3),
        ConfusedPair(1, 0, 3),
        ConfusedPair(2, 0, 1),
    ]
    assert most_confused(confusion) == expected
    assert most_confused(confusion, limit=2) == expected[:2]
    assert confusion[0, 0] == 90


def test_nothing_confused_gives_no_pairs() -> None:
    assert most_confused(np.diag([3, 4])) == []


def test_shares_of_rows_have_recall_on_the_diagonal_and_those_of_columns_precision() -> None:
    confusion = np.array([[8, 2, 0], [4, 6, 0], [0, 0, 0]])
    scores = per_class(confusion)
    rows, columns = normalized(confusion, "row"), normalized(confusion, "column")
    for index in (0, 1):
        assert rows[index, index] == pytest.approx(scores[index].recall)
        assert columns[index, index] == pytest.approx(scores[index].precision)
    assert rows[2].tolist() == columns[:, 2].tolist() == [0, 0, 0]


def test_classes_that_are_confused_are_put_beside_each_other() -> None:
    confusion = np.diag(np.full(6, 50))
    confusion[0, 4] = confusion[4, 0] = 20
    confusion[1, 5] = 9
    order = order_by_confusion(confusion).tolist()
    assert sorted(order) == list(range(6))
    assert abs(order.index(0) - order.index(4)) == 1
    assert abs(order.index(1) - order.index(5)) == 1


@pytest.mark.parametrize("count", [1, 2])
def test_few_classes_stay_in_order(count: int) -> None:
    assert order_by_confusion(np.eye(count, dtype=np.int64)).tolist() == list(range(count))


def test_mistakes_count_for_both_classes() -> None:
    confusion = np.array([[9, 1, 0], [0, 5, 0], [0, 4, 6]])
    assert most_mistaken(confusion, 2).tolist() == [1, 2]
