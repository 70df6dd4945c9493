"""A list of files or pages that can be put into another order, with their thumbnails."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Generic, Protocol, TypeVar

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


class HasThumbnail(Protocol):
    """What is in such a list.

    Attributes:
        thumbnail: a small picture of it; None until it is loaded.
    """

    thumbnail: QImage | None


E = TypeVar("E", bound=HasThumbnail)


class EntryModel(QAbstractListModel, Generic[E]):
    """Entries in their order; what is said of them is for those to tell that derive from it.

    Signals:
        changed(): there are others, or they are in another order.
        thumbnail_wanted(object): an entry is shown whose picture was not loaded.
    """

    changed = Signal()
    thumbnail_wanted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[E] = []
        self._asked: set[int] = set()  # identities of the entries
        self.is_locked = False

    @property
    def entries(self) -> Sequence[E]:
        return tuple(self._entries)

    def append(self, new: Sequence[E]) -> None:
        """Add entries at the end."""
        if new:
            last = len(self._entries) + len(new) - 1
            self.beginInsertRows(QModelIndex(), len(self._entries), last)
            self._entries += new
            self.endInsertRows()
            self.changed.emit()

    def replace(self, entries: Sequence[E]) -> None:
        """Hold others."""
        self.beginResetModel()
        self._entries = list(entries)
        self._asked.clear()
        self.endResetModel()
        self.changed.emit()

    def remove(self, rows: Iterable[int]) -> None:
        """Take entries off the list; files stay where they are on the disk."""
        for row in sorted(set(rows), reverse=True):
            self.beginRemoveRows(QModelIndex(), row, row)
            self._asked.discard(id(self._entries.pop(row)))
            self.endRemoveRows()
        self.changed.emit()

    def move(self, rows: Sequence[int], step: int) -> None:
        """Move entries up (-1) or down (1) by a place, as far as there is one."""
        stayed: set[int] = set()  # at the end of the list, and what stands against it
        for row in sorted(rows, reverse=step > 0):
            target = row + step
            if 0 <= target < len(self._entries) and target not in stayed:
                self.moveRows(QModelIndex(), row, 1, QModelIndex(), target + (step > 0))
            else:
                stayed.add(row)

    def update(self, entry: E, **values: Any) -> None:
        """Set attributes of an entry and show them."""
        for name, value in values.items():
            setattr(entry, name, value)
        if entry in self._entries:
            index = self.index(self._entries.index(entry))
            self.dataChanged.emit(index, index)

    def show_all(self) -> None:
        """Show every entry anew."""
        if self._entries:
            self.dataChanged.emit(self.index(0), self.index(len(self._entries) - 1))

    def texts(self, entry: E) -> dict[int, str]:
        """What is said of an entry, by the role."""
        raise NotImplementedError

    # What Qt asks

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        if role == ENTRY_ROLE:
            if entry.thumbnail is None and id(entry) not in self._asked:
                self._asked.add(id(entry))
                self.thumbnail_wanted.emit(entry)
            return entry
        return self.texts(entry).get(role)

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
