"""What is kept of a run while it goes on, and what a kill leaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training import (
    BatchDone,
    Trainer,
    TrainingData,
    TrainingSettings,
)
from handwrite_gui.engine.training import run_recorder as module
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import BEST, CHECKPOINT, LAST, RunRecord, RunStore
from tests.engine.training.conftest import CLASSES, clusters

SETTINGS = TrainingSettings(hidden=(12,), batch_size=32, epochs=4, dropout=0.2, seed=3)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def begin(
    store: RunStore, trainer: Trainer, training: TrainingData, validation: TrainingData | None
) -> RunRecorder:
    data = run_data(training.name, {"kind": "test"}, training, validation)
    return RunRecorder(store, record_new_run(store, trainer, "run", data), trainer)


def follow(trainer: Trainer, recorder: RunRecorder, stop_after: int | None = None) -> RunRecord:
    for event in trainer.run():
        recorder.take(event)
        if isinstance(event, BatchDone) and event.step == stop_after:
            trainer.stop()
    return recorder.record


def test_a_finished_run_keeps_curves_models_and_figures(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(SETTINGS, training, validation, CLASSES)
    record = follow(trainer, begin(store, trainer, training, validation))
    kept = store.read(record.id)
    assert kept == record
    assert (kept.state, kept.epoch, kept.step) == ("finished", 4, trainer.total_steps)
    assert kept.last == trainer.history.epochs[-1]
    rows = trainer.history.epochs
    assert kept.best == max(rows, key=lambda row: row.validation_accuracy or 0)
    assert kept.seconds == trainer.seconds > 0
    assert kept.machine["numpy"] == np.__version__
    assert kept.data.training_fingerprint == training.fingerprint
    np.testing.assert_array_equal(store.curves(kept.id).batch_losses, trainer.history.batch_losses)
    last = store.model(kept.id, "last")
    # Model files hold half precision.
    np.testing.assert_allclose(
        last.network.first_layer_weights,
        trainer.model().network.first_layer_weights,
        atol=1e-3,
    )
    assert store.model(kept.id, "best").card.figures["epochs"] == kept.best.epoch
    assert not store.path(kept.id, CHECKPOINT).exists()
    assert not store.can_continue(kept)
    assert not store.is_held(kept.id)


def test_a_stopped_run_goes_on_from_its_checkpoint(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    straight = Trainer(SETTINGS, training, validation, CLASSES)
    for _ in straight.run():
        pass
    trainer = Trainer(SETTINGS, training, validation, CLASSES)
    record = follow(trainer, begin(store, trainer, training, validation), stop_after=13)
    assert store.read(record.id).state == "stopped"
    assert store.can_continue(store.read(record.id))
    again = Trainer.from_checkpoint(store.path(record.id, CHECKPOINT), training, validation)
    follow(again, RunRecorder(store, record, again))
    kept = store.read(record.id)
    assert kept.state == "finished"
    np.testing.assert_array_equal(store.curves(kept.id).batch_losses, straight.history.batch_losses)


def test_closing_the_program_leaves_the_run_to_be_continued(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(SETTINGS, training, validation, CLASSES)
    recorder = begin(store, trainer, training, validation)
    recorder.leave_open()
    record = follow(trainer, recorder, stop_after=3)
    assert store.read(record.id).state == "interrupted"
    assert store.can_continue(store.read(record.id))


def test_a_long_epoch_is_saved_within(
    store: RunStore, training: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CHECKPOINT_SECONDS", 0.0)
    trainer = Trainer(SETTINGS, training, None, CLASSES)
    recorder = begin(store, trainer, training, None)
    for event in trainer.run():
        recorder.take(event)
        if isinstance(event, BatchDone):
            break
    deadline = time.monotonic() + 10
    path = store.path(recorder.record.id, CHECKPOINT)
    while not path.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert path.exists()
    recorder.close("stopped")


def test_a_full_disk_does_not_end_the_run(
    store: RunStore, training: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    problems: list[Exception] = []
    trainer = Trainer(SETTINGS, training, None, CLASSES)
    data = run_data("clusters", {}, training, None)
    record = record_new_run(store, trainer, "run", data)
    recorder = RunRecorder(store, record, trainer, on_problem=problems.append)

    def full(*arguments: object) -> None:
        raise HandwriteError("no space left")

    monkeypatch.setattr(module, "write_curves", full)
    monkeypatch.setattr(module, "SHORTEST_SECONDS", 0.0)
    follow(trainer, recorder)
    assert trainer.epochs_done == SETTINGS.epochs
    assert [str(problem) for problem in problems] == ["no space left"]
    assert not store.is_held(record.id)


_TRAIN = """
import sys
from handwrite_gui.engine.training import EpochDone, Trainer, TrainingSettings
from handwrite_gui.engine.training import run_recorder as module
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import RunStore
from tests.engine.training.conftest import CLASSES, clusters
from tests.engine.training.test_run_recorder import ENDLESS
module.SHORTEST_SECONDS = 0.05
store = RunStore(sys.argv[1])
training, validation = clusters(250), clusters(60, seed=1)
trainer = Trainer(ENDLESS, training, validation, CLASSES)
data = run_data("clusters", {}, training, validation)
recorder = RunRecorder(store, record_new_run(store, trainer, "killed", data), trainer)
for event in trainer.run():
    recorder.take(event)
    if isinstance(event, EpochDone):
        print(event.epoch, flush=True)
"""

ENDLESS = TrainingSettings(hidden=(12,), batch_size=32, epochs=100_000, dropout=0.2, seed=3)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_killed_and_resumed_the_curve_is_that_of_an_uninterrupted_run(store: RunStore) -> None:
    root = Path(__file__).resolve().parents[3]
    process = subprocess.Popen(
        [sys.executable, "-c", _TRAIN, str(store.folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert process.stdout is not None
    with process.stdout:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            process.stdout.readline()
            if any(store.folder.glob(f"*/{CHECKPOINT}")):
                break
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL

    (record,) = store.runs()
    assert record.state == "interrupted"
    assert store.can_continue(record)
    training, validation = clusters(250), clusters(60, seed=1)
    resumed = Trainer.from_checkpoint(store.path(record.id, CHECKPOINT), training, validation)
    assert resumed.epochs_done > 0
    further = resumed.steps_done + 20
    follow(resumed, RunRecorder(store, record, resumed), stop_after=further)

    straight = Trainer(ENDLESS, training, validation, CLASSES)
    for event in straight.run():
        if isinstance(event, BatchDone) and event.step == further:
            straight.stop()
    curves = store.curves(record.id)
    np.testing.assert_array_equal(curves.batch_losses, straight.history.batch_losses)
    np.testing.assert_array_equal(curves.batch_accuracies, straight.history.batch_accuracies)
    assert [(r.epoch, r.validation_loss) for r in curves.epochs] == [
        (r.epoch, r.validation_loss) for r in straight.history.epochs
    ]
    for name, array in resumed.checkpoint().state.items():
        np.testing.assert_array_equal(array, straight.checkpoint().state[name], err_msg=name)
    assert store.path(record.id, LAST).exists()
    assert store.path(record.id, BEST).exists()
