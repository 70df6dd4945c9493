"""The page view: open a page, have it read, look at what was read."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QPoint, QRect, QSettings, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFocusEvent,
    QGuiApplication,
    QImage,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.commands import Command, CommandButton, refresh_buttons
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.message_bar import explain
from handwrite_gui.model_store import ModelStore
from handwrite_gui.opening import IMAGE_FILTER, sort_files
from handwrite_gui.page import incoming, recent_files
from handwrite_gui.page.character_text import summary
from handwrite_gui.page.empty_state import EmptyState
from handwrite_gui.page.floating import DropHint, ProgressCard
from handwrite_gui.page.hit_testing import next_doubtful
from handwrite_gui.page.page_commands import page_commands
from handwrite_gui.page.page_image import PageImage
from handwrite_gui.page.reading import Page
from handwrite_gui.page.samples import samples
from handwrite_gui.page.saving import FILTERS, save_reading
from handwrite_gui.page.session import PageSession
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.viewport import Viewport
from handwrite_gui.page.workspace import Workspace
from handwrite_gui.settings import Settings, settings
from handwrite_gui.widgets.alphabet_chooser import AlphabetChooser

FOLDER_KEY = "page/folder"
SAVE_FOLDER_KEY = "page/save_folder"
SPLITTER_KEY = "page/splitter"
BOXES_KEY = "page/boxes"
LABELS_KEY = "page/labels"

FOOT_BUTTONS = ("zoom-out", "zoom-in", "fit", "actual-size", "boxes", "labels")
TEXT_BUTTONS = ("copy-text", "save-text")


class PageView(QWidget):
    """Reads pages of handwriting.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): something went wrong; one sentence fit to be shown.
        error_settled(): the last such sentence no longer matters.
        commands_changed(): other commands can be used now.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    error_settled = Signal()
    commands_changed = Signal()

    def __init__(self, store: ModelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._left: tuple[PageImage, Viewport | None] | None = None
        self.boxes_shown = True
        self.labels_shown = True
        shipped = samples()
        self.session = PageSession(store, self)
        self.empty_state = EmptyState(shipped)
        self.workspace = Workspace()
        self.alphabet_chooser = AlphabetChooser(store)
        self._commands = page_commands(self, shipped)
        self._buttons = self._add_tools()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty_state)
        self._stack.addWidget(self.workspace)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.progress = ProgressCard(self)
        self._drop_hint = DropHint(self)
        self.setAcceptDrops(True)
        self.empty_state.show_recent(recent_files.recent_files())
        self._order_for_tab()
        self._connect()

    def _add_tools(self) -> list[CommandButton]:
        commands = {command.id: command for command in self._commands}

        def button(id: str, *, with_text: bool = False) -> CommandButton:
            return CommandButton(commands[f"page.{id}"], with_text=with_text)

        head = [button("read-again"), button("open", with_text=True)]
        foot = [button(id) for id in FOOT_BUTTONS]
        text = [button(id) for id in TEXT_BUTTONS]
        alphabet = QLabel("Alphabet")
        alphabet.setProperty("role", "muted")
        alphabet.setBuddy(self.alphabet_chooser)
        self.workspace.add_to_head(alphabet, self.alphabet_chooser, *head)
        self.workspace.add_to_foot(*foot)
        self.workspace.panel.add_to_head(*text)
        return [*head, *foot, *text]

    def _order_for_tab(self) -> None:
        """Let Tab go through the view as one reads it."""
        by_id = {button.command.id.removeprefix("page."): button for button in self._buttons}
        order = [
            self.alphabet_chooser,
            by_id["read-again"],
            by_id["open"],
            self.workspace.canvas,
            *(by_id[id] for id in FOOT_BUTTONS),
            *(by_id[id] for id in TEXT_BUTTONS),
            self.workspace.panel.notice.button,
            self.workspace.panel.text_pane,
        ]
        for one, following in pairwise(order):
            QWidget.setTabOrder(one, following)

    def _connect(self) -> None:
        session = self.session
        session.page_changed.connect(self._show_page)
        session.busy_changed.connect(self._show_busy)
        session.progressed.connect(self.progress.show_progress)
        session.failed.connect(lambda error: self.error_message.emit(explain(error)[0]))
        session.outdated_changed.connect(self._show_outdated)
        session.file_opened.connect(self._remember)
        session.file_opened.connect(self.error_settled)
        session.file_failed.connect(self._forget_vanished)
        self._store.changed.connect(self.commands_changed)
        self._store.loading_changed.connect(self._show_waiting)
        self.commands_changed.connect(lambda: refresh_buttons(self._buttons))
        self.progress.cancel_wanted.connect(session.cancel)
        self.empty_state.open_wanted.connect(self.ask_for_file)
        self.empty_state.paste_wanted.connect(self.paste)
        self.empty_state.path_chosen.connect(self.open_path)
        self.alphabet_chooser.failed.connect(self.error_message)
        self.workspace.panel.notice.read_again_wanted.connect(session.read_again)

    # What the window asks of a view

    def commands(self) -> list[Command]:
        return self._commands

    def shutdown(self) -> None:
        """Give up all work and wait until it has ended."""
        self.session.shutdown()
        self.empty_state.shutdown()

    def save_state(self, store: QSettings) -> None:
        store.setValue(SPLITTER_KEY, self.workspace.splitter.saveState())
        store.setValue(BOXES_KEY, self.boxes_shown)
        store.setValue(LABELS_KEY, self.labels_shown)

    def restore_state(self, store: Settings) -> None:
        state = store.value(SPLITTER_KEY)
        if isinstance(state, QByteArray):
            self.workspace.splitter.restoreState(state)
        self.set_boxes_shown(store.read(BOXES_KEY, True))
        self.set_labels_shown(store.read(LABELS_KEY, True))

    # Opening

    def open_path(self, path: str | os.PathLike[str]) -> None:
        """Open an image file and read it; ``error_message`` tells what is wrong with it."""
        self.session.open_path(Path(path))

    def ask_for_file(self) -> None:
        """Let the person choose an image file."""
        folder = settings().read(FOLDER_KEY, "")
        name, _ = QFileDialog.getOpenFileName(self, "Open image", folder, IMAGE_FILTER)
        if name:
            self.open_path(name)

    def paste(self) -> None:
        """Read the picture or the file on the clipboard."""
        self._take(QGuiApplication.clipboard().mimeData(), "Pasted image")

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if incoming.can_take(event.mimeData()):
            event.acceptProposedAction()
            self._drop_hint.appear()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop_hint.hide()
        event.acceptProposedAction()
        self._take(event.mimeData(), "Dropped image")

    def _take(self, mime: QMimeData, name: str) -> None:
        try:
            taken = incoming.take(mime)
        except HandwriteError as error:
            self.error_message.emit(str(error))
            return
        if isinstance(taken, QImage):
            self.session.open_picture(taken, name)
            return
        files = sort_files(taken)
        if files.complaint:
            self.error_message.emit(files.complaint)
        if files.models:
            self._store.load_file(files.models[-1])
        if files.images:
            self.open_path(files.images[0])
        if len(files.images) > 1:
            self.status_message.emit(
                f"{files.images[0].name} was opened, the first of {len(files.images)} pictures; "
                "one page is read at a time."
            )

    def _remember(self, path: Path) -> None:
        recent_files.remember(path)
        settings().setValue(FOLDER_KEY, str(path.parent))
        self._recent_changed()

    def _forget_vanished(self, path: Path) -> None:
        if not path.exists():
            recent_files.forget(path)
            self._recent_changed()

    def clear_recent(self) -> None:
        """Forget which files were opened."""
        recent_files.forget_all()
        self._recent_changed()

    def _recent_changed(self) -> None:
        self.empty_state.show_recent(recent_files.recent_files())
        self.commands_changed.emit()

    # Showing

    def has_page(self) -> bool:
        return self.session.page is not None

    def has_reading(self) -> bool:
        return self.session.page is not None and self.session.page.reading is not None

    def has_text(self) -> bool:
        return self.workspace.overlay is not None and bool(self.workspace.overlay.text.characters)

    def set_boxes_shown(self, shown: bool) -> None:
        self.boxes_shown = shown
        self.workspace.canvas.set_boxes_shown(shown)
        self.commands_changed.emit()

    def set_labels_shown(self, shown: bool) -> None:
        self.labels_shown = shown
        self.workspace.canvas.set_labels_shown(shown)
        self.commands_changed.emit()

    def go_to_doubtful(self, step: int) -> None:
        """Select the next (1) or the previous (-1) character that is not sure, going round."""
        overlay = self.workspace.overlay
        if overlay is None:
            return
        selection = self.workspace.canvas.selection
        start = None if selection is None else selection.first
        found = next_doubtful(overlay.text, start, step)
        if found is None:
            self.status_message.emit("Every character was read surely.")
        else:
            self.workspace.select(CharacterRange(found, found))

    def _show_page(self) -> None:
        page = self.session.page
        if page is None:
            self._stack.setCurrentWidget(self.empty_state)
        else:
            had_focus = self.empty_state.isAncestorOf(QApplication.focusWidget() or self)
            self._stack.setCurrentWidget(self.workspace)
            if had_focus:
                self.workspace.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
            self._show_in_workspace(page)
        self._place_progress()
        self.commands_changed.emit()

    def _show_in_workspace(self, page: Page) -> None:
        before, canvas = self.workspace.page, self.workspace.canvas
        viewport = None
        if self._left is not None and self._left[0] is page.image:
            viewport = self._left[1]
        if before is not None and before.reading is not None:
            self._left = before.image, canvas.kept_viewport
        self.workspace.show_page(page, self._waiting_for(), viewport)
        if page.reading is not None:
            what = summary(page.reading.result, page.reading.seconds)
            self.status_message.emit(f"{page.image.name}: {what}")

    def _show_waiting(self) -> None:
        self.workspace.panel.text_pane.setPlaceholderText(self._waiting_for())

    def _waiting_for(self) -> str:
        if self._store.recognizer is not None:
            return "Reading…"
        if self._store.is_loading:
            return "Waiting for the model…"
        return "There is no model to read with. Open a model file, or train one."

    def _show_busy(self) -> None:
        if self.session.is_busy:
            self._place_progress()
            self.progress.start()
        else:
            self.progress.stop()
        self.commands_changed.emit()

    def _show_outdated(self) -> None:
        self.workspace.panel.notice.setVisible(self.session.is_outdated)

    def focusInEvent(self, event: QFocusEvent) -> None:
        # Not a focus proxy: Tab would stop at it, and leave out what comes before the canvas.
        target = self.workspace.canvas if self.has_page() else self.empty_state.open_button
        target.setFocus(event.reason())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_progress()

    def _place_progress(self) -> None:
        """Over the image, where there is one."""
        shown = self.workspace.canvas if self.workspace.isVisible() else self
        self.progress.place_over(QRect(shown.mapTo(self, QPoint(0, 0)), shown.size()))

    # Taking the text away

    def copy_text(self) -> None:
        """Put all of the text on the clipboard."""
        if self.workspace.overlay is not None:
            QGuiApplication.clipboard().setText(self.workspace.overlay.text.text)
            self.status_message.emit("Text copied.")

    def ask_where_to_save(self) -> None:
        """Let the person choose a file for the text, and write it."""
        page = self.session.page
        if page is None or page.reading is None:
            return
        folder = Path(settings().read(SAVE_FOLDER_KEY, "") or str(Path.home()))
        suggestion = str(folder / f"{Path(page.image.name).stem}.txt")
        name, chosen = QFileDialog.getSaveFileName(
            self, "Save text", suggestion, ";;".join(FILTERS)
        )
        if not name:
            return
        path = Path(name)
        if path.suffix.lower() not in FILTERS.values():
            path = path.with_name(path.name + FILTERS.get(chosen, ".txt"))
        self.save_text(path)

    def save_text(self, path: Path) -> None:
        """Write what was read to a file; ``error_message`` tells what went wrong."""
        page = self.session.page
        if page is None or page.reading is None:
            return
        try:
            save_reading(path, page)
        except HandwriteError as error:
            self.error_message.emit(str(error))
            return
        settings().setValue(SAVE_FOLDER_KEY, str(path.parent))
        self.status_message.emit(f"Saved as {path.name}.")
