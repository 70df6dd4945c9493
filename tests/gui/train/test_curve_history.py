"""Curves stay complete at their ends, true in between, and bounded in memory."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.train.curve_history import MAX_POINTS, SHORTEST_AVERAGE, CurveHistory


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


@pytest.mark.parametrize("steps", [0, 1, 7, 8, 9, 17, 100, 101])
def test_a_history_as_a_whole_gives_what_its_batches_give_one_by_one(steps: int) -> None:
    rng = np.random.default_rng(steps)
    run, one_by_one = History(), CurveHistory(steps_per_epoch=3, max_points=8)
    for step in range(1, steps + 1):
        loss, accuracy = rng.random(2)
        run.add_batch(loss, accuracy)
        one_by_one.add_batch(step, loss, accuracy)
        if step % 3 == 0:
            run.add_epoch(EpochRow(step // 3, step, 0.1, 0.2, 0.3, None, 1.0, 1.0))
            one_by_one.add_epoch(step, 0.3, None, 0.1, 0.2)
    whole = CurveHistory.of(run, steps_per_epoch=3, max_points=8)
    for _ in range(2):
        for name, values in vars(one_by_one.snapshot()).items():
            np.testing.assert_allclose(getattr(whole.snapshot(), name), values, err_msg=name)
        for curves in (whole, one_by_one):  # and both go on alike
            for step in range(steps + 1, steps + 30):
                curves.add_batch(step, 1 / step, 0.5)


def test_very_many_epochs_are_thinned_out() -> None:
    history = CurveHistory(steps_per_epoch=1, max_points=8)
    for step in range(1, 101):
        history.add_epoch(step, 1.0, 0.5, training_loss=float(step))
    curves = history.snapshot()
    assert len(curves.epochs) <= 8
    assert curves.epochs[-1] == 100
    np.testing.assert_array_equal(curves.training_loss, curves.epochs)


def test_a_million_batches_take_bounded_memory() -> None:
    run = History.restored(np.ones(1_000_000), np.ones(1_000_000), [])
    curves = CurveHistory.of(run, steps_per_epoch=100)
    assert len(curves.snapshot().position) <= MAX_POINTS
