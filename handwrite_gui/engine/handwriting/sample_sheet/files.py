"""Many pictures of sheets at once: one that cannot be read stops none of the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from handwrite_gui.engine.documents.pages import page_count, read_page_picture
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.handwriting.sample_sheet.reading import SheetPage, new_sample, read_sheet
from handwrite_gui.engine.handwriting.samples import NewSample
from handwrite_gui.engine.recognizer import Recognizer

_DPI = 200.0  # for the pages of PDF files, as scanners make them


@dataclass(frozen=True, eq=False, slots=True)
class SheetPicture:
    """What came of one picture.

    Attributes:
        name: of the file, and of its page where it has several.
        page: what was read; None where it could not be.
        error: why not.
    """

    name: str
    page: SheetPage | None
    error: HandwriteError | None = None

    def new_samples(self, *, doubtful: bool = True) -> list[NewSample]:
        """The samples ready to be kept, without those that were scribbled over.

        Args:
            doubtful: also those that the model takes for another character: it has most to learn
                from these, where they are what was asked for.
        """
        samples = () if self.page is None else self.page.samples
        wanted = ("good", "doubtful") if doubtful else ("good",)
        return [new_sample(one, self.name) for one in samples if one.verdict in wanted]


def read_sheet_files(
    paths: Sequence[str | os.PathLike[str]],
    recognizer: Recognizer | None = None,
    *,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> list[SheetPicture]:
    """Read every page of pictures, TIFF and PDF files as a page of a sample sheet.

    Args:
        paths: of the files, in any order.
        recognizer: see :func:`~.reading.read_sheet`.
        on_progress: told the share done, 0 to 1, and what is being done.
        should_stop: asked between the steps.

    Raises:
        Cancelled: ``should_stop`` said so.
    """
    result: list[SheetPicture] = []
    for done, path in enumerate(map(Path, paths)):
        try:
            pages = page_count(path)
        except HandwriteError as error:
            result.append(SheetPicture(path.name, None, error))
            continue
        for number in range(1, pages + 1):
            name = path.name if pages == 1 else f"{path.name} ({number})"

            def progress(
                share: float, text: str, before: float = done + (number - 1) / pages,
                part: float = 1 / pages, name: str = name,
            ) -> None:  # fmt: skip
                if on_progress is not None:
                    on_progress((before + part * share) / len(paths), f"{name}: {text}")

            try:
                pixels = read_page_picture(path, number, dpi=_DPI).pixels
                page = read_sheet(pixels, recognizer, on_progress=progress, should_stop=should_stop)
            except Cancelled:
                raise
            except HandwriteError as error:
                result.append(SheetPicture(name, None, error))
            else:
                result.append(SheetPicture(name, page))
    return result
