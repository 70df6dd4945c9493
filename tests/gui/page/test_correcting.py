"""Saying what a character is: shown, kept over every reading, taken along, undone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QTextCursor
from PySide6.QtTest import QTest

from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.page.display import Display
from handwrite_gui.page.framing import Turn, map_result
from handwrite_gui.page.reading import ReadingOptions
from handwrite_gui.page.shown_page import Decided
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import (
    StandInRecognizer,
    StandInStore,
    hiding_page,
    inferred_page,
    page,
    write_image,
)

Settle = Callable[[], None]
Show = Callable[[PageResult], None]


def text(view: PageView) -> str:
    return view.workspace.panel.text_pane.toPlainText()


def select(view: PageView, index: int) -> None:
    view.workspace.select(CharacterRange(index, index))


def run(view: PageView, id: str) -> None:
    (command,) = [command for command in view.commands() if command.id == f"page.{id}"]
    assert command.enabled is None or command.enabled()
    command.callback()


def decided(view: PageView, index: int) -> Decided:
    assert view.workspace.overlay is not None
    return view.workspace.overlay.shown.decided[index]


@pytest.fixture
def corrected(open_page: PageView) -> PageView:
    """DEEP NET, of which the N was corrected to an H."""
    select(open_page, 4)
    open_page.editor.correct("H")
    return open_page


def test_typing_corrects_the_selected_character(open_page: PageView) -> None:
    workspace = open_page.workspace
    select(open_page, 4)
    QTest.keyClicks(workspace.canvas, "h")
    assert text(open_page) == "DEEP HET\nIS ON", "a capital, as all of this alphabet"
    assert decided(open_page, 4) is Decided.BY_PERSON
    assert workspace.canvas.selection == CharacterRange(4, 4), "it stays selected"


def test_the_card_corrects_too(open_page: PageView) -> None:
    card = open_page.workspace.panel.card
    select(open_page, 4)
    run(open_page, "correct")
    assert card.label_field.hasFocus()
    QTest.keyClicks(card.label_field, "rn")
    QTest.keyClick(card.label_field, Qt.Key.Key_Return)
    assert text(open_page) == "DEEP rnET\nIS ON"
    assert open_page.workspace.canvas.hasFocus()
    assert card.accessibleDescription().replace("\u00a0", " ") == (
        "rn, corrected, 100 %, line 1, read as N"
    )


def test_escape_leaves_the_field_with_nothing_changed(open_page: PageView) -> None:
    field = open_page.workspace.panel.card.label_field
    select(open_page, 4)
    run(open_page, "correct")
    QTest.keyClicks(field, "X")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert open_page.workspace.canvas.hasFocus()
    assert text(open_page) == "DEEP NET\nIS ON"
    assert field.text() == ""


def test_plus_and_minus_zoom_whatever_is_selected(open_page: PageView) -> None:
    canvas = open_page.workspace.canvas
    select(open_page, 4)
    before = canvas.zoom
    QTest.keyClick(canvas, Qt.Key.Key_Plus)
    assert canvas.zoom > before
    QTest.keyClick(canvas, Qt.Key.Key_Minus)
    assert canvas.zoom == pytest.approx(before)
    assert text(open_page) == "DEEP NET\nIS ON"
    QTest.keyClicks(open_page.workspace.panel.text_pane, "-")
    assert text(open_page) == "DEEP -ET\nIS ON", "in the text there is nothing to zoom"


def test_nothing_is_typed_over_several_characters(open_page: PageView) -> None:
    open_page.workspace.select(CharacterRange(0, 3))
    QTest.keyClicks(open_page.workspace.canvas, "X")
    assert text(open_page) == "DEEP NET\nIS ON"


def test_a_correction_is_undone_and_done_again(corrected: PageView) -> None:
    run(corrected, "undo")
    assert text(corrected) == "DEEP NET\nIS ON"
    run(corrected, "redo")
    assert text(corrected) == "DEEP HET\nIS ON"
    run(corrected, "withdraw")
    assert text(corrected) == "DEEP NET\nIS ON"
    run(corrected, "undo")
    assert text(corrected) == "DEEP HET\nIS ON"


def test_a_corrected_character_is_no_longer_doubtful(open_page: PageView) -> None:
    open_page.go_to_doubtful(1)
    open_page.editor.correct("E")
    open_page.workspace.select(None)
    open_page.go_to_doubtful(1)
    assert open_page.workspace.canvas.selection is None


def test_a_corrected_character_is_bold_in_the_text(corrected: PageView) -> None:
    cursor = QTextCursor(corrected.workspace.panel.text_pane.document())
    cursor.setPosition(6)
    assert cursor.charFormat().fontWeight() == QFont.Weight.Bold
    cursor.setPosition(8)
    assert cursor.charFormat().fontWeight() < QFont.Weight.Bold


def test_the_rest_of_the_text_keeps_its_look(open_page: PageView) -> None:
    pane = open_page.workspace.panel.text_pane
    select(open_page, 1)  # doubtful, and underlined
    open_page.editor.correct("X")
    for offset in (1, 2, 3, 8, 13):
        cursor = QTextCursor(pane.document())
        cursor.setPosition(offset)
        style = cursor.charFormat()
        assert style.underlineStyle() == style.UnderlineStyle.NoUnderline
        assert (style.fontWeight() == QFont.Weight.Bold) is (offset == 2)


def test_copied_and_saved_text_has_the_correction(corrected: PageView, tmp_path: Path) -> None:
    corrected.copy_text()
    assert QGuiApplication.clipboard().text() == "DEEP HET\nIS ON"
    corrected.save_text(tmp_path / "a.txt")
    assert (tmp_path / "a.txt").read_text() == "DEEP HET\nIS ON\n"
    corrected.save_text(tmp_path / "a.json")
    document = json.loads((tmp_path / "a.json").read_text())
    assert document["lines"][0]["words"][1]["text"] == "HET"


def test_it_is_kept_when_the_page_is_read_again(
    corrected: PageView, store: StandInStore, settle: Settle
) -> None:
    store.put(StandInRecognizer(page("0EEP MET", "I5 0N")))
    corrected.session.read_again()
    settle()
    assert text(corrected) == "0EEP HET\nI5 0N"
    corrected.session.set_options(ReadingOptions(None, "letters"))
    settle()
    assert text(corrected) == "0EEP HET\nI5 0N"


def test_it_is_kept_when_the_page_is_turned(
    corrected: PageView, store: StandInStore, settle: Settle
) -> None:
    turn = Turn(90, (400, 300), (300, 400))
    turned = map_result(page("DEEP NET", "IS ON"), turn.turned, (300, 400))
    store._recognizer._results[:] = [turned]  # type: ignore[union-attr]
    corrected.turn(1)
    settle()
    assert text(corrected) == "DEEP HET\nIS ON"


def test_it_waits_where_its_character_is_not_found_any_more(
    corrected: PageView, store: StandInStore, settle: Settle
) -> None:
    store.put(StandInRecognizer(page("DEEP"), page("DEEP NET", "IS ON")))
    corrected.session.read_again()
    settle()
    assert text(corrected) == "DEEP"
    summary = corrected.workspace.panel.summary.text()
    assert "1 correction where no character was found" in summary
    corrected.session.read_again()
    settle()
    assert text(corrected) == "DEEP HET\nIS ON"


def test_it_is_there_when_one_comes_back_to_the_page(
    corrected: PageView, tmp_path: Path, image_file: Path, settle: Settle
) -> None:
    corrected.open_path(write_image(tmp_path / "next.png"))
    settle()
    assert text(corrected) == "DEEP NET\nIS ON"
    corrected.open_path(image_file)
    settle()
    assert text(corrected) == "DEEP HET\nIS ON"
    run(corrected, "undo")
    assert text(corrected) == "DEEP NET\nIS ON"


def test_another_picture_in_the_same_file_has_none(
    corrected: PageView, image_file: Path, settle: Settle
) -> None:
    write_image(image_file, (401, 300))
    corrected.open_path(image_file)
    settle()
    assert text(corrected) == "DEEP NET\nIS ON"


def test_another_page_has_none(corrected: PageView, tmp_path: Path, settle: Settle) -> None:
    corrected.open_path(write_image(tmp_path / "next.png"))
    settle()
    assert text(corrected) == "DEEP NET\nIS ON"
    (undo,) = [command for command in corrected.commands() if command.id == "page.undo"]
    assert undo.enabled is not None
    assert not undo.enabled()


# As seen and as inferred


@pytest.fixture
def show(view: PageView, store: StandInStore, image_file: Path, settle: Settle) -> Show:
    """Opens a picture in which this is read."""

    def opened(result: PageResult) -> None:
        store.put(StandInRecognizer(result))
        view.open_path(image_file)
        settle()

    return opened


def test_what_was_seen_stands_for_what_was_inferred_as_long_as_one_likes(
    view: PageView, show: Show
) -> None:
    show(inferred_page("D0G", 1, "O"))
    assert text(view) == "DOG"
    select(view, 1)
    view.set_display(Display(as_seen=True))
    assert text(view) == "D0G"
    assert view.workspace.canvas.selection == CharacterRange(1, 1)
    view.set_display(Display())
    assert text(view) == "DOG"
    assert decided(view, 1) is Decided.BY_CONTEXT
    card = view.workspace.panel.card
    assert card.accessibleDescription().endswith("seen 0, inferred O (language)")
    cursor = QTextCursor(view.workspace.panel.text_pane.document())
    cursor.setPosition(2)
    assert cursor.charFormat().fontItalic()


def test_a_letter_without_ink_of_its_own_is_not_there_as_seen(view: PageView, show: Show) -> None:
    show(hiding_page("FINK", 1))
    assert text(view) == "FINK"
    select(view, 1)
    view.set_display(Display(as_seen=True))
    assert text(view) == "FNK"
    view.grab()
    select(view, 2)
    assert view.workspace.canvas.selection == CharacterRange(2, 2)
    view.editor.correct("M")
    assert text(view) == "FMK"
    view.set_display(Display())
    assert text(view) == "FIMK"
    select(view, 1)
    view.editor.correct("L")
    assert text(view) == "FLMK"


def test_a_correction_stands_in_both(view: PageView, show: Show) -> None:
    show(inferred_page("D0G", 1, "O"))
    select(view, 1)
    view.editor.correct("I")
    assert text(view) == "DIG"
    view.set_display(Display(as_seen=True))
    assert text(view) == "DIG"
