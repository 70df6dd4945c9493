"""Importing what another program read, as a start for correction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.export.formats import export
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.page_document.edits import Relabel
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, page, write_image
from tests.gui.page.test_opening import drop, files

Settle = Callable[[], None]
SUFFIXES = {"hocr": ".hocr", "alto": ".xml", "pagexml": ".xml", "json": ".json"}


def write_reading(
    path: Path, result: PageResult, image_name: str = "page.png", format_name: str = "hocr"
) -> Path:
    path.write_bytes(export(ReadPage(result, image_name), format_name))
    return path


def text(view: PageView) -> str:
    return view.workspace.panel.text_pane.toPlainText()


def document(view: PageView) -> OpenDocument:
    assert view.session.page is not None
    return view.session.page.document


def imported(view: PageView) -> None:
    """Wait until what was dropped or chosen is looked through, and shown."""


@pytest.fixture
def done(qtbot: QtBot, view: PageView) -> Callable[[], None]:
    def wait() -> None:
        qtbot.waitUntil(lambda: not view.importer.is_busy and not view.is_busy)

    return wait


@pytest.mark.parametrize("format_name", list(SUFFIXES))
def test_a_reading_takes_the_place_of_that_of_the_open_page(
    open_page: PageView, tmp_path: Path, done: Settle, errors: list[str], format_name: str
) -> None:
    reading = write_reading(
        tmp_path / f"other{SUFFIXES[format_name]}", page("DEAR SIR"), "page.png", format_name
    )
    assert not open_page.is_modified
    drop(open_page, files(reading))
    done()
    assert errors == []
    assert text(open_page) == "DEAR SIR"
    assert open_page.is_modified
    assert f"from {reading.name}" in open_page.workspace.panel.summary.text()


def test_importing_is_undone_like_any_other_edit(
    open_page: PageView, tmp_path: Path, done: Settle
) -> None:
    drop(open_page, files(write_reading(tmp_path / "a.hocr", page("DEAR SIR"))))
    done()
    assert document(open_page).undo_title == "Import Reading"
    open_page.editor.undo()
    assert text(open_page) == "DEEP NET\nIS ON"
    assert not open_page.is_modified
    open_page.editor.redo()
    assert text(open_page) == "DEAR SIR"


def test_what_the_person_said_before_stays(
    open_page: PageView, tmp_path: Path, done: Settle
) -> None:
    document(open_page).do(Relabel(0, "B"))
    drop(open_page, files(write_reading(tmp_path / "a.hocr", page("DEAR SIR"))))
    done()
    assert text(open_page) == "BEAR SIR"


def test_it_is_not_read_again_unless_that_is_wanted(
    open_page: PageView, tmp_path: Path, done: Settle, recognizer: StandInRecognizer
) -> None:
    drop(open_page, files(write_reading(tmp_path / "a.hocr", page("DEAR SIR"))))
    done()
    open_page._store.changed.emit()  # type: ignore[attr-defined]
    open_page.turn(1)
    done()
    assert text(open_page) == "DEAR SIR"
    assert len(recognizer.seen) == 1
    assert not open_page.session.is_outdated
    open_page.session.read_again()
    done()
    assert text(open_page) == "DEEP NET\nIS ON"


def test_a_reading_of_a_smaller_picture_is_brought_to_size(
    open_page: PageView, tmp_path: Path, done: Settle
) -> None:
    half = replace(page("AB"), width=200, height=150)
    drop(open_page, files(write_reading(tmp_path / "a.hocr", half)))
    done()
    assert document(open_page).writing.characters[0].quad[0] == (20.0, 20.0)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.xml", b"<html><body>a web page</body></html>", "a.xml: it holds no page"),
        ("a.json", b'{"format": "else"}', "a.json: it is JSON, but not of a page"),
        ("a.hocr", b"\x00\x01\x02", "a.hocr: it is none of hOCR"),
    ],
)
def test_a_foreign_or_damaged_file_is_explained_and_changes_nothing(
    open_page: PageView,
    tmp_path: Path,
    done: Settle,
    errors: list[str],
    name: str,
    content: bytes,
    says: str,
) -> None:
    (tmp_path / name).write_bytes(content)
    drop(open_page, files(tmp_path / name))
    done()
    assert len(errors) == 1
    assert errors[0].startswith(says)
    assert text(open_page) == "DEEP NET\nIS ON"
    assert not open_page.is_modified


def test_a_reading_that_does_not_fit_its_picture_is_refused(
    open_page: PageView, tmp_path: Path, done: Settle, errors: list[str]
) -> None:
    wide = replace(page("AB"), width=800, height=200)
    drop(open_page, files(write_reading(tmp_path / "a.hocr", wide)))
    done()
    assert "800 × 200 pixels and does not fit one of 400 × 300" in errors[0]
    assert not open_page.is_modified


def test_a_reading_of_another_picture_opens_that_one(
    open_page: PageView, tmp_path: Path, done: Settle, recognizer: StandInRecognizer
) -> None:
    write_image(tmp_path / "letter.png")
    drop(open_page, files(write_reading(tmp_path / "a.hocr", page("DEAR SIR"), "letter.png")))
    done()
    assert open_page.document_title == "letter.png"
    assert text(open_page) == "DEAR SIR"
    assert len(recognizer.seen) == 1, "only the first page was read"


def test_picture_and_reading_are_dropped_together(
    view: PageView, tmp_path: Path, done: Settle, recognizer: StandInRecognizer
) -> None:
    picture = write_image(tmp_path / "renamed.png")
    (tmp_path / "else").mkdir()
    reading = write_reading(tmp_path / "else" / "a.hocr", page("DEAR SIR"), "scan.png")
    drop(view, files(reading, picture))
    done()
    assert view.document_title == "renamed.png"
    assert text(view) == "DEAR SIR"
    assert view.is_modified
    assert recognizer.seen == []


def test_the_picture_is_asked_for_where_it_is_not_found(
    view: PageView, tmp_path: Path, done: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "readings").mkdir()
    picture = write_image(tmp_path / "renamed.png")
    reading = write_reading(tmp_path / "readings" / "a.hocr", page("DEAR SIR"), "scan.png")
    asked: list[str] = []

    def answer(parent: object, title: str, folder: str, filters: str) -> tuple[str, str]:
        asked.append(title)
        return str(reading if title == "Import reading" else picture), filters

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    view.importer.ask()
    done()
    assert asked == ["Import reading", "Choose the picture of a.hocr (scan.png)"]
    assert view.document_title == "renamed.png"
    assert text(view) == "DEAR SIR"


def test_a_saved_page_still_knows_that_its_reading_was_imported(
    open_page: PageView, tmp_path: Path, done: Settle, qtbot: QtBot
) -> None:
    drop(open_page, files(write_reading(tmp_path / "a.hocr", page("DEAR SIR"))))
    done()
    assert open_page.files.save_and_wait is not None
    document(open_page).path = tmp_path / "kept.handwrite"
    assert open_page.files.save_and_wait(document(open_page))
    assert not open_page.is_modified
    open_page.open_path(tmp_path / "kept.handwrite")
    done()
    assert text(open_page) == "DEAR SIR"
    assert document(open_page).writing.imported_from == "a.hocr"
