"""Samples are told apart by the outputs that they say something of."""

from __future__ import annotations

import numpy as np

from handwrite_gui.engine.data.groups import for_head, joined, output_names, without_head
from handwrite_gui.engine.training.training_data import TrainingData

CLASSES, HEAD = 4, np.array([1, 3])


def data(*targets: int, first: int = 0) -> TrainingData:
    inputs = np.arange(first, first + len(targets), dtype=np.uint8)[:, np.newaxis]
    return TrainingData(inputs, np.array(targets, np.int64), "some")


def among(of: TrainingData) -> list[list[bool]]:
    rows = of.among(np.arange(len(of)))
    assert rows is not None
    return rows.tolist()


def test_outputs_of_a_head_follow_those_of_all_classes() -> None:
    assert output_names("ABCD", "BD") == ("A", "B", "C", "D", "B of BD", "D of BD")
    assert output_names("AB", "") == ("A", "B")


def test_a_head_has_no_part_in_samples_of_all_classes() -> None:
    plain = without_head(data(0, 3), CLASSES, len(HEAD))
    assert among(plain) == [[True] * 4 + [False] * 2] * 2
    grouped = TrainingData(
        np.zeros((2, 1), np.uint8),
        np.array([0, 3]),
        groups=np.array([[True, True, False, False], [False, False, False, True]]),
        group=np.array([0, 1], np.uint8),
    )
    wide = without_head(grouped, CLASSES, len(HEAD))
    assert [row[:4] for row in among(wide)] == among(grouped)
    assert [row[4:] for row in among(wide)] == [[False, False]] * 2


def test_a_head_learns_from_samples_of_its_classes() -> None:
    own = for_head(data(0, 3, 1, 2, 3), CLASSES, HEAD)
    assert own.inputs[:, 0].tolist() == [1, 2, 4]
    assert own.targets.tolist() == [5, 4, 5]
    assert among(own) == [[False] * 4 + [True] * 2] * 3
    assert len(for_head(data(0, 2), CLASSES, HEAD)) == 0


def test_both_go_together() -> None:
    whole = data(0, 3)
    both = joined([without_head(whole, CLASSES, len(HEAD)), for_head(whole, CLASSES, HEAD)], "both")
    assert both.inputs[:, 0].tolist() == [0, 1, 1]
    assert both.targets.tolist() == [0, 3, 5]
    assert [row.count(True) for row in among(both)] == [4, 4, 2]
