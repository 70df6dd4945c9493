"""Several pages: the list of them, leafing through it, and what is kept of each."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.documents.pages import DEFAULT_DPI, page_count
from handwrite_gui.engine.export.formats import documents
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.file_suffixes import PICTURES
from handwrite_gui.engine.page_document.edits import Relabel
from handwrite_gui.engine.transcripts.reading import read_transcript
from handwrite_gui.opening import sort_files
from handwrite_gui.page.page_finder import pages_to_export
from handwrite_gui.page.page_image import PDF_DPI
from handwrite_gui.page.page_list import State, state_text
from handwrite_gui.page.view import PageView
from handwrite_gui.settings import settings
from tests.gui.page.pages import StandInRecognizer, page, write_image
from tests.gui.page.test_exporting import answer
from tests.gui.page.test_opening import drop, files

Done = Callable[[], None]


@pytest.fixture
def done(qtbot: QtBot, view: PageView) -> Done:
    def wait() -> None:
        qtbot.waitUntil(lambda: not view.importer.is_busy and not view.is_busy)

    return wait


def write_pages(path: Path, count: int = 3) -> Path:
    """A TIFF or PDF file of pages that differ in their grey."""
    first, *others = (Image.new("L", (400, 300), 250 - 10 * number) for number in range(count))
    first.save(path, save_all=True, append_images=others, resolution=300)
    return path


@pytest.fixture
def leafed(view: PageView, tmp_path: Path, done: Done) -> PageView:
    """The view with a TIFF file of three pages, the first of them read."""
    view.open_path(write_pages(tmp_path / "scan.tif"))
    done()
    assert view.has_reading()
    return view


def states(view: PageView) -> list[State]:
    return [entry.state for entry in view.leafer.entries]


def title(view: PageView) -> str:
    return view.document_title


def run(view: PageView, name: str) -> None:
    command = next(c for c in view.commands() if c.id == f"page.{name}")
    assert command.enabled is None or command.enabled(), f"{name} cannot be used"
    command.callback()


def test_the_window_opens_what_the_engine_reads(tmp_path: Path) -> None:
    files = [tmp_path / f"page{suffix}" for suffix in PICTURES]
    for file in files:
        file.touch()
    assert sort_files(files).images == tuple(files)


def test_a_single_page_needs_no_list(open_page: PageView) -> None:
    assert not open_page.strip.isVisible()
    assert len(open_page.leafer.entries) == 1


@pytest.mark.parametrize("name", ["scan.tif", "scan.pdf"])
def test_the_pages_of_a_file_are_listed_and_the_first_is_read(
    view: PageView, tmp_path: Path, done: Done, name: str
) -> None:
    view.open_path(write_pages(tmp_path / name))
    done()
    assert view.strip.isVisible()
    assert [entry.number for entry in view.leafer.entries] == [1, 2, 3]
    assert title(view) == f"{name} · page 1"
    assert states(view) == [State.DOUBTFUL, State.UNREAD, State.UNREAD]
    assert state_text(view.leafer.entries[0]) == "Read: 11 characters, 1 doubtful"


def test_the_resolution_of_pdf_pages_is_chosen_and_what_was_corrected_stays(
    view: PageView, tmp_path: Path, done: Done
) -> None:
    assert PDF_DPI == DEFAULT_DPI
    view.open_path(write_pages(tmp_path / "scan.pdf"))
    done()
    assert view.session.page is not None
    assert view.session.page.source.size == (400, 300)
    chooser = next(c for c in view.commands() if c.id == "page.pdf-resolution")
    assert chooser.children is not None
    by_title = {command.title: command for command in chooser.children()}
    by_title["150 pixels an inch"].callback(True)
    done()
    assert view.session.page.source.size == (200, 150)
    assert view.has_reading()
    view.session.page.document.do(Relabel(0, "B"))
    by_title["600 pixels an inch"].callback(True)
    run(view, "next")
    done()
    assert view.session.page.source.size == (800, 600)
    run(view, "previous")
    done()
    assert view.session.page.source.size == (200, 150)
    assert view.workspace.panel.text_pane.toPlainText().startswith("BEEP")
    view.save_state(settings())
    assert settings().read("page/pdf_dpi", 0.0) == 600


def test_a_page_is_read_when_it_is_chosen_and_only_then(
    leafed: PageView, done: Done, recognizer: StandInRecognizer
) -> None:
    leafed.strip.clicked.emit(leafed.leafer.list.index(2))
    done()
    assert title(leafed) == "scan.tif · page 3"
    assert recognizer.seen[-1][0, 0] == 230
    assert states(leafed) == [State.DOUBTFUL, State.UNREAD, State.DOUBTFUL]
    run(leafed, "previous")
    done()
    run(leafed, "previous")
    done()
    assert title(leafed) == "scan.tif · page 1"
    assert len(recognizer.seen) == 3, "the first page is shown as it was read"
    assert leafed.workspace.panel.text_pane.toPlainText() == "DEEP NET\nIS ON"


def test_what_was_corrected_is_kept_while_another_page_is_shown(
    leafed: PageView, done: Done
) -> None:
    assert leafed.session.page is not None
    leafed.session.page.document.do(Relabel(0, "B"))
    assert states(leafed)[0] is State.CORRECTED
    run(leafed, "next")
    done()
    assert not leafed.is_modified
    run(leafed, "previous")
    done()
    assert leafed.workspace.panel.text_pane.toPlainText() == "BEEP NET\nIS ON"
    assert leafed.is_modified
    leafed.editor.undo()
    assert leafed.workspace.panel.text_pane.toPlainText() == "DEEP NET\nIS ON"


def test_a_page_of_a_file_is_saved_with_its_own_picture(
    leafed: PageView, done: Done, tmp_path: Path
) -> None:
    run(leafed, "next")
    done()
    assert leafed.session.page is not None
    document = leafed.session.page.document
    document.path = tmp_path / "second.handwrite"
    assert leafed.files.save_and_wait(document)
    leafed.open_path(tmp_path / "second.handwrite")
    done()
    assert leafed.session.page.source.pixels[0, 0] == 240


def test_saved_text_says_which_page_of_which_file_it_is(
    leafed: PageView, done: Done, tmp_path: Path
) -> None:
    run(leafed, "next")
    done()
    leafed.save_text(tmp_path / "second.json")
    (read,) = read_transcript(tmp_path / "second.json")
    assert (read.image_name, read.page_number) == ("scan.tif", 2)


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_file_whose_name_is_no_text_is_opened_saved_and_exported(
    view: PageView, tmp_path: Path, done: Done, errors: list[str]
) -> None:
    odd = write_image(tmp_path / "odd.png").rename(tmp_path / os.fsdecode(b"caf\xe9.png"))
    view.open_files([odd, write_image(tmp_path / "日本語.png")])
    done()
    assert view.session.page is not None
    document = view.session.page.document
    document.do(Relabel(0, "B"))
    document.path = tmp_path / "kept.handwrite"
    assert view.files.save_and_wait(document)
    view.save_text(tmp_path / "text.json")
    view.exporter.export_all(tmp_path / "all.hocr", "hocr", pages_to_export(view.leafer.entries))
    done()
    assert errors == []
    assert read_transcript(tmp_path / "text.json")[0].image_name == "caf?.png"
    assert read_transcript(tmp_path / "all.hocr")[0].result.text == "BEEP NET\nIS ON"


def test_how_a_page_is_turned_is_kept(leafed: PageView, done: Done) -> None:
    leafed.turn(1)
    done()
    run(leafed, "next")
    done()
    assert leafed.session.framing.quarters == 0
    run(leafed, "previous")
    done()
    assert leafed.session.framing.quarters == 1
    assert leafed.leafer.entries[0].framing.quarters == 1


def test_pages_are_put_in_order_by_command_and_by_dragging(leafed: PageView, done: Done) -> None:
    run(leafed, "later")
    assert [entry.number for entry in leafed.leafer.entries] == [2, 1, 3]
    leafed.leafer.list.moveRows(QModelIndex(), 2, 1, QModelIndex(), 0)
    assert [entry.number for entry in leafed.leafer.entries] == [3, 2, 1]
    assert leafed.leafer.current is leafed.leafer.entries[2]
    run(leafed, "earlier")
    assert [entry.number for entry in leafed.leafer.entries] == [3, 1, 2]


def test_a_page_that_is_removed_gives_way_to_the_next(leafed: PageView, done: Done) -> None:
    run(leafed, "remove")
    done()
    assert title(leafed) == "scan.tif · page 2"
    assert [entry.number for entry in leafed.leafer.entries] == [2, 3]


def test_any_mix_of_files_and_folders_is_opened_in_order(
    view: PageView, tmp_path: Path, done: Done
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    for name in ("10.png", "2.png"):
        write_image(folder / name)
    drop(view, files(write_pages(tmp_path / "two.pdf", 2), folder, write_image(tmp_path / "a.png")))
    done()
    names = [(entry.path.name, entry.number) for entry in view.leafer.entries]
    assert names == [("two.pdf", 1), ("two.pdf", 2), ("2.png", 1), ("10.png", 1), ("a.png", 1)]


def test_files_dropped_on_the_list_are_added(leafed: PageView, tmp_path: Path, done: Done) -> None:
    mime = files(write_image(tmp_path / "more.png"))
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    copy, target = Qt.DropAction.CopyAction, leafed.strip.viewport()
    enter = QDragEnterEvent(QPoint(20, 20), copy, mime, button, keys)
    QApplication.sendEvent(target, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(target, QDropEvent(QPointF(20, 20), copy, mime, button, keys))
    done()
    assert [entry.path.name for entry in leafed.leafer.entries][-1] == "more.png"
    assert title(leafed) == "scan.tif · page 1"


def test_one_bad_file_does_not_keep_the_others(
    view: PageView, tmp_path: Path, done: Done, errors: list[str]
) -> None:
    (tmp_path / "bad.png").write_bytes(b"no picture")
    view.open_files([tmp_path / "bad.png", write_image(tmp_path / "good.png")])
    done()
    assert title(view) == "good.png"
    assert states(view) == [State.FAILED, State.DOUBTFUL]
    assert "not a picture" in state_text(view.leafer.entries[0])
    assert len(errors) == 1


def test_an_empty_folder_is_explained_and_the_open_page_stays(
    open_page: PageView, tmp_path: Path, done: Done, errors: list[str]
) -> None:
    (tmp_path / "empty").mkdir()
    open_page.open_path(tmp_path / "empty")
    done()
    assert errors == ["empty: there is no picture and no PDF in this folder; choose another one."]
    assert title(open_page) == "page.png"


def test_opening_something_else_takes_the_place_of_the_list(
    leafed: PageView, image_file: Path, done: Done
) -> None:
    leafed.open_path(image_file)
    done()
    assert not leafed.strip.isVisible()
    leafed.session.open_picture(QImage(50, 40, QImage.Format.Format_RGB32), "Pasted image")
    done()
    assert [entry.title for entry in leafed.leafer.entries] == ["Pasted image"]


def test_a_pasted_picture_stays_in_the_list_that_grows_from_it(
    view: PageView, tmp_path: Path, done: Done, recognizer: StandInRecognizer
) -> None:
    view.session.open_picture(QImage(50, 40, QImage.Format.Format_RGB32), "Pasted image")
    done()
    assert view.session.page is not None
    view.session.page.document.do(Relabel(0, "B"))
    view.leafer.add([write_image(tmp_path / "more.png")])
    done()
    run(view, "next")
    done()
    run(view, "previous")
    done()
    assert title(view) == "Pasted image"
    assert view.workspace.panel.text_pane.toPlainText().startswith("BEEP")
    assert len(view.session.documents) == 2


def test_thumbnails_are_made_when_they_are_shown(leafed: PageView, qtbot: QtBot) -> None:
    leafed.strip.grab()
    qtbot.waitUntil(lambda: leafed.leafer.entries[0].thumbnail is not None)
    thumbnail = leafed.leafer.entries[0].thumbnail
    assert thumbnail is not None
    assert max(thumbnail.width(), thumbnail.height()) == 128


def test_cancelling_goes_back_to_the_page_before(
    leafed: PageView, recognizer: StandInRecognizer, qtbot: QtBot
) -> None:
    recognizer.hold = True
    run(leafed, "next")
    qtbot.waitUntil(recognizer.waiting.is_set)
    assert states(leafed)[1] is State.READING
    leafed.cancel()
    assert title(leafed) == "scan.tif · page 1"
    assert states(leafed) == [State.DOUBTFUL, State.UNREAD, State.UNREAD]
    assert leafed.leafer.current is leafed.leafer.entries[0]


def test_all_pages_are_read_beside_the_one_shown(
    leafed: PageView, done: Done, recognizer: StandInRecognizer
) -> None:
    run(leafed, "read-all")
    done()
    assert states(leafed) == [State.DOUBTFUL] * 3
    assert title(leafed) == "scan.tif · page 1"
    run(leafed, "next")
    done()
    assert len(recognizer.seen) == 3, "a page that was read so is not read again"


def test_reading_all_can_be_cancelled(
    leafed: PageView, recognizer: StandInRecognizer, qtbot: QtBot, done: Done
) -> None:
    recognizer.hold = True
    run(leafed, "read-all")
    qtbot.waitUntil(recognizer.waiting.is_set)
    leafed.cancel()
    done()
    assert states(leafed) == [State.DOUBTFUL, State.UNREAD, State.UNREAD]


def test_all_pages_are_exported_together_the_unread_ones_read_first(
    leafed: PageView, tmp_path: Path, done: Done, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    assert leafed.session.page is not None
    leafed.session.page.document.do(Relabel(0, "B"))
    answer(monkeypatch, str(tmp_path / "all.pdf"), "Searchable PDF")
    run(leafed, "export-all")
    done()
    qtbot.waitUntil((tmp_path / "all.pdf").exists)
    assert page_count(tmp_path / "all.pdf") == 3
    answer(monkeypatch, str(tmp_path / "all.hocr"), "hOCR")
    run(leafed, "export-all")
    done()
    read = read_transcript(tmp_path / "all.hocr")
    assert [one.result.text.split()[0] for one in read] == ["BEEP", "DEEP", "DEEP"]
    assert [one.page_number for one in read] == [1, 2, 3]


def test_a_format_of_one_page_a_file_gives_numbered_files(
    leafed: PageView, tmp_path: Path, done: Done, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, str(tmp_path / "all.page.xml"), "PAGE XML")
    run(leafed, "export-all")
    done()
    names = sorted(path.name for path in tmp_path.glob("*.page.xml"))
    assert names == ["all-1.page.xml", "all-2.page.xml", "all-3.page.xml"]


def write_reading(path: Path) -> Path:
    """A reading of the second and the third page of a scan."""
    pages = [ReadPage(page(text), "scan.tif", 2 + at) for at, text in enumerate(("TWO", "THREE"))]
    ((_, data),) = documents(pages, "hocr", "scan")
    path.write_bytes(data)
    return path


def test_a_reading_of_many_pages_goes_to_those_of_the_open_file(
    leafed: PageView, tmp_path: Path, done: Done, recognizer: StandInRecognizer
) -> None:
    run(leafed, "next")
    done()
    drop(leafed, files(write_reading(tmp_path / "scan.hocr")))
    done()
    assert leafed.workspace.panel.text_pane.toPlainText() == "TWO"
    run(leafed, "next")
    done()
    assert leafed.workspace.panel.text_pane.toPlainText() == "THREE"
    assert states(leafed) == [State.DOUBTFUL, State.READ, State.READ]
    assert len(recognizer.seen) == 2


def test_a_reading_of_many_pages_is_imported_page_by_page(
    view: PageView, tmp_path: Path, done: Done, recognizer: StandInRecognizer
) -> None:
    write_pages(tmp_path / "scan.tif")
    drop(view, files(write_reading(tmp_path / "scan.hocr")))
    done()
    assert len(view.leafer.entries) == 3
    assert title(view) == "scan.tif · page 2"
    assert view.workspace.panel.text_pane.toPlainText() == "TWO"
    run(view, "next")
    done()
    assert view.workspace.panel.text_pane.toPlainText() == "THREE"
    assert recognizer.seen == []
    assert states(view) == [State.UNREAD, State.READ, State.READ]
