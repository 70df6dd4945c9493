"""The figure on test data: kept apart, looked at once, and counted where it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.training import Trainer, TrainingData, TrainingSettings
from handwrite_gui.engine.training.final_test import Look, earlier_look, look_at_test_data
from handwrite_gui.engine.training.run_comparison import compare
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import TEST, RunRecord, RunStore
from tests.engine.training.conftest import CLASSES, clusters


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture(scope="module")
def unseen() -> TrainingData:
    """Of the same clusters as the training data, and other samples."""
    return clusters(80, seed=7)


def train(
    store: RunStore,
    training: TrainingData,
    validation: TrainingData | None,
    epochs: int = 2,
    name: str = "first",
) -> RunRecord:
    settings = TrainingSettings(hidden=(8,), epochs=epochs, learning_rate=0.01, seed=3)
    trainer = Trainer(settings, training, validation, CLASSES)
    data = run_data("clusters", {"kind": "command"}, training, validation)
    recorder = RunRecorder(store, record_new_run(store, trainer, name, data), trainer)
    for event in trainer.run():
        recorder.take(event)
    return store.read(recorder.record.id)


@pytest.mark.parametrize("validated", [True, False])
def test_the_weights_of_the_best_epoch_are_measured_or_else_the_last(
    validated: bool,
    store: RunStore,
    training: TrainingData,
    validation: TrainingData,
    unseen: TrainingData,
) -> None:
    record = train(store, training, validation if validated else None)
    look = look_at_test_data(store, record.id, unseen)
    which = "best" if validated else "last"
    network = store.model(record.id, which).network
    right = network.predict_logits(unseen.inputs).argmax(axis=1) == unseen.targets
    assert look.accuracy == pytest.approx(np.mean(right))
    assert look.weights == which
    assert look.samples == 80
    assert look.data == unseen.name
    assert look.step == (record.best.step if record.best is not None else record.step)
    assert store.read(record.id).looks == (look,)


def test_the_same_weights_are_not_looked_at_again(
    store: RunStore, training: TrainingData, validation: TrainingData, unseen: TrainingData
) -> None:
    record = train(store, training, validation)
    assert earlier_look(store, record) is None
    look = look_at_test_data(store, record.id, unseen)
    assert earlier_look(store, store.read(record.id)) == look
    assert look_at_test_data(store, record.id, unseen) == look
    assert len(store.read(record.id).looks) == 1


def test_other_weights_and_other_data_are_another_look_that_is_counted(
    store: RunStore, training: TrainingData, validation: TrainingData, unseen: TrainingData
) -> None:
    record = train(store, training, validation)
    first = look_at_test_data(store, record.id, unseen)
    second = look_at_test_data(store, record.id, clusters(40, seed=8))
    assert second.samples == 40
    # As if the run had gone on to a better epoch.
    assert record.best is not None
    store.write(replace(record, best=replace(record.best, step=record.best.step + 8)))
    third = look_at_test_data(store, record.id, unseen)
    assert store.read(record.id).looks == (first, second, third)
    rows = {row.name: row.values for row in compare([store.read(record.id)])}
    assert rows["looks at test data"] == ("3",)
    assert rows["test accuracy"] == (f"{third.accuracy:.2%}",)


def test_without_a_look_nothing_is_said_of_test_data(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    record = train(store, training, validation)
    assert not [row.name for row in compare([record]) if "test" in row.name]


def test_what_was_learned_from_or_validated_on_is_no_test_data(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    record = train(store, training, validation)
    for data in (training, validation):
        with pytest.raises(HandwriteError, match="never saw"):
            look_at_test_data(store, record.id, data)
    with pytest.raises(HandwriteError, match="no character"):
        look_at_test_data(store, record.id, TrainingData(training.inputs[:0], training.targets[:0]))
    assert not store.read(record.id).looks


def test_a_run_is_not_tested_while_it_is_trained_or_before(
    store: RunStore, training: TrainingData, validation: TrainingData, unseen: TrainingData
) -> None:
    trainer = Trainer(TrainingSettings(hidden=(8,)), training, validation, CLASSES)
    data = run_data("clusters", {}, training, validation)
    record = record_new_run(store, trainer, "first", data)
    with pytest.raises(HandwriteError, match="no weights"):
        look_at_test_data(store, record.id, unseen)
    recorder = RunRecorder(store, record, trainer)
    with pytest.raises(HandwriteError, match="being trained"):
        look_at_test_data(store, record.id, unseen)
    recorder.close("stopped")


def test_a_look_that_was_cancelled_is_none(
    store: RunStore, training: TrainingData, validation: TrainingData, unseen: TrainingData
) -> None:
    record = train(store, training, validation)
    with pytest.raises(Cancelled):
        look_at_test_data(store, record.id, unseen, should_stop=lambda: True)
    assert not store.read(record.id).looks


def test_neither_the_run_nor_its_name_overwrites_a_look(
    store: RunStore, training: TrainingData, validation: TrainingData, unseen: TrainingData
) -> None:
    record = train(store, training, validation)
    look = look_at_test_data(store, record.id, unseen)
    store.write(record)
    store.rename(record.id, "other")
    assert store.read(record.id).looks == (look,)


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"looks": [{}]}', '{"looks": 3}', '{"looks": [{"weights": "good"}]}']
)
def test_a_damaged_file_of_looks_is_told_as_such(
    text: str, store: RunStore, training: TrainingData
) -> None:
    record = train(store, training, None, epochs=1)
    store.path(record.id, TEST).write_text(text, encoding="utf-8")
    with pytest.raises(HandwriteError, match="cannot be read"):
        store.read(record.id)


@given(
    st.builds(
        Look,
        st.text(),
        st.sampled_from(["best", "last"]),
        st.integers(0),
        st.text(),
        st.text(),
        st.integers(0),
        *[st.floats(0, 1)] * 3,
    )
)
def test_a_look_survives_its_file(look: Look) -> None:
    assert Look.from_dict(json.loads(json.dumps(look.to_dict()))) == look
