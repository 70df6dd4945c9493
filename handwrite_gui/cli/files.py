"""Writing results to files."""

from __future__ import annotations

from pathlib import Path

from handwrite_gui.engine.output_file import write_bytes


def write_text(path: Path, text: str) -> None:
    """Writes UTF-8 with line feeds so that the file is there completely or not at all.

    Raises:
        OSError: it cannot be written; an older file stays as it was.
    """
    write_bytes(path, text.encode("utf-8", "replace"))
