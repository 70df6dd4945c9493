"""The images that were opened last, kept between runs."""

from __future__ import annotations

from pathlib import Path

from handwrite_gui.settings import settings

KEY = "page/recent"
LIMIT = 8


def recent_files() -> list[Path]:
    """Paths of images, the latest first; some may no longer exist."""
    return [Path(text) for text in settings().read_list(KEY)]


def remember(path: Path) -> None:
    """Put a file first, and forget those beyond :data:`LIMIT`."""
    path = path.absolute()
    _store([path, *(other for other in recent_files() if other != path)][:LIMIT])


def forget(path: Path) -> None:
    """Drop a file, if it is there."""
    path = path.absolute()
    _store([other for other in recent_files() if other != path])


def forget_all() -> None:
    _store([])


def _store(paths: list[Path]) -> None:
    settings().setValue(KEY, [str(path) for path in paths])
