"""What a batch hands to its workers, and what they give back: values that can be sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from handwrite_gui.engine.documents.pages import DEFAULT_DPI
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.text.fields import Field

Kind = Literal["count", "read", "assemble"]


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How the pages of a batch are read and written.

    Attributes:
        model: path of the model, None for the one that is shipped.
        alphabet: as for :class:`~handwrite_gui.engine.recognizer.Recognizer`.
        language: a code in ``LANGUAGES``, or None.
        field: what is written at all.
        format: one of ``FORMATS``.
        dpi: at which the pages of PDF files are drawn.
    """

    model: Path | None = None
    alphabet: str | None = None
    language: str | None = "en"
    field: Field = "any"
    format: str = "text"
    dpi: float = DEFAULT_DPI

    def to_dict(self) -> dict[str, Any]:
        """Plain values, fit for JSON; the model as a whole path."""
        return {
            "model": None if self.model is None else str(self.model.resolve()),
            "alphabet": self.alphabet,
            "language": self.language,
            "field": self.field,
            "format": self.format,
            "dpi": self.dpi,
        }


@dataclass(frozen=True, slots=True)
class BatchItem:
    """A file of a batch.

    Attributes:
        source: its path.
        stem: what its outputs are called below the output folder, without a suffix.
        turns: quarters clockwise by which its pages are turned before they are read.
    """

    source: Path
    stem: str
    turns: int = 0


@dataclass(frozen=True, slots=True)
class PageRecord:
    """What was read on a page, kept until its document is complete."""

    page: int
    result: PageResult
    dpi: float | None


@dataclass(frozen=True, slots=True)
class Task:
    """One piece of work.

    Attributes:
        kind: ``"count"`` the pages of a file; ``"read"`` a page; ``"assemble"`` the document of
            pages that were read before.
        item: the file.
        page: which page, from 1.
        whole: the page is all of its file: write its document at once.
        records: of the pages to assemble.
    """

    kind: Kind
    item: BatchItem
    page: int = 1
    whole: bool = False
    # Not compared: what a task is, the rest says, and quicker.
    records: tuple[PageRecord, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task.

    Attributes:
        error: why it failed, a sentence; None where it did not.
        cancelled: it was given up because the batch was.
        pages: how many there are, of ``"count"``.
        record: the page, of ``"read"`` without ``whole``.
        characters: how many were read.
        confidence: their mean probability, 0 to 1.
        documents: names and contents of the files to write.
        seconds: it took.
    """

    error: str | None = None
    cancelled: bool = False
    pages: int | None = None
    record: PageRecord | None = None
    characters: int = 0
    confidence: float = 0.0
    documents: tuple[tuple[str, bytes], ...] = ()
    seconds: float = 0.0
