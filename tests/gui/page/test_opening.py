"""Every way to open a page, and every wrong file."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.page import incoming, recent_files, samples
from handwrite_gui.page.display import Display
from handwrite_gui.page.empty_state import EmptyState
from handwrite_gui.page.reading import ReadingOptions
from handwrite_gui.page.view import PageView
from handwrite_gui.settings import settings
from tests.gui.page.pages import StandInRecognizer, StandInStore, write_image

Settle = Callable[[], None]
COPY = Qt.DropAction.CopyAction


def drop(view: PageView, mime: QMimeData) -> bool:
    """Drag something over the view and let it go; False if the view does not want it."""
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(50, 50), COPY, mime, button, keys)
    enter.setAccepted(False)
    QApplication.sendEvent(view, enter)
    if enter.isAccepted():
        QApplication.sendEvent(view, QDropEvent(QPointF(50, 50), COPY, mime, button, keys))
    return enter.isAccepted()


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def picture() -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    return image


def shown_name(view: PageView) -> str | None:
    return None if view.session.page is None else view.session.page.image.name


def test_at_first_the_view_invites(view: PageView) -> None:
    assert view.empty_state.isVisible()
    assert not view.workspace.isVisible()
    assert view.empty_state.open_button.text() == "Open image…"


def test_open_by_dialog(
    view: PageView, image_file: Path, settle: Settle, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(parent: object, title: str, folder: str, filters: str) -> tuple[list[str], str]:
        asked.append(folder)
        return [str(image_file)], filters

    monkeypatch.setattr(QFileDialog, "getOpenFileNames", answer)
    view.empty_state.open_button.click()
    settle()
    assert view.workspace.isVisible()
    assert view.workspace.panel.text_pane.toPlainText() == "DEEP NET\nIS ON"
    view.opener.ask_for_file()
    settle()
    assert asked == ["", str(image_file.parent)], "the dialog starts where the last file was"


def test_a_dialog_that_is_dismissed_changes_nothing(
    view: PageView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *_: ([], ""))
    view.opener.ask_for_file()
    assert not view.session.is_busy


def test_drop_a_file(view: PageView, image_file: Path, settle: Settle) -> None:
    assert drop(view, files(image_file))
    settle()
    assert shown_name(view) == "page.png"
    assert view.has_reading()


def test_drop_a_picture(view: PageView, settle: Settle, recognizer: StandInRecognizer) -> None:
    mime = QMimeData()
    mime.setImageData(picture())
    assert drop(view, mime)
    settle()
    assert shown_name(view) == "Dropped image"
    assert recognizer.seen[0].shape == (40, 60, 3)


def test_text_is_not_wanted_as_a_drop(view: PageView) -> None:
    mime = QMimeData()
    mime.setText("some text")
    assert not drop(view, mime)


def test_dragging_shows_where_to_drop(view: PageView, image_file: Path) -> None:
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    mime = files(image_file)  # the event only borrows it
    enter = QDragEnterEvent(QPoint(50, 50), COPY, mime, button, keys)
    before = view.grab().toImage()
    QApplication.sendEvent(view, enter)
    assert view.grab().toImage() != before


def test_paste_a_picture(view: PageView, settle: Settle) -> None:
    QGuiApplication.clipboard().setImage(picture())
    view.opener.paste()
    settle()
    assert shown_name(view) == "Pasted image"
    assert view.has_reading()


def test_paste_a_copied_file(view: PageView, image_file: Path, settle: Settle) -> None:
    QGuiApplication.clipboard().setMimeData(files(image_file))
    view.opener.paste()
    settle()
    assert shown_name(view) == "page.png"


@pytest.mark.parametrize("form", ["path", "link"])
def test_paste_the_name_of_a_file(
    view: PageView, image_file: Path, settle: Settle, form: str
) -> None:
    QGuiApplication.clipboard().setText(str(image_file) if form == "path" else image_file.as_uri())
    view.opener.paste()
    settle()
    assert shown_name(view) == "page.png"


@pytest.mark.parametrize("text", ["", "a shopping list", "/there/is/no/such/file.png", "x" * 9999])
def test_pasting_something_else_says_what_is_needed(
    view: PageView, errors: list[str], text: str
) -> None:
    QGuiApplication.clipboard().setText(text)
    view.opener.paste()
    assert errors == ["The clipboard holds no image and no file; copy one and paste it again."]


def test_a_link_to_the_internet_is_not_followed() -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/page.jpg")])
    with pytest.raises(HandwriteError, match="save the image as a file"):
        incoming.take(mime)


def test_files_come_before_their_icon() -> None:
    """A file manager puts the file's picture beside its name; the file is meant."""
    mime = files(Path("/folder/page.png"))
    mime.setImageData(picture())
    assert incoming.take(mime) == [Path("/folder/page.png")]


def test_a_pasted_dot_is_refused(view: PageView, errors: list[str], settle: Settle) -> None:
    QGuiApplication.clipboard().setImage(QImage(1, 1, QImage.Format.Format_RGB32))
    view.opener.paste()
    settle()
    assert len(errors) == 1
    assert "only 1 × 1 pixels" in errors[0]
    assert view.session.page is None


# Recent files and samples


def test_recent_files_are_kept_the_latest_first(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.png" for number in range(recent_files.LIMIT + 2)]
    for path in paths:
        recent_files.remember(path)
    recent_files.remember(paths[-2])
    expected = [paths[-2], paths[-1], *reversed(paths[2:-2])]
    assert recent_files.recent_files() == expected
    recent_files.forget(paths[-2])
    assert recent_files.recent_files() == expected[1:]


def test_opened_files_are_recent(view: PageView, image_file: Path, settle: Settle) -> None:
    view.open_path(image_file)
    settle()
    (recent,) = [command for command in view.commands() if command.id == "page.recent"]
    assert recent.enabled is not None
    assert recent.enabled()
    assert recent.children is not None
    entries = recent.children()
    assert [entry.title for entry in entries] == ["page.png", "&Clear List"]
    view.session.open_picture(picture(), "Pasted image")
    settle()
    entries[0].callback()
    settle()
    assert shown_name(view) == "page.png"
    entries[1].callback()
    assert not recent.enabled()


def test_the_empty_state_lists_recent_files(qtbot: QtBot, tmp_path: Path) -> None:
    state = EmptyState([])
    qtbot.addWidget(state)
    state.show_recent([tmp_path / "a.png", tmp_path / "b.png"])
    buttons = [b for b in state.findChildren(QPushButton) if "again" in b.accessibleName()]
    assert [button.accessibleName() for button in buttons] == [
        "Open a.png again",
        "Open b.png again",
    ]
    with qtbot.waitSignal(state.path_chosen) as chosen:
        buttons[1].click()
    assert chosen.args == [tmp_path / "b.png"]
    state.shutdown()


def test_a_recent_file_that_is_gone_is_forgotten(
    view: PageView, image_file: Path, errors: list[str], settle: Settle
) -> None:
    view.open_path(image_file)
    settle()
    image_file.unlink()
    view.open_path(image_file)
    settle()
    assert len(errors) == 1
    assert recent_files.recent_files() == []
    assert view.has_reading(), "the page that is open stays"


def test_samples_are_offered_with_thumbnails(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: StandInStore
) -> None:
    (tmp_path / "samples").mkdir()
    write_image(tmp_path / "samples" / "shopping_list.png", (300, 200))
    (tmp_path / "samples" / "notes.txt").write_text("no picture")
    monkeypatch.setattr(samples, "resource_path", lambda name: tmp_path / name)
    view = PageView(store)
    qtbot.addWidget(view)
    (button,) = view.empty_state.findChildren(QToolButton)
    assert button.text() == "Shopping list"
    placeholder = button.icon().cacheKey()
    qtbot.waitUntil(lambda: button.icon().cacheKey() != placeholder)
    button.click()
    qtbot.waitUntil(view.has_reading)
    assert shown_name(view) == "shopping_list.png"
    view.shutdown()


# Wrong files


def png_header(width: int, height: int) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    chunk = b"IHDR" + header
    check = struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", len(header)) + chunk + check


def empty(path: Path) -> None:
    path.write_bytes(b"")


def text(path: Path) -> None:
    path.write_text("This is a letter, not a picture of one.\n" * 20)


def truncated(path: Path) -> None:
    Image.effect_noise((300, 200), 50).save(path, format="PNG")
    path.write_bytes(path.read_bytes()[:2000])


def huge(path: Path) -> None:
    path.write_bytes(png_header(50_000, 50_000))


def dot(path: Path) -> None:
    Image.new("L", (1, 1), 0).save(path, format="PNG")


def folder(path: Path) -> None:
    path.mkdir()


def vanished(path: Path) -> None:
    pass


@pytest.mark.parametrize("make", [empty, text, truncated, huge, dot, folder, vanished])
@pytest.mark.parametrize("by", ["path", "drop"])
def test_a_wrong_file_gives_one_message_and_changes_nothing(
    qtbot: QtBot,
    open_page: PageView,
    errors: list[str],
    tmp_path: Path,
    make: Callable[[Path], None],
    by: str,
) -> None:
    before, recent = open_page.session.page, recent_files.recent_files()
    wrong = tmp_path / "wrong.png"
    make(wrong)
    if by == "drop":
        drop(open_page, files(wrong))
    else:
        open_page.open_path(wrong)
    qtbot.waitUntil(lambda: not open_page.is_busy)
    assert len(errors) == 1
    assert errors[0].startswith("wrong.png: ")
    assert open_page.session.page is before
    assert open_page.workspace.panel.text_pane.toPlainText() == "DEEP NET\nIS ON"
    assert recent_files.recent_files() == recent


def test_settings_are_kept(view: PageView, store: StandInStore, qtbot: QtBot) -> None:
    view.set_display(Display(boxes=False, lines=True))
    view.session.set_options(ReadingOptions(None, "digits"))
    view.save_state(settings())
    other = PageView(store)
    qtbot.addWidget(other)
    other.restore_state(settings())
    assert other.display == Display(boxes=False, lines=True)
    assert other.session.options == ReadingOptions(None, "digits")
    assert other.tools.choices.language.currentText() == "No language"
    assert other.tools.choices.field.currentText() == "Digits only"
    other.shutdown()


def test_settings_of_another_version_do_no_harm(view: PageView) -> None:
    settings().setValue("page/field", "runes")
    settings().setValue("page/language", "tlh")
    settings().setValue("page/boxes", "maybe")
    view.restore_state(settings())
    assert view.session.options == ReadingOptions()
