"""One door to the pages of any file: how many there are, and the picture of each."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from handwrite_gui.engine.documents.pdf_file import pdf_page_count, read_pdf_page
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.file_suffixes import PICTURES
from handwrite_gui.engine.image_file import Picture, frame_count, read_picture

DEFAULT_DPI = 300.0
DPI_LIMITS = (36.0, 1200.0)

_PDF = b"%PDF-"
_PDF_HEADER_WITHIN = 1024  # bytes from the beginning, as readers of PDF have it


def is_pdf(path: Path) -> bool:
    """Whether a file says that it is a PDF, by its name or its first bytes."""
    if path.suffix.lower() == ".pdf":
        return True
    try:
        with path.open("rb") as file:
            return _PDF in file.read(_PDF_HEADER_WITHIN)
    except (OSError, ValueError):
        return False


def may_hold_pages(path: Path) -> bool:
    """Whether a file may have more pages than one: quick, and without opening a picture."""
    return path.suffix.lower() in {".tif", ".tiff"} or is_pdf(path)


def page_count(path: str | os.PathLike[str]) -> int:
    """How many pages a file has, at least one.

    Raises:
        ImageFileError: it cannot be opened.
    """
    path = Path(path)
    if is_pdf(path):
        return pdf_page_count(path)
    return frame_count(path)


def read_page_picture(
    path: str | os.PathLike[str],
    page: int = 1,
    *,
    dpi: float = DEFAULT_DPI,
    grey: bool = False,
) -> Picture:
    """The picture of a page, upright.

    Args:
        path: of a picture or a PDF file.
        page: which of its pages, from 1.
        dpi: pixels an inch for pages that are drawn, those of a PDF.
        grey: the luminance is enough.

    Raises:
        ImageFileError: the file cannot be opened, or has no such page.
        ValueError: ``page`` or ``dpi`` is out of range.
    """
    if page < 1:
        raise ValueError(f"pages are counted from 1, not {page}")
    if not DPI_LIMITS[0] <= dpi <= DPI_LIMITS[1]:
        raise ValueError(f"dpi must be in {DPI_LIMITS}, not {dpi}")
    path = Path(path)
    if is_pdf(path):
        return read_pdf_page(path, page - 1, dpi, grey=grey)
    return read_picture(path, frame=page - 1, grey=grey)


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and the folders in it that may hold pages, in a person's order.

    Hidden files and folders are left out, and links to folders are not followed.

    Raises:
        HandwriteError: the folder cannot be read.
    """

    def fail(error: OSError) -> None:
        raise HandwriteError(
            f"The folder {error.filename} cannot be read ({error.strerror}); check its permissions."
        ) from error

    found = []
    for parent, folders, names in os.walk(folder, onerror=fail):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if not name.startswith(".") and name.lower().endswith(PICTURES)
        ]
    return sorted(found, key=lambda path: natural_key(str(path.relative_to(folder))))


def expanded(paths: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    """Files, and the files in folders: each with its path below what was named.

    Raises:
        HandwriteError: a folder cannot be read.
    """
    for path in paths:
        if path.is_dir():
            yield from ((file, file.relative_to(path)) for file in files_in(path))
        else:
            yield path, Path(path.name)


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """Sorts ``page 2`` before ``page 10``, capitals and small letters alike."""
    parts = re.split(r"(\d{1,18})", name.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]
