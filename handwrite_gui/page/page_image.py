"""The picture of a page, prepared for the screen.  Made in a worker, shown in the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.page_document.document_file import PictureFile

SMALLEST_LEVEL = 512
"""Images are halved until the longer side is at most this many pixels."""

PDF_DPI = 300.0
"""Pixels an inch at which the pages of PDF files are drawn, unless something else is chosen."""

SMALLEST_SIDE = 8
"""Pasted pictures with a shorter side, in pixels, are refused, as image files are."""


@dataclass(frozen=True, slots=True, eq=False)
class ScreenImage:
    """A picture in several sizes, so that drawing it small costs little and does not flicker.

    Attributes:
        size: width and height on the page's image; its own pixels may be coarser.
        levels: full size first, each next one half of it.
        origin: where its upper left corner lies on the page's image.
    """

    size: tuple[int, int]
    levels: tuple[QImage, ...]
    origin: tuple[float, float] = (0.0, 0.0)

    @classmethod
    def of(
        cls,
        pixels: npt.NDArray[np.uint8],
        size: tuple[int, int] | None = None,
        origin: tuple[float, float] = (0.0, 0.0),
    ) -> ScreenImage:
        """Prepare an array for the screen.

        Args:
            pixels: uint8, (H, W) grey or (H, W, 3 or 4) colour.
            size: width and height on the page's image; those of the array by default.
            origin: where its upper left corner lies on the page's image.
        """
        height, width = pixels.shape[:2]
        return cls(size or (width, height), _levels(_to_screen(pixels)), origin)

    def draw(self, painter: QPainter, target: QRectF, source: QRectF, scale: float) -> None:
        """Draw the part ``source`` of the page's image into ``target``, as far as it covers it.

        Args:
            scale: device pixels per pixel of the page's image; it decides which level is drawn.
        """
        width, height = self.size
        covered = source.intersected(QRectF(*self.origin, width, height))
        if covered.isEmpty():
            return
        coarse = scale * width / self.levels[0].width()
        index = 0
        while index + 1 < len(self.levels) and coarse * 2 ** (index + 1) <= 1:
            index += 1
        level = self.levels[index]
        part = _mapped(
            covered.translated(*(-x for x in self.origin)),
            QRectF(0, 0, width, height),
            QRectF(0, 0, level.width(), level.height()),
        )
        painter.drawImage(_mapped(covered, source, target), level, part)


@dataclass(frozen=True, slots=True, eq=False)
class PageImage:
    """An image of a page.

    Attributes:
        name: what to call it: the file's name, or what was pasted.
        path: where it was read from; None for what came from the clipboard.
        pixels: uint8, (H, W) grey or (H, W, 3 or 4) colour, for the reader.
        screen: the same for the screen.
        picture: the file it was read from, as it was then; None for what came from the clipboard
            and for one of several pages of a file.
        number: which page of its file it is, from 1.
        dpi: pixels an inch as the file says, or as it was drawn; None where nothing says so.
        drawn_at: pixels an inch at which it was to be drawn, if it is a page of a PDF.
    """

    name: str
    path: Path | None
    pixels: npt.NDArray[np.uint8]
    screen: ScreenImage
    picture: PictureFile | None = None
    number: int = 1
    dpi: float | None = None
    drawn_at: float = PDF_DPI

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.screen.size

    @property
    def file_name(self) -> str:
        """Of its file; what it is called where it has none."""
        return self.name if self.path is None else self.path.name

    @property
    def stem(self) -> str:
        """What files made of it are called, without a suffix: ``scan``, or ``scan-3``."""
        if self.path is None or self.name == self.path.name:
            return Path(self.name).stem
        return f"{self.path.stem}-{self.number}"

    def file_maker(self) -> PictureFile | Callable[[], PictureFile]:
        """The picture as a file, which a document can hold, or what makes one when it is needed.

        A page of a file with several is read from it once more then, so that not every page that
        was looked at is kept in memory.
        """
        if self.picture is not None:
            return self.picture
        if self.path is not None:
            page = partial(
                _page_as_file, self.path, self.number, self.drawn_at, self.size, self.name
            )
            return cache(page)
        return cache(partial(_as_file, self.name, self.pixels))


def _as_file(name: str, pixels: npt.NDArray[np.uint8]) -> PictureFile:
    from PIL import Image

    if pixels.ndim == 3 and all(np.array_equal(pixels[..., 0], pixels[..., i]) for i in (1, 2)):
        pixels = pixels[..., 0]  # a grey scan takes a third of the room
    made = BytesIO()
    Image.fromarray(pixels).save(made, "png", compress_level=3)
    return PictureFile(f"{name}.png", made.getvalue())


def _page_as_file(
    path: Path, number: int, dpi: float, size: tuple[int, int], name: str
) -> PictureFile:
    """A page of a file with several, as it was read.

    Raises:
        HandwriteError: the file is not as it was.
    """
    from handwrite_gui.engine.documents.pages import read_page_picture  # Pillow waits

    pixels = read_page_picture(path, number, dpi=dpi).pixels
    height, width = pixels.shape[:2]
    if (width, height) != size:
        raise HandwriteError(
            f"{path.name} was changed since it was opened, so its page {number} cannot be saved; "
            "put the former file back."
        )
    return _as_file(name, pixels)


def page_title(path: Path, number: int, is_one_of_several: bool) -> str:
    """What a page is called: by its file and, where that has several, its number."""
    return f"{path.name} · page {number}" if is_one_of_several else path.name


def open_page_image(
    path: Path,
    number: int = 1,
    dpi: float = PDF_DPI,
    *,
    on_progress: Callable[[float, str], None] | None = None,
) -> PageImage:
    """Read a page of a picture or PDF file and prepare it for the screen.

    Args:
        number: which of the file's pages, from 1.
        dpi: pixels an inch at which the pages of a PDF are drawn.

    Raises:
        ImageFileError: it cannot be used; the message says why.
    """
    # Pillow waits until it is needed.
    from handwrite_gui.engine.documents.pages import (
        is_pdf,
        may_hold_pages,
        page_count,
        read_page_picture,
    )

    if on_progress is not None:
        on_progress(0.0, f"Opening {path.name}…")
    read = read_page_picture(path, number, dpi=dpi)
    several = may_hold_pages(path) and page_count(path) > 1
    picture = None
    if not several and not is_pdf(path):
        try:
            picture = PictureFile(path.name, path.read_bytes())
        except OSError:  # gone since
            picture = _as_file(path.name, read.pixels)
    name = page_title(path, number, several)
    screen = ScreenImage.of(read.pixels)
    return PageImage(name, path, read.pixels, screen, picture, number, read.dpi, dpi)


def page_image_from_picture(picture: QImage, name: str) -> PageImage:
    """A page from a picture that Qt holds, such as what was pasted.

    Raises:
        HandwriteError: it is too small to hold writing.
    """
    if min(picture.width(), picture.height()) < SMALLEST_SIDE:
        raise HandwriteError(
            f"{name}: the picture has only {picture.width()} × {picture.height()} pixels, too few "
            "for writing; copy a larger part."
        )
    opaque = _on_white(picture)
    rgb = opaque.convertToFormat(QImage.Format.Format_RGB888)
    width, height, stride = rgb.width(), rgb.height(), rgb.bytesPerLine()
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(height, stride)
    pixels = rows[:, : 3 * width].reshape(height, width, 3).copy()
    return PageImage(name, None, pixels, ScreenImage((width, height), _levels(opaque)))


def turned_image(
    image: PageImage,
    degrees: float,
    *,
    on_progress: Callable[[float, str], None] | None = None,
) -> PageImage:
    """An image turned clockwise about its middle, in a frame that holds all of it.

    What is new in the corners gets the colour of the image's edge, so that it looks like more
    of the same paper to a person and to the reader.
    """
    if on_progress is not None:
        on_progress(0.0, "Turning the image…")
    quarters, slant = divmod(degrees, 90)
    pixels = np.ascontiguousarray(np.rot90(image.pixels, -int(quarters)))
    if slant:
        from PIL import Image

        edge = np.concatenate((pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))
        paper = np.median(edge, axis=0).astype(np.uint8).tolist()
        pixels = np.asarray(
            Image.fromarray(pixels).rotate(
                -slant,
                Image.Resampling.BILINEAR,
                expand=True,
                fillcolor=tuple(paper) if isinstance(paper, list) else paper,
            )
        )
    return replace(image, pixels=pixels, screen=ScreenImage.of(pixels), picture=None)


def _mapped(part: QRectF, source: QRectF, target: QRectF) -> QRectF:
    """A part of one rectangle, where it lies once that is laid over another."""
    across, down = target.width() / source.width(), target.height() / source.height()
    return QRectF(
        target.x() + (part.x() - source.x()) * across,
        target.y() + (part.y() - source.y()) * down,
        part.width() * across,
        part.height() * down,
    )


def _to_screen(pixels: npt.NDArray[np.uint8]) -> QImage:
    pixels = np.ascontiguousarray(pixels)
    height, width = pixels.shape[:2]
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    formats = {
        1: QImage.Format.Format_Grayscale8,
        3: QImage.Format.Format_RGB888,
        4: QImage.Format.Format_RGBA8888,
    }
    # The wrapper borrows the array's memory; _on_white makes the copy that outlives it.
    return _on_white(QImage(pixels.data, width, height, channels * width, formats[channels]))


def _on_white(picture: QImage) -> QImage:
    """A copy in the format that is fastest to draw, with white where it was transparent."""
    if not picture.hasAlphaChannel():
        return picture.convertToFormat(QImage.Format.Format_RGB32)
    opaque = QImage(picture.size(), QImage.Format.Format_RGB32)
    opaque.fill(Qt.GlobalColor.white)
    painter = QPainter(opaque)
    painter.drawImage(0, 0, picture)
    painter.end()
    return opaque


def _levels(full: QImage) -> tuple[QImage, ...]:
    levels = [full]
    while max(levels[-1].width(), levels[-1].height()) > SMALLEST_LEVEL:
        half = QSize(max(1, levels[-1].width() // 2), max(1, levels[-1].height() // 2))
        levels.append(
            levels[-1].scaled(
                half,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        )
    return tuple(levels)
