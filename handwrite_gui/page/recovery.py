"""Recovery copies: what was done and not saved, kept for the case that the program does not end
in good order."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, QTimer, Signal

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.engine.page_document.document_file import PageDocument, save_document
from handwrite_gui.engine.whole_file import written_whole
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.recovery_folder import recovery_folder
from handwrite_gui.workers import TaskRunner

AFTER = 1500
"""Milliseconds without a change after which a copy is written."""

AT_THE_LATEST = 8000
"""Milliseconds after a change within which a copy is written, however fast others follow."""

LOCK = "lock"


@dataclass(frozen=True, slots=True)
class RecoveryCopy:
    """A copy that a program left that did not end in good order.

    Attributes:
        path: of the copy.
        original: the document's own file; None where it was never saved.
        title: what the page is called.
    """

    path: Path
    original: Path | None
    title: str

    @property
    def name(self) -> str:
        return self.title if self.original is None else self.original.name


def found_copies() -> list[RecoveryCopy]:
    """The copies that no running program owns, the oldest first.

    Folders of programs that ended in good order, or wrote no copy, are cleared away.
    """
    found = []
    for folder in _folders():
        lock = _taken(folder)
        if lock is None:
            continue  # its program is running
        copies = [_copy_at(path) for path in sorted(folder.glob(f"*{SAVED_PAGE}"))]
        lock.unlock()
        if copies:
            found += copies
        else:
            shutil.rmtree(folder, ignore_errors=True)
    return found


def discard(copy: RecoveryCopy) -> None:
    """Delete a copy that is not wanted."""
    for path in (copy.path, _about(copy.path)):
        with contextlib.suppress(OSError):
            path.unlink()


class Recovery(QObject):
    """Keeps a copy of every document that has changes which were not saved.

    The copies are in a folder of this window's own, which is locked as long as it is open.

    Signals:
        failed(object): the exception that kept a copy from being written; told once.
    """

    failed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, threads=1)
        self._folder: Path | None = None
        self._lock: QLockFile | None = None
        self._paths: dict[OpenDocument, Path] = {}
        self._waiting: list[OpenDocument] = []
        self._has_failed = False
        self._soon = QTimer(self, singleShot=True, interval=AFTER)
        self._soon.timeout.connect(self.write)
        self._latest = QTimer(self, singleShot=True, interval=AT_THE_LATEST)
        self._latest.timeout.connect(self.write)

    def follow(self, document: OpenDocument) -> None:
        """Keep copies of a document from now on."""
        if document not in self._paths:
            self._paths[document] = Path()
            document.undo_changed.connect(lambda: self._schedule(document))
            if document.is_changed:
                self._schedule(document)

    def take_over(self, copy: RecoveryCopy) -> RecoveryCopy:
        """Make a copy one of this window's, so that it is kept until the page is saved.

        Raises:
            OSError: it is not there any more.
        """
        path = self._new_path()
        with contextlib.suppress(OSError):
            _about(copy.path).replace(_about(path))
        copy.path.replace(path)
        return RecoveryCopy(path, copy.original, copy.title)

    def owns(self, document: OpenDocument, copy: RecoveryCopy) -> None:
        """Know that a copy that was taken over is that of a document."""
        self.follow(document)
        self._paths[document] = copy.path

    def write(self) -> None:
        """Write what is waiting to be written now, in a worker."""
        self._soon.stop()
        self._latest.stop()
        waiting, self._waiting = self._waiting, []
        for document in waiting:
            if not document.is_changed:
                self._remove(document)
                continue
            if self._paths[document] == Path():
                try:
                    self._paths[document] = self._new_path()
                except OSError as error:
                    self._fail(error)
                    continue
            task = self._runner.run(
                _write, self._paths[document], document.path, document.snapshot()
            )
            task.failed.connect(self._fail)

    def shutdown(self, *, keep: bool = False) -> None:
        """Wait until every copy is written.

        Args:
            keep: nobody was asked whether to save: the copies are kept, and offered next time.
        """
        if keep:
            self.write()
            self._runner.wait()
        self._runner.shutdown()
        self._soon.stop()
        self._latest.stop()
        if self._lock is not None:
            self._lock.unlock()
        if self._folder is not None and not keep:
            shutil.rmtree(self._folder, ignore_errors=True)
        self._folder = self._lock = None

    def _schedule(self, document: OpenDocument) -> None:
        if document not in self._waiting:
            self._waiting.append(document)
        self._soon.start()
        if not self._latest.isActive():
            self._latest.start()

    def _remove(self, document: OpenDocument) -> None:
        path = self._paths[document]
        if path != Path():
            self._paths[document] = Path()
            self._runner.run(_delete, path)  # in turn with what is being written

    def _new_path(self) -> Path:
        """For a copy, in this window's own folder, which is made when it is needed."""
        if self._folder is None:
            folder = recovery_folder() / f"{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(parents=True)
            self._lock = QLockFile(str(folder / LOCK))
            self._lock.setStaleLockTime(0)
            self._lock.tryLock(0)
            self._folder = folder
        return self._folder / f"{secrets.token_hex(6)}{SAVED_PAGE}"

    def _fail(self, error: Exception) -> None:
        if not self._has_failed:
            self._has_failed = True
            reason = error.strerror if isinstance(error, OSError) else error
            self.failed.emit(
                HandwriteError(
                    "No recovery copy could be written, so what is not saved would be lost in a "
                    f"crash: {reason}"
                )
            )


def _write(path: Path, original: Path | None, snapshot: Callable[[], PageDocument]) -> None:
    content = snapshot()
    about = {"title": content.title, "original": None if original is None else str(original)}
    with written_whole(_about(path)) as file:
        file.write(json.dumps(about).encode())
    # With its picture, wherever that is: it may be gone when the copy is needed.
    save_document(
        path,
        PageDocument(
            content.title, content.picture, content.writing, content.framed, content.read_with
        ),
    )


def _delete(path: Path) -> None:
    for gone in (path, _about(path)):
        with contextlib.suppress(OSError):
            gone.unlink()


def _about(path: Path) -> Path:
    return path.with_suffix(".json")


def _copy_at(path: Path) -> RecoveryCopy:
    about: object = None
    with contextlib.suppress(OSError, ValueError):
        about = json.loads(_about(path).read_text(encoding="utf-8"))
    title, original = "Recovered page", None
    if isinstance(about, dict):
        title = str(about.get("title") or title)
        original = about.get("original")
    return RecoveryCopy(path, Path(original) if isinstance(original, str) else None, title)


def _folders() -> list[Path]:
    with contextlib.suppress(OSError):
        folders = [path for path in recovery_folder().iterdir() if path.is_dir()]
        return sorted(folders, key=lambda path: path.stat().st_mtime)
    return []


def _taken(folder: Path) -> QLockFile | None:
    """The lock of a folder whose program is not running any more; None where it is."""
    lock = QLockFile(str(folder / LOCK))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None
