"""Leafing through the pages that are open: which is shown, and what is known of the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from handwrite_gui.model_store import ModelStore
from handwrite_gui.page.document import OpenDocument
from handwrite_gui.page.opened_page import KeptReading, PageRequest
from handwrite_gui.page.page_finder import found_pages, is_one_page, read_unshown
from handwrite_gui.page.page_image import PDF_DPI, PageImage
from handwrite_gui.page.page_list import PageEntry, PageList, State
from handwrite_gui.page.session import PageSession
from handwrite_gui.widgets.page_thumbnails import Thumbnails
from handwrite_gui.workers import Task, TaskRunner


class Leafer(QObject):
    """Keeps a list of pages in step with a session, which shows one of them.

    What is opened takes the place of the list as soon as one of its pages proves to be one; what
    is added goes to its end.  A page is read when it is shown, or with all the others.  What was
    read of a page is kept while another is shown, and so is what the person said of it: by the
    session, as a document with changes.

    Signals:
        changed(): the list has become another, or another page of it is shown.
        status_message(str): something worth a line in the status bar.
        failed(object): the exception that kept pages from being found.
        busy_changed(): pages are looked for or read beside the one shown, or no longer.
        progressed(float, str): how far that is, in 0 to 1, and what it is doing.
        all_read(): every page that can be read is.
    """

    changed = Signal()
    status_message = Signal(str)
    failed = Signal(object)
    busy_changed = Signal()
    progressed = Signal(float, str)
    all_read = Signal()

    def __init__(self, session: PageSession, store: ModelStore, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self._store = store
        self.list = PageList(self)
        self.thumbnails = Thumbnails(self)
        self._dpi = PDF_DPI
        self._finder = TaskRunner(self, latest_only=True)
        self._reader = TaskRunner(self, threads=1)
        self._background: tuple[PageEntry, Task] | None = None
        self._left_to_read: list[PageEntry] = []
        self._to_read = 0
        self._coming: list[PageEntry] = []
        self._after_failure: PageEntry | None = None
        self._asked: PageEntry | None = None
        self._last_asked: PageEntry | None = None
        self._document: OpenDocument | None = None
        self.list.changed.connect(self.changed)
        self.list.thumbnail_wanted.connect(self._want_thumbnail)
        self.thumbnails.loaded.connect(self._show_thumbnail)
        session.page_changed.connect(self._follow)
        session.busy_changed.connect(self._mark_busy)
        session.request_failed.connect(self._fail_request)
        session.failed.connect(self._fail)

    def shutdown(self) -> None:
        """Give up all work and wait until it has ended."""
        self._left_to_read.clear()
        self._finder.shutdown()
        self._reader.shutdown()
        self.thumbnails.shutdown()

    # The list

    @property
    def entries(self) -> Sequence[PageEntry]:
        return self.list.entries

    @property
    def current(self) -> PageEntry | None:
        """The page that is shown."""
        page = self._session.page
        return None if page is None else self._entry_of(page.source)

    @property
    def has_several(self) -> bool:
        return len(self.list.entries) > 1

    @property
    def is_busy(self) -> bool:
        """Whether pages are looked for, or read beside the one that is shown."""
        return self._finder.is_busy or self._background is not None

    def open(self, paths: Sequence[Path]) -> None:
        """Open the pages of files, and of the files in folders, in place of those of the list."""
        if len(paths) == 1 and is_one_page(paths[0]):
            self._open_entries([PageEntry(paths[0])])
        else:
            self._find(paths, self._open_entries)

    def open_requests(self, requests: Sequence[PageRequest]) -> None:
        """Open pages, some with readings of other programs, in place of those of the list.

        Files of several pages of which one is asked for are opened with all the others.
        """
        readings = {(one.path, one.number): one.imported for one in requests}

        def open_with_readings(found: list[PageEntry]) -> None:
            for entry in found:
                entry.imported = readings.get((entry.path, entry.number))
            self._open_entries(found, first=(requests[0].path, requests[0].number))

        self._find(list(dict.fromkeys(one.path for one in requests)), open_with_readings)

    @property
    def dpi(self) -> float:
        """Pixels an inch at which the pages of PDF files are drawn."""
        return self._dpi

    def set_dpi(self, dpi: float) -> None:
        """Draw the pages of PDF files otherwise, but for those that the person worked on."""
        self._dpi = dpi
        current = self.current
        for entry in self.entries:
            is_kept = entry.kept is not None and entry.kept.writing.has_decisions
            if entry.path.suffix.lower() == ".pdf" and not is_kept and entry.dpi != dpi:
                self.list.update(entry, dpi=dpi, kept=None)
                if entry is current:
                    self._ask(entry)
        self.changed.emit()

    def take_readings(self, requests: Sequence[PageRequest]) -> None:
        """Show pages of the list with readings of other programs, from when they are shown next."""
        readings = {(one.path, one.number): one.imported for one in requests}
        for entry in self.entries:
            if (imported := readings.get((entry.path, entry.number))) is not None:
                self.list.update(entry, imported=imported, kept=None)

    def add(self, paths: Sequence[Path]) -> None:
        """Add the pages of files, and of the files in folders, to the end of the list."""
        self._find(paths, self._append)

    def show(self, entry: PageEntry) -> None:
        """Show a page of the list, and read it where it was not read."""
        if entry is self.current and not self._session.is_busy:
            return
        self._ask(entry)

    def go(self, step: int) -> None:
        """Show the next (1) or the previous (-1) page, as far as there is one."""
        at = self._place
        if at is not None and 0 <= at + step < len(self.entries):
            self.show(self.entries[at + step])

    def can_go(self, step: int) -> bool:
        at = self._place
        return at is not None and 0 <= at + step < len(self.entries)

    def move(self, step: int) -> None:
        """Move the page that is shown by a place in the list."""
        if self.current is not None:
            self.list.move([self.entries.index(self.current)], step)

    def remove(self) -> None:
        """Take the page that is shown off the list, and show the one in its place."""
        current = self.current
        if current is None or not self.has_several:
            return
        at = self.entries.index(current)
        other = self.entries[at + 1 if at + 1 < len(self.entries) else at - 1]
        self.list.remove([at])
        self.show(other)

    @property
    def _place(self) -> int | None:
        """Of the page that is shown, or will be."""
        entry = self._asked or self.current
        return self.entries.index(entry) if entry in self.entries else None

    def _entry_of(self, source: PageImage) -> PageEntry | None:
        return next((entry for entry in self.entries if entry.is_of(source)), None)

    # Finding

    def _find(self, paths: Sequence[Path], use: Callable[[list[PageEntry]], None]) -> None:
        task = self._finder.run(found_pages, list(paths))
        task.finished.connect(use)
        task.failed.connect(self.failed)
        task.ended.connect(self.busy_changed)
        self.busy_changed.emit()
        self.progressed.emit(0.0, "Looking for pages…")

    def _open_entries(
        self, entries: list[PageEntry], first: tuple[Path, int] | None = None
    ) -> None:
        for entry in entries:
            entry.dpi = self._dpi
        self._coming = entries
        wanted = next((one for one in entries if (one.path, one.number) == first), entries[0])
        self._ask(wanted)

    def _append(self, entries: list[PageEntry]) -> None:
        known = {(entry.path, entry.number) for entry in self.entries}
        new = [entry for entry in entries if (entry.path, entry.number) not in known]
        if not self.entries:
            self._open_entries(entries)
            return
        for entry in new:
            entry.dpi = self._dpi
        self.list.append(new)
        pages = "1 page" if len(new) == 1 else f"{len(new)} pages"
        self.status_message.emit(f"{pages} added to the list.")

    def _ask(self, entry: PageEntry) -> None:
        self._set_busy(self._asked, False)
        self._asked = entry
        entry.problem = ""
        self._session.open_request(entry.request)
        self._set_busy(entry, self._session.is_busy)

    # Following the session

    def _follow(self) -> None:
        page = self._session.page
        if page is None:
            self._watch(None)
            self.changed.emit()
            return
        arrived = next((one for one in self._coming if one.is_of(page.source)), None)
        if arrived is not None:
            entries, self._coming = self._coming, []
            self._give_up_reading()
            self.list.replace(entries)
        elif self._entry_of(page.source) is None:
            # It came another way: from the clipboard, or recovered.
            self._give_up_reading()
            self._coming = []
            self.list.replace([_entry_for(page.source)])
        self._watch(page.document)
        self._keep()
        self.changed.emit()

    def _watch(self, document: OpenDocument | None) -> None:
        if document is self._document:
            return
        if self._document is not None:
            self._document.changed.disconnect(self._keep)
        self._document = document
        if document is not None:
            document.changed.connect(self._keep)

    def _keep(self) -> None:
        """Keep what is known of the page that is shown, for when another is."""
        page, entry = self._session.page, self.current
        if page is None or entry is None:
            return
        kept = entry.kept
        if page.reading is not None:
            document = page.document
            kept = KeptReading.of(
                document.writing, document.read_with, page.reading, page.source.dpi
            )
        self.list.update(entry, framing=page.framing, kept=kept, problem="")

    def _mark_busy(self) -> None:
        if self._session.is_busy:
            self._set_busy(self._asked or self.current, True)
            return
        asked, self._asked = self._asked, None
        self._set_busy(asked, False)
        self._set_busy(self.current, False)
        self._last_asked = asked

    def _set_busy(self, entry: PageEntry | None, is_busy: bool) -> None:
        if entry is not None:
            self.list.update(entry, is_busy=is_busy)

    def _fail_request(self, request: PageRequest, error: Exception) -> None:
        entry = self._asked
        if entry is None or (entry.path, entry.number) != (request.path, request.number):
            return
        self._asked = None
        self.list.update(entry, problem=_reason(error), is_busy=False)
        if entry in self._coming:
            self._after_failure = next((one for one in self._coming if not one.problem), None)

    def _fail(self, error: Exception) -> None:
        after, self._after_failure = self._after_failure, None
        if after is not None:
            self._ask(after)
            return
        last, self._last_asked = self._last_asked, None
        if last is not None and last is not self.current and last.kept is None:
            self.list.update(last, problem=_reason(error))

    # Thumbnails

    def _want_thumbnail(self, entry: PageEntry) -> None:
        if entry.image is not None:
            entry.thumbnail = entry.image.screen.levels[-1]
        else:
            self.thumbnails.ask(entry, entry.path, entry.number)

    def _show_thumbnail(self, entry: PageEntry, image: QImage) -> None:
        self.list.update(entry, thumbnail=image)

    # Reading all

    @property
    def unread(self) -> list[PageEntry]:
        """The pages that were not read, in their order."""
        states = (State.UNREAD, State.FAILED)
        return [entry for entry in self.entries if entry.state in states]

    def read_all(self) -> None:
        """Read every page that was not read, one after the other, beside the one that is shown."""
        if self._background is None and self._store.recognizer is not None:
            self._left_to_read = self.unread
            self._to_read = len(self._left_to_read)
            self._read_next()

    def cancel(self) -> None:
        """Give up looking for pages, and reading them."""
        self._finder.supersede_all()
        self._give_up_reading()

    def _give_up_reading(self) -> None:
        self._left_to_read.clear()
        if self._background is not None:
            self._background[1].cancel()

    def _read_next(self) -> None:
        recognizer = self._store.recognizer
        self._left_to_read = [e for e in self._left_to_read if e in self.entries and not e.kept]
        if not self._left_to_read or recognizer is None:
            self._background = None
            self.busy_changed.emit()
            self.all_read.emit()
            return
        entry = self._left_to_read.pop(0)
        task = self._reader.run(
            read_unshown,
            entry.request,
            recognizer,
            self._store.alphabet,
            self._session.options,
            self._store.source,
        )
        self._background = entry, task
        self.list.update(entry, is_busy=True, problem="")
        done = self._to_read - len(self._left_to_read) - 1
        self.busy_changed.emit()
        self.progressed.emit(done / max(self._to_read, 1), f"Reading {entry.title}…")
        task.finished.connect(lambda kept: self._keep_unshown(entry, kept))
        task.failed.connect(lambda error: self.list.update(entry, problem=_reason(error)))
        task.ended.connect(lambda: self._ended(entry))

    def _keep_unshown(self, entry: PageEntry, kept: KeptReading) -> None:
        if entry.kept is None:
            self.list.update(entry, kept=kept)

    def _ended(self, entry: PageEntry) -> None:
        if entry is not self._asked:
            self.list.update(entry, is_busy=False)
        if self._background is not None and self._background[1].is_cancelled:
            self._background = None
            self.busy_changed.emit()
        else:
            self._read_next()


def _entry_for(source: PageImage) -> PageEntry:
    if source.path is None:
        return PageEntry(Path(source.name), image=source)
    return PageEntry(source.path, source.number, dpi=source.drawn_at)


def _reason(error: Exception) -> str:
    return str(getattr(error, "reason", error)) or type(error).__name__
