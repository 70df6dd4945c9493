"""Readings in other formats."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from handwrite_gui.engine.export.formats import export
from handwrite_gui.engine.export.geometry import bounds
from handwrite_gui.engine.transcripts.reading import parse_transcript
from handwrite_gui.engine.transcripts.scaling import scaled
from tests.cli.conftest import Run
from tests.engine.export.pages import PAGE, RESULT


@pytest.fixture
def reading(tmp_path: Path) -> Path:
    path = tmp_path / "page.alto.xml"
    path.write_bytes(export(PAGE, "alto"))
    return path


def test_text_to_standard_output(run: Run, reading: Path) -> None:
    assert run("convert", reading) == (0, RESULT.text + "\n", "")


def test_a_pdf_with_the_picture_beside_the_reading(run: Run, reading: Path, tmp_path: Path) -> None:
    # Twice as large as it was read.
    picture = Image.fromarray(PAGE.picture).resize((1600, 1200))
    picture.save(tmp_path / PAGE.image_name)
    target = tmp_path / "page.pdf"
    assert run("convert", "--format", "pdf", "--output", target, reading) == (0, "", "")
    document = pypdfium2.PdfDocument(target)
    assert document[0].get_textpage().get_text_bounded().split() == RESULT.text.split()
    document.close()


def test_another_picture_can_be_named(run: Run, reading: Path, tmp_path: Path) -> None:
    outcome = run("convert", "--format", "svg", reading)
    assert outcome.status == 1
    assert "--image" in outcome.err
    Image.fromarray(PAGE.picture).save(tmp_path / "other.png")
    outcome = run("convert", "--format", "svg", "--image", tmp_path / "other.png", reading)
    assert outcome.status == 0
    assert outcome.out.count("<polygon") == sum(1 for _ in RESULT.characters)


def test_a_picture_of_another_shape_is_refused(run: Run, reading: Path, tmp_path: Path) -> None:
    Image.new("L", (600, 800), 255).save(tmp_path / "other.png")
    outcome = run("convert", "--format", "svg", "--image", tmp_path / "other.png", reading)
    assert (outcome.status, outcome.out) == (1, "")
    assert "does not fit one of 600 × 800" in outcome.err


def test_a_picture_that_is_called_like_the_reading_is_found(
    run: Run, reading: Path, tmp_path: Path
) -> None:
    Image.fromarray(PAGE.picture).save(tmp_path / "page.png")
    assert run("convert", "--format", "svg", reading).status == 0


def test_a_file_that_is_none(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "page.xml"
    path.write_text("nothing")
    outcome = run("convert", path)
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err.startswith(f"handwrite-gui: {path}: ")


@pytest.mark.parametrize("arguments", [("--format", "folder"), ("--output", "page.alto.xml")])
def test_options_that_do_not_go_together(
    run: Run, reading: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, str]
) -> None:
    monkeypatch.chdir(reading.parent)
    assert run("convert", *arguments, reading).status == 2
    assert parse_transcript(reading.read_bytes())


def test_scaling_keeps_places_in_proportion() -> None:
    result = scaled(RESULT, 1600, 300)
    one, other = (next(r.characters).quad for r in (RESULT, result))
    assert bounds(other) == (100, 50, 140, 70)
    assert bounds(one) == (50, 100, 70, 140)
