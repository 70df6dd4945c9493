"""Writing results to files."""

from __future__ import annotations

import contextlib
import secrets
from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8 with line feeds so that the file is there completely or not at all.

    Raises:
        OSError: it cannot be written; an older file stays as it was.
    """
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        # The person knows the name they gave, not that of the temporary file.
        error.filename = str(path)
        raise
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
