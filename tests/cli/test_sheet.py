"""The command “sheet”."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from handwrite_gui.engine.documents.pages import page_count
from handwrite_gui.engine.handwriting.profiles import FOLDER_VARIABLE, ProfileStore
from handwrite_gui.engine.handwriting.sample_sheet.layout import make_sheet
from tests.cli.conftest import Run
from tests.engine.handwriting.sample_sheet.paper import Cell, Strokes, filled_in, written


@pytest.fixture
def photograph(tmp_path: Path) -> Path:
    """Of a sheet that asks for A and B twice, upside down; one box is empty."""
    sheet, rng = make_sheet("AB", 2), np.random.default_rng(1)
    empty = sheet.cells(1)[3].number

    def write(cell: Cell, chance: np.random.Generator) -> Strokes | None:
        return None if cell.number == empty else written(cell, chance)

    picture = filled_in(sheet, 1, tmp_path, rng, write=write)
    path = tmp_path / "photograph.png"
    Image.fromarray(picture[::-1, ::-1]).save(path)
    return path


@pytest.fixture
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileStore:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "profiles"))
    return ProfileStore()


def test_a_sheet_is_made(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "sheet.pdf"
    outcome = run("sheet", "--output", path, "--alphabet", "full", "--paper", "letter")
    assert outcome.status == 0
    assert "3 pages, 70 characters, 5 of each" in outcome.err
    assert page_count(path) == 3


def test_a_picture_is_read_and_counted(run: Run, photograph: Path, profiles: ProfileStore) -> None:
    outcome = run("sheet", "--read", photograph)
    assert outcome.status == 0
    assert outcome.out.startswith("photograph.png: page 1 of 1, 3 samples")
    assert outcome.out.rstrip().endswith("1 empty")
    assert not profiles.profiles()


def test_samples_go_into_a_profile_once(run: Run, photograph: Path, profiles: ProfileStore) -> None:
    assert run("sheet", "--read", photograph, "--profile", "Ada", "--new").status == 0
    assert run("sheet", "--read", photograph, "--profile", "Ada").status == 0
    (profile,) = profiles.profiles()
    assert profile.samples.counts() == {"A": 2, "B": 1}


def test_a_profile_that_is_not_there_is_not_made_by_mistake(
    run: Run, photograph: Path, profiles: ProfileStore
) -> None:
    profiles.create("Ada")
    outcome = run("sheet", "--read", photograph, "--profile", "Adda")
    assert outcome.status == 1
    assert "no profile “Adda”; there is “Ada”. Give --new" in outcome.err
    assert len(profiles.profiles()) == 1


def test_what_is_no_sheet_is_named_and_the_rest_is_read(
    run: Run, photograph: Path, tmp_path: Path
) -> None:
    other, text = tmp_path / "other.png", tmp_path / "text.png"
    Image.fromarray(np.full((200, 200), 255, np.uint8)).save(other)
    text.write_text("no picture")
    outcome = run("sheet", "--read", other, text, photograph)
    assert outcome.status == 1
    assert "other.png: There is no sample sheet in this picture" in outcome.err
    assert "text.png" in outcome.err
    assert "3 samples" in outcome.out


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--output", "a.pdf", "--read", "b.png"),
        ("--output", "a.pdf", "--profile", "Ada"),
        ("--output", "a.pdf", "--alphabet", "full", "--characters", "abc"),
        ("--read", "b.png", "--copies", "3"),
        ("--read", "b.png", "--new"),
    ],
)
def test_arguments_that_do_not_go_together_are_refused(run: Run, arguments: list[str]) -> None:
    assert run("sheet", *arguments).status == 2


def test_copies_out_of_range_are_explained(run: Run, tmp_path: Path) -> None:
    outcome = run("sheet", "--output", tmp_path / "a.pdf", "--copies", "99")
    assert outcome.status == 1
    assert "1 to 20 times" in outcome.err
