"""Editing the text beside the image: the boxes follow."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.text_pane import TextPane
from handwrite_gui.page.view import PageView

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def pane(open_page: PageView) -> TextPane:
    pane = open_page.workspace.panel.text_pane
    pane.setFocus()
    return pane


def put(pane: TextPane, start: int, end: int | None = None) -> None:
    cursor = pane.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(start if end is None else end, QTextCursor.MoveMode.KeepAnchor)
    pane.setTextCursor(cursor)


def boxes(view: PageView) -> int:
    assert view.workspace.overlay is not None
    return len(view.workspace.overlay.hits.quads)


def test_what_is_selected_is_typed_over(open_page: PageView, pane: TextPane) -> None:
    put(pane, 0, 1)
    QTest.keyClicks(pane, "b")
    assert pane.toPlainText() == "BEEP NET\nIS ON", "a capital, as all of this alphabet"
    assert boxes(open_page) == 11
    assert pane.textCursor().position() == 1, "one types on behind it"


def test_a_letter_between_two_gets_a_box(open_page: PageView, pane: TextPane) -> None:
    put(pane, 4)
    QTest.keyClicks(pane, "S")
    assert pane.toPlainText() == "DEEPS NET\nIS ON"
    assert boxes(open_page) == 12
    overlay = open_page.workspace.overlay
    assert overlay is not None
    (left, *_), (next_left, *_) = overlay.hits.bounds[4], overlay.hits.bounds[5]
    assert overlay.hits.bounds[3].right <= left < next_left, "in the room between"


def test_several_letters_for_one_share_its_box(open_page: PageView, pane: TextPane) -> None:
    put(pane, 3, 4)
    QGuiApplication.clipboard().setText("RN")
    QTest.keyClick(pane, Qt.Key.Key_V, CONTROL)
    assert pane.toPlainText() == "DEERN NET\nIS ON"
    assert boxes(open_page) == 12


def test_one_letter_for_several_joins_their_boxes(open_page: PageView, pane: TextPane) -> None:
    put(pane, 1, 3)
    QTest.keyClicks(pane, "M")
    assert pane.toPlainText() == "DMP NET\nIS ON"
    assert boxes(open_page) == 10


def test_words_and_lines_are_parted_and_joined_as_in_any_text(pane: TextPane) -> None:
    put(pane, 2)
    QTest.keyClick(pane, Qt.Key.Key_Space)
    assert pane.toPlainText() == "DE EP NET\nIS ON"
    QTest.keyClick(pane, Qt.Key.Key_Return)
    assert pane.toPlainText() == "DE\nEP NET\nIS ON"
    QTest.keyClick(pane, Qt.Key.Key_Backspace)
    assert pane.toPlainText() == "DEEP NET\nIS ON"
    put(pane, 8)
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    assert pane.toPlainText() == "DEEP NETIS ON"


def test_a_blank_at_the_end_of_a_line_waits_for_what_follows(pane: TextPane) -> None:
    put(pane, 8)
    QTest.keyClick(pane, Qt.Key.Key_Space)
    assert pane.toPlainText() == "DEEP NET\nIS ON"
    QTest.keyClicks(pane, "S")
    assert pane.toPlainText() == "DEEP NET S\nIS ON"
    QTest.keyClick(pane, Qt.Key.Key_Return)
    QTest.keyClicks(pane, "X")
    assert pane.toPlainText() == "DEEP NET S\nX\nIS ON"


def test_letters_are_deleted_forwards_and_backwards(open_page: PageView, pane: TextPane) -> None:
    put(pane, 4)
    QTest.keyClick(pane, Qt.Key.Key_Backspace)
    assert pane.toPlainText() == "DEE NET\nIS ON"
    QTest.keyClick(pane, Qt.Key.Key_Home)
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    assert pane.toPlainText() == "EE NET\nIS ON"
    assert boxes(open_page) == 9


def test_text_is_cut_and_copied(pane: TextPane) -> None:
    put(pane, 0, 5)
    QTest.keyClick(pane, Qt.Key.Key_X, CONTROL)
    assert pane.toPlainText() == "NET\nIS ON"
    assert QGuiApplication.clipboard().text() == "DEEP "


def test_what_an_input_method_composes_is_typed(pane: TextPane) -> None:
    put(pane, 0, 1)
    composed = QInputMethodEvent("", [])
    composed.setCommitString("É")
    QApplication.sendEvent(pane, composed)
    assert pane.toPlainText() == "ÉEEP NET\nIS ON"


def test_everything_is_undone_step_by_step(open_page: PageView, pane: TextPane) -> None:
    put(pane, 4)
    QTest.keyClicks(pane, "SX")
    put(pane, 0, 5)
    QTest.keyClick(pane, Qt.Key.Key_Delete)
    texts = [pane.toPlainText()]
    while open_page.editor.document is not None and open_page.editor.document.undo_title:
        open_page.editor.undo()
        texts.append(pane.toPlainText())
    assert texts == ["X NET\nIS ON", "DEEPSX NET\nIS ON", "DEEPS NET\nIS ON", "DEEP NET\nIS ON"]
    open_page.editor.redo()
    assert pane.toPlainText() == "DEEPS NET\nIS ON"
    assert open_page.workspace.canvas.selection == CharacterRange(4, 4), "one sees where"


def test_characters_beyond_the_basic_plane_count_as_one(pane: TextPane) -> None:
    put(pane, 0, 1)
    QGuiApplication.clipboard().setText("😀")
    QTest.keyClick(pane, Qt.Key.Key_V, CONTROL)
    put(pane, 3)  # behind 😀 and E, as Qt counts
    QTest.keyClicks(pane, "X")
    assert pane.toPlainText() == "😀EXEP NET\nIS ON"
