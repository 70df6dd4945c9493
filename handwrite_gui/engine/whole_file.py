"""Writing small files so that they are there completely or not at all."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from handwrite_gui.engine.errors import InputFileError


def replace_text(path: str | os.PathLike[str], text: str) -> None:
    """Write ``text`` as UTF-8; see :func:`replace_bytes`."""
    replace_bytes(path, text.encode())


def replace_bytes(path: str | os.PathLike[str], data: bytes) -> None:
    """Write ``data`` to a temporary file beside ``path`` and move it there.

    Raises:
        InputFileError: the file cannot be written; one that was there stays as it was.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as problem:
        temporary.unlink(missing_ok=True)
        reason = problem.strerror or str(problem)
        raise InputFileError(
            target, f"it could not be written: {reason}. Choose another folder or name."
        ) from problem
