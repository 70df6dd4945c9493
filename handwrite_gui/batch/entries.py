"""The files of a batch as a list: their order, how they are turned, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from handwrite_gui.widgets.entry_model import EntryModel


class State(Enum):
    """How far a file is."""

    WAITING = "waiting"
    READING = "reading"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True, eq=False)
class Entry:
    """A file of the list.

    Attributes:
        path: where it is.
        turns: quarters clockwise by which its pages are turned.
        state: how far it is.
        detail: what there is to say about that: why it failed, how sure the reading is.
        done, pages: how many of its pages are read; 0 pages while it is not known.
        thumbnail: its first page, not turned; None until it is loaded.
    """

    path: Path
    turns: int = 0
    state: State = State.WAITING
    detail: str = ""
    done: int = 0
    pages: int = 0
    thumbnail: QImage | None = None


class EntryList(EntryModel[Entry]):
    """The entries, in the order in which they are read."""

    def add(self, paths: Iterable[Path]) -> int:
        """Append files that are not in the list yet; gives how many."""
        known = {entry.path for entry in self._entries}
        new = [Entry(path) for path in dict.fromkeys(paths) if path not in known]
        self.append(new)
        return len(new)

    def turn(self, rows: Iterable[int], quarters: int) -> None:
        """Turn files clockwise; what was read of them does not hold any more."""
        for row in rows:
            entry = self._entries[row]
            entry.turns = (entry.turns + quarters) % 4
            self.update(entry, state=State.WAITING, detail="", done=0)

    def reset_states(self) -> None:
        """Everything is to be read again."""
        for entry in self._entries:
            entry.state, entry.detail, entry.done = State.WAITING, "", 0
        self.show_all()

    def texts(self, entry: Entry) -> dict[int, str]:
        role = Qt.ItemDataRole
        return {
            role.DisplayRole: entry.path.name,
            role.ToolTipRole: "\n".join(filter(None, (str(entry.path), entry.detail))),
            role.AccessibleDescriptionRole: state_text(entry),
        }


def state_text(entry: Entry) -> str:
    """How far a file is, in words."""
    pages = f"{entry.pages} pages" if entry.pages > 1 else ""
    match entry.state:
        case State.WAITING:
            return "Waiting"
        case State.READING:
            return f"Reading page {entry.done + 1} of {entry.pages}" if pages else "Reading…"
        case State.DONE:
            return " · ".join(filter(None, ("Read", pages, entry.detail)))
        case State.FAILED:
            return entry.detail[:1].upper() + entry.detail[1:]
