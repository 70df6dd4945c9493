from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run, bars


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def test_prints_a_row_for_each_image(run: Run, model: Path, tmp_path: Path) -> None:
    images, labels = bars(60, seed=2)
    path = tmp_path / "unlabelled.npz"
    np.savez(path, images=images)
    outcome = run("classify", "--model", model, path)
    header, *table = rows(outcome.out)
    assert outcome.status == 0
    assert header == ["predicted", "second", "confidence", "second_confidence"]
    assert [row[0] for row in table] == labels.tolist()
    for first, second, confidence, second_confidence in table:
        assert second in set("ILT") - {first}
        assert 1 >= float(confidence) >= float(second_confidence) >= 0


def test_labels_may_be_there(run: Run, model: Path, labelled: Path) -> None:
    assert len(rows(run("classify", "--model", model, labelled).out)) == 301


def test_an_image_without_ink_gets_empty_fields(run: Run, model: Path, tmp_path: Path) -> None:
    images, _ = bars(3, seed=3)
    images[1] = 0
    np.savez(tmp_path / "blank.npz", images=images)
    _, first, blank, last = rows(run("classify", "--model", model, tmp_path / "blank.npz").out)
    assert blank == ["", "", "", ""]
    assert first[0]
    assert last[0]


def test_an_alphabet_narrows_the_choice(run: Run, labelled: Path) -> None:
    table = rows(run("classify", "--alphabet", "digits", labelled).out)[1:]
    assert len(table) == 300
    assert {character for row in table for character in row[:2]} <= set("0123456789")


def test_writes_to_a_file(run: Run, model: Path, labelled: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    outcome = run("classify", "--model", model, "--output", path, labelled)
    assert outcome == (0, "", "")
    assert path.read_text() == run("classify", "--model", model, labelled).out
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"pixels": np.zeros((2, 8, 8), np.uint8)}, "no array “images”"),
        ({"images": np.zeros((8, 8), np.uint8)}, "has the shape (8, 8)"),
        ({"images": np.zeros((0, 8, 8), np.uint8)}, "holds no images"),
        ({"images": np.full((2, 8, 8), -3)}, "numbers 0 to 255"),
        ({"images": np.full((2, 8, 8), np.nan)}, "numbers 0 to 255"),
        ({"images": np.full((2, 8, 8), "x")}, "numbers"),
        ({"images": np.array([{}])}, "pickle"),
    ],
)
def test_says_what_is_wrong_with_a_file(
    run: Run, tmp_path: Path, arrays: dict[str, np.ndarray], complaint: str
) -> None:
    path = tmp_path / "wrong.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    outcome = run("classify", path)
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err.startswith(f"handwrite-gui: {path}: ")
    assert complaint in outcome.err
    assert outcome.err.count("\n") == 1


def test_a_missing_file(run: Run, tmp_path: Path) -> None:
    outcome = run("classify", tmp_path / "missing.npz")
    assert outcome.status == 1
    assert "no such file" in outcome.err


def test_a_data_set_is_no_model(run: Run, labelled: Path) -> None:
    outcome = run("classify", "--model", labelled, labelled)
    assert outcome.status == 1
    assert "not a model" in outcome.err


def test_a_model_that_knows_nothing_of_the_alphabet(run: Run, model: Path, labelled: Path) -> None:
    outcome = run("classify", "--model", model, "--alphabet", "digits", labelled)
    assert outcome.status == 1
    assert "ILT" in outcome.err


def test_a_folder_that_is_not_there(run: Run, model: Path, labelled: Path, tmp_path: Path) -> None:
    path = tmp_path / "missing" / "out.csv"
    outcome = run("classify", "--model", model, "--output", path, labelled)
    assert outcome.status == 1
    assert outcome.err == f"handwrite-gui: {path}: No such file or directory.\n"
