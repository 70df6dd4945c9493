"""Opening the file of a page: a picture, or a document with its picture and its reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from handwrite_gui.engine.errors import DocumentFileError
from handwrite_gui.engine.page_document.document_file import (
    SUFFIX,
    Framed,
    PageDocument,
    load_document,
)
from handwrite_gui.page.framing import UNFRAMED, Framing
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.page_image import PageImage, ScreenImage, open_page_image, turned_image


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPage:
    """What a file holds.

    Attributes:
        source: the picture as it was opened.
        image: the same as it is turned; ``source`` itself where it is not.
        document: what the file says of it; None for a picture alone.
        framing: how it is turned, and which part of it is read.
    """

    source: PageImage
    image: PageImage
    document: PageDocument | None = None
    framing: Framing = UNFRAMED


def open_page(path: Path, *, on_progress: Callable[[float, str], None] | None = None) -> OpenedPage:
    """Read a picture or a document and prepare it for the screen.

    Raises:
        InputFileError: it cannot be used; the message says why.
    """
    if path.suffix.lower() != SUFFIX:
        image = open_page_image(path, on_progress=on_progress)
        return OpenedPage(image, image)
    if on_progress is not None:
        on_progress(0.0, f"Opening {path.name}…")
    document = load_document(path)
    source = document_image(path, document)
    framing = framing_of(document.framed)
    degrees = framing.degrees
    image = turned_image(source, degrees, on_progress=on_progress) if degrees else source
    return OpenedPage(source, image, document, framing)


def document_image(path: Path, document: PageDocument) -> PageImage:
    """The picture of a document.

    Raises:
        InputFileError: it is damaged, or of another size than the document says.
    """
    from handwrite_gui.engine.image_file import decode_image  # Pillow waits until it is needed

    pixels = decode_image(document.picture.name, BytesIO(document.picture.data))
    image = PageImage(document.title, path, pixels, ScreenImage.of(pixels), document.picture)
    if image.size != (document.writing.width, document.writing.height):
        raise DocumentFileError(
            path, "the file is damaged (its picture has another size than it says)."
        )
    return image


def framing_of(framed: Framed) -> Framing:
    """How a document says that its picture is turned and read."""
    region = None if framed.region is None else Bounds(*framed.region)
    return Framing(framed.quarters, framed.slant, region)


def framed_as(framing: Framing) -> Framed:
    """The same, to be saved."""
    region = framing.region
    part = None if region is None else (region.left, region.top, region.right, region.bottom)
    return Framed(framing.quarters, framing.slant, part)
