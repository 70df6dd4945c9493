"""Small pictures of pages, made in a worker when they are first shown."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QBuffer, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageReader

from handwrite_gui.engine.documents.pages import is_pdf, read_page_picture
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.engine.image_file import decode_image
from handwrite_gui.engine.page_document.document_file import load_document
from handwrite_gui.workers import Task, TaskRunner

SIDE = 128
_PDF_DPI = 36.0
_AT_ONCE = 8


class _Wish(NamedTuple):
    entry: object
    path: Path
    number: int


class Thumbnails(QObject):
    """Loads pictures a few at a time, the last that was asked for first.

    Signals:
        loaded(object, QImage): the picture of an entry; a null one where its file has none.
    """

    loaded = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = TaskRunner(self, threads=1)
        self._wanted: list[_Wish] = []
        self._task: Task | None = None

    def ask(self, entry: object, path: Path, number: int = 1) -> None:
        """Load the picture of an entry soon.

        Args:
            path, number: of its file, and which of the pages of that, from 1.
        """
        self._wanted.append(_Wish(entry, path, number))
        if self._task is None:
            self._go_on()

    def shutdown(self) -> None:
        """Give up what was not loaded, and wait for what is being loaded."""
        self._wanted.clear()
        self._runner.shutdown()

    def _go_on(self) -> None:
        chosen, self._wanted = self._wanted[-_AT_ONCE:], self._wanted[:-_AT_ONCE]
        self._task = self._runner.run(load, [(wish.path, wish.number) for wish in chosen])

        def show(images: list[QImage]) -> None:
            for wish, image in zip(chosen, images, strict=False):
                self.loaded.emit(wish.entry, image)

        self._task.finished.connect(show)
        self._task.ended.connect(self._ended)

    def _ended(self) -> None:
        self._task = None
        if self._wanted:
            self._go_on()


def load(
    pages: list[tuple[Path, int]], *, should_stop: Callable[[], bool] | None = None
) -> list[QImage]:
    """Pictures with a longer side of :data:`SIDE` pixels.

    Args:
        pages: files, and which of the pages of each, from 1.
    """
    images = []
    for path, number in pages:
        if should_stop is not None and should_stop():
            break
        images.append(_thumbnail(path, number))
    return images


def _thumbnail(path: Path, number: int) -> QImage:
    try:
        if path.suffix.lower() == SAVED_PAGE:
            return _of_document(path)
        if number == 1 and not is_pdf(path):
            image = _scaled_by_qt(QImageReader(str(path)))
            if not image.isNull():
                return image
        return _of_grey(read_page_picture(path, number, dpi=_PDF_DPI, grey=True).pixels)
    except (HandwriteError, MemoryError):
        return QImage()


def _of_document(path: Path) -> QImage:
    picture = load_document(path).picture
    data = QBuffer()
    data.setData(picture.data)
    image = _scaled_by_qt(QImageReader(data))
    if image.isNull():
        image = _of_grey(decode_image(picture.name, BytesIO(picture.data), grey=True))
    return image


def _scaled_by_qt(reader: QImageReader) -> QImage:
    """The picture upright, within the bounds; a null one where Qt cannot read it."""
    # Qt scales a JPEG while it decodes it, which takes a fraction of the time.
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid():
        return QImage()
    reader.setScaledSize(size.scaled(_bounds(), Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def _of_grey(pixels: npt.NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape
    whole = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    return whole.scaled(
        _bounds(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    ).copy()


def _bounds() -> QSize:
    return QSize(SIDE, SIDE)
