"""The sample pages that ship with the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage, QImageReader

from handwrite_gui.engine.resources import resource_path

ENDINGS = {".jpg", ".jpeg", ".png"}


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample page; ``title`` is its file's name in words."""

    path: Path
    title: str


def samples() -> list[Sample]:
    """Every sample page, by name; none where the installation has none."""
    try:
        folder = resource_path("samples")
    except FileNotFoundError:
        return []
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS)
    return [Sample(path, _title(path)) for path in paths]


def _title(path: Path) -> str:
    words = path.stem.lstrip("0123456789_- ") or path.stem
    return words.replace("_", " ").replace("-", " ").capitalize()


def load_thumbnails(
    paths: list[Path], size: QSize, *, should_stop: Callable[[], bool] | None = None
) -> list[QImage]:
    """Small pictures that fill ``size`` (screen pixels), cut where the shape differs.

    A file that cannot be read gives a null image.
    """
    thumbnails = []
    for path in paths:
        if should_stop is not None and should_stop():
            break
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        image = reader.read()
        if not image.isNull():
            image = image.scaled(
                size,
                Qt.AspectRatioMode.KeepAspectRatioByExpanding,
                Qt.TransformationMode.SmoothTransformation,
            ).copy(0, 0, size.width(), size.height())
        thumbnails.append(image)
    return thumbnails
