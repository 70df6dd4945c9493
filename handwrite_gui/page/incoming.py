"""What was dropped or pasted: a file, a picture, or nothing that can be read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QImage

from handwrite_gui.engine.errors import HandwriteError


def can_take(mime: QMimeData) -> bool:
    """Whether it may hold a page; quick enough to be asked while something is dragged."""
    return mime.hasUrls() or mime.hasImage()


def take(mime: QMimeData) -> list[Path] | QImage:
    """The files or the picture that were dropped or pasted.

    Raises:
        HandwriteError: there is neither.
    """
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    if paths:
        return paths
    if mime.hasImage():
        picture = QImage(mime.imageData())
        if not picture.isNull():
            return picture
    if any(not url.isLocalFile() for url in mime.urls()):
        raise HandwriteError(
            "This is a link to another computer; save the image as a file here and open that."
        )
    if mime.hasText() and (path := _path_in(mime.text().strip())) is not None:
        return [path]
    raise HandwriteError("The clipboard holds no image and no file; copy one and paste it again.")


def _path_in(text: str) -> Path | None:
    """The existing file that a copied text names, as a path or as a ``file:`` link."""
    if not text or "\n" in text:
        return None
    path = Path(QUrl(text).toLocalFile() if text.startswith("file:") else text)
    try:
        return path if path.is_absolute() and path.exists() else None
    except (OSError, ValueError):  # a text too long, or with characters no path can have
        return None
