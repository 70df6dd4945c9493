"""Saving documents, asking before anything is lost, and telling what became of their files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from enum import Enum
from pathlib import Path

from PySide6.QtCore import QEventLoop, QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog, QWidget

from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.engine.page_document.document_file import PageDocument, save_document
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.file_guard import FileGuard, FileStamp
from handwrite_gui.settings import settings
from handwrite_gui.workers import Task, TaskRunner

EMBEDDED = f"Page with its picture (*{SAVED_PAGE})"
LINKED = f"Page, linked to its picture (*{SAVED_PAGE})"
FOLDER_KEY = "page/document_folder"
_MOST_NAMES = 3


class Answer(Enum):
    """What the person wants done with changes that were not saved."""

    SAVE = QMessageBox.StandardButton.Save
    DISCARD = QMessageBox.StandardButton.Discard
    CANCEL = QMessageBox.StandardButton.Cancel


class DocumentFiles(QObject):
    """Writes the files of documents, one after the other, in a worker.

    Args:
        window: parent of the dialogs.

    Signals:
        saved(OpenDocument): its file holds it now.
        failed(object): the exception that kept one from being saved; it is as unsaved as before.
        noticed(str): something happened to a file that the person must know.
        busy_changed(): a file is being written, or no longer.
    """

    saved = Signal(object)
    failed = Signal(object)
    noticed = Signal(str)
    busy_changed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._runner = TaskRunner(self, threads=1)
        self._guards: dict[OpenDocument, FileGuard] = {}

    @property
    def is_busy(self) -> bool:
        return self._runner.is_busy

    def shutdown(self) -> None:
        """Wait until every file is written, and let others have them."""
        self._runner.shutdown()
        for guard in self._guards.values():
            guard.release()

    def opened(self, document: OpenDocument) -> None:
        """Guard the file that a document was opened from."""
        if document.path is not None and document not in self._guards:
            self._guard(document, document.path)

    def forget_others(self, documents: list[OpenDocument]) -> None:
        """Let go of the files of all documents but these."""
        for document in [d for d in self._guards if d not in documents]:
            self._guards.pop(document).release()

    # Saving

    def save(self, document: OpenDocument) -> None:
        """Save a document in its file; where it has none, ask for one."""
        if document.path is None:
            self.save_as(document)
        elif self._may_replace(document):
            self._write(document, document.path)

    def save_as(self, document: OpenDocument) -> None:
        """Save a document in a file that the person chooses."""
        chosen = self._ask_where(document)
        if chosen is not None:
            path, link = chosen
            document.link = link
            self._write(document, path)

    def save_and_wait(self, document: OpenDocument) -> bool:
        """Save a document before going on, as :meth:`save_all`; returns whether it is saved."""
        path = document.path
        if path is None:
            chosen = self._ask_where(document)
            if chosen is None:
                return False
            path, document.link = chosen
        return self._write_all({document: path})

    def ask(self, document: OpenDocument) -> Answer:
        """Ask what is to become of changes that were not saved."""
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Unsaved changes",
            f"Save the changes to “{document.name}”?",
            parent=self._window,
        )
        box.setInformativeText("What you corrected is lost if you do not save it.")
        box.setStandardButtons(Answer.SAVE.value | Answer.DISCARD.value | Answer.CANCEL.value)
        box.setDefaultButton(Answer.SAVE.value)
        pressed = box.exec()
        return next((one for one in Answer if one.value == pressed), Answer.CANCEL)

    def ask_all(self, documents: list[OpenDocument]) -> Answer:
        """Ask the same once for several."""
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "Unsaved changes",
            f"Save the changes to {len(documents)} pages?",
            parent=self._window,
        )
        names = ", ".join(f"“{document.name}”" for document in documents[:_MOST_NAMES])
        more = len(documents) - _MOST_NAMES
        box.setInformativeText(
            f"{names}{f' and {more} more' if more > 0 else ''}: what you corrected on them is lost "
            "if you do not save it."
        )
        save = box.addButton("Save All…", QMessageBox.ButtonRole.AcceptRole)
        discard = box.addButton("Discard All", QMessageBox.ButtonRole.DestructiveRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(save)
        box.exec()
        answers = {save: Answer.SAVE, discard: Answer.DISCARD}
        return next((a for b, a in answers.items() if box.clickedButton() is b), Answer.CANCEL)

    def may_close(self, documents: list[OpenDocument]) -> bool:
        """Whether documents may be closed; asks about those with changes, and saves if wanted."""
        changed = [document for document in documents if document.is_changed]
        if not changed:
            return True
        if len(changed) > 1:
            answer = self.ask_all(changed)
            return answer is Answer.DISCARD or (answer is Answer.SAVE and self.save_all(changed))
        answer = self.ask(changed[0])
        return answer is Answer.DISCARD or (
            answer is Answer.SAVE and self.save_and_wait(changed[0])
        )

    def save_all(self, documents: list[OpenDocument]) -> bool:
        """Save several documents, those without a file into a folder that the person chooses.

        Returns when all are written, in a worker, or one could not be.

        Returns:
            whether all are saved.
        """
        paths = {document: document.path for document in documents if document.path is not None}
        homeless = [document for document in documents if document.path is None]
        if homeless:
            folder = self._ask_for_folder(len(homeless))
            if folder is None:
                return False
            taken = set(paths.values())
            for document in homeless:
                paths[document] = free = _free(folder, document.stem, taken)
                taken.add(free)
        return self._write_all({document: paths[document] for document in documents})

    def _write_all(self, paths: dict[OpenDocument, Path]) -> bool:
        """Write documents in a worker, up to one that could not be; returns whether all are saved.

        The window waits meanwhile, and shows how far it is.
        """
        progress = QProgressDialog("Saving…", "", 0, len(paths), self._window)
        progress.setCancelButton(None)
        progress.setWindowModality(Qt.WindowModality.WindowModal)
        for number, (document, path) in enumerate(paths.items()):
            if path == document.path:
                if self._is_other(document):
                    progress.reset()  # it would come up over the question and keep clicks from it
                if not self._may_replace(document):
                    break
            progress.setLabelText(f"Saving {document.name}…")
            progress.setValue(number)
            loop = QEventLoop()
            self._write(document, path).ended.connect(loop.quit)
            # What is done in the window waits: a change, or closing it once more.
            loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
            if document.is_changed:  # why it is not saved was told
                break
        progress.close()
        progress.deleteLater()
        return not any(document.is_changed for document in paths)

    def _ask_for_folder(self, count: int) -> Path | None:
        pages = "page" if count == 1 else "pages"
        name = QFileDialog.getExistingDirectory(
            self._window, f"Save {count} {pages} in folder", settings().read(FOLDER_KEY, "")
        )
        return Path(name) if name else None

    def _write(self, document: OpenDocument, path: Path) -> Task:
        guard = self._guards.get(document)
        if guard is not None:
            guard.is_writing = True
        task = self._runner.run(_write, path, document.snapshot())
        task.finished.connect(lambda content: self._wrote(document, path, content))
        task.failed.connect(self.failed)
        task.ended.connect(lambda: self._ended(document))
        self.busy_changed.emit()
        return task

    def _ended(self, document: OpenDocument) -> None:
        guard = self._guards.get(document)
        if guard is not None:
            guard.is_writing = False
        self.busy_changed.emit()

    def _wrote(self, document: OpenDocument, path: Path, content: PageDocument) -> None:
        settings().setValue(FOLDER_KEY, str(path.parent))
        document.saved(path, content)
        self._guard(document, path)
        self.saved.emit(document)

    # Files

    def _guard(self, document: OpenDocument, path: Path) -> None:
        guard = self._guards.get(document)
        if guard is None:
            guard = self._guards[document] = FileGuard(self)
            guard.changed.connect(lambda: self._tell_changed(document))
            guard.removed.connect(lambda: self._tell_removed(document))
        other = guard.guard(path, FileStamp.of(path))
        if other:
            self.noticed.emit(
                f"{path.name} is open in another window as well ({other}). Close it there, or save "
                "it here under another name: else one would overwrite the other’s changes."
            )

    def _tell_changed(self, document: OpenDocument) -> None:
        self.noticed.emit(
            f"{document.name} was changed by another window or program. Open it again to see that; "
            "to keep what you did here, save it under another name."
        )

    def _tell_removed(self, document: OpenDocument) -> None:
        document.lost_file()
        self.noticed.emit(
            f"The file {document.name} was removed or renamed. Nothing is lost here: save the page "
            "to have a file of it again."
        )

    def _is_other(self, document: OpenDocument) -> bool:
        """Whether somebody else wrote a document's file since it was opened or saved here."""
        guard = self._guards.get(document)
        return guard is not None and guard.is_other

    def _may_replace(self, document: OpenDocument) -> bool:
        """Whether a document's file may be written: asks where somebody else wrote it since."""
        if not self._is_other(document):
            return True
        box = QMessageBox(
            QMessageBox.Icon.Warning,
            "Changed elsewhere",
            f"“{document.name}” was changed by another window or program since it was opened here.",
            parent=self._window,
        )
        box.setInformativeText("Saving replaces what was written there.")
        overwrite = box.addButton("Replace", QMessageBox.ButtonRole.DestructiveRole)
        elsewhere = box.addButton("Save As…", QMessageBox.ButtonRole.AcceptRole)
        box.addButton(QMessageBox.StandardButton.Cancel)
        box.setDefaultButton(elsewhere)
        box.exec()
        if box.clickedButton() is elsewhere:
            self.save_as(document)
        return box.clickedButton() is overwrite

    def _ask_where(self, document: OpenDocument) -> tuple[Path, Path | None] | None:
        """Ask for a file; gives it, and the picture's file where it is to be linked."""
        folder = Path(settings().read(FOLDER_KEY, "") or str(Path.home()))
        suggestion = document.path or folder / f"{document.stem}{SAVED_PAGE}"
        source = document.source_path
        filters = EMBEDDED if source is None else f"{EMBEDDED};;{LINKED}"
        preferred = LINKED if document.link is not None else EMBEDDED
        name, chosen = QFileDialog.getSaveFileName(
            self._window, "Save page", str(suggestion), filters, preferred
        )
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() != SAVED_PAGE:
            path = path.with_name(path.name + SAVED_PAGE)
        return path, source if chosen == LINKED else None


def _free(folder: Path, stem: str, taken: set[Path]) -> Path:
    """A file that is neither there nor to be: ``scan.handwrite``, ``scan (2).handwrite``…"""
    path, number = folder / f"{stem}{SAVED_PAGE}", 1
    while path in taken or path.exists():
        number += 1
        path = folder / f"{stem} ({number}){SAVED_PAGE}"
    return path


def _write(path: Path, snapshot: Callable[[], PageDocument]) -> PageDocument:
    content = snapshot()
    if content.link is not None and not _holds(content.link, content.picture.data):
        content = replace(content, link=None)  # it is another picture now: ours goes along
    save_document(path, content)
    return content


def _holds(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False
