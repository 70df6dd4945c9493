"""The files of a batch as a list: their order, how they are turned, and how far each is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex

ENTRY_ROLE = Qt.ItemDataRole.UserRole


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


class EntryList(QAbstractListModel):
    """The entries, in the order in which they are read.

    Signals:
        changed(): there are others, or they are in another order.
        thumbnail_wanted(Entry): one is shown whose picture was not loaded.
    """

    changed = Signal()
    thumbnail_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._asked: set[Entry] = set()
        self.is_locked = False

    @property
    def entries(self) -> Sequence[Entry]:
        return tuple(self._entries)

    def add(self, paths: Iterable[Path]) -> int:
        """Append files that are not in the list yet; gives how many."""
        known = {entry.path for entry in self._entries}
        new = [Entry(path) for path in dict.fromkeys(paths) if path not in known]
        if new:
            last = len(self._entries) + len(new) - 1
            self.beginInsertRows(QModelIndex(), len(self._entries), last)
            self._entries += new
            self.endInsertRows()
            self.changed.emit()
        return len(new)

    def remove(self, rows: Iterable[int]) -> None:
        """Take files off the list; they stay where they are on the disk."""
        for row in sorted(set(rows), reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            self._asked.discard(self._entries.pop(row))
            self.endRemoveRows()
        self.changed.emit()

    def turn(self, rows: Iterable[int], quarters: int) -> None:
        """Turn files clockwise; what was read of them does not hold any more."""
        for row in rows:
            entry = self._entries[row]
            entry.turns = (entry.turns + quarters) % 4
            self.update(entry, state=State.WAITING, detail="", done=0)

    def move(self, rows: Sequence[int], step: int) -> None:
        """Move files up (-1) or down (1) by a place, as far as there is one."""
        stayed: set[int] = set()  # at the end of the list, and what stands against it
        for row in sorted(rows, reverse=step > 0):
            target = row + step
            if 0 <= target < len(self._entries) and target not in stayed:
                self.moveRows(QModelIndex(), row, 1, QModelIndex(), target + (step > 0))
            else:
                stayed.add(row)

    def update(self, entry: Entry, **values: Any) -> None:
        """Set attributes of an entry and show them."""
        for name, value in values.items():
            setattr(entry, name, value)
        if entry in self._entries:
            index = self.index(self._entries.index(entry))
            self.dataChanged.emit(index, index)

    def reset_states(self) -> None:
        """Everything is to be read again."""
        for entry in self._entries:
            entry.state, entry.detail, entry.done = State.WAITING, "", 0
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    # What Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            if entry.thumbnail is None and entry not in self._asked:
                self._asked.add(entry)
                self.thumbnail_wanted.emit(entry)
            return entry
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.path.name
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (str(entry.path), entry.detail)))
        if role == Qt.ItemDataRole.AccessibleDescriptionRole:
            return state_text(entry)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.is_locked:
            return flags
        # Files are dropped between files, not on them.
        moved = Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled
        return flags | moved

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(
        self,
        sourceParent: Index,  # noqa: N803 - Qt's names
        sourceRow: int,  # noqa: N803
        count: int,
        destinationParent: Index,  # noqa: N803
        destinationChild: int,  # noqa: N803
    ) -> bool:
        if not self.beginMoveRows(
            sourceParent, sourceRow, sourceRow + count - 1, destinationParent, destinationChild
        ):
            return False
        moved = self._entries[sourceRow : sourceRow + count]
        del self._entries[sourceRow : sourceRow + count]
        place = destinationChild - count if destinationChild > sourceRow else destinationChild
        self._entries[place:place] = moved
        self.endMoveRows()
        self.changed.emit()
        return True


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
