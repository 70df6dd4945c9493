"""Writing files so that they are there completely or not at all."""

from __future__ import annotations

import contextlib
import errno
import glob
import os
import secrets
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from handwrite_gui.engine.errors import InputFileError

_LONGEST_WRITING = 3600  # seconds, of any file


@contextlib.contextmanager
def written_whole(path: str | os.PathLike[str]) -> Iterator[BinaryIO]:
    """A file to write to, which takes the place of ``path`` once all of it is on the disk.

    It is a temporary one beside the target until then; whatever fails, an older file stays as it
    was.  A link stays a link, and permissions stay as they were.

    Raises:
        OSError: it cannot be written; the error names ``path``.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        mode = None
        with contextlib.suppress(FileNotFoundError):
            mode = stat.S_IMODE(target.stat().st_mode)
            if target.is_dir():
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            # The folder would let it be replaced, but its owner said that it is not to be.
            if not os.access(target, os.W_OK):
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with temporary.open("xb") as file:
            if mode is not None:
                with contextlib.suppress(OSError):
                    temporary.chmod(mode)
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        # The person knows the name they gave, not that of the temporary file.
        error.filename, error.filename2 = str(path), None
        raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


def remove_half_written(path: str | os.PathLike[str]) -> None:
    """Remove what programs that were killed while they wrote ``path`` left beside it.

    To be called when it was just written: what is much older than it nobody is writing any more.
    """
    target = Path(os.path.realpath(path))
    with contextlib.suppress(OSError):
        oldest = target.stat().st_mtime - _LONGEST_WRITING
        for one in target.parent.glob(f".{glob.escape(target.name)}.{'[0-9a-f]' * 8}.tmp"):
            with contextlib.suppress(OSError):  # open elsewhere, or gone meanwhile; next time
                if one.stat().st_mtime < oldest:
                    one.unlink()


def replace_text(path: str | os.PathLike[str], text: str) -> None:
    """Write ``text`` as UTF-8; see :func:`replace_bytes`."""
    replace_bytes(path, text.encode())


def replace_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` so that the file has all of it or stays as it was.

    Raises:
        InputFileError: the file cannot be written.
    """
    try:
        with written_whole(path) as file:
            file.write(data)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise InputFileError(
            path, f"it could not be written: {reason}. Choose another folder or name."
        ) from problem


def why_not_written(error: OSError) -> str:
    """Why a file could not be written and what to do, as the end of a sentence."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return "the disk is full; free some room or choose another disk."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return "you may not write there; choose another folder or name."
    if error.errno == errno.ENOENT:
        return "its folder is no longer there; choose another one."
    if error.errno in (errno.EISDIR, errno.ENOTDIR):
        return "a folder has that name; choose another one."
    if error.errno == errno.ENAMETOOLONG:
        return "the name is too long; choose a shorter one."
    return f"{error.strerror or error}; choose another folder or name."


def _flush_folder(folder: Path) -> None:
    """Put the new name itself on the disk, where the system has a way to."""
    flag = getattr(os, "O_DIRECTORY", None)
    if flag is None:
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | flag)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
