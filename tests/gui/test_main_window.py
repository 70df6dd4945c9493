"""The whole window with its real views and the shipped model, used as a person would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.batch.view import BatchView
from handwrite_gui.draw.view import DrawView
from handwrite_gui.engine.model_file import Model
from handwrite_gui.engine.resources import resource_path
from handwrite_gui.main_window import MainWindow
from handwrite_gui.model_store import SHIPPED
from handwrite_gui.page.view import PageView
from handwrite_gui.theme import theme
from handwrite_gui.train.view import TrainView
from tests.gui.pen import write


@pytest.fixture
def open_window(qtbot: QtBot, shipped_model: Model) -> Callable[[], MainWindow]:
    def make() -> MainWindow:
        window = MainWindow()
        qtbot.addWidget(window, before_close_func=lambda window: window.close())
        window.show()
        window.resize(1280, 800)
        qtbot.waitUntil(lambda: window.current_name != "")
        return window

    return make


@pytest.fixture
def window(qtbot: QtBot, open_window: Callable[[], MainWindow]) -> MainWindow:
    window = open_window()
    qtbot.waitUntil(lambda: window.store.recognizer is not None)
    return window


def draw_view(window: MainWindow) -> DrawView:
    view = window.view("draw")
    assert isinstance(view, DrawView)
    return view


def test_the_shipped_model_is_loaded_after_the_window_shows(
    qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    window = open_window()
    assert window.isVisible()
    if window.store.recognizer is None:  # else it came while the window was put on the screen
        assert "Loading" in draw_view(window).panel.word.placeholder
    qtbot.waitUntil(lambda: window.store.recognizer is not None)
    assert window.store.source == SHIPPED
    assert "Loading" not in draw_view(window).panel.word.placeholder


def test_draw_an_r_and_read_r(qtbot: QtBot, window: MainWindow) -> None:
    view = draw_view(window)
    write(view.canvas, "R", at=(200, 150), scale=2.0)
    qtbot.waitUntil(lambda: view.panel.text == "R")
    assert view.panel.bars.predictions[0].label == "R"
    QTest.keyClick(window, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: view.panel.text == "")
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: view.panel.text == "R")


def test_what_is_drawn_before_the_model_is_there_is_read_when_it_is(
    qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    window = open_window()
    view = draw_view(window)
    write(view.canvas, "L", at=(200, 150), scale=2.0)
    qtbot.waitUntil(lambda: view.panel.text != "")


def test_all_views_can_be_shown_in_both_themes(qtbot: QtBot, window: MainWindow) -> None:
    for key, kind in (
        ("1", DrawView),
        ("2", PageView),
        ("3", BatchView),
        ("4", TrainView),
    ):
        QTest.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert isinstance(window.view(window.current_name), kind)
        for appearance in ("dark", "light"):
            theme().set_appearance(appearance)
            corner = window.grab().toImage().pixelColor(100, 790)
            assert corner.name() == theme().tokens.window
    assert window.message_bar.text == ""


@pytest.mark.parametrize("view", ["draw", "page", "batch", "train"])
def test_no_two_commands_of_a_view_and_the_window_share_a_shortcut(
    window: MainWindow, view: str
) -> None:
    window.show_view(view)
    keys: list[str] = []
    for menu in window.menus._menus:
        for action in menu.actions():
            keys += [key.toString() for key in action.shortcuts()]
    assert sorted(keys) == sorted(set(keys))


def test_the_shipped_model_can_be_used_again_after_another(
    qtbot: QtBot, window: MainWindow, shipped_model: Model
) -> None:
    back = window.menus.action("model.shipped")
    assert not back.isEnabled()
    window.store.use(shipped_model, "training")
    assert back.isEnabled()
    back.trigger()
    qtbot.waitUntil(lambda: window.store.source == SHIPPED)
    assert not back.isEnabled()


def test_closing_while_the_pen_moves_and_the_model_loads_leaves_no_thread(
    open_window: Callable[[], MainWindow],
) -> None:
    # The fixture that looks for threads does the checking.
    window = open_window()
    write(draw_view(window).canvas, "RO")
    window.store.load_default()
    window.close()


def test_closing_at_once_leaves_no_thread(qtbot: QtBot, shipped_model: Model) -> None:
    window = MainWindow()
    qtbot.addWidget(window)
    window.show()
    window.close()


def test_a_file_that_is_no_model_is_told_and_reading_goes_on(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "fake.npz"
    path.write_bytes(b"PK\x03\x04 this is no archive")
    window.open_files([path])
    qtbot.waitUntil(lambda: window.message_bar.text != "")
    assert window.message_bar.text.startswith("fake.npz: ")
    assert window.message_bar.details == ""
    assert window.store.source == SHIPPED
    view = draw_view(window)
    write(view.canvas, "L", at=(200, 150), scale=2.0)
    qtbot.waitUntil(lambda: view.panel.text != "")


def test_a_message_goes_when_an_image_opens_after_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "text.jpg").write_text("no picture")
    window.open_files([tmp_path / "text.jpg"])
    qtbot.waitUntil(lambda: window.message_bar.text.startswith("text.jpg: "))
    page = window.view("page")
    assert isinstance(page, PageView)
    page.open_path(resource_path("samples/alphabet.jpg"))
    qtbot.waitUntil(lambda: window.message_bar.text == "")
