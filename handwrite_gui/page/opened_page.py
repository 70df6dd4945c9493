"""Opening the file of a page: a picture, or a document with its picture and its reading."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

from handwrite_gui.engine.errors import DocumentFileError
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.engine.page_document.document_file import (
    Framed,
    PageDocument,
    ReadWith,
    load_document,
)
from handwrite_gui.engine.page_document.edits import ImportReading
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.framing import UNFRAMED, Framing
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.page_image import (
    PDF_DPI,
    PageImage,
    ScreenImage,
    open_page_image,
    turned_image,
)
from handwrite_gui.page.reading import Reading


@dataclass(frozen=True, slots=True)
class ImportedReading:
    """A reading from a file, to be shown with the page that it is of.

    Attributes:
        path: of the file.
        page: what it says.
    """

    path: Path
    page: ReadPage


@dataclass(frozen=True, slots=True, eq=False)
class KeptReading:
    """What is known of a page that is not shown.

    Attributes:
        writing: what stands on it.
        read_with: with what it was read.
        reading: as it was shown.
        dpi: pixels an inch of its picture, as its file says; None where it does not.
        doubtful: how many characters are not sure, of those that the person said nothing of.
        is_corrected: whether the person said anything of single characters.
    """

    writing: Writing
    read_with: ReadWith | None
    reading: Reading
    dpi: float | None
    doubtful: int
    is_corrected: bool

    @classmethod
    def of(
        cls, writing: Writing, read_with: ReadWith | None, reading: Reading, dpi: float | None
    ) -> KeptReading:
        """With what the list shows counted once, and not whenever it is painted."""
        doubtful = sum(
            c.corrected is None and confidence_of(c.read.probability) is not Confidence.HIGH
            for c in writing.characters
        )
        is_corrected = replace(writing, imported_from="").has_decisions
        return cls(writing, read_with, reading, dpi, doubtful, is_corrected)


@dataclass(frozen=True, slots=True, eq=False)
class PageRequest:
    """A page that is to be opened.

    Attributes:
        path: of its file.
        number: which of its pages, from 1.
        framing: how it is turned; of a document its own.
        kept: what was read of it before; None where it is to be read.
        imported: the reading of another program that it is to be shown with, instead of being read.
        image: its picture, where it has no file; the path is what it is called then.
        dpi: pixels an inch at which a page of a PDF is drawn.
    """

    path: Path
    number: int = 1
    framing: Framing = UNFRAMED
    kept: KeptReading | None = None
    imported: ImportedReading | None = None
    image: PageImage | None = None
    dpi: float = PDF_DPI


@dataclass(frozen=True, slots=True, eq=False)
class OpenedPage:
    """What a file holds.

    Attributes:
        source: the picture as it was opened.
        image: the same as it is turned; ``source`` itself where it is not.
        document: what the file says of it; None for a picture alone.
        framing: how it is turned, and which part of it is read.
        kept: what was read of it before; None where it is to be read.
        imported: the reading of another program, on this picture.
    """

    source: PageImage
    image: PageImage
    document: PageDocument | None = None
    framing: Framing = UNFRAMED
    kept: KeptReading | None = None
    imported: ImportReading | None = None


def open_page(
    request: PageRequest, *, on_progress: Callable[[float, str], None] | None = None
) -> OpenedPage:
    """Read a picture or a document and prepare it for the screen.

    Raises:
        InputFileError: it cannot be used, or the reading does not fit it; the message says why.
    """
    path, framing, kept = request.path, request.framing, request.kept
    document = None
    if request.image is not None:
        source = request.image
    elif path.suffix.lower() != SAVED_PAGE:
        source = open_page_image(path, request.number, request.dpi, on_progress=on_progress)
    else:
        if on_progress is not None:
            on_progress(0.0, f"Opening {path.name}…")
        document = load_document(path)
        source = document_image(path, document)
        framing, kept = framing_of(document.framed), None  # it says itself what was read
    imported = None if request.imported is None else import_edit(request.imported, source.size)
    degrees = framing.degrees
    image = turned_image(source, degrees, on_progress=on_progress) if degrees else source
    return OpenedPage(source, image, document, framing, kept, imported)


def import_edit(imported: ImportedReading, size: tuple[int, int]) -> ImportReading:
    """What puts a reading on a picture.

    Args:
        size: width and height of the picture, in pixels.

    Raises:
        TranscriptError: it does not fit.
    """
    from handwrite_gui.engine.transcripts.fitting import fitted

    return ImportReading(fitted(imported.path, imported.page, *size), imported.path.name)


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
