"""Reading off the GUI thread: progress, cancel, superseding, other models."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.page_document import edits
from handwrite_gui.engine.page_document.edits import Relabel
from handwrite_gui.page.overlay import Overlay
from handwrite_gui.page.page_commands import page_commands
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import BLANK, StandInRecognizer, StandInStore, page, write_image

Settle = Callable[[], None]


def text(view: PageView) -> str:
    return view.workspace.panel.text_pane.toPlainText()


def start(qtbot: QtBot, view: PageView, recognizer: StandInRecognizer, path: Path) -> None:
    """Open a page and come back while it is being read."""
    recognizer.hold = True
    view.open_path(path)
    qtbot.waitUntil(recognizer.waiting.is_set)
    qtbot.waitUntil(lambda: view.session.page is not None and view.session.page.reading is None)


@pytest.fixture
def other_file(tmp_path: Path) -> Path:
    return write_image(tmp_path / "other.png", (200, 100))


def test_the_image_is_shown_while_it_is_read(
    qtbot: QtBot, view: PageView, recognizer: StandInRecognizer, image_file: Path, settle: Settle
) -> None:
    start(qtbot, view, recognizer, image_file)
    assert view.workspace.isVisible()
    assert text(view) == ""
    assert view.workspace.panel.text_pane.placeholderText() == "Reading…"
    recognizer.go_on.set()
    settle()
    assert text(view) == "DEEP NET\nIS ON"


def test_progress_is_shown_with_what_is_being_done(
    qtbot: QtBot, view: PageView, recognizer: StandInRecognizer, image_file: Path, settle: Settle
) -> None:
    start(qtbot, view, recognizer, image_file)
    qtbot.waitUntil(view.progress.isVisible)
    qtbot.waitUntil(lambda: view.progress.text.text() == "Finding lines…")
    assert view.progress.bar.value() == view.progress.bar.maximum() // 4
    recognizer.go_on.set()
    settle()
    assert not view.progress.isVisible()


def test_cancel_brings_back_the_page_from_before(
    qtbot: QtBot, open_page: PageView, recognizer: StandInRecognizer, other_file: Path
) -> None:
    before = open_page.session.page
    canvas = open_page.workspace.canvas
    canvas.zoom_by(2, QPointF(100, 100))
    viewport = canvas.viewport
    start(qtbot, open_page, recognizer, other_file)
    qtbot.waitUntil(open_page.progress.isVisible)
    assert open_page.session.page is not before
    open_page.progress.cancel_button.click()
    assert not open_page.session.is_busy, "at once, whatever the worker still does"
    assert open_page.session.page is before
    assert text(open_page) == "DEEP NET\nIS ON"
    assert canvas.viewport == viewport, "it is seen as it was seen before"


def test_cancel_of_the_first_page_brings_back_the_invitation(
    qtbot: QtBot, view: PageView, recognizer: StandInRecognizer, image_file: Path
) -> None:
    start(qtbot, view, recognizer, image_file)
    view.session.cancel()
    assert view.session.page is None
    assert view.empty_state.isVisible()


def test_escape_cancels_only_while_there_is_work(
    qtbot: QtBot, view: PageView, recognizer: StandInRecognizer, image_file: Path
) -> None:
    (cancel,) = [c for c in page_commands(view, []) if c.shortcut == "Esc"]
    assert cancel.enabled is not None
    assert not cancel.enabled()
    start(qtbot, view, recognizer, image_file)
    assert cancel.enabled()
    cancel.callback()
    assert not cancel.enabled()


def test_a_failure_brings_back_the_page_from_before(
    open_page: PageView,
    store: StandInStore,
    errors: list[str],
    other_file: Path,
    settle: Settle,
) -> None:
    before = open_page.session.page
    store._recognizer = StandInRecognizer(HandwriteError("The page cannot be read."))  # type: ignore[assignment]
    open_page.open_path(other_file)
    settle()
    assert errors == ["The page cannot be read."]
    assert open_page.session.page is before
    assert text(open_page) == "DEEP NET\nIS ON"


def test_an_error_of_the_program_is_explained_too(
    view: PageView, store: StandInStore, errors: list[str], image_file: Path, settle: Settle
) -> None:
    store._recognizer = StandInRecognizer(ZeroDivisionError("by zero"))  # type: ignore[assignment]
    view.open_path(image_file)
    settle()
    assert len(errors) == 1
    assert "Something went wrong inside the program" in errors[0]


def test_another_page_supersedes_the_one_being_read(
    qtbot: QtBot,
    view: PageView,
    store: StandInStore,
    image_file: Path,
    other_file: Path,
    settle: Settle,
) -> None:
    recognizer = StandInRecognizer(page("STALE"), page("FRESH"))
    store._recognizer = recognizer  # type: ignore[assignment]
    start(qtbot, view, recognizer, image_file)
    recognizer.hold = False
    shown: list[str] = []
    view.session.page_changed.connect(lambda: shown.append(text(view)))
    view.open_path(other_file)
    settle()
    assert text(view) == "FRESH"
    assert "STALE" not in shown
    assert [seen.shape for seen in recognizer.seen] == [(300, 400), (100, 200)]


def test_a_stale_result_that_comes_after_all_is_dropped(
    qtbot: QtBot,
    view: PageView,
    store: StandInStore,
    image_file: Path,
    other_file: Path,
    settle: Settle,
) -> None:
    """A reader that does not listen when it is asked to stop."""

    class Deaf(StandInRecognizer):
        def read_page(self, image, *, on_progress=None, should_stop=None, **options):  # type: ignore[no-untyped-def]
            return super().read_page(image, on_progress=on_progress, **options)

    recognizer = Deaf(page("STALE"), page("FRESH"))
    store._recognizer = recognizer  # type: ignore[assignment]
    start(qtbot, view, recognizer, image_file)
    with qtbot.waitSignal(view.session.file_opened):
        view.open_path(other_file)
    recognizer.go_on.set()
    settle()
    assert text(view) == "FRESH"


def test_a_wrong_file_does_not_disturb_the_reading(
    qtbot: QtBot,
    view: PageView,
    recognizer: StandInRecognizer,
    image_file: Path,
    errors: list[str],
    tmp_path: Path,
    settle: Settle,
) -> None:
    start(qtbot, view, recognizer, image_file)
    view.open_path(tmp_path / "nothing.png")
    qtbot.waitUntil(lambda: len(errors) == 1)
    assert view.session.is_busy
    recognizer.go_on.set()
    settle()
    assert text(view) == "DEEP NET\nIS ON"


def test_blank_paper_is_no_error(
    view: PageView, store: StandInStore, errors: list[str], image_file: Path, settle: Settle
) -> None:
    store._recognizer = StandInRecognizer(BLANK)  # type: ignore[assignment]
    view.open_path(image_file)
    settle()
    assert errors == []
    assert text(view) == ""
    assert view.workspace.panel.text_pane.placeholderText() == "No writing found"
    assert view.workspace.panel.summary.text().startswith("No writing found")
    assert not view.has_text()
    view.go_to_doubtful(1)  # nothing to go to, nothing to fail


def test_read_again_keeps_the_text_until_the_new_one_is_there(
    qtbot: QtBot, open_page: PageView, store: StandInStore, settle: Settle
) -> None:
    recognizer = StandInRecognizer(page("AGAIN"))
    recognizer.hold = True
    store._recognizer = recognizer  # type: ignore[assignment]
    canvas = open_page.workspace.canvas
    canvas.zoom_by(3, QPointF(50, 50))
    viewport = canvas.viewport
    open_page.session.read_again()
    qtbot.waitUntil(recognizer.waiting.is_set)
    assert text(open_page) == "DEEP NET\nIS ON"
    recognizer.go_on.set()
    settle()
    assert text(open_page) == "AGAIN"
    assert canvas.viewport == viewport


def test_cancelled_read_again_keeps_the_reading(
    qtbot: QtBot, open_page: PageView, recognizer: StandInRecognizer
) -> None:
    before = open_page.session.page
    open_page.workspace.select(CharacterRange(1, 2))
    recognizer.hold = True
    open_page.session.read_again()
    qtbot.waitUntil(recognizer.waiting.is_set)
    open_page.session.cancel()
    assert open_page.session.page is before
    assert open_page.workspace.canvas.selection == CharacterRange(1, 2)


def test_a_new_model_is_offered_not_forced(
    open_page: PageView, store: StandInStore, settle: Settle
) -> None:
    notice = open_page.workspace.panel.notice
    assert not notice.isVisible()
    store.put(StandInRecognizer(page("BETTER")))
    assert notice.isVisible()
    assert text(open_page) == "DEEP NET\nIS ON"
    notice.button.click()
    settle()
    assert text(open_page) == "BETTER"
    assert not notice.isVisible()


def test_another_alphabet_is_read_at_once(
    open_page: PageView, store: StandInStore, settle: Settle
) -> None:
    store._recognizer = StandInRecognizer(page("0123"))  # type: ignore[assignment]
    chooser = open_page.tools.alphabet
    index = chooser.findData("digits")
    chooser.setCurrentIndex(index)
    chooser.activated.emit(index)
    settle()
    assert store.alphabet == "digits"
    assert text(open_page) == "0123"
    assert not open_page.session.is_outdated


def test_an_alphabet_that_the_model_does_not_know_is_refused(
    open_page: PageView, store: StandInStore, errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(name: str) -> None:
        raise HandwriteError("This model knows no digits.")

    monkeypatch.setattr(store, "set_alphabet", refuse)
    chooser = open_page.tools.alphabet
    chooser.activated.emit(chooser.findData("digits"))
    assert errors == ["This model knows no digits."]
    assert chooser.currentData() == store.alphabet


def test_a_page_waits_for_the_model(
    qtbot: QtBot, view: PageView, store: StandInStore, image_file: Path, settle: Settle
) -> None:
    recognizer = store.recognizer
    store._recognizer = None
    view.open_path(image_file)
    settle()
    assert view.has_page()
    assert not view.has_reading()
    assert "no model" in view.workspace.panel.text_pane.placeholderText()
    store.put(recognizer)  # type: ignore[arg-type]
    settle()
    assert text(view) == "DEEP NET\nIS ON"


def test_closing_while_reading_waits_for_the_worker(
    qtbot: QtBot, view: PageView, recognizer: StandInRecognizer, image_file: Path
) -> None:
    """That no thread is left is checked after every test."""
    start(qtbot, view, recognizer, image_file)
    view.shutdown()
    assert not view.session._reader._pool.activeThreadCount()


# Where it is done


def test_a_reading_is_worked_into_the_document_off_the_gui_thread(
    view: PageView,
    store: StandInStore,
    image_file: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view.open_path(image_file)
    settle()
    opened = view.session.page
    assert opened is not None
    opened.document.do(Relabel(0, "X"))
    threads: dict[str, set[int]] = {"merged": set(), "laid out": set()}
    merge, lay_out = edits.read_again, Overlay.__init__

    def merging(*arguments: Any) -> Any:
        threads["merged"].add(threading.get_ident())
        return merge(*arguments)

    def laying_out(*arguments: Any) -> None:
        threads["laid out"].add(threading.get_ident())
        lay_out(*arguments)

    monkeypatch.setattr(edits, "read_again", merging)
    monkeypatch.setattr(Overlay, "__init__", laying_out)
    store.put(StandInRecognizer(page("SLEEP NET", "IS ON")))
    view.session.read_again()
    settle()
    assert text(view) == "XLEEP NET\nIS ON"
    for where in threads.values():
        assert where
        assert threading.get_ident() not in where


def test_what_is_corrected_while_a_reading_is_worked_in_is_not_lost(
    qtbot: QtBot,
    view: PageView,
    image_file: Path,
    settle: Settle,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    view.open_path(image_file)
    settle()
    opened = view.session.page
    assert opened is not None
    opened.document.do(Relabel(0, "X"))
    merge = edits.read_again
    begun, go_on = threading.Event(), threading.Event()

    def merging(*arguments: Any) -> Any:
        begun.set()
        assert go_on.wait(5)
        return merge(*arguments)

    monkeypatch.setattr(edits, "read_again", merging)
    view.session.read_again()
    qtbot.waitUntil(begun.is_set)
    opened.document.do(Relabel(1, "Y"))
    go_on.set()
    settle()
    assert text(view) == "XYEP NET\nIS ON"
