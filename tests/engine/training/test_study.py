"""Studies: what they vary, that they stop and go on, in one process or in several."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.training import Trainer, TrainingData, TrainingSettings
from handwrite_gui.engine.training.kept_run import read_training_data, write_training_data
from handwrite_gui.engine.training.range_test import range_test
from handwrite_gui.engine.training.run_recorder import run_data
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.engine.training.study import (
    STUDIES,
    learning_rates,
    plan_study,
    run_study,
    runs_of_study,
    widths,
)
from tests.engine.training.conftest import CLASSES

SETTINGS = TrainingSettings(hidden=(12,), batch_size=32, epochs=3, learning_rate=0.01)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


def plan(
    store: RunStore, training: TrainingData, validation: TrainingData, kind: str = "learning-rate"
) -> list[RunRecord]:
    data = run_data("clusters", {}, training, validation)
    return plan_study(store, kind, SETTINGS, CLASSES, data)


def test_the_rate_ten_times_and_a_tenth() -> None:
    found = [v.settings.learning_rate for v in learning_rates(SETTINGS)]
    assert found == [0.01, 0.1, 0.001]
    highest = TrainingSettings(learning_rate=50)
    assert [v.settings.learning_rate for v in learning_rates(highest)] == [50, 5]


def test_every_study_varies_one_setting() -> None:
    for kind, field in (
        ("learning-rate", "learning_rate"),
        ("initializer", "initializer"),
        ("activation", "activation"),
        ("width", "hidden"),
    ):
        variants = STUDIES[kind].variants(SETTINGS)
        assert len({v.label for v in variants}) == len(variants) >= 3
        for variant in variants:
            given, base = variant.settings.to_dict(), SETTINGS.to_dict()
            assert {name for name in given if given[name] != base[name]} <= {field}


def test_widths_need_layers() -> None:
    with pytest.raises(HandwriteError, match="no hidden layers"):
        widths(TrainingSettings(hidden=()))
    assert len(widths(TrainingSettings(hidden=(1,)))) == 3


def losses_alone(record: RunRecord, training: TrainingData, validation: TrainingData) -> np.ndarray:
    trainer = Trainer(record.settings, training, validation, CLASSES)
    for _ in trainer.run():
        pass
    return trainer.history.batch_losses


def test_every_run_is_as_if_it_had_been_trained_alone(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    records = plan(store, training, validation)
    shares: list[float] = []
    done = run_study(
        store, records, training, validation, on_progress=lambda share, _: shares.append(share)
    )
    assert [record.state for record in done] == ["finished"] * 3
    assert shares == sorted(shares)
    assert shares[-1] == 1
    for record in done:
        np.testing.assert_array_equal(
            store.curves(record.id).batch_losses, losses_alone(record, training, validation)
        )
    study = records[0].study
    assert study is not None
    assert [r.id for r in runs_of_study(store, study.study)] == [r.id for r in records]


def test_a_stopped_study_goes_on_with_what_is_left(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    records = plan(store, training, validation)
    asked = iter(range(1000))
    # The first run has 24 batches: the study is stopped within the second.
    stopped = run_study(store, records, training, validation, should_stop=lambda: next(asked) > 35)
    assert [record.state for record in stopped] == ["finished", "stopped", "planned"]
    assert 0 < stopped[1].step < stopped[1].total_steps
    done = run_study(store, stopped, training, validation)
    assert [record.state for record in done] == ["finished"] * 3
    assert done[0] == stopped[0]
    np.testing.assert_array_equal(
        store.curves(done[1].id).batch_losses, losses_alone(done[1], training, validation)
    )


def test_processes_give_the_same_runs(
    store: RunStore, training: TrainingData, validation: TrainingData
) -> None:
    records = plan(store, training, validation)
    done = run_study(store, records, training, validation, processes=2)
    assert [record.state for record in done] == ["finished"] * 3
    for record in done:
        np.testing.assert_array_equal(
            store.curves(record.id).batch_losses, losses_alone(record, training, validation)
        )


def test_data_come_back_as_they_went(
    tmp_path: Path, training: TrainingData, validation: TrainingData
) -> None:
    path = tmp_path / "data.npz"
    for measured_on in (validation, None):
        write_training_data(path, training, measured_on)
        again, measured_again = read_training_data(path)
        assert again.fingerprint == training.fingerprint
        assert (measured_again is None) == (measured_on is None)
        if measured_again is not None:
            assert measured_again.fingerprint == validation.fingerprint


def test_the_range_test_finds_a_rate_that_learns(training: TrainingData) -> None:
    found = range_test(SETTINGS, training, CLASSES, steps=120)
    assert found.suggested is not None
    assert 1e-5 < found.suggested < 1
    np.testing.assert_allclose(np.diff(np.log(found.rates)), np.log(1e7) / 119)
    assert found.smooth.min() < 0.7 * found.smooth[0]
    settings = TrainingSettings(
        hidden=(12,), batch_size=32, epochs=15, learning_rate=found.suggested
    )
    trainer = Trainer(settings, training, None, CLASSES)
    for _ in trainer.run():
        pass
    assert trainer.history.epochs[-1].training_accuracy > 0.8


def test_the_range_test_ends_where_the_loss_explodes(training: TrainingData) -> None:
    settings = TrainingSettings(hidden=(32, 32), optimizer="sgd", activation="identity")
    found = range_test(settings, training, CLASSES, highest=100.0)
    assert len(found.rates) < 200
    assert np.isfinite(found.losses).all()


def test_rates_that_learn_nothing_suggest_none(training: TrainingData) -> None:
    found = range_test(SETTINGS, training, CLASSES, lowest=1e-9, highest=1e-8, steps=30)
    assert found.suggested is None


def test_the_range_test_can_be_cancelled(training: TrainingData) -> None:
    with pytest.raises(Cancelled):
        range_test(SETTINGS, training, CLASSES, should_stop=lambda: True)
