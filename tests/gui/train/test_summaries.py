"""Weights and confusion matrices, made ready for drawing away from the GUI thread."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.train.confusion_summary import (
    RIGHT_LEVELS,
    WRONG_LEVELS,
    Mistake,
    confusion_summary,
)
from handwrite_gui.train.weight_tiles import ZERO_LEVEL, weight_tiles

COUNTS = np.array([[8, 2, 0], [5, 5, 0], [0, 0, 0]], dtype=np.int64)


def test_tiles_are_the_images_of_the_weights() -> None:
    images = np.zeros((3, 2, 2), dtype=np.float32)
    images[1] = [[1, -1], [0, 0.5]]
    tiles = weight_tiles(images, step=7)
    assert tiles.count == 3
    assert tiles.step == 7
    assert tiles.individual[1].tolist() == [[255, 1], [128, 192]]
    assert (tiles.shared[0] == ZERO_LEVEL).all()
    assert (tiles.lowest[1], tiles.highest[1]) == (-1.0, 1.0)


def test_both_signs_get_levels_at_the_same_distance_from_zero() -> None:
    weights = np.random.default_rng(1).normal(size=(5, 8, 8)).astype(np.float32)
    up, down = weight_tiles(weights, 0), weight_tiles(-weights, 0)
    assert (up.shared.astype(int) + down.shared == 2 * ZERO_LEVEL).all()
    assert (up.individual.astype(int) + down.individual == 2 * ZERO_LEVEL).all()


def test_a_few_extreme_weights_leave_the_others_visible() -> None:
    weights = np.full((4, 32, 32), 0.1, dtype=np.float32)
    weights[0, 0, 0] = 1000.0
    tiles = weight_tiles(weights, 0)
    assert tiles.scale == pytest.approx(0.1)
    assert tiles.shared[0, 0, 0] == 255


def test_weights_that_are_all_zero_are_drawn_as_zero() -> None:
    tiles = weight_tiles(np.zeros((2, 2, 2), dtype=np.float32), 0)
    assert (tiles.shared == ZERO_LEVEL).all()
    assert (tiles.individual == ZERO_LEVEL).all()


def test_right_and_wrong_cells_use_their_own_halves_of_the_colours() -> None:
    summary = confusion_summary(COUNTS, "abc", epoch=1)
    right = np.eye(3, dtype=bool)
    for levels in (summary.levels["count"], summary.levels["row"]):
        assert set(levels[right]) <= set(RIGHT_LEVELS)
        assert set(levels[~right]) <= set(WRONG_LEVELS)
        assert levels[0, 0] == RIGHT_LEVELS[-1]
        assert levels[1, 0] == WRONG_LEVELS[-1]
        assert levels[0, 2] == WRONG_LEVELS[0]


def test_the_most_frequent_mistakes_come_first_and_right_answers_never() -> None:
    summary = confusion_summary(COUNTS, "abc", epoch=1)
    assert summary.worst == (Mistake(1, 0, 5, 10), Mistake(0, 1, 2, 10))
    assert (summary.total, summary.errors) == (20, 7)


def test_a_class_without_samples_has_no_share() -> None:
    assert confusion_summary(COUNTS, "abc", epoch=1).levels["row"][2, 2] == RIGHT_LEVELS[0]
