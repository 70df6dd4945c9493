"""The page that is open and the work on it: opening, turning, reading, cancelling, going back."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from handwrite_gui.engine.page_document.document_file import ReadWith
from handwrite_gui.engine.page_document.edits import ImportReading
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.model_store import ModelStore
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.framing import (
    Framing,
    Turn,
    turned_region,
    whole_pixels,
)
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.opened_page import (
    ImportedReading,
    OpenedPage,
    PageRequest,
    framed_as,
    import_edit,
    open_page,
)
from handwrite_gui.page.page_image import PageImage, page_image_from_picture, turned_image
from handwrite_gui.page.reading import (
    Merged,
    Page,
    Reading,
    ReadingOptions,
    merge_reading,
    read_page,
)
from handwrite_gui.page.recovery import RecoveryCopy
from handwrite_gui.page.shown_page import ShownPage
from handwrite_gui.workers import Task, TaskRunner


class PageSession(QObject):
    """Opens, turns and reads pages in workers; one page is open at a time.

    A new image is shown as soon as it is opened and then read.  If that is cancelled or fails,
    the page before, with its reading, is shown again.  Another image that is opened meanwhile
    takes its place once it turns out to be one; a file that is none disturbs nothing.  Turning
    the page and choosing a part of it read it again in the same way.

    Signals:
        page_changed(): another page, or another reading of it, is to be shown.
        busy_changed(): work has begun or ended.
        progressed(float, str): how far the work is, in 0 to 1, and what it is doing.
        failed(object): the exception that ended the work.
        outdated_changed(): what the page would be read with has become, or is no longer, other
            than what it was read with.
        options_changed(): other options to read with were set.
        file_opened(Path): a file proved to be one of a page.
        request_failed(PageRequest, object): a page could not be opened; the exception.
        recovered(OpenDocument, RecoveryCopy): a copy was opened, and is that of this document.
    """

    page_changed = Signal()
    busy_changed = Signal()
    progressed = Signal(float, str)
    failed = Signal(object)
    outdated_changed = Signal()
    options_changed = Signal()
    file_opened = Signal(object)
    request_failed = Signal(object, object)
    recovered = Signal(object, object)

    def __init__(self, store: ModelStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        # Two runners, so that a reading goes on while the next file is still being looked at.
        self._opener = TaskRunner(self, latest_only=True)
        self._reader = TaskRunner(self, latest_only=True)
        self._opening: Task | None = None
        self._reading: Task | None = None
        self._page: Page | None = None
        self._kept: Page | None = None
        self._wanted: Framing | None = None
        self._options = ReadingOptions()
        self._documents: dict[object, OpenDocument] = {}
        self._was_busy = False
        self._was_outdated = False
        store.changed.connect(self._follow_store)

    @property
    def page(self) -> Page | None:
        """What is to be shown."""
        return self._page

    @property
    def framing(self) -> Framing:
        """How the page will be turned once the work is done; as it is while there is none."""
        if self._wanted is not None:
            return self._wanted
        return Framing() if self._page is None else self._page.framing

    @property
    def options(self) -> ReadingOptions:
        """What pages are read with, beside the model and its alphabet."""
        return self._options

    @property
    def is_busy(self) -> bool:
        return self._opening is not None or self._reading is not None

    @property
    def can_read(self) -> bool:
        """Whether there is a page, and a model to read it with."""
        return self._page is not None and self._store.recognizer is not None

    @property
    def is_outdated(self) -> bool:
        """Whether the page was read with another model or other options than those in use."""
        reading = None if self._page is None else self._page.reading
        if reading is None or self._page is None or self._page.document.writing.imported_from:
            return False
        if reading.recognizer is None:  # a document's own
            return reading.options != self._options or reading.alphabet != self._store.alphabet
        return reading.recognizer is not self._store.recognizer or reading.options != self._options

    def open_request(self, request: PageRequest) -> None:
        """Open a page of a file, and read it unless its reading is known."""
        task = self._opener.run(open_page, request)
        task.failed.connect(lambda error: self.request_failed.emit(request, error))
        task.finished.connect(self._opened)
        self._open_with(task)

    def open_recovered(self, copy: RecoveryCopy) -> None:
        """Open a recovery copy as the page that it is one of, with its changes unsaved."""
        task = self._opener.run(open_page, PageRequest(copy.path))
        task.finished.connect(lambda opened: self._opened(opened, copy))
        self._open_with(task)

    def open_picture(self, picture: QImage, name: str) -> None:
        """Take a picture that is in memory and read it."""
        task = self._opener.run(page_image_from_picture, picture, name)
        task.finished.connect(lambda image: self._opened(OpenedPage(image, image)))
        self._open_with(task)

    def read_again(self) -> None:
        """Read the open page with the model in use; its reading stays until then."""
        recognizer = self._store.recognizer
        if self._page is None or recognizer is None or self._wanted is not None:
            return  # where it is being turned, it is read as soon as that is done
        page = self._page
        task = self._reader.run(
            read_page, page.image, page.framing, recognizer, self._store.alphabet, self._options
        )
        task.finished.connect(lambda reading: self._read(page, reading))
        self._start_reading(task)

    def set_options(self, options: ReadingOptions) -> None:
        """Read with other options from now on, and the open page again."""
        if options == self._options:
            return
        self._options = options
        self.options_changed.emit()
        self._follow_store()

    def turn(self, quarters: int, slant: float) -> None:
        """Turn the open page as it was opened, and read it again.

        Args:
            quarters: quarter turns clockwise; any number.
            slant: degrees clockwise on top of them.
        """
        page = self._page
        if page is None:
            return
        wanted = Framing(quarters % 4, slant, page.framing.region)
        if wanted == self.framing:
            return
        self._wanted = wanted
        if wanted.degrees == page.framing.degrees:
            self._turned(page, wanted, page.image)
        elif not wanted.degrees:
            self._turned(page, wanted, page.source)
        else:
            task = self._reader.run(turned_image, page.source, wanted.degrees)
            task.finished.connect(lambda image: self._turned(page, wanted, image))
            self._start_reading(task)

    def read_region(self, region: Bounds | None) -> None:
        """Read only a part of the open page from now on.

        Args:
            region: on the image as it is turned; None for the whole page again.
        """
        page = self._page
        if page is None:
            return
        part = None if region is None else whole_pixels(region, page.image.size)
        if part != page.framing.region:
            self._show_unread(replace(page, framing=replace(page.framing, region=part)))

    def cancel(self) -> None:
        """Give up all work and show the page from before it; at once, whatever the work does."""
        for task in (self._opening, self._reading):
            if task is not None:
                task.supersede()
        self._set_work(None, None)
        self._go_back()

    def shutdown(self) -> None:
        """Give up all work and wait until it has ended."""
        self._opener.shutdown()
        self._reader.shutdown()

    def _open_with(self, task: Task) -> None:
        task.progressed.connect(self.progressed)
        task.failed.connect(self._fail_opening)
        self._set_work(task, self._reading)

    def _opened(self, opened: OpenedPage, copy: RecoveryCopy | None = None) -> None:
        self._opening = None
        if copy is not None:
            source = replace(opened.source, path=copy.original)
            image = source if opened.image is opened.source else opened.image
            opened = replace(opened, source=source, image=image)
        source = opened.source
        document = self._document_of(opened)
        if copy is not None:
            document.lost_file()
            self.recovered.emit(document, copy)
        page = Page(source, opened.image, document, opened.framing)
        if opened.imported is not None:
            self._take_import(page, opened.imported)
        elif opened.document is not None or document.writing.imported_from:
            self._show_read(page)
        elif opened.kept is not None:
            self._show(replace(page, reading=opened.kept.reading))
        else:
            self._show_unread(page)
        if source.path is not None and copy is None:
            self.file_opened.emit(source.path)

    @property
    def documents(self) -> list[OpenDocument]:
        """Of the pages that were opened and of which something would be lost, the open one too."""
        return list(self._documents.values())

    def _document_of(self, opened: OpenedPage) -> OpenDocument:
        """The one with what was done when the same file was open before: one may leaf to and
        fro; a new one where nothing was done that its file lacks."""
        source, read = opened.source, opened.document
        width, height = source.size
        self._forget_unchanged()
        # One of a picture without a file is known by the picture itself.
        key = source if source.path is None else (source.path, source.number, source.size)
        known = self._documents.get(key)
        if read is not None:
            there = [d for d in self.documents if d.path == source.path]
            known = next((d for d in there if d.is_changed), None)
            # The file has all of the others, and only one may have the file.
            gone = [d for d in there if d is not known]
            self._documents = {k: d for k, d in self._documents.items() if d not in gone}
        if known is not None:
            return known
        kept = opened.kept
        writing = Writing(width, height) if kept is None else kept.writing
        if read is not None:
            writing = read.writing
        path = None if read is None else source.path
        document = OpenDocument(
            source.name,
            source.file_maker(),
            writing,
            path,
            self,
            read_with=None if kept is None else kept.read_with,
        )
        document.stem = source.stem
        if read is not None:
            document.opened(read)
        elif source.picture is not None:
            document.source_path = source.path
        self._documents[key] = document
        return document

    def _forget_unchanged(self) -> None:
        """Keep no page of which the person said nothing: it can be read again."""
        open_one = None if self._page is None else self._page.document
        self._documents = {
            key: document
            for key, document in self._documents.items()
            if document is open_one or document.is_changed or document.writing.has_decisions
        }

    def _show_read(self, page: Page) -> None:
        """Show a page as its document says that it was read."""
        document = page.document
        reading = Reading(
            ShownPage.of(document.writing, page.turn).result,
            0.0 if document.read_with is None else document.read_with.seconds,
            None,
            self._store.alphabet,
            self._options,
            page.framing,
        )
        self._show(replace(page, reading=reading))

    def _show(self, page: Page) -> None:
        """Show a page with its reading."""
        if self._reading is not None:
            self._reading.supersede()
        self._wanted = self._reading = None
        self._page = self._kept = page
        self._set_work(self._opening, None)
        self.page_changed.emit()
        self._check_outdated()

    def import_reading(self, imported: ImportedReading) -> None:
        """Put the reading of a file in place of that of the open page.

        Raises:
            TranscriptError: it does not fit the page.
        """
        page = self._page
        if page is not None:
            self._take_import(page, import_edit(imported, page.source.size))

    def _take_import(self, page: Page, edit: ImportReading) -> None:
        page.document.framed = framed_as(page.framing)
        page.document.take_reading(edit, ReadWith("", self._store.alphabet, None, "any"))
        self._show_read(page)

    def _turned(self, page: Page, framing: Framing, image: PageImage) -> None:
        region = framing.region
        if region is not None and image is not page.image:
            after = Turn(framing.degrees, page.source.size, image.size)
            region = turned_region(region, page.turn, after)
        framing = replace(framing, region=region)
        if page.document.writing.imported_from:  # it was not read here, however it lies
            page.document.framed = framed_as(framing)
            self._show_read(Page(page.source, image, page.document, framing))
        elif image is page.image:
            self._show_unread(replace(page, framing=framing))
        else:
            self._show_unread(Page(page.source, image, page.document, framing))

    def _show_unread(self, page: Page) -> None:
        """Show a page, or the same one turned or cut otherwise, and read it."""
        if self._reading is not None:
            self._reading.supersede()
        self._wanted = self._reading = None
        self._page = page
        if self._store.recognizer is None:
            self._kept = page  # there is nothing to go back to: it is read once there is a model
        self.page_changed.emit()
        self.read_again()
        self._set_work(self._opening, self._reading)

    def _start_reading(self, task: Task) -> None:
        task.progressed.connect(self.progressed)
        task.failed.connect(self._fail_reading)
        self._set_work(self._opening, task)

    def _read(self, page: Page, reading: Reading) -> None:
        """Work what was read into the document, off this thread as well."""
        task = self._reader.run(
            merge_reading, reading, page.framing, page.turn, page.document.writing
        )
        task.finished.connect(lambda merged: self._merged(page, reading, merged))
        self._start_reading(task)

    def _merged(self, page: Page, reading: Reading, merged: Merged) -> None:
        if page.document.writing is not merged.before:
            self._read(page, reading)  # the person went on correcting meanwhile
            return
        self._page = self._kept = replace(page, reading=reading)
        self._set_work(self._opening, None)
        self._take_reading(self._page, reading, merged)
        self.page_changed.emit()
        self._check_outdated()

    def _take_reading(self, page: Page, reading: Reading, merged: Merged) -> None:
        """Put what was read, on the image as it was opened, into the document."""
        page.document.framed = framed_as(page.framing)
        page.document.overlay_ahead = merged.overlay
        page.document.take_reading(
            merged.edit,
            ReadWith(
                self._store.source,
                reading.alphabet,
                reading.options.language,
                reading.options.field,
                reading.seconds,
            ),
            merged.after,
        )

    def _fail_opening(self, error: Exception) -> None:
        self._set_work(None, self._reading)
        self.failed.emit(error)

    def _fail_reading(self, error: Exception) -> None:
        self._set_work(self._opening, None)
        self._go_back()
        self.failed.emit(error)

    def _go_back(self) -> None:
        self._wanted = None
        if self._page is not self._kept:
            self._page = self._kept
            self.page_changed.emit()
        self._check_outdated()

    def _follow_store(self) -> None:
        if self._page is None or self._page.document.writing.imported_from:
            return
        reading = self._page.reading
        if (
            self._reading is not None
            or reading is None
            or reading.alphabet != self._store.alphabet
            or reading.options != self._options
        ):
            self.read_again()
        self._check_outdated()

    def _check_outdated(self) -> None:
        if self.is_outdated != self._was_outdated:
            self._was_outdated = self.is_outdated
            self.outdated_changed.emit()

    def _set_work(self, opening: Task | None, reading: Task | None) -> None:
        self._opening, self._reading = opening, reading
        if self.is_busy != self._was_busy:
            self._was_busy = self.is_busy
            self.busy_changed.emit()
