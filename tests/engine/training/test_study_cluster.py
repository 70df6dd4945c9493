"""A study on a cluster of two workers: stopped, gone on with, one worker killed half-way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training import Trainer, TrainingData, TrainingSettings, study_cluster
from handwrite_gui.engine.training.run_recorder import run_data
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.engine.training.study import plan_study, run_study
from tests.engine.local_cluster import Cluster
from tests.engine.training.conftest import CLASSES

# Long enough to be stopped and killed in the middle.
SETTINGS = TrainingSettings(hidden=(12,), batch_size=4, epochs=30, learning_rate=0.01)


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "runs")


@pytest.fixture
def records(store: RunStore, training: TrainingData, validation: TrainingData) -> list[RunRecord]:
    data = run_data("clusters", {}, training, validation)
    return plan_study(store, "learning-rate", SETTINGS, CLASSES, data)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("distributed")
    folder = tmp_path / "cluster"
    folder.mkdir()
    cluster = Cluster(folder)
    yield cluster
    cluster.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
# Of the library: it leaves sockets to the garbage collector when workers vanish.
@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_runs_are_the_same_wherever_they_are_trained(
    cluster: Cluster,
    store: RunStore,
    records: list[RunRecord],
    training: TrainingData,
    validation: TrainingData,
) -> None:
    def steps() -> int:
        return sum(store.read(record.id).step for record in records)

    stopped = run_study(
        store,
        records,
        training,
        validation,
        scheduler=cluster.address,
        should_stop=lambda: steps() > 0,
    )
    assert {record.state for record in stopped} <= {"stopped", "planned", "finished"}
    assert any(record.state == "stopped" for record in stopped)
    learned, shares = steps(), list[float]()

    def kill_one_when_more_is_learned(share: float, text: str) -> None:
        shares.append(share)
        worker = cluster.workers[0]
        if worker.poll() is None and steps() > learned:
            worker.send_signal(signal.SIGKILL)

    done = run_study(
        store,
        stopped,
        training,
        validation,
        scheduler=cluster.address,
        on_progress=kill_one_when_more_is_learned,
    )
    assert cluster.workers[0].poll() is not None
    assert [record.state for record in done] == ["finished"] * 3
    assert shares[-1] == 1
    assert not list(store.folder.glob(".study-*")), "the data are taken away again"
    for record in done:
        trainer = Trainer(record.settings, training, validation, CLASSES)
        for _ in trainer.run():
            pass
        np.testing.assert_array_equal(
            store.curves(record.id).batch_losses, trainer.history.batch_losses
        )


def test_a_worker_that_does_not_see_the_runs_says_so(tmp_path: Path) -> None:
    with pytest.raises(HandwriteError, match="choose a folder of runs"):
        study_cluster._work(str(tmp_path / "elsewhere"), "run", str(tmp_path))


def test_a_worker_stops_when_the_study_ends_or_falls_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 0.0
    monkeypatch.setattr(study_cluster.time, "monotonic", lambda: now)
    path = tmp_path / "sign"
    path.touch()
    silent = study_cluster._Sign(path)
    for now in range(1, 200, 5):
        os.utime(path, ns=(0, now))  # by a clock that is years behind
        assert not silent.is_gone()
    now += study_cluster.SILENCE_SECONDS + 1
    assert silent.is_gone()
    ended = study_cluster._Sign(path)
    assert not ended.is_gone()
    path.unlink()
    now += 1
    assert ended.is_gone()
    assert study_cluster._Sign(path).is_gone()


def test_a_run_that_is_not_begun_waits_for_the_next_time(
    tmp_path: Path, store: RunStore, records: list[RunRecord]
) -> None:
    study_cluster._work(str(store.folder), records[0].id, str(tmp_path))
    assert store.read(records[0].id).state == "planned"
