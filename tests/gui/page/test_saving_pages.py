"""Pages as files: saved, opened again, never lost."""

from __future__ import annotations

import errno
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.engine.page_document.document_file import (
    PageDocument,
    load_document,
    save_document,
)
from handwrite_gui.main_window import MainWindow
from handwrite_gui.page import document_files
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.document_files import LINKED, Answer, DocumentFiles
from handwrite_gui.page.framing import Framing
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.recovery import found_copies
from handwrite_gui.page.view import PageView
from handwrite_gui.recovery_folder import recovery_folder
from tests.gui.page.pages import StandInRecognizer, StandInStore, page, write_image
from tests.gui.page.test_correcting import run, select, text

Settle = Callable[[], None]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> list[Answer]:
    """What the person answers when asked about changes, one after the other."""
    given: list[Answer] = []
    monkeypatch.setattr(DocumentFiles, "ask", lambda self, document: given.pop(0))
    return given


@pytest.fixture
def target(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that the person chooses."""
    path = tmp_path / "saved.handwrite"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    return path


@pytest.fixture
def notices(view: PageView) -> list[str]:
    told: list[str] = []
    view.notice.connect(told.append)
    return told


@pytest.fixture
def written(qtbot: QtBot, open_page: PageView) -> Callable[[], None]:
    """Waits until files are written."""
    return lambda: qtbot.waitUntil(lambda: not open_page.files.is_busy)


@pytest.fixture
def corrected(open_page: PageView) -> PageView:
    select(open_page, 4)
    open_page.editor.correct("H")
    return open_page


@pytest.fixture
def saved(corrected: PageView, target: Path, written: Callable[[], None]) -> PageView:
    run(corrected, "save")
    written()
    return corrected


def test_a_page_that_was_only_read_has_nothing_to_lose(open_page: PageView) -> None:
    assert open_page.document_title == "page.png"
    assert not open_page.is_modified
    assert open_page.may_close()


def test_correcting_and_undoing_change_the_page_and_saving_settles_it(
    saved: PageView, target: Path, written: Callable[[], None]
) -> None:
    assert target.is_file()
    assert saved.document_title == "saved.handwrite"
    assert not saved.is_modified
    run(saved, "undo")
    assert saved.is_modified, "undoing changes what the file holds"
    run(saved, "redo")
    assert not saved.is_modified, "and this is what it holds"
    select(saved, 0)
    saved.editor.correct("B")
    assert saved.is_modified
    run(saved, "save")
    written()
    assert load_document(target).writing.text == "BEEP HET\nIS ON"


def test_a_saved_page_comes_back_without_being_read(
    saved: PageView, target: Path, tmp_path: Path, store: StandInStore, settle: Settle
) -> None:
    saved.open_path(write_image(tmp_path / "other.png"))
    settle()
    (tmp_path / "page.png").unlink()  # its picture is in it
    store.put(StandInRecognizer(page("NEVER")))
    saved.open_path(target)
    settle()
    assert text(saved) == "DEEP HET\nIS ON"
    assert not saved.is_modified
    assert not saved.session.is_outdated
    saved.session.read_again()
    settle()
    assert text(saved).startswith("NEVE"), "until it is read again"
    assert saved.is_modified
    run(saved, "undo")
    assert text(saved) == "DEEP HET\nIS ON"


def test_how_a_page_is_turned_and_read_comes_back(
    saved: PageView, target: Path, tmp_path: Path, settle: Settle, written: Callable[[], None]
) -> None:
    saved.turn(1)
    settle()
    saved.session.read_region(Bounds(10, 20, 200, 300))
    settle()
    assert saved.is_modified
    run(saved, "save")
    written()
    saved.open_path(write_image(tmp_path / "other.png"))
    settle()
    saved.open_path(target)
    settle()
    assert saved.session.framing == Framing(1, 0.0, Bounds(10, 20, 200, 300))


def test_a_page_may_be_linked_to_its_picture(
    corrected: PageView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: Callable[[], None],
) -> None:
    path = tmp_path / "linked"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), LINKED))
    run(corrected, "save-as")
    written()
    document = load_document(tmp_path / "linked.handwrite")
    assert document.link == tmp_path / "page.png"


def test_a_picture_that_is_gone_goes_along_after_all(
    corrected: PageView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    written: Callable[[], None],
) -> None:
    path = tmp_path / "linked.handwrite"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), LINKED))
    (tmp_path / "page.png").unlink()
    run(corrected, "save-as")
    written()
    assert load_document(path).link is None


def test_a_failed_saving_leaves_the_page_changed_and_says_why(
    saved: PageView,
    target: Path,
    errors: list[str],
    written: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    select(saved, 0)
    saved.editor.correct("B")

    def fail(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", fail)
        run(saved, "save")
        written()
    assert saved.is_modified
    assert errors == [
        "saved.handwrite: it was not saved: the disk is full; free some room or choose another "
        "disk."
    ]
    assert text(saved) == "BEEP HET\nIS ON"
    assert load_document(target).writing.text == "DEEP HET\nIS ON"
    run(saved, "save")
    written()
    assert not saved.is_modified


def test_a_folder_that_is_gone_is_told(
    corrected: PageView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    errors: list[str],
    written: Callable[[], None],
) -> None:
    gone = tmp_path / "gone" / "page.handwrite"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(gone), ""))
    run(corrected, "save")
    written()
    assert corrected.is_modified
    assert errors == [
        "page.handwrite: it was not saved: its folder is no longer there; choose another one."
    ]


# Asking


def test_closing_asks_and_saves(corrected: PageView, target: Path, answers: list[Answer]) -> None:
    answers.append(Answer.SAVE)
    assert corrected.may_close()
    assert load_document(target).writing.text == "DEEP HET\nIS ON"


def test_a_page_that_is_closed_is_written_in_a_worker(
    corrected: PageView, target: Path, answers: list[Answer], monkeypatch: pytest.MonkeyPatch
) -> None:
    writers: list[int] = []

    def save(path: Path, document: PageDocument) -> None:
        writers.append(threading.get_ident())
        save_document(path, document)

    monkeypatch.setattr(document_files, "save_document", save)
    answers.append(Answer.SAVE)
    assert corrected.may_close()
    assert writers and threading.get_ident() not in writers
    assert target.exists()


def test_closing_can_be_called_off(corrected: PageView, answers: list[Answer]) -> None:
    answers.append(Answer.CANCEL)
    assert not corrected.may_close()
    assert corrected.is_modified


def test_closing_without_saving(corrected: PageView, answers: list[Answer]) -> None:
    answers.append(Answer.DISCARD)
    assert corrected.may_close()


@pytest.fixture
def two_corrected(corrected: PageView, tmp_path: Path, settle: Settle) -> PageView:
    """Two pages that were corrected and not saved."""
    corrected.open_path(write_image(tmp_path / "next.png"))
    settle()
    select(corrected, 0)
    corrected.editor.correct("X")
    return corrected


@pytest.mark.parametrize("answer", list(Answer))
def test_closing_asks_once_about_several_pages(
    two_corrected: PageView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    asked: list[list[str]] = []

    def ask_all(documents: list[OpenDocument]) -> Answer:
        asked.append([document.name for document in documents])
        return answer

    monkeypatch.setattr(two_corrected.files, "ask_all", ask_all)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "next.handwrite").write_bytes(b"another file")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "kept"))
    assert two_corrected.may_close() is (answer is not Answer.CANCEL)
    assert asked == [["page.png", "next.png"]]
    written = {path.name for path in (tmp_path / "kept").iterdir() if path.suffix == SAVED_PAGE}
    if answer is Answer.SAVE:
        assert written == {"page.handwrite", "next.handwrite", "next (2).handwrite"}
        assert (tmp_path / "kept" / "next.handwrite").read_bytes() == b"another file"
        assert not two_corrected.changed_documents
    else:
        assert written == {"next.handwrite"}


def test_saving_all_stops_where_nothing_can_be_written(
    two_corrected: PageView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, errors: list[str]
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "gone"))
    run(two_corrected, "save-all")
    assert len(errors) == 1
    assert len(two_corrected.changed_documents) == 2


def test_a_window_stays_open_where_saving_fails(
    corrected: PageView,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answers: list[Answer],
    errors: list[str],
) -> None:
    gone = tmp_path / "gone" / "page.handwrite"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(gone), ""))
    answers.append(Answer.SAVE)
    assert not corrected.may_close()
    assert len(errors) == 1


@pytest.fixture
def window(qtbot: QtBot, store: StandInStore, image_file: Path) -> MainWindow:
    window = MainWindow(store)
    # Nobody is there to be asked.
    qtbot.addWidget(window, before_close_func=lambda window: window.close_at_once())
    with qtbot.waitExposed(window):
        window.show()
    window.show_view("page")
    view = window.view("page")
    assert isinstance(view, PageView)
    view.open_path(image_file)
    qtbot.waitUntil(lambda: view.has_reading() and not view.is_busy)
    return window


def test_the_title_shows_the_page_and_its_changes(window: MainWindow) -> None:
    view = window.view("page")
    assert isinstance(view, PageView)
    assert window.windowTitle() == "page.png[*] – Handwrite"
    assert not window.isWindowModified()
    select(view, 0)
    QTest.keyClicks(view.workspace.canvas, "B")
    assert window.isWindowModified()
    window.show_view("train")
    assert window.windowTitle() == "Train – Handwrite"
    assert not window.isWindowModified()


def test_a_window_that_must_close_leaves_a_copy(window: MainWindow) -> None:
    view = window.view("page")
    assert isinstance(view, PageView)
    select(view, 0)
    QTest.keyClicks(view.workspace.canvas, "B")
    window.close_at_once()
    (copy,) = found_copies()
    assert copy.title == "page.png"
    assert load_document(copy.path).writing.text == "BEEP NET\nIS ON"


# Others


def test_another_window_with_the_file_is_noticed(
    saved: PageView, target: Path, notices: list[str], settle: Settle, tmp_path: Path
) -> None:
    saved.open_path(write_image(tmp_path / "other.png"))
    settle()
    saved.files.forget_others([])
    lock = QLockFile(str(target.with_name(f".{target.name}.lock")))
    assert lock.tryLock(0)
    saved.open_path(target)
    settle()
    assert len(notices) == 1
    assert "is open in another window as well" in notices[0]
    assert str(os.getpid()) in notices[0]
    lock.unlock()


def test_a_file_that_was_changed_elsewhere_is_noticed_and_not_overwritten(
    qtbot: QtBot,
    saved: PageView,
    target: Path,
    notices: list[str],
    monkeypatch: pytest.MonkeyPatch,
    written: Callable[[], None],
) -> None:
    target.write_bytes(target.read_bytes() + b"changed")
    qtbot.waitUntil(lambda: len(notices) > 0)
    assert "was changed by another window or program" in notices[0]
    before = target.read_bytes()
    monkeypatch.setattr(QMessageBox, "exec", lambda box: 0)  # no button: cancelled
    select(saved, 0)
    saved.editor.correct("B")
    run(saved, "save")
    written()
    assert target.read_bytes() == before
    assert saved.is_modified


def test_a_file_that_was_removed_is_noticed_and_written_again(
    qtbot: QtBot, saved: PageView, target: Path, notices: list[str], written: Callable[[], None]
) -> None:
    target.unlink()
    qtbot.waitUntil(lambda: len(notices) > 0)
    assert "was removed or renamed" in notices[0]
    assert saved.is_modified
    run(saved, "save")
    written()
    assert load_document(target).writing.text == "DEEP HET\nIS ON"
    assert not saved.is_modified


# Recovery


def crash(view: PageView) -> None:
    """Leave the copies as a program leaves them that is killed."""
    view.recovery.write()
    view.recovery._runner.wait()
    assert view.recovery._lock is not None
    view.recovery._lock.unlock()


def test_a_copy_is_kept_until_the_page_is_saved(
    qtbot: QtBot, corrected: PageView, target: Path, written: Callable[[], None]
) -> None:
    corrected.recovery.write()
    corrected.recovery._runner.wait()
    (copy,) = recovery_folder().glob("*/*.handwrite")
    assert load_document(copy).writing.text == "DEEP HET\nIS ON"
    assert found_copies() == [], "its window is open"
    run(corrected, "save")
    written()
    corrected.recovery.write()
    corrected.recovery._runner.wait()
    assert not list(recovery_folder().glob("*/*.handwrite"))


def test_a_copy_is_written_soon_after_a_change(qtbot: QtBot, corrected: PageView) -> None:
    qtbot.waitUntil(lambda: bool(list(recovery_folder().glob("*/*.handwrite"))), timeout=10_000)


def test_what_a_crash_left_is_offered_and_recovered(
    qtbot: QtBot,
    saved: PageView,
    target: Path,
    store: StandInStore,
) -> None:
    select(saved, 0)
    saved.editor.correct("B")
    crash(saved)
    after = PageView(store)
    qtbot.addWidget(after)
    after.show()
    assert after.recovery_bar.isVisible()
    assert "saved.handwrite" in after.recovery_bar.text.text()
    after.recovery_bar.recover_button.click()
    qtbot.waitUntil(after.has_reading)
    assert text(after) == "BEEP HET\nIS ON"
    assert after.is_modified, "its file has not got it"
    assert after.document_title == "saved.handwrite"
    assert not after.recovery_bar.isVisible()
    run(after, "save")
    qtbot.waitUntil(lambda: not after.is_modified)
    assert load_document(target).writing.text == "BEEP HET\nIS ON"
    after.shutdown()
    assert found_copies() == []


def test_what_a_crash_left_can_be_discarded(
    qtbot: QtBot, corrected: PageView, store: StandInStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(corrected)
    after = PageView(store)
    qtbot.addWidget(after)
    after.show()
    button = QMessageBox.StandardButton.Discard
    monkeypatch.setattr(QMessageBox, "question", lambda *_: button)
    after.recovery_bar.discard_button.click()
    assert found_copies() == []
    assert after.recovery_bar.isHidden()
    after.shutdown()
