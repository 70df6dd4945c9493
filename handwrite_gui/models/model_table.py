"""The list of models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from handwrite_gui.models.card_text import WHERE, short_date
from handwrite_gui.theme import theme

if TYPE_CHECKING:
    from handwrite_gui.engine.model_library import ModelEntry

_COLUMNS = ("Name", "Where", "Characters", "Accuracy", "Made", "Size")
_NUMBERS = (3, 5)


class ModelTable(QTableWidget):
    """A row for each model, several of which can be chosen.

    Signals:
        used(): a double click or Enter on a row.
    """

    used = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(_COLUMNS), parent)
        self.entries: tuple[ModelEntry, ...] = ()
        self.setHorizontalHeaderLabels(_COLUMNS)
        header = self.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        self.verticalHeader().hide()
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Models")
        self.itemActivated.connect(lambda item: self.used.emit())

    def show_entries(
        self, entries: Sequence[ModelEntry], is_in_use: Callable[[ModelEntry], bool]
    ) -> None:
        """Show models; the one in use is bold, and what was chosen stays so."""
        chosen = {entry.path for entry in self.chosen}
        self.entries = tuple(entries)
        self.clearSelection()
        self.setRowCount(len(entries))
        for row, entry in enumerate(entries):
            for column, text in enumerate(_cells(entry)):
                self.setItem(row, column, _item(entry, column, text, is_in_use(entry)))
        self.choose(*(row for row, entry in enumerate(entries) if entry.path in chosen))

    @property
    def chosen(self) -> tuple[ModelEntry, ...]:
        """The models whose rows are chosen, from top to bottom."""
        rows = sorted({index.row() for index in self.selectionModel().selectedRows()})
        return tuple(self.entries[row] for row in rows)

    def choose(self, *rows: int) -> None:
        """Choose these rows alone."""
        self.clearSelection()
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.MultiSelection)
        for row in rows:
            self.selectRow(row)
        self.setSelectionMode(mode.ExtendedSelection)


def _cells(entry: ModelEntry) -> tuple[str, ...]:
    return (
        entry.name,
        WHERE[entry.kind],
        "cannot be used" if entry.problem else entry.alphabet,
        "–" if entry.accuracy is None else f"{entry.accuracy:.1%}",
        short_date(entry.card.created) if entry.card is not None else "",
        _size(entry.bytes),
    )


def _size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"


def _item(entry: ModelEntry, column: int, text: str, in_use: bool) -> QTableWidgetItem:
    item = QTableWidgetItem(text)
    if column in _NUMBERS:
        item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    if in_use:
        font = QFont()
        font.setBold(True)
        item.setFont(font)
    if entry.problem:
        item.setForeground(QColor(theme().tokens.danger))
    tip = entry.problem or str(entry.path)
    if column == _NUMBERS[0] and entry.measured_on:
        tip = f"Of {entry.measured_on}"
    item.setToolTip(f"{tip}\nReads at the moment" if in_use else tip)
    return item
