"""The pages that are open as a list: their order, how they are turned, and how far each is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from handwrite_gui.page.framing import UNFRAMED, Framing
from handwrite_gui.page.opened_page import ImportedReading, KeptReading, PageRequest
from handwrite_gui.page.page_image import PDF_DPI, PageImage, page_title
from handwrite_gui.widgets.entry_model import EntryModel


class State(Enum):
    """How far a page is."""

    UNREAD = "not read yet"
    READING = "being read"
    READ = "read"
    DOUBTFUL = "doubtful"
    CORRECTED = "corrected"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class PageEntry:
    """A page of the list.

    Attributes:
        path: of its file; the name of what was pasted.
        number: which of the file's pages, from 1.
        is_one_of_several: whether the file has more of them.
        framing: how it is turned, and which part of it is read.
        image: the picture of a page without a file.
        imported: a reading to be shown instead of reading it, while it was not shown.
        kept: what stands on it; None while it was not read.
        is_busy: whether it is being opened or read.
        problem: why it could not be opened or read, "" where it could.
        thumbnail: a small picture of it, not turned; None until it is loaded.
        dpi: pixels an inch at which it is drawn, if it is a page of a PDF.
    """

    path: Path
    number: int = 1
    is_one_of_several: bool = False
    framing: Framing = UNFRAMED
    image: PageImage | None = None
    imported: ImportedReading | None = None
    kept: KeptReading | None = None
    is_busy: bool = False
    problem: str = ""
    thumbnail: QImage | None = None
    dpi: float = PDF_DPI

    @property
    def request(self) -> PageRequest:
        """What opens it as it was left."""
        imported = self.imported if self.kept is None else None
        return PageRequest(
            self.path, self.number, self.framing, self.kept, imported, self.image, self.dpi
        )

    def is_of(self, source: PageImage) -> bool:
        """Whether this is the page whose picture was opened."""
        if self.image is not None:
            return source is self.image
        return source.path == self.path and source.number == self.number

    @property
    def state(self) -> State:
        if self.is_busy:
            return State.READING
        if self.problem:
            return State.FAILED
        if self.kept is None:
            return State.UNREAD
        if self.kept.is_corrected:
            return State.CORRECTED
        return State.DOUBTFUL if self.kept.doubtful else State.READ

    @property
    def title(self) -> str:
        return page_title(self.path, self.number, self.is_one_of_several)


class PageList(EntryModel[PageEntry]):
    """The pages in the order in which one leafs through them."""

    def texts(self, entry: PageEntry) -> dict[int, str]:
        role = Qt.ItemDataRole
        return {
            role.DisplayRole: entry.title,
            role.ToolTipRole: f"{entry.title}\n{state_text(entry)}",
            role.AccessibleDescriptionRole: state_text(entry),
        }


def state_text(entry: PageEntry) -> str:
    """How far a page is, in words."""
    state = entry.state
    if state is State.FAILED:
        return entry.problem[:1].upper() + entry.problem[1:]
    words: str = state.value[:1].upper() + state.value[1:]
    if entry.kept is None or state is State.READING:
        return words
    characters = len(entry.kept.writing.characters)
    if not characters:
        return "Read: no writing found"
    count = "1 character" if characters == 1 else f"{characters:,} characters"
    doubtful = f", {entry.kept.doubtful:,} doubtful" if entry.kept.doubtful else ""
    return f"{'Read' if state is State.DOUBTFUL else words}: {count}{doubtful}"
