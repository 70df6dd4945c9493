"""The command “study”."""

from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_gui.engine.training.runs import FOLDER_VARIABLE, RunStore
from tests.cli.conftest import Run


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "runs"))
    return RunStore()


def test_three_rates_side_by_side(run: Run, labelled: Path, store: RunStore) -> None:
    arguments = ("--data", labelled, "--hidden", 8, "--epochs", 2, "--learning-rate", 0.01)
    outcome = run("study", "learning-rate", *arguments)
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[0].split() == ["rate", "0.01", "rate", "0.1", "rate", "0.001"]
    assert lines[1].split() == ["learning_rate", "0.01", "0.1", "0.001"]
    assert len(store.runs()) == 3
    # Finished, there is nothing left to resume, and nothing is trained twice.
    before = store.runs()
    assert run("study", "learning-rate", *arguments, "--resume").status == 0
    assert store.runs() == before


def test_a_rate_is_suggested(run: Run, labelled: Path) -> None:
    outcome = run("study", "range-test", "--data", labelled, "--hidden", 8)
    assert outcome.status == 0
    lines = outcome.out.splitlines()
    assert lines[0] == "rate,loss,smooth"
    assert lines[-1].startswith("# suggested: ")


def test_mistakes_are_told(run: Run, labelled: Path, store: RunStore) -> None:
    assert run("study", "width", "--data", labelled, "--processes", 0).status == 2
    for arguments in (
        ("width", "--data", labelled, "--scheduler", "tcp://host:1", "--processes", 2),
        ("range-test", "--data", labelled, "--scheduler", "tcp://host:1"),
    ):
        assert run("study", *arguments).status == 2
    outcome = run("study", "width", "--data", labelled, "--resume")
    assert outcome.status == 2
    assert "no such study" in outcome.err
    assert run("study", "width", "--data", labelled, "--hidden", "none").status == 1


def test_a_cluster_that_is_not_there_is_told(
    run: Run, labelled: Path, store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    from handwrite_gui.engine import cluster

    monkeypatch.setattr(cluster, "SECONDS_TO_CONNECT", 0.5)
    outcome = run("study", "width", "--data", labelled, "--scheduler", "tcp://127.0.0.1:9")
    assert outcome.status == 1
    assert "no Dask scheduler at tcp://127.0.0.1:9" in outcome.err
    assert {record.state for record in store.runs()} == {"planned"}
