"""Writing files so that they are there completely or not at all."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path


def write_bytes(path: Path, data: bytes) -> None:
    """Writes a file beside its place and puts it there when it is whole.

    Raises:
        OSError: it cannot be written; an older file stays as it was.
    """
    temporary = path.with_name(f".{secrets.token_hex(6)}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except OSError as error:
        # The person knows the name they gave, not that of the temporary file.
        error.filename = str(path)
        raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
