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
from handwrite_gui.page.session import PageSession
from handwrite_gui.settings import settings

FOLDER_KEY = "page/folder"


class PageOpener(QObject):
    """Takes pages for a session, and remembers their files.

    Signals:
        status_message(str): something worth a line in the status bar.
        error_message(str): what was given cannot be opened; one sentence fit to be shown.
        recent_changed(): other files were opened last.
    """

    status_message = Signal(str)
    error_message = Signal(str)
    recent_changed = Signal()

    def __init__(self, session: PageSession, store: ModelStore, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._store = store
        self._window = parent
        session.file_opened.connect(self.remember)
        session.file_failed.connect(self._forget_vanished)

    def ask_for_file(self) -> None:
        """Let the person choose an image file."""
        folder = settings().read(FOLDER_KEY, "")
        name, _ = QFileDialog.getOpenFileName(self._window, "Open page", folder, PAGE_FILTER)
        if name:
            self._session.open_path(Path(name))

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
        if files.images:
            self._session.open_path(files.images[0])
        if len(files.images) > 1:
            self.status_message.emit(
                f"{files.images[0].name} was opened, the first of {len(files.images)} pictures; "
                "one page is read at a time."
            )

    def clear_recent(self) -> None:
        """Forget which files were opened."""
        recent_files.forget_all()
        self.recent_changed.emit()

    def remember(self, path: Path) -> None:
        """Know that a file was opened, or saved, last."""
        recent_files.remember(path)
        settings().setValue(FOLDER_KEY, str(path.parent))
        self.recent_changed.emit()

    def _forget_vanished(self, path: Path) -> None:
        if not path.exists():
            recent_files.forget(path)
            self.recent_changed.emit()
