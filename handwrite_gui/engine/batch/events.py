"""What a batch tells while it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from handwrite_gui.engine.batch.report import Row
from handwrite_gui.engine.batch.task import BatchItem


@dataclass(frozen=True, slots=True)
class Begun:
    """A file's first page is being read, or its pages are being counted."""

    item: BatchItem


@dataclass(frozen=True, slots=True)
class PageDone:
    """A page was read, or could not be.

    Attributes:
        item: its file.
        page: from 1.
        pages: how many its file has.
        error: why it could not be read, or None.
    """

    item: BatchItem
    page: int
    pages: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class FileDone:
    """A file is done: its outputs are written, or it failed."""

    item: BatchItem
    row: Row


@dataclass(frozen=True, slots=True)
class Progressed:
    """How far the batch is.

    Attributes:
        files: done, and those that were failed or done before among them.
        all_files: how many there are; of a watched folder those that have come so far.
        pages: read in this run.
        pages_left: as far as is known; a file that was not opened yet counts as one.
        seconds: since the batch began, without pauses.
        seconds_left: as it went so far; None where nothing tells yet.
    """

    files: int
    all_files: int
    pages: int
    pages_left: int
    seconds: float
    seconds_left: float | None

    @property
    def share(self) -> float:
        """The share of the pages that is done, 0 to 1."""
        everything = self.pages + self.pages_left
        return self.pages / everything if everything else 1.0


Event = Begun | PageDone | FileDone | Progressed
