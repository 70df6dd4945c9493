"""The page view in the program's window: its shortcuts, and its errors in the message bar."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from handwrite_gui.main_window import MainWindow
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, StandInStore

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot, store: StandInStore) -> Iterator[MainWindow]:
    window = MainWindow(store)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.show_view("page")
    qtbot.waitActive(window)
    yield window
    window.close()


@pytest.fixture
def read(qtbot: QtBot, window: MainWindow, image_file: Path) -> PageView:
    view = window.view("page")
    assert isinstance(view, PageView)
    view.open_path(image_file)
    qtbot.waitUntil(lambda: view.has_reading() and not view.is_busy)
    return view


def parts(view: PageView) -> list[QWidget]:
    return [view.workspace.canvas, view.workspace.panel.text_pane]


@pytest.mark.parametrize("part", [0, 1])
def test_corrections_are_undone_by_keys_wherever_one_is(read: PageView, part: int) -> None:
    pane, focused = read.workspace.panel.text_pane, parts(read)[part]
    focused.setFocus()
    read.workspace.select(CharacterRange(0, 0))
    QTest.keyClicks(focused, "B")
    assert pane.toPlainText() == "BEEP NET\nIS ON"
    QTest.keyClick(focused, Qt.Key.Key_Z, CONTROL)
    assert pane.toPlainText() == "DEEP NET\nIS ON"
    QTest.keyClick(focused, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert pane.toPlainText() == "BEEP NET\nIS ON"
    QTest.keyClick(focused, Qt.Key.Key_Backspace, CONTROL)
    assert pane.toPlainText() == "DEEP NET\nIS ON"


def test_escape_leaves_choosing_a_region_wherever_one_is(read: PageView) -> None:
    canvas = read.workspace.canvas
    for focused in (canvas, read.workspace.panel.text_pane):
        read.choose_region(True)
        focused.setFocus()
        QTest.keyClick(focused, Qt.Key.Key_Escape)
        assert not canvas.is_choosing_region


def test_steps_are_gone_through_by_keys(qtbot: QtBot, read: PageView) -> None:
    canvas = read.workspace.canvas
    canvas.setFocus()
    names = []
    for _ in range(5):
        QTest.keyClick(canvas, Qt.Key.Key_F6)
        qtbot.waitUntil(lambda: not read.is_busy)
        names.append(read.tools.steps.currentText())
    assert names == ["Grey", "Ink", "Lines", "Cuts", "Photo"]


def test_the_details_of_an_unexpected_error_can_be_copied(
    qtbot: QtBot, window: MainWindow, read: PageView, store: StandInStore
) -> None:
    store._recognizer = StandInRecognizer(ZeroDivisionError("by zero"))  # type: ignore[assignment]
    read.session.read_again()
    qtbot.waitUntil(lambda: not read.is_busy)
    assert "Something went wrong" in window.message_bar.text
    assert "ZeroDivisionError: by zero" in window.message_bar.details
    assert "Traceback" in window.message_bar.details
