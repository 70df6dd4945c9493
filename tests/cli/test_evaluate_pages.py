"""Measuring the reading of pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from handwrite_gui.engine.export.formats import export
from tests.cli.conftest import Run
from tests.engine.batch.conftest import writing
from tests.engine.export.pages import PAGE


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in ("one", "two", "three"):
        writing(2).save(folder / f"{name}.png")
    (folder / "one.gt.txt").write_text("HELLO WORLD A1 <&> ß END")
    (folder / "two.page.xml").write_bytes(export(PAGE, "pagexml"))
    return folder


def test_readings_that_are_there(run: Run, scans: Path, tmp_path: Path) -> None:
    readings = tmp_path / "readings"
    readings.mkdir()
    (readings / "one.txt").write_text("HELLO WORLD A1 <&> ß EMD")
    (readings / "two.hocr").write_bytes(export(PAGE, "hocr"))
    report = tmp_path / "report.html"
    arguments = ("--readings", readings, "--report", report, "--json")
    outcome = run("evaluate", "--pages", scans, *arguments)
    assert outcome.status == 0
    values = json.loads(outcome.out)
    rates = {page["name"]: page["character_error_rate"] for page in values["pages"]}
    assert rates == {"one.png": pytest.approx(1 / 24), "two.png": 0}
    assert "<del>N</del><ins>M</ins>" in report.read_text(encoding="utf-8")


def test_pages_are_read(run: Run, scans: Path) -> None:
    (scans / "two.page.xml").unlink()
    outcome = run("evaluate", "--pages", scans / "one.png", "--language", "off")
    assert outcome.status == 0
    assert outcome.out.splitlines()[0].split() == ["page", "characters", "CER", "words", "WER"]
    assert outcome.out.splitlines()[1].startswith("one.png")


def test_a_page_without_truth(run: Run, scans: Path) -> None:
    outcome = run("evaluate", "--pages", scans / "three.png")
    assert outcome.status == 1
    assert "three.gt.txt" in outcome.err


@pytest.mark.parametrize("arguments", [(), ("--data", "a.npz", "--report", "r.html")])
def test_options_that_do_not_go_together(run: Run, arguments: tuple[str, ...]) -> None:
    assert run("evaluate", *arguments).status == 2
