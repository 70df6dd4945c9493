"""Small pictures of files, made in a worker when they are first shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from handwrite_gui.batch.entries import Entry
from handwrite_gui.engine.documents.pages import is_pdf, read_page_picture
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.workers import Task, TaskRunner

SIDE = 128
_PDF_DPI = 36.0
_AT_ONCE = 8


class Thumbnails(QObject):
    """Loads pictures a few at a time, the last that was asked for first.

    Signals:
        loaded(Entry, QImage): a picture; a null one where the file has none.
    """

    loaded = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, threads=1)
        self._wanted: list[Entry] = []
        self._task: Task | None = None

    def ask(self, entry: Entry) -> None:
        """Load the picture of an entry soon."""
        self._wanted.append(entry)
        if self._task is None:
            self._go_on()

    def shutdown(self) -> None:
        """Give up what was not loaded, and wait for what is being loaded."""
        self._wanted.clear()
        self._runner.shutdown()

    def _go_on(self) -> None:
        chosen, self._wanted = self._wanted[-_AT_ONCE:], self._wanted[:-_AT_ONCE]
        self._task = self._runner.run(load, [entry.path for entry in chosen])

        def show(images: list[QImage]) -> None:
            for entry, image in zip(chosen, images, strict=False):
                self.loaded.emit(entry, image)

        self._task.finished.connect(show)
        self._task.ended.connect(self._ended)

    def _ended(self) -> None:
        self._task = None
        if self._wanted:
            self._go_on()


def load(paths: list[Path], *, should_stop: Callable[[], bool] | None = None) -> list[QImage]:
    """Pictures with a longer side of :data:`SIDE` pixels."""
    images = []
    for path in paths:
        if should_stop is not None and should_stop():
            break
        images.append(_thumbnail(path))
    return images


def _thumbnail(path: Path) -> QImage:
    if not is_pdf(path):
        # Qt scales a JPEG while it decodes it, which takes a fraction of the time.
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        size = reader.size()
        if size.isValid():
            reader.setScaledSize(size.scaled(_bounds(), Qt.AspectRatioMode.KeepAspectRatio))
            image = reader.read()
            if not image.isNull():
                return image
    try:
        pixels = read_page_picture(path, 1, dpi=_PDF_DPI, grey=True).pixels
    except (HandwriteError, MemoryError):
        return QImage()
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    whole = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    return whole.scaled(
        _bounds(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).copy()


def _bounds() -> QSize:
    return QSize(SIDE, SIDE)
