"""The command “models”."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handwrite_gui.engine.model_library import FOLDER_VARIABLE, ModelLibrary
from tests.cli.conftest import Run


@pytest.fixture(autouse=True)
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModelLibrary:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "models"))
    monkeypatch.setenv("HANDWRITE_RUNS", str(tmp_path / "runs"))
    monkeypatch.setenv("HANDWRITE_PROFILES", str(tmp_path / "profiles"))
    return ModelLibrary()


def test_the_list_names_what_there_is(run: Run, model: Path) -> None:
    assert run("models", "import", model, "--name", "Bars").status == 0
    outcome = run("models")
    assert outcome.status == 0
    (line,) = (line for line in outcome.out.splitlines() if line.startswith("Bars"))
    assert "library" in line
    assert "3 characters" in line


def test_a_model_goes_through_its_life(run: Run, model: Path, tmp_path: Path) -> None:
    assert run("models", "import", model, "--name", "Bars").status == 0
    assert run("models", "duplicate", "Bars").out == "Bars copy\n"
    assert run("models", "rename", "Bars copy", "Other").status == 0
    assert run("models", "delete", "Other").status == 0
    assert "Other" not in run("models").out
    assert "Other" in run("models", "deleted").out
    assert run("models", "restore", "Other").status == 0
    assert run("models", "export", "Other", tmp_path / "other.npz").status == 0
    assert (tmp_path / "other.npz").stat().st_size > 1000


def test_two_models_are_compared(run: Run, model: Path, labelled: Path) -> None:
    outcome = run("models", "compare", model, model, "--data", labelled)
    assert outcome.status == 0
    assert "look-alikes merged" in outcome.out
    assert "+0.0000" in outcome.out
    values = json.loads(run("models", "compare", model, model, "--data", labelled, "--json").out)
    assert values["p_value"] == 1
    assert len(values["classes"]) == 3


@pytest.mark.parametrize(
    "arguments", [("import",), ("export", "a"), ("compare", "a"), ("compare", "a", "b")]
)
def test_what_is_missing_is_asked_for(run: Run, arguments: list[str]) -> None:
    assert run("models", *arguments).status == 2


def test_what_is_no_model_is_explained(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "text.npz"
    path.write_text("no model")
    outcome = run("models", "import", path)
    assert outcome.status == 1
    assert "not an .npz file" in outcome.err
    assert "no model “Nobody”" in run("models", "delete", "Nobody").err
