"""Noticing that others have a document's file as well: open, changed, or removed."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QFileSystemWatcher, QLockFile, QObject, Signal


class FileStamp(NamedTuple):
    """What tells whether a file is the one that was read or written last."""

    modified: int
    size: int
    node: int

    @classmethod
    def of(cls, path: Path) -> FileStamp | None:
        """That of a file; None where there is none."""
        try:
            status = path.stat()
        except OSError:
            return None
        return cls(status.st_mtime_ns, status.st_size, status.st_ino)


class FileGuard(QObject):
    """Watches the file of one document, and lets other windows and programs know that it is open.

    Signals:
        changed(): another program wrote it.
        removed(): it is not there any more.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path: Path | None = None
        self._stamp: FileStamp | None = None
        self._lock: QLockFile | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self._look)
        self.is_writing = False

    @property
    def path(self) -> Path | None:
        return self._path

    def guard(self, path: Path, stamp: FileStamp | None = None) -> str:
        """Guard a file, and no other any more.

        Args:
            stamp: the file's when it was read; that of now by default.

        Returns:
            who has it open already, in words; empty where nobody has.
        """
        if self._path != path or self._lock is None:
            self.release()
            self._path = path
            self._lock = QLockFile(str(path.with_name(f".{path.name}.lock")))
            self._lock.setStaleLockTime(0)  # a lock is stale when its program has ended
            self._lock.tryLock(0)
        self._stamp = stamp or FileStamp.of(path)
        self._watch()
        if self._lock.error() is not QLockFile.LockError.LockFailedError:
            return ""  # it is locked, or nobody can lock anything there
        # Some versions of PySide put first whether anything is known.
        pid, host, _ = tuple(self._lock.getLockInfo())[-3:]
        return f"process {pid} on {host}" if pid else "another program"

    def release(self) -> None:
        """Guard nothing any more."""
        if self._lock is not None and self._lock.isLocked():
            self._lock.unlock()
        self._lock = None
        if self._path is not None:
            self._watcher.removePath(str(self._path))
        self._path = self._stamp = None

    @property
    def is_other(self) -> bool:
        """Whether the file is there, and is not the one that was read or written last."""
        if self._path is None or self._stamp is None:
            return False
        now = FileStamp.of(self._path)
        return now is not None and now != self._stamp

    def _watch(self) -> None:
        if self._path is not None and self._path.exists():
            self._watcher.addPath(str(self._path))

    def _look(self) -> None:
        if self.is_writing or self._path is None:
            return
        now = FileStamp.of(self._path)
        self._watch()  # a file that was replaced is not watched any more
        if now is None:
            self.removed.emit()
        elif now != self._stamp:
            self.changed.emit()
