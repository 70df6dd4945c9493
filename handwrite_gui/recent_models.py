"""The model files that were opened last, kept between runs."""

from __future__ import annotations

from pathlib import Path

from handwrite_gui.settings import settings

_KEY = "models/recent"
LIMIT = 6


def recent_models() -> list[Path]:
    """Paths of model files, the latest first; those that are gone are left out."""
    return [path for path in map(Path, settings().read_list(_KEY)) if path.is_file()]


def remember_model(path: Path) -> None:
    """Put a file first, and forget those beyond :data:`LIMIT`."""
    path = path.absolute()
    paths = [path, *(other for other in recent_models() if other != path)]
    settings().setValue(_KEY, [str(other) for other in paths[:LIMIT]])
