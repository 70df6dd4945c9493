"""The text alone: a line for a line of writing, pages apart by an empty line."""

from __future__ import annotations

from collections.abc import Sequence

from handwrite_gui.engine.export.read_page import ReadPage


def plain_text(pages: Sequence[ReadPage]) -> bytes:
    """UTF-8 with line feeds."""
    return "\n".join(f"{page.result.text}\n" for page in pages).encode("utf-8", "replace")
