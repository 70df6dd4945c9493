"""Steering a run: whole epochs, another learning rate, an end before the last epoch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.training import (
    BatchDone,
    EpochDone,
    Paused,
    Resumed,
    Trainer,
    TrainingData,
    TrainingDone,
    TrainingSettings,
)
from handwrite_gui.engine.training.schedules import rate_at, read_rate_changes
from tests.engine.training.conftest import CLASSES, clusters

SETTINGS = TrainingSettings(hidden=(12,), batch_size=32, epochs=4, dropout=0.2, seed=3)


def test_an_epoch_at_a_time(training: TrainingData, validation: TrainingData) -> None:
    trainer = Trainer(SETTINGS, training, validation, CLASSES)
    trainer.step_epoch()
    kinds, pauses = [], []
    for event in trainer.run():
        kinds.append(type(event))
        if isinstance(event, Paused):
            pauses.append(event.step)
            if len(pauses) == 1:
                trainer.step()  # one batch into the second epoch
            else:
                trainer.stop()
        if isinstance(event, BatchDone) and event.step == 9:
            trainer.step_epoch()
    assert trainer.batches_per_epoch == 8
    assert pauses == [8, 16]
    assert kinds.count(BatchDone) == 16
    assert kinds.count(EpochDone) == 2
    assert kinds.count(Resumed) == 1


def test_a_pause_ends_a_single_epoch_early(training: TrainingData) -> None:
    trainer = Trainer(SETTINGS, training, None, CLASSES)
    trainer.step_epoch()
    for event in trainer.run():
        if isinstance(event, BatchDone) and event.step == 2:
            trainer.pause()
        if isinstance(event, Paused):
            assert event.step == 2
            trainer.stop()


def losses(trainer: Trainer) -> np.ndarray:
    for _ in trainer.run():
        pass
    return trainer.history.batch_losses


def test_a_rate_set_before_the_run_is_the_rate_of_the_run(training: TrainingData) -> None:
    slow = Trainer(SETTINGS, training, None, CLASSES)
    slow.set_learning_rate(0.02)
    fast_settings = TrainingSettings(**{**SETTINGS.to_dict(), "learning_rate": 0.02})
    fast = Trainer(fast_settings, training, None, CLASSES)
    np.testing.assert_allclose(losses(slow), losses(fast), rtol=1e-6)


def test_a_changed_rate_is_told_kept_and_resumed_exactly(
    training: TrainingData, tmp_path: Path
) -> None:
    path = tmp_path / "run.npz"
    straight = Trainer(SETTINGS, training, None, CLASSES)
    rates = []
    for event in straight.run():
        if isinstance(event, BatchDone):
            rates.append(event.learning_rate)
            if event.step == 5:
                straight.set_learning_rate(0.03)
                straight.set_learning_rate(0.01)  # only the last one before a batch counts
            if event.step == 9:
                straight.save_checkpoint(path)
    assert rates[:5] == [0.001] * 5
    assert rates[5:] == [pytest.approx(0.01)] * (len(rates) - 5)
    assert straight.rate_changes == ((5, 0.01),)
    resumed = Trainer.from_checkpoint(path, training, None)
    assert resumed.learning_rate == 0.01
    np.testing.assert_array_equal(losses(resumed), straight.history.batch_losses)


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), 1e9])
def test_an_impossible_rate_is_refused(training: TrainingData, rate: float) -> None:
    trainer = Trainer(SETTINGS, training, None, CLASSES)
    with pytest.raises(ValueError, match="learning rate must be"):
        trainer.set_learning_rate(rate)
    assert trainer.learning_rate == SETTINGS.learning_rate


@pytest.mark.parametrize(
    "values", ["x", [[1]], [[-1, 0.1]], [[1.5, 0.1]], [[2, 0.1], [2, 0.2]], [[1, 0]], [[True, 0.1]]]
)
def test_changes_from_a_file_are_checked(values: object) -> None:
    with pytest.raises(ValueError, match="learning rate"):
        read_rate_changes(values)


def test_the_rate_of_a_step_is_the_last_one_set() -> None:
    changes = ((3, 0.5), (7, 0.25))
    assert [rate_at(1.0, changes, step) for step in (0, 2, 3, 6, 7, 99)] == [
        1.0,
        1.0,
        0.5,
        0.5,
        0.25,
        0.25,
    ]


def end(
    settings: TrainingSettings, validation: TrainingData | None
) -> tuple[Trainer, TrainingDone]:
    trainer = Trainer(settings, clusters(250), validation, CLASSES)
    *_, done = trainer.run()
    assert isinstance(done, TrainingDone)
    return trainer, done


def test_without_progress_a_patient_run_ends_early(validation: TrainingData) -> None:
    # What it is measured on has nothing to do with what it learns: it can only get worse.
    rng = np.random.default_rng(0)
    noise = TrainingData(validation.inputs, rng.permutation(validation.targets))
    settings = TrainingSettings(
        hidden=(32,), batch_size=32, epochs=200, learning_rate=0.01, patience=3
    )
    trainer, done = end(settings, noise)
    assert done.reason == "finished"
    assert "3 epochs" in done.message
    found = [row.validation_loss or 0.0 for row in trainer.history.epochs]
    assert len(found) < 200
    assert len(found) - 1 - int(np.argmin(found)) == 3


def test_patience_needs_validation_data() -> None:
    trainer, done = end(TrainingSettings(hidden=(4,), epochs=5, patience=1), None)
    assert trainer.epochs_done == 5
    assert done.message == ""
