"""The window's frame: views on demand, menus, messages, files, what it remembers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl, Signal
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from handwrite_gui import views as views_module
from handwrite_gui.commands import Command
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.main_window import MainWindow
from handwrite_gui.message_bar import explain
from handwrite_gui.settings import settings
from handwrite_gui.theme import theme


class FakeView(QWidget):
    """A view that keeps a record, and has one command."""

    status_message = Signal(str)
    error_message = Signal(str)
    commands_changed = Signal()

    def __init__(self, store: object, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.record: list[str] = []
        self.can_act = True

    def commands(self) -> list[Command]:
        return [
            Command("fake.act", "Act", lambda: self.record.append("act"), "Ctrl+T", menu="Edit",
                    enabled=lambda: self.can_act),
            Command("fake.open", "Open Something…", lambda: self.record.append("open"), "Ctrl+O"),
        ]  # fmt: skip

    def open_files(self, pages: list[Path], readings: list[Path]) -> None:
        self.record.append(" ".join(["opened", *(path.name for path in [*pages, *readings])]))

    def shutdown(self) -> None:
        self.record.append("shutdown")

    def save_state(self, settings: QSettings) -> None:
        settings.setValue("fake/count", len(self.record))

    def restore_state(self, settings: QSettings) -> None:
        self.record.append(f"restored {settings.value('fake/count')}")


@pytest.fixture(autouse=True)
def fake_views(monkeypatch: pytest.MonkeyPatch) -> None:
    def make(info: views_module.ViewInfo, store: object, parent: QWidget) -> QWidget:
        if info.name == "train":
            raise HandwriteError("The Train view is out of order.")
        return FakeView(store, parent)

    monkeypatch.setattr(views_module.ViewInfo, "make", make)
    monkeypatch.setattr("handwrite_gui.model_store.ModelStore.load_default", lambda self: None)


def close(window: MainWindow) -> None:
    window.close()


@pytest.fixture
def make_window(qtbot: QtBot) -> Callable[[], MainWindow]:
    def make() -> MainWindow:
        window = MainWindow()
        qtbot.addWidget(window, before_close_func=close)
        window.show()
        qtbot.waitUntil(lambda: window.current_name != "")
        return window

    return make


@pytest.fixture
def window(make_window: Callable[[], MainWindow]) -> MainWindow:
    return make_window()


def fake(window: MainWindow, name: str) -> FakeView:
    view = window.view(name)
    assert isinstance(view, FakeView)
    return view


def test_views_are_made_after_the_window_is_painted_and_when_they_are_shown(qtbot: QtBot) -> None:
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=close)
    assert window.findChildren(FakeView) == []
    window.show()
    qtbot.waitUntil(lambda: window.current_name == "draw")
    assert len(window.findChildren(FakeView)) == 1


def test_shortcuts_and_rail_lead_from_view_to_view(qtbot: QtBot, window: MainWindow) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.current_name == "page"
    assert window.rail.button("page").isChecked()
    assert window.view("page").isVisible()
    QTest.mouseClick(window.rail.button("draw"), Qt.MouseButton.LeftButton)
    assert window.current_name == "draw"
    assert window.windowTitle() == "Draw – Handwrite"


def test_a_view_that_cannot_be_made_leaves_the_window_as_it_was(window: MainWindow) -> None:
    QTest.mouseClick(window.rail.button("train"), Qt.MouseButton.LeftButton)
    assert window.message_bar.text == "The Train view is out of order."
    assert window.current_name == "draw"
    assert window.rail.button("draw").isChecked()


# Menus.


def titles(window: MainWindow, menu: str) -> list[str]:
    (action,) = (a for a in window.menuBar().actions() if a.text() == f"&{menu}")
    return [a.text().replace("&", "") for a in action.menu().actions() if not a.isSeparator()]


def test_menus_hold_the_commands_of_the_window_and_of_the_view(window: MainWindow) -> None:
    assert "Act" in titles(window, "Edit")
    assert {"Open Model…", "Quit"} <= set(titles(window, "File"))
    assert titles(window, "View") == ["Draw", "Page", "Batch", "Train", "My Hand", "Appearance"]


def test_the_views_command_takes_the_place_of_the_windows_with_its_shortcut(
    window: MainWindow,
) -> None:
    assert "Open Something…" in titles(window, "File")
    assert "Open Image…" not in titles(window, "File")


def test_quit_is_the_last_of_the_file_menu(window: MainWindow) -> None:
    assert titles(window, "File")[-1] == "Quit"


def test_a_shortcut_does_the_command_of_the_view_that_is_shown(window: MainWindow) -> None:
    press = Qt.KeyboardModifier.ControlModifier
    QTest.keyClick(window, Qt.Key.Key_T, press)
    assert "act" in fake(window, "draw").record
    window.show_view("page")
    QTest.keyClick(window, Qt.Key.Key_T, press)
    assert fake(window, "draw").record.count("act") == 1
    assert fake(window, "page").record.count("act") == 1


def test_commands_are_asked_again_when_the_view_says_so(window: MainWindow) -> None:
    view = fake(window, "draw")
    assert window.menus.action("fake.act").isEnabled()
    view.can_act = False
    view.commands_changed.emit()
    assert not window.menus.action("fake.act").isEnabled()
    QTest.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert "act" not in view.record


def test_no_two_actions_share_a_shortcut(window: MainWindow) -> None:
    for name in ("draw", "page"):
        window.show_view(name)
        keys = [
            key.toString()
            for action in window.menuBar().findChildren(QAction)
            if action.isEnabled()
            for key in action.shortcuts()
        ]
        assert len(keys) == len(set(keys))


def appearance_actions(window: MainWindow) -> dict[str, QAction]:
    menu = window.menus.action("window.appearance").menu()
    menu.aboutToShow.emit()
    return {action.objectName().removeprefix("appearance."): action for action in menu.actions()}


def test_appearance_is_chosen_in_the_menu_and_kept(
    window: MainWindow, make_window: Callable[[], MainWindow]
) -> None:
    appearance_actions(window)["dark"].trigger()
    assert theme().is_dark
    assert settings().read("window/appearance", "") == "dark"
    actions = appearance_actions(window)
    assert [name for name, action in actions.items() if action.isChecked()] == ["dark"]


def test_shortcuts_dialog_lists_the_commands_and_does_not_block(
    qtbot: QtBot, window: MainWindow
) -> None:
    window.menus.action("help.shortcuts").trigger()
    (dialog,) = window.findChildren(QDialog)
    assert dialog.isVisible()
    assert not dialog.isModal()
    texts = {label.text() for label in dialog.findChildren(QLabel)}
    assert {"Act", "Ctrl+T", "Open Model", "Ctrl+Shift+O"} <= texts
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_about_says_what_this_is(window: MainWindow) -> None:
    from handwrite_gui import __version__

    window.menus.action("help.about").trigger()
    (dialog,) = window.findChildren(QDialog)
    assert f"Version {__version__}" in {label.text() for label in dialog.findChildren(QLabel)}


# Messages.


def test_status_line_shows_what_views_say(window: MainWindow) -> None:
    fake(window, "draw").status_message.emit("Three letters")
    assert window.statusBar().currentMessage() == "Three letters"


def test_a_views_error_stands_in_the_message_bar_until_dismissed(window: MainWindow) -> None:
    fake(window, "draw").error_message.emit("The page is blank.")
    bar = window.message_bar
    assert bar.isVisible()
    assert bar.text == "The page is blank."
    assert bar.details == ""
    QTest.mouseClick(bar._dismiss, Qt.MouseButton.LeftButton)
    assert not bar.isVisible()


def test_escape_dismisses_the_message_that_has_the_focus(window: MainWindow) -> None:
    window.show_error(HandwriteError("The page is blank."))
    window.message_bar._dismiss.setFocus()
    QTest.keyClick(window.message_bar._dismiss, Qt.Key.Key_Escape)
    assert window.message_bar.text == ""


def test_an_unexpected_error_is_explained_and_its_details_can_be_copied(
    qtbot: QtBot, window: MainWindow
) -> None:
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as error:
        window.unexpected_error.emit(error)
    bar = window.message_bar
    assert "ZeroDivisionError: division by zero" in bar.text
    QTest.mouseClick(bar._copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert "Traceback" in copied
    assert "test_main_window_shell.py" in copied


def test_errors_made_for_people_have_no_details() -> None:
    assert explain(HandwriteError("Choose another file.")) == ("Choose another file.", "")


# Files.


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "page.png"
    path.write_bytes(b"any")
    return path


def test_pictures_open_in_the_page_view(window: MainWindow, picture: Path) -> None:
    window.open_files([picture])
    assert window.current_name == "page"
    assert "opened page.png" in fake(window, "page").record


def test_several_pictures_a_folder_and_a_reading_open_together(
    window: MainWindow, picture: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.pdf"
    second.write_bytes(b"any")
    reading = tmp_path / "page.hocr"
    reading.write_bytes(b"any")
    (tmp_path / "scans").mkdir()
    window.open_files([picture, second, reading, tmp_path / "scans"])
    assert "opened page.png second.pdf scans page.hocr" in fake(window, "page").record
    assert window.message_bar.text == ""


def test_a_picture_without_an_ending_is_known_by_its_content(
    window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "scan"
    window.grab().save(str(path), "PNG")
    window.open_files([path])
    assert "opened scan" in fake(window, "page").record


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("notes.docx", b"PK..", "notes.docx: this is neither a picture nor a model"),
        ("missing.png", b"", "missing.png: there is no such file"),
    ],
)
def test_what_cannot_be_opened_gives_one_message_and_changes_nothing(
    window: MainWindow, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    if content:
        path.write_bytes(content)
    window.open_files([path])
    assert window.message_bar.text.startswith(says)
    assert window.current_name == "draw"
    assert window.store.model is None


def test_opening_what_can_be_opened_takes_the_old_message_away(
    window: MainWindow, picture: Path
) -> None:
    window.show_error(HandwriteError("The page is blank."))
    window.open_files([picture])
    assert window.message_bar.text == ""


def test_files_given_at_the_start_open_when_the_window_is_there(
    qtbot: QtBot, picture: Path
) -> None:
    window = MainWindow()
    qtbot.addWidget(window, before_close_func=close)
    window.open_files([picture])
    assert window.findChildren(FakeView) == []
    window.show()
    qtbot.waitUntil(lambda: window.current_name == "page")
    assert "opened page.png" in fake(window, "page").record


def drop(window: MainWindow, *paths: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(400, 300), action, data, left, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(400, 300), action, data, left, none))


def test_dropped_pictures_open_in_the_page_view(
    qtbot: QtBot, window: MainWindow, picture: Path
) -> None:
    drop(window, picture)
    qtbot.waitUntil(lambda: "opened page.png" in fake(window, "page").record)


def test_an_unknown_file_that_is_dropped_gives_one_message(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3")
    shown: list[str] = []
    original = window.message_bar.show_message
    window.message_bar.show_message = (  # type: ignore[method-assign]
        lambda text, *rest: (shown.append(text), original(text, *rest))
    )
    drop(window, path)
    qtbot.waitUntil(lambda: bool(shown))
    qtbot.wait(20)
    assert len(shown) == 1
    assert shown[0].startswith("song.mp3: ")


def test_text_dragged_over_the_window_is_not_taken(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("hello")
    event = QDragEnterEvent(
        QPoint(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(window, event)
    assert not event.isAccepted()


# Memory and end.


def test_size_view_and_views_own_state_are_kept(
    make_window: Callable[[], MainWindow],
) -> None:
    first = make_window()
    first.resize(880, 640)  # fits the screen of the offscreen platform, 800 × 800
    first.show_view("page")
    first.close()
    second = make_window()
    assert second.size() == first.size()
    assert second.current_name == "page"
    assert fake(second, "page").record[0] == "restored 1"


def test_alphabet_is_kept(make_window: Callable[[], MainWindow]) -> None:
    first = make_window()
    first.store.set_alphabet("digits")
    first.close()
    assert make_window().store.alphabet == "digits"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("window/geometry", b"rubbish"),
        ("window/geometry", "text"),
        ("window/view", "nowhere"),
        ("model/alphabet", "klingon"),
    ],
)
def test_damaged_settings_do_no_harm(
    make_window: Callable[[], MainWindow], key: str, value: object
) -> None:
    settings().setValue(key, value)
    window = make_window()
    assert window.current_name == "draw"
    assert window.store.alphabet == "alnum"


def test_closing_asks_every_view_that_was_made_to_end(window: MainWindow) -> None:
    window.show_view("page")
    both = [fake(window, "draw"), fake(window, "page")]
    window.close()
    assert [view.record[-1] for view in both] == ["shutdown", "shutdown"]
    assert settings().value("fake/count") is not None


def test_asking_again_for_the_view_that_is_shown_leaves_its_command_checked(
    window: MainWindow,
) -> None:
    action = window.menus.action("view.draw")
    assert action.isChecked()
    action.trigger()
    assert window.menus.action("view.draw").isChecked()
    assert window.current_name == "draw"
