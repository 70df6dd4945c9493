from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER
from tests.cli.conftest import Run, bars


@pytest.fixture
def partly_wrong(tmp_path: Path) -> Path:
    """90 clear images, of which 9 I are labelled L."""
    images, labels = bars(90, seed=4)
    labels[np.flatnonzero(labels == "I")[:9]] = "L"
    path = tmp_path / "partly_wrong.npz"
    np.savez(path, images=images, labels=labels)
    return path


def test_counts_what_is_right(run: Run, model: Path, partly_wrong: Path) -> None:
    outcome = run("evaluate", "--data", partly_wrong, "--model", model, "--json")
    assert outcome.status == 0
    figures = json.loads(outcome.out)
    assert figures["data"] == "partly_wrong"
    assert (figures["images"], figures["left_out"]) == (90, 0)
    assert figures["accuracy"] == pytest.approx(0.9)
    assert figures["confused"] == [{"label": "L", "read_as": "I", "images": 9}]
    assert [entry["label"] for entry in figures["classes"]] == ["I", "L", "T"]
    i, el, t = figures["classes"]
    assert i["recall"] == el["precision"] == t["recall"] == t["precision"] == 1.0
    assert el["recall"] == pytest.approx(1 - 9 / el["images"])
    assert i["precision"] == pytest.approx(i["images"] / (i["images"] + 9))
    # Nine confident errors in ninety: the loss is theirs, and confidence is 0.1 too high.
    assert figures["loss"] > 0.1
    assert figures["calibration_error"] == pytest.approx(0.1, abs=0.07)


def test_the_table_shows_the_same(run: Run, model: Path, partly_wrong: Path) -> None:
    outcome = run("evaluate", "--data", partly_wrong, "--model", model)
    lines = outcome.out.splitlines()
    assert lines[1] == "images             90"
    assert lines[2] == "accuracy           0.9000"
    assert lines[-1] == "L I 9"
    assert sum(line.startswith(("I ", "L ", "T ")) for line in lines) == 4


def test_labels_outside_the_alphabet_are_left_out(run: Run, model: Path, tmp_path: Path) -> None:
    images, labels = bars(60, seed=4)
    labels[:10] = "é"
    np.savez(tmp_path / "more.npz", images=images, labels=labels)
    outcome = run("evaluate", "--data", tmp_path / "more.npz", "--model", model)
    assert "images             50, 10 left out" in outcome.out


def test_a_class_without_images_has_no_figures(run: Run, model: Path, tmp_path: Path) -> None:
    images, labels = bars(60, seed=4)
    kept = labels != "T"
    np.savez(tmp_path / "fewer.npz", images=images[kept], labels=labels[kept])
    outcome = run("evaluate", "--data", tmp_path / "fewer.npz", "--model", model, "--json")
    assert json.loads(outcome.out)["classes"][2]["recall"] is None


def test_no_label_that_the_model_knows(run: Run, model: Path, tmp_path: Path) -> None:
    images, labels = bars(20, seed=4)
    np.savez(tmp_path / "d.npz", images=images, labels=np.where(labels == "I", "1", "0"))
    outcome = run("evaluate", "--data", tmp_path / "d.npz", "--model", model)
    assert outcome.status == 1
    assert "none of its characters (01)" in outcome.err


@pytest.fixture
def two_files(tmp_path: Path) -> list[Path]:
    """Images of writers 0 to 9 in two files; all labels of writers 4 and 9 are wrong."""
    paths = []
    for seed in (4, 5):
        images, labels = bars(50, seed=seed)
        writer = np.arange(50) % 10
        wrong = np.isin(writer, (4, 9))
        labels[wrong] = np.where(labels[wrong] == "I", "L", "I")
        paths.append(tmp_path / f"part{seed}.npz")
        np.savez(paths[-1], images=images, labels=labels, writer=writer)
    return paths


def test_several_files_are_measured_as_one(run: Run, model: Path, two_files: list[Path]) -> None:
    outcome = run("evaluate", "--data", *two_files, "--model", model, "--json")
    figures = json.loads(outcome.out)
    assert figures["data"] == "part4 + part5"
    assert figures["images"] == 100
    assert figures["accuracy"] == pytest.approx(0.8)


@pytest.mark.parametrize(("which", "images", "accuracy"), [("5:4", 20, 0.0), ("2:1", 50, 0.8)])
def test_chosen_writers_alone_are_measured(
    run: Run, model: Path, two_files: list[Path], which: str, images: int, accuracy: float
) -> None:
    outcome = run("evaluate", "--data", *two_files, "--writers", which, "--model", model, "--json")
    figures = json.loads(outcome.out)
    assert figures["images"] == images
    assert figures["accuracy"] == pytest.approx(accuracy)


def test_who_wrote_has_to_be_known(
    run: Run, model: Path, two_files: list[Path], partly_wrong: Path
) -> None:
    anonymous = run("evaluate", "--data", partly_wrong, "--writers", "5:1", "--model", model)
    assert anonymous.status == 1
    assert "does not say who wrote what" in anonymous.err
    nobody = run("evaluate", "--data", *two_files, "--writers", "40:30", "--model", model)
    assert nobody.status == 1
    assert "none of its writers" in nobody.err


@pytest.mark.parametrize("which", ["5", "5:5", "0:0", ":1", "5:-1", "five:1", f"1{30 * '0'}:1"])
def test_writers_that_cannot_be_meant(
    run: Run, model: Path, two_files: list[Path], which: str
) -> None:
    outcome = run("evaluate", "--data", *two_files, "--writers", which, "--model", model)
    assert outcome.status == 2
    assert "does not say which writers" in outcome.err


def test_writers_are_of_characters_and_not_of_pages(run: Run, tmp_path: Path) -> None:
    outcome = run("evaluate", "--pages", tmp_path, "--writers", "5:1")
    assert outcome.status == 2
    assert "--writers goes with --data" in outcome.err


def test_look_alikes_and_second_guesses(run: Run, model: Path, partly_wrong: Path) -> None:
    outcome = run("evaluate", "--data", partly_wrong, "--model", model, "--json")
    figures = json.loads(outcome.out)
    assert figures["merged"] == figures["accuracy"]  # I, L and T are no look-alikes
    assert figures["accuracy"] <= figures["top_two"] <= 1
    assert sum(row["samples"] for row in figures["reliability"]) == 90
    gap = sum(r["samples"] * abs(r["accuracy"] - r["confidence"]) for r in figures["reliability"])
    assert figures["calibration_error"] == pytest.approx(gap / 90)
    assert (figures["non_characters"], figures["rejection_auc"]) == (0, None)


def test_refusal_is_measured_where_there_are_non_characters(run: Run, tmp_path: Path) -> None:
    images, labels = bars(300, seed=4)
    squares = np.zeros((60, 20, 20), np.uint8)
    for size, square in enumerate(squares):
        square[2 : 8 + size % 10, 2:17] = 255
    everything = np.concatenate([images, squares])
    named = np.concatenate([labels, np.full(60, NOT_A_CHARACTER)])
    np.savez(tmp_path / "all.npz", images=everything, labels=named)
    path = tmp_path / "refusing.npz"
    arguments = ("--data", tmp_path / "all.npz", "--epochs", 8, "--learning-rate", 0.01)
    assert run("train", *arguments, "--output", path).status == 0

    arguments = ("evaluate", "--data", tmp_path / "all.npz", "--model", path)
    figures = json.loads(run(*arguments, "--json").out)
    assert (figures["images"], figures["left_out"], figures["non_characters"]) == (300, 0, 60)
    assert figures["rejection_auc"] > 0.99
    assert [entry["label"] for entry in figures["classes"]] == ["I", "L", "T"]
    assert f"refusal, ROC AUC   {figures['rejection_auc']:.4f} (60" in run(*arguments).out
