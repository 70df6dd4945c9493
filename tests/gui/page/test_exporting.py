"""Exporting a reading in other formats."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.export.formats import FORMATS
from handwrite_gui.engine.page_document.edits import Relabel
from handwrite_gui.engine.transcripts.reading import read_transcript
from handwrite_gui.page.exporting import FORMAT_KEY
from handwrite_gui.page.view import PageView
from handwrite_gui.settings import settings


def answer(monkeypatch: pytest.MonkeyPatch, name: str, title: str) -> list[str]:
    """The person's answer to the dialog; gives what was suggested."""
    suggested: list[str] = []

    def dialog(
        parent: object, caption: str, suggestion: str, filters: str, chosen: str
    ) -> tuple[str, str]:
        suggested.append(Path(suggestion).name)
        assert len(filters.split(";;")) == len(FORMATS)
        return name, next((f for f in filters.split(";;") if f.startswith(title)), "")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", dialog)
    return suggested


@pytest.mark.parametrize(
    ("typed", "title", "written"),
    [
        ("deep", "Searchable PDF", "deep.pdf"),
        ("deep.xml", "ALTO", "deep.alto.xml"),
        ("v1.2", "hOCR", "v1.2.hocr"),
        ("deep.svg", "Searchable PDF", "deep.svg"),
    ],
)
def test_the_chosen_format_is_written(
    open_page: PageView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
    typed: str,
    title: str,
    written: str,
) -> None:
    suggested = answer(monkeypatch, str(tmp_path / typed), title)
    with qtbot.waitSignal(
        open_page.status_message, check_params_cb=lambda text: text.startswith("Exported")
    ):
        open_page.ask_how_to_export()
    assert suggested == ["page.pdf"]
    assert (tmp_path / written).stat().st_size > 100


def test_corrections_are_in_it_and_the_format_is_remembered(
    open_page: PageView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    page = open_page.session.page
    assert page is not None
    page.document.do(Relabel(0, "B"))
    answer(monkeypatch, str(tmp_path / "deep.page.xml"), "PAGE XML")
    with qtbot.waitSignal(
        open_page.status_message, check_params_cb=lambda text: text.startswith("Exported")
    ):
        open_page.ask_how_to_export()
    (read,) = read_transcript(tmp_path / "deep.page.xml")
    assert read.result.text == "BEEP NET\nIS ON"
    assert settings().read(FORMAT_KEY, "") == "pagexml"


def test_a_failure_says_why(
    open_page: PageView,
    errors: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    qtbot: QtBot,
) -> None:
    answer(monkeypatch, str(tmp_path / "missing" / "deep.pdf"), "Searchable PDF")
    open_page.ask_how_to_export()
    qtbot.waitUntil(lambda: bool(errors))
    assert "deep.pdf was not exported" in errors[0]


def test_no_answer_writes_nothing(
    open_page: PageView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = list(tmp_path.iterdir())
    answer(monkeypatch, "", "")
    open_page.ask_how_to_export()
    assert list(tmp_path.iterdir()) == before
