"""Curves stay complete at their ends, true in between, and bounded in memory."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.train.curve_history import SHORTEST_AVERAGE, CurveHistory


def test_positions_are_in_epochs() -> None:
    history = CurveHistory(steps_per_epoch=4)
    for step in range(1, 9):
        history.add_batch(step, loss=1.0, accuracy=0.5)
    assert history.snapshot().position.tolist() == [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0]


def test_the_average_of_a_constant_is_that_constant_from_the_first_batch() -> None:
    history = CurveHistory(steps_per_epoch=10)
    for step in range(1, 30):
        history.add_batch(step, loss=3.0, accuracy=0.25)
    curves = history.snapshot()
    np.testing.assert_allclose(curves.smooth_loss, 3.0)
    np.testing.assert_allclose(curves.smooth_accuracy, 0.25)


@pytest.mark.parametrize(("steps_per_epoch", "batches"), [(10, SHORTEST_AVERAGE), (500, 100)])
def test_the_average_follows_its_definition(steps_per_epoch: int, batches: int) -> None:
    losses = np.random.default_rng(0).random(40)
    history = CurveHistory(steps_per_epoch)
    for step, loss in enumerate(losses, 1):
        history.add_batch(step, loss, accuracy=0.0)
    weights = (1 - 1 / batches) ** np.arange(40)[::-1]
    assert history.averages[0] == pytest.approx(np.average(losses, weights=weights))


def test_without_batches_there_is_no_average() -> None:
    assert np.isnan(CurveHistory(steps_per_epoch=1).averages).all()


def test_neighbours_are_merged_when_the_memory_is_full() -> None:
    history = CurveHistory(steps_per_epoch=1, max_points=8)
    for step in range(1, 101):
        history.add_batch(step, loss=float(step), accuracy=0.0)
        assert len(history.snapshot().position) <= 8
    curves = history.snapshot()
    stride = round(curves.position[1] - curves.position[0])
    assert stride > 1
    for position, loss in zip(curves.position, curves.loss, strict=True):
        merged = np.arange(position - stride + 1, position + 1)
        assert loss == pytest.approx(merged.mean())
    assert curves.position[-1] > 100 - stride


def test_a_snapshot_does_not_change_while_the_run_goes_on() -> None:
    history = CurveHistory(steps_per_epoch=1, max_points=8)
    for step in range(1, 9):
        history.add_batch(step, loss=float(step), accuracy=0.0)
    before = history.snapshot()
    kept = before.loss.copy()
    for step in range(9, 60):
        history.add_batch(step, loss=float(step), accuracy=0.0)
    assert before.loss.tolist() == kept.tolist()


def test_an_epoch_without_validation_leaves_a_gap() -> None:
    history = CurveHistory(steps_per_epoch=5)
    history.add_epoch(5, 0.5, 0.9)
    history.add_epoch(10, None, None)
    curves = history.snapshot()
    assert curves.epochs.tolist() == [1.0, 2.0]
    assert curves.validation_loss[0] == 0.5
    assert np.isnan(curves.validation_accuracy[1])
