"""The pages of files and folders, and reading those that are not shown; both in a worker."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.file_suffixes import SAVED_PAGE
from handwrite_gui.engine.page_document.document_file import ReadWith, load_document
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.page.framing import Turn
from handwrite_gui.page.opened_page import KeptReading, PageRequest, document_image, open_page
from handwrite_gui.page.page_list import PageEntry
from handwrite_gui.page.reading import Reading, ReadingOptions, read_page, reading_edit

if TYPE_CHECKING:
    from handwrite_gui.engine.recognizer import Recognizer


def is_one_page(path: Path) -> bool:
    """Whether a file has one page for sure; quick, and without opening a picture."""
    from handwrite_gui.engine.documents.pages import may_hold_pages

    return path.suffix.lower() == SAVED_PAGE or not (path.is_dir() or may_hold_pages(path))


def found_pages(
    paths: Sequence[Path], *, should_stop: Callable[[], bool] | None = None
) -> list[PageEntry]:
    """Every page of files, and of the files in folders.

    One that cannot be opened counts as one page: what is wrong is said when it is shown.

    Raises:
        HandwriteError: a folder cannot be read, or there is no page in what was given.
        Cancelled: ``should_stop`` became true.
    """
    from handwrite_gui.engine.documents.pages import expanded, page_count

    entries: list[PageEntry] = []
    for path, _ in expanded(paths):
        if should_stop is not None and should_stop():
            raise Cancelled
        count = 1
        if not is_one_page(path):
            try:
                count = page_count(path)
            except HandwriteError:
                count = 1
        entries += [PageEntry(path, number + 1, count > 1) for number in range(count)]
    if not entries:
        name = paths[0].name if paths else "The folder"
        raise HandwriteError(
            f"{name}: there is no picture and no PDF in this folder; choose another one."
        )
    return entries


def read_unshown(
    request: PageRequest,
    recognizer: Recognizer,
    alphabet: str,
    options: ReadingOptions,
    model: str,
    *,
    should_stop: Callable[[], bool] | None = None,
) -> KeptReading:
    """Read a page as it would be if it were shown.

    Raises:
        HandwriteError: it cannot be opened.
        Cancelled: ``should_stop`` became true.
    """
    opened = open_page(request)
    source, framing = opened.source, opened.framing
    turn = Turn(framing.degrees, source.size, opened.image.size)
    blank = Writing(*source.size)
    if opened.document is not None and opened.document.read_with is not None:
        writing, read_with = opened.document.writing, opened.document.read_with
    elif opened.imported is not None:
        writing, read_with = opened.imported.applied(blank), ReadWith("", alphabet, None, "any")
    else:
        reading = read_page(
            opened.image, framing, recognizer, alphabet, options, should_stop=should_stop
        )
        writing = reading_edit(reading, framing, turn).applied(blank)
        read_with = ReadWith(model, alphabet, options.language, options.field, reading.seconds)
        return KeptReading.of(writing, read_with, reading, source.dpi)
    seconds = read_with.seconds
    return KeptReading.of(
        writing,
        read_with,
        Reading(writing.result(), seconds, None, alphabet, options, framing),
        source.dpi,
    )


def pages_to_export(entries: Sequence[PageEntry]) -> list[ReadPage]:
    """Those of the list that were read, as exports take them; their pictures wait on the disk."""
    return [
        ReadPage(
            entry.kept.writing.result(),
            entry.path.name,
            entry.number,
            "" if entry.kept.read_with is None else entry.kept.read_with.model,
            entry.kept.dpi,
            load_pixels=partial(pixels_of, entry.request),
        )
        for entry in entries
        if entry.kept is not None
    ]


def pixels_of(request: PageRequest) -> NDArray[np.uint8]:
    """The picture of a page as it is opened, for an export.

    Raises:
        HandwriteError: it cannot be opened.
    """
    path = request.path
    if request.image is not None:
        pixels = request.image.pixels
    elif path.suffix.lower() == SAVED_PAGE:
        pixels = document_image(path, load_document(path)).pixels
    else:
        from handwrite_gui.engine.documents.pages import read_page_picture

        pixels = read_page_picture(path, request.number, dpi=request.dpi).pixels
    return pixels[..., :3] if pixels.ndim == 3 else pixels
