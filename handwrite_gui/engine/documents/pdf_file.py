"""The pages of PDF files as pictures."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from handwrite_gui.engine.errors import ImageFileError
from handwrite_gui.engine.image_file import MAX_PIXELS, Picture

_POINTS_AN_INCH = 72.0
_LARGEST_FILE = 1 << 30
_LEAST_SIDE = 8
# PDFium is not made for several threads, not even with a document each.
_LOCK = Lock()


def pdf_page_count(path: Path) -> int:
    """How many pages a PDF file has.

    Raises:
        ImageFileError: it cannot be opened.
    """
    with _document(path) as document:
        return len(document)


def read_pdf_page(path: Path, page: int, dpi: float, *, grey: bool = False) -> Picture:
    """A page as a picture, annotations and filled-in forms included, on white.

    Args:
        path: of the file.
        page: from 0.
        dpi: pixels an inch; fewer for sheets that would become too large.
        grey: luminance only.

    Raises:
        ImageFileError: the file cannot be opened, has no such page, or it cannot be drawn.
    """
    with _document(path) as document:
        if not 0 <= page < len(document):
            raise ImageFileError(path, f"it has no page {page + 1}; it has {len(document)}.")
        sheet = document[page]
        try:
            width, height = sheet.get_size()
            scale = _scale(path, width, height, dpi)
            bitmap = sheet.render(
                scale=scale, grayscale=grey, rev_byteorder=True, prefer_bgrx=False
            )
            pixels = np.array(bitmap.to_numpy(), np.uint8)
            bitmap.close()
        finally:
            sheet.close()
    if grey and pixels.ndim == 3:
        pixels = pixels[..., 0]
    if pixels.ndim == 3:
        pixels = pixels[..., :3]
    if min(pixels.shape[:2]) < _LEAST_SIDE:
        raise ImageFileError(path, f"its page {page + 1} is too small for writing.")
    return Picture(np.ascontiguousarray(pixels), scale * _POINTS_AN_INCH)


def _scale(path: Path, width: float, height: float, dpi: float) -> float:
    if not (math.isfinite(width) and math.isfinite(height)) or min(width, height) <= 0:
        raise ImageFileError(path, "its page has no size; the file is damaged.")
    scale = dpi / _POINTS_AN_INCH
    return min(scale, math.sqrt(MAX_PIXELS / (width * height)) * 0.999)


@contextmanager
def _document(path: Path) -> Iterator[Any]:
    try:
        import pypdfium2
    except ImportError:
        raise ImageFileError(
            path, "PDF files need the Python package pypdfium2, which is not installed here."
        ) from None
    if not path.exists():
        raise ImageFileError(path, "there is no such file; check the name.")
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise ImageFileError(path, "the file is larger than 1 GB; split it first.")
        # Not by its name, which need not be text in the system's code.
        with path.open("rb") as file, _LOCK:
            document = pypdfium2.PdfDocument(file)
            try:
                document.init_forms()
                yield document
            finally:
                document.close()
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            reason = "it is protected by a password; save it without one first."
        else:
            reason = "this is no PDF file, or it is damaged; save or copy it again."
        raise ImageFileError(path, reason) from error
    except PermissionError:
        raise ImageFileError(path, "you may not read this file; check its permissions.") from None
    except OSError as error:
        raise ImageFileError(path, f"the file cannot be opened ({error.strerror}).") from error
    except MemoryError:
        raise ImageFileError(path, "there is not enough memory to draw the page.") from None
