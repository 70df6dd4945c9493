"""The command “runs”, and runs that “train --keep” leaves."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.training.runs import FOLDER_VARIABLE, RunStore
from tests.cli.conftest import Run, bars


@pytest.fixture
def kept(run: Run, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RunStore:
    """Two runs of different learning rates."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "runs"))
    for name, rate in (("fast", 0.02), ("slow", 0.0005)):
        arguments = ("--data", labelled, "--epochs", 2, "--hidden", 8, "--learning-rate", rate)
        output = tmp_path / f"{name}.npz"
        assert run("train", *arguments, "--keep", name, "--output", output).status == 0
    return RunStore()


def test_without_runs_there_is_only_the_heading(run: Run, tmp_path: Path) -> None:
    outcome = run("runs", "--runs-folder", tmp_path)
    assert outcome.status == 0
    assert outcome.out.split() == ["id", "name", "state", "epochs", "validation", "test", "data"]


def test_kept_runs_are_listed_and_compared(run: Run, kept: RunStore) -> None:
    lines = run("runs").out.splitlines()
    assert len(lines) == 3
    assert all("finished" in line and "2 of 2" in line for line in lines[1:])
    table = run("runs", "compare", "fast", "slow").out
    assert "learning_rate" in table
    assert "0.0005" in table
    assert "batch_size" not in table


def test_curves_and_models_come_out(run: Run, kept: RunStore, tmp_path: Path) -> None:
    curves = run("runs", "curves", "fast").out.splitlines()
    assert curves[0].startswith("epoch,step,training_loss")
    assert len(curves) == 3
    path = tmp_path / "out.npz"
    assert run("runs", "model", "fast", "--best", "--output", path).status == 0
    assert load_model(path).classes == ("I", "L", "T")


def test_a_run_is_measured_on_test_data_once_and_that_is_counted(
    run: Run, kept: RunStore, labelled: Path, tmp_path: Path
) -> None:
    images, labels = bars(60, seed=12)
    path = tmp_path / "unseen.npz"
    np.savez(path, images=images, labels=labels)
    outcome = run("runs", "test", "fast", "--data", path)
    assert outcome.status == 0, outcome.err
    (look,) = kept.find("fast").looks
    assert look.samples == 60
    assert f"test accuracy      {look.accuracy:.4f}" in outcome.out
    assert "looks              1\n" in outcome.out
    assert f"{look.accuracy:.4f}" in run("runs").out
    assert "test accuracy" in run("runs", "compare", "fast", "slow").out
    again = run("runs", "test", "fast", "--data", path)
    assert again.out == outcome.out.replace("   1\n", "   1, this one before\n")
    images, labels = bars(60, seed=13)
    np.savez(path, images=images, labels=labels)
    assert "looks              2\n" in run("runs", "test", "fast", "--data", path).out
    assert "(2 looks)" in run("runs").out


def test_a_test_needs_data(run: Run, kept: RunStore) -> None:
    outcome = run("runs", "test", "fast")
    assert outcome.status == 2
    assert "--data" in outcome.err


def test_runs_are_renamed_deleted_restored_and_erased(run: Run, kept: RunStore) -> None:
    assert run("runs", "rename", "fast", "the fast one").status == 0
    assert run("runs", "delete", "the fast one", "slow").status == 0
    assert len(run("runs").out.splitlines()) == 1
    assert len(run("runs", "deleted").out.splitlines()) == 3
    assert run("runs", "restore", "slow").status == 0
    assert run("runs", "erase", "the fast one").status == 0
    assert [record.name for record in kept.runs()] == ["slow"]
    assert kept.runs(deleted=True) == []


def test_mistakes_are_told(run: Run, kept: RunStore) -> None:
    assert run("runs", "delete").status == 2
    assert run("runs", "rename", "fast").status == 2
    outcome = run("runs", "compare", "nothing")
    assert outcome.status == 1
    assert "no run “nothing”" in outcome.err
    assert run("runs", "erase", "fast").status == 1
