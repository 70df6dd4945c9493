"""Importing readings: their files are looked through in a worker, and their pictures found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from handwrite_gui.engine.errors import HandwriteError, TranscriptError
from handwrite_gui.opening import IMAGE_FILTER, READING_FILTER
from handwrite_gui.page.opened_page import ImportedReading, PageRequest
from handwrite_gui.page.page_image import PageImage
from handwrite_gui.page.session import PageSession
from handwrite_gui.settings import settings
from handwrite_gui.workers import Task, TaskRunner

FOLDER_KEY = "page/import_folder"


@dataclass(frozen=True, slots=True)
class OpenPicture:
    """As much of the open page as tells whether a reading is its own.

    Attributes:
        path: of its file; None for what came from the clipboard.
        name: of that file, or what was pasted.
        number: which page of the file it is.
        size: width and height in pixels.
    """

    path: Path | None
    name: str
    number: int
    size: tuple[int, int]

    @classmethod
    def of(cls, image: PageImage) -> OpenPicture:
        return cls(image.path, image.file_name, image.number, image.size)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of looking through files of readings.

    Attributes:
        for_open: the reading of the page that is open; None where none is its own.
        beside: readings of other pages of the file that is open.
        requests: other pages with their readings, to be opened.
        homeless: readings whose pictures were not found.
    """

    for_open: ImportedReading | None = None
    beside: tuple[PageRequest, ...] = ()
    requests: tuple[PageRequest, ...] = ()
    homeless: tuple[ImportedReading, ...] = ()


class ReadingImporter(QObject):
    """Takes files in hOCR, ALTO, PAGE XML or the program's JSON.

    A reading goes to the open page if it is the picture that it names, or has its shape; else to
    the picture that it names, or that is called like it, in its folder.  Where there is none, the
    person is asked.

    Signals:
        pages_wanted(list[PageRequest]): pages are to be opened with their readings.
        readings_found(list[PageRequest]): of other pages of the file that is open.
        status_message(str): something worth a line in the status bar.
        failed(object): the exception that it ended with.
        busy_changed(): files are looked through, or no longer.
        progressed(float, str): what is being looked through.
    """

    pages_wanted = Signal(object)
    readings_found = Signal(object)
    status_message = Signal(str)
    failed = Signal(object)
    busy_changed = Signal()
    progressed = Signal(float, str)

    def __init__(self, session: PageSession, window: QWidget) -> None:
        super().__init__(window)
        self._session = session
        self._window = window
        self._runner = TaskRunner(self, latest_only=True)

    @property
    def is_busy(self) -> bool:
        return self._runner.is_busy

    def shutdown(self) -> None:
        """Give up what is being looked through, and wait."""
        self._runner.shutdown()

    def ask(self) -> None:
        """Let the person choose a reading."""
        page = self._session.page
        folder = settings().read(FOLDER_KEY, "")
        if not folder and page is not None and page.source.path is not None:
            folder = str(page.source.path.parent)
        name, _ = QFileDialog.getOpenFileName(
            self._window, "Import reading", folder, READING_FILTER
        )
        if name:
            settings().setValue(FOLDER_KEY, str(Path(name).parent))
            self.take([Path(name)])

    def take(self, readings: Sequence[Path], pictures: Sequence[Path] = ()) -> None:
        """Import readings.

        Args:
            pictures: files that came with them; they are opened with the readings that are theirs.
        """
        page = self._session.page
        shown = None if page is None or pictures else OpenPicture.of(page.source)
        task = self._runner.run(look_through, tuple(readings), tuple(pictures), shown)
        task.finished.connect(self._found)
        self._start(task, readings[0].name if len(readings) == 1 else f"{len(readings)} readings")

    def cancel(self) -> None:
        """Give up what is being looked through."""
        self._runner.supersede_all()

    def _start(self, task: Task, names: str) -> None:
        task.failed.connect(self.failed)
        task.ended.connect(self.busy_changed)
        self.busy_changed.emit()
        self.progressed.emit(0.0, f"Looking through {names}…")

    def _found(self, found: Found) -> None:
        requests = found.requests
        if found.beside:
            self.readings_found.emit(list(found.beside))
        if found.for_open is not None:
            self._import(found.for_open)
        elif found.beside:
            self.status_message.emit("There are readings of other pages, and none of this one.")
        elif found.homeless and not requests:
            self._ask_for_picture(found.homeless[0])
        if requests:
            self.pages_wanted.emit(list(requests))

    def _import(self, imported: ImportedReading) -> None:
        try:
            self._session.import_reading(imported)
        except HandwriteError as error:
            self.failed.emit(error)
        else:
            self.status_message.emit(f"The reading was imported from {imported.path.name}.")

    def _ask_for_picture(self, imported: ImportedReading) -> None:
        wanted = imported.page.name
        title = f"Choose the picture of {imported.path.name}" + (f" ({wanted})" if wanted else "")
        name, _ = QFileDialog.getOpenFileName(
            self._window, title, str(imported.path.parent), IMAGE_FILTER
        )
        if name:
            task = self._runner.run(_request, Path(name), imported)
            task.finished.connect(lambda request: self.pages_wanted.emit([request]))
            self._start(task, Path(name).name)


def look_through(
    readings: Sequence[Path], pictures: Sequence[Path], shown: OpenPicture | None
) -> Found:
    """Read files and find the pictures that they are of.

    Args:
        pictures: files that came with them.
        shown: the open page, which they may be of.

    Raises:
        TranscriptError: one cannot be read, or the open page is meant and has no part in it.
    """
    from handwrite_gui.engine.transcripts.fitting import pictures_beside
    from handwrite_gui.engine.transcripts.reading import read_transcript

    # A reading may have hundreds of pages, all of one folder and most of one file.
    beside, pages_in = cache(pictures_beside), cache(_pages_in)
    requests: list[PageRequest] = []
    homeless: list[ImportedReading] = []
    for path in readings:
        pages = [ImportedReading(path, page) for page in read_transcript(path)]
        if shown is not None and (own := _of_open(pages, shown)) is not None:
            return own
        for imported in pages:
            picture = _picture_of(imported, pictures, beside, is_alone=len(readings) == 1)
            if picture is None:
                homeless.append(imported)
            else:
                requests.append(_request(picture, imported, pages_in))
    if shown is not None and not requests and (fitting := _fitting(homeless, shown)) is not None:
        return Found(fitting)  # its picture was renamed: nothing else can be meant
    taken = {request.path for request in requests}
    others = [PageRequest(picture) for picture in pictures if picture not in taken]
    return Found(requests=(*requests, *others), homeless=tuple(homeless))


def _of_open(pages: Sequence[ImportedReading], shown: OpenPicture) -> Found | None:
    """What is of the open page's file, by the name; or of the page alone, where none is given."""
    from handwrite_gui.engine.transcripts.fitting import names

    own = [one for one in pages if names(one.page, shown.name)]
    if len(own) == 1:
        return Found(own[0])
    if own:
        beside = [
            PageRequest(shown.path, one.page.page_number, imported=one)
            for one in own
            if shown.path is not None and one.page.page_number != shown.number
        ]
        here = next((one for one in own if one.page.page_number == shown.number), None)
        return Found(here, tuple(beside))
    nameless = [one for one in pages if not one.page.name]
    fitting = _fitting(nameless, shown) if len(nameless) == len(pages) else None
    return None if fitting is None else Found(fitting)


def _fitting(pages: Sequence[ImportedReading], shown: OpenPicture) -> ImportedReading | None:
    """The first reading that has the open page's number and shape, if there is one."""
    from handwrite_gui.engine.transcripts.fitting import fitted

    for imported in pages:
        if len(pages) > 1 and imported.page.page_number != shown.number:
            continue
        try:
            fitted(imported.path, imported.page, *shown.size)
        except TranscriptError:
            continue
        return imported
    return None


def _picture_of(
    imported: ImportedReading,
    pictures: Sequence[Path],
    beside: Callable[[Path], list[Path]],
    *,
    is_alone: bool,
) -> Path | None:
    from handwrite_gui.engine.transcripts.fitting import picture_of

    path, page = imported.path, imported.page
    if (found := picture_of(page, path, pictures)) is not None:
        return found
    if is_alone and len(pictures) == 1:
        return pictures[0]  # nothing else can be meant, whatever it is called
    return picture_of(page, path, beside(path))


def _pages_in(picture: Path) -> int:
    """How many pages a file has; none where it holds a picture alone, or cannot be opened."""
    from handwrite_gui.engine.documents.pages import may_hold_pages, page_count

    try:
        return page_count(picture) if may_hold_pages(picture) else 0
    except HandwriteError:
        return 0  # opening it says what is wrong


def _request(
    picture: Path, imported: ImportedReading, pages_in: Callable[[Path], int] = _pages_in
) -> PageRequest:
    number = imported.page.page_number
    if number > pages_in(picture):
        number = 1  # programs count pages in other ways
    return PageRequest(picture, number, imported=imported)
