"""Where recovery copies are, known without loading anything else: the window asks when it opens."""

from __future__ import annotations

from pathlib import Path

from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.settings import settings


def recovery_folder() -> Path:
    """Beside the settings; the windows that are open have a folder each in it."""
    return Path(settings().fileName()).parent / "recovery"


def has_copies() -> bool:
    """Whether there may be something to recover."""
    return any(recovery_folder().glob(f"*/*{SAVED_PAGE}"))
