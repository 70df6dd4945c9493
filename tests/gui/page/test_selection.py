"""Image and text select each other."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView
from handwrite_gui.page.workspace import Workspace


@pytest.fixture
def workspace(open_page: PageView) -> Workspace:
    return open_page.workspace


def click_character(workspace: Workspace, index: int) -> None:
    assert workspace.overlay is not None
    canvas = workspace.canvas
    at = QPointF(*canvas.viewport.to_view(workspace.overlay.hits.bounds[index].centre))
    QTest.mouseClick(
        canvas, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at.toPoint()
    )


def select_text(workspace: Workspace, start: int, end: int) -> None:
    pane = workspace.panel.text_pane
    cursor = pane.textCursor()
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    pane.setTextCursor(cursor)


def test_the_text_stands_beside_the_image(workspace: Workspace) -> None:
    assert workspace.panel.text_pane.toPlainText() == "DEEP NET\nIS ON"
    summary = workspace.panel.summary.text()
    assert summary.startswith("11 characters · 2 lines · mean confidence")


def test_a_click_on_the_image_selects_in_the_text(workspace: Workspace) -> None:
    click_character(workspace, 4)
    cursor = workspace.panel.text_pane.textCursor()
    assert cursor.selectedText() == "N"
    assert cursor.selectionStart() == 5


def test_selecting_text_marks_the_characters_on_the_image(workspace: Workspace) -> None:
    select_text(workspace, 2, 7)
    assert workspace.canvas.selection == CharacterRange(2, 5)


def test_the_caret_marks_its_character(workspace: Workspace) -> None:
    pane = workspace.panel.text_pane
    pane.setFocus()
    QTest.keyClick(pane, Qt.Key.Key_Right)
    QTest.keyClick(pane, Qt.Key.Key_Right)
    assert workspace.canvas.selection == CharacterRange(2, 2)
    QTest.keyClick(pane, Qt.Key.Key_Down)
    assert workspace.canvas.selection == CharacterRange(8, 8)
    assert not pane.textCursor().hasSelection(), "the caret stays a caret"


def test_shift_and_arrows_select_on_the_image_too(workspace: Workspace) -> None:
    pane = workspace.panel.text_pane
    pane.setFocus()
    for _ in range(3):
        QTest.keyClick(pane, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert workspace.canvas.selection == CharacterRange(0, 2)


def test_what_the_text_selects_is_scrolled_into_view(workspace: Workspace) -> None:
    canvas = workspace.canvas
    canvas.zoom_by(8, QPointF(*canvas.viewport.to_view((0, 0))))
    assert canvas.viewport.visible.bottom < 60
    select_text(workspace, 12, 14)
    visible, bounds = canvas.viewport.visible, workspace.overlay.bounds(CharacterRange(9, 10))  # type: ignore[union-attr]
    assert visible.left <= bounds.left
    assert visible.right >= bounds.right
    assert visible.bottom >= bounds.bottom


def test_the_card_shows_the_selected_character(workspace: Workspace) -> None:
    card = workspace.panel.card
    assert not card.accessibleDescription()
    click_character(workspace, 1)
    assert card.accessibleDescription().startswith("E, doubtful")
    assert [p.label for p in card.predictions] == ["E", "#"]
    select_text(workspace, 0, 4)
    assert card.accessibleDescription() == "4 characters selected from line 1: DEEP"
    assert card.predictions == ()


def test_nothing_selected_anywhere_after_a_click_beside(workspace: Workspace) -> None:
    click_character(workspace, 4)
    QTest.mouseClick(workspace.canvas, Qt.MouseButton.LeftButton)  # the middle is empty paper
    assert workspace.canvas.selection is None
    assert not workspace.panel.text_pane.textCursor().hasSelection()
    assert not workspace.panel.card.accessibleDescription()


def test_doubtful_characters_are_underlined_in_the_text(workspace: Workspace) -> None:
    def underline(offset: int) -> bool:
        cursor = QTextCursor(workspace.panel.text_pane.document())
        cursor.setPosition(offset + 1)  # a cursor tells the format of what is before it
        return (
            cursor.charFormat().underlineStyle() != cursor.charFormat().UnderlineStyle.NoUnderline
        )

    assert [underline(offset) for offset in range(4)] == [False, True, False, False]


def test_tab_goes_through_the_page_as_one_reads_it(open_page: PageView) -> None:
    names = []
    open_page.tools.alphabet.setFocus()
    while "Text of the page" not in names:
        widget = QApplication.focusWidget()
        assert widget is not None
        names.append(widget.accessibleName())
        QTest.keyClick(widget, Qt.Key.Key_Tab)
    assert names == [
        "Alphabet",
        "Kind of text",
        "Language",
        "Read Again",
        "Open",
        "Save",
        "Turn Left",
        "Turn Right",
        "Turn by degrees",
        "Read a Region",
        "Edit Boxes",
        "Step of the reading",
        "Show Boxes",
        "Show Labels",
        "Show Lines",
        "Page image",
        "Zoom Out",
        "Zoom In",
        "Fit Page",
        "Actual Size",
        "As Seen",
        "Copy Text",
        "Save Text",
        "Text of the page",
    ]


def test_next_doubtful_character_is_selected_in_both(open_page: PageView) -> None:
    open_page.go_to_doubtful(1)
    assert open_page.workspace.canvas.selection == CharacterRange(1, 1)
    assert open_page.workspace.panel.text_pane.textCursor().selectedText() == "E"
