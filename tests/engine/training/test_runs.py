"""The store of runs: what is kept, found, marked, deleted and brought back."""

from __future__ import annotations

import json
import time
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training import Trainer, TrainingData, TrainingSettings
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import (
    FOLDER_VARIABLE,
    RUN,
    RunData,
    RunRecord,
    RunStore,
    StudyMark,
    default_runs_folder,
    read_curves,
    write_curves,
)
from tests.engine.training.conftest import CLASSES

DATA = RunData("clusters", {"kind": "synthetic"}, 250, 60, "aa", "bb")


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def add(store: RunStore, name: str = "first", study: StudyMark | None = None) -> RunRecord:
    return store.add(name, TrainingSettings(hidden=(8,)), tuple(CLASSES), DATA, 8, study)


def test_an_empty_store_has_no_runs(store: RunStore) -> None:
    assert store.runs() == []


def test_what_is_added_is_found_again(store: RunStore) -> None:
    study = StudyMark("s1", "Learning rate", "× 10", 2)
    record = add(store, "first", study)
    assert store.read(record.id) == record
    assert store.find("first") == record
    assert store.find(record.id[:-1]) == record
    assert store.runs() == [record]


def test_runs_are_listed_from_the_youngest(store: RunStore) -> None:
    records = []
    for name in "abc":
        records.append(add(store, name))
        time.sleep(0.002)
    assert [r.name for r in store.runs()] == ["c", "b", "a"]


def test_names_and_stars_outlive_what_the_run_writes(store: RunStore) -> None:
    record = add(store)
    store.rename(record.id, "  the   good one ")
    store.star(record.id)
    store.write(record)  # the run knows nothing of its new name
    assert store.read(record.id).name == "the good one"
    assert store.read(record.id).starred
    assert not store.star(record.id, False).starred
    with pytest.raises(HandwriteError, match="needs a name"):
        store.rename(record.id, "  ")


def test_a_deleted_run_can_be_restored_and_only_then_not_when_it_is_erased(
    store: RunStore,
) -> None:
    record = add(store)
    with pytest.raises(HandwriteError, match="delete it first"):
        store.erase(record.id)
    store.delete(record.id)
    assert store.runs() == []
    assert [r.id for r in store.runs(deleted=True)] == [record.id]
    store.restore(record.id)
    assert store.runs() == [record]
    store.delete(record.id)
    store.erase(record.id)
    assert not store.path(record.id).exists()


@pytest.mark.parametrize("run_id", ["", "..", "../other", "a/b", ".hidden"])
def test_ids_never_lead_out_of_the_store(store: RunStore, run_id: str) -> None:
    with pytest.raises(HandwriteError, match="not the id of a run"):
        store.path(run_id)


def test_what_cannot_be_told_apart_is_asked_back(store: RunStore) -> None:
    add(store, "twin")
    add(store, "twin")
    with pytest.raises(HandwriteError, match="Several runs"):
        store.find("twin")
    with pytest.raises(HandwriteError, match="no run"):
        store.find("nothing")


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{", '{"version": 99}', '{"version": 1}', "\x00"],
)
def test_a_damaged_run_is_left_out_and_says_so_when_asked_for(
    store: RunStore, content: str
) -> None:
    sound, broken = add(store), add(store, "broken")
    store.path(broken.id, RUN).write_text(content)
    assert store.runs() == [sound]
    with pytest.raises(HandwriteError, match="cannot be read"):
        store.read(broken.id)


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", "flying"), ("settings", {"hidden": "x"}), ("data", {}), ("last", {"epoch": 1})],
)
def test_every_value_is_checked(store: RunStore, name: str, value: object) -> None:
    record = add(store)
    path = store.path(record.id, RUN)
    path.write_text(json.dumps({**json.loads(path.read_text()), name: value}))
    with pytest.raises(HandwriteError, match="cannot be read"):
        store.read(record.id)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(HandwriteError, match="cannot be kept"):
        add(RunStore(tmp_path / "file"))


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert default_runs_folder() == tmp_path
    monkeypatch.delenv(FOLDER_VARIABLE)
    assert default_runs_folder().name == "runs"


@given(st.integers(0, 40), st.integers(0, 3))
def test_curves_come_back_as_they_went(
    tmp_path_factory: pytest.TempPathFactory, steps: int, epochs: int
) -> None:
    path = tmp_path_factory.mktemp("curves") / "curves.npz"
    history = History()
    for step in range(steps):
        history.add_batch(1 / (step + 1), step / 50)
    for epoch in range(1, epochs + 1):
        history.add_epoch(EpochRow(epoch, epoch, 0.5, 0.5, None, None, 1.0, 2.0))
    write_curves(path, history)
    again = read_curves(path)
    np.testing.assert_array_equal(again.batch_losses, history.batch_losses)
    np.testing.assert_array_equal(again.batch_accuracies, history.batch_accuracies)
    assert again.epochs == history.epochs


def test_a_run_that_is_trained_cannot_be_deleted_or_trained_twice(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(TrainingSettings(hidden=(8,)), training, validation, CLASSES)
    record = record_new_run(store, trainer, "busy", run_data("c", {}, training, validation))
    recorder = RunRecorder(store, record, trainer)
    assert store.read(record.id).state == "running"
    with pytest.raises(HandwriteError, match="stop it before"):
        store.delete(record.id)
    with pytest.raises(HandwriteError, match="trained already"):
        RunRecorder(store, record, trainer)
    recorder.close("stopped")
    store.delete(record.id)


def test_a_run_whose_process_is_gone_was_interrupted(store: RunStore) -> None:
    record = add(store)
    path = store.path(record.id, RUN)
    path.write_text(json.dumps({**json.loads(path.read_text()), "state": "running"}))
    assert store.read(record.id).state == "interrupted"
