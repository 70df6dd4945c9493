"""Every way to open a page: a dialog, the clipboard, what is dropped; and which were opened."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.model_store import ModelStore
from handwrite_gui.opening import PAGE_FILTER, sort_files
from handwrite_gui.page import incoming, recent_files
from handwrite_gui.page.opened_page import PageRequest
from handwrite_gui.page.session import PageSession
from handwrite_gui.settings import settings

FOLDER_KEY = "page/folder"


class PageOpener(QObject):
    """Takes pages for a session, and remembers their files.

    Signals:
        files_wanted(list[Path], list[Path]): files and folders are to be opened as pages, and
            readings that belong to them.
        pages_added(list[Path]): files and folders are to be, after the pages that are open.
        error_message(str): what was given cannot be opened; one sentence fit to be shown.
        recent_changed(): other files were opened last.
    """

    files_wanted = Signal(object, object)
    pages_added = Signal(object)
    error_message = Signal(str)
    recent_changed = Signal()

    def __init__(self, session: PageSession, store: ModelStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._store = store
        self._window = parent
        session.file_opened.connect(self.remember)
        session.request_failed.connect(self._forget_vanished)

    def ask_for_file(self) -> None:
        """Let the person choose files."""
        names = self._chosen("Open pages")
        if names:
            self.files_wanted.emit(names, [])

    def ask_for_more(self) -> None:
        """Let the person choose files whose pages are added to those that are open."""
        names = self._chosen("Add pages")
        if names:
            self.pages_added.emit(names)

    def _chosen(self, title: str) -> list[Path]:
        folder = settings().read(FOLDER_KEY, "")
        names, _ = QFileDialog.getOpenFileNames(self._window, title, folder, PAGE_FILTER)
        return [Path(name) for name in names]

    def paste(self) -> None:
        """Read the picture or the file on the clipboard."""
        self.take(QGuiApplication.clipboard().mimeData(), "Pasted image")

    def take(self, mime: QMimeData, name: str) -> None:
        """Open what was dropped or pasted: a picture, called ``name``, or files."""
        try:
            taken = incoming.take(mime)
        except HandwriteError as error:
            self.error_message.emit(str(error))
            return
        if isinstance(taken, QImage):
            self._session.open_picture(taken, name)
            return
        files = sort_files(taken)
        if files.complaint:
            self.error_message.emit(files.complaint)
        if files.models:
            self._store.load_file(files.models[-1])
        if files.readings or files.images:
            self.files_wanted.emit(list(files.images), list(files.readings))

    def clear_recent(self) -> None:
        """Forget which files were opened."""
        recent_files.forget_all()
        self.recent_changed.emit()

    def remember(self, path: Path) -> None:
        """Know that a file was opened, or saved, last."""
        recent_files.remember(path)
        settings().setValue(FOLDER_KEY, str(path.parent))
        self.recent_changed.emit()

    def _forget_vanished(self, request: PageRequest, error: Exception) -> None:
        if not request.path.exists():
            recent_files.forget(request.path)
            self.recent_changed.emit()
