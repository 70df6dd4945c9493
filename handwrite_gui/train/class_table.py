"""Precision and recall of every class, as a table that sorts by any of its columns."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from handwrite_gui.engine.evaluation.confusion import per_class
from handwrite_gui.train.confusion_summary import ConfusionSummary

COLUMNS = ("Class", "Samples", "Precision", "Recall", "F1", "Taken for")
_TIPS = (
    "",
    "Validation samples of the class",
    "Of what was read as the class, the share that is",
    "Of the class, the share that was read as it",
    "Harmonic mean of precision and recall",
    "What its samples were read as most often when they were read wrong",
)


class _Item(QTableWidgetItem):
    """Sorts by a value that its text stands for."""

    def __init__(self, text: str, value: float | str) -> None:
        super().__init__(text)
        self.value = value
        self.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
        if not isinstance(value, str):
            self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def __lt__(self, other: QTableWidgetItem) -> bool:
        mine, its = self.value, other.value if isinstance(other, _Item) else ""
        return str(mine) < str(its) if isinstance(mine, str) else mine < float(its)


class ClassTable(QTableWidget):
    """A row for each class.

    Signals:
        class_chosen(int): the index of a class whose row was clicked or confirmed.
    """

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(0, len(COLUMNS), parent)
        self.rows: list[list[object]] = []
        for column, (title, tip) in enumerate(zip(COLUMNS, _TIPS, strict=True)):
            head = QTableWidgetItem(title)
            head.setToolTip(tip)
            self.setHorizontalHeaderItem(column, head)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        # Every column keeps room for the arrow already; all are to be seen beside the samples.
        self.horizontalHeader().setStyleSheet("QHeaderView::section { padding: 5px 1px; }")
        self.verticalHeader().hide()
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAccessibleName("Precision and recall of every class")
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def set_summary(self, summary: ConfusionSummary | None) -> None:
        """Show other figures, in the order that was chosen."""
        self.rows = [] if summary is None else _rows(summary)
        self.setSortingEnabled(False)
        self.setRowCount(len(self.rows))
        for row, values in enumerate(self.rows):
            for column, item in enumerate(_items(values, row)):
                item.setData(Qt.ItemDataRole.UserRole, row)
                self.setItem(row, column, item)
        self.setSortingEnabled(True)

    def table(self) -> list[list[object]]:
        """The figures in the order of the classes, with a header."""
        return [list(COLUMNS), *self.rows]

    def _choose(self, item: QTableWidgetItem) -> None:
        self.class_chosen.emit(int(item.data(Qt.ItemDataRole.UserRole)))


def _rows(summary: ConfusionSummary) -> list[list[object]]:
    rows: list[list[object]] = []
    for index, score in enumerate(per_class(summary.counts)):
        total = score.precision + score.recall
        f1 = 2 * score.precision * score.recall / total if total else 0.0
        wrong = summary.counts[index].copy()
        wrong[index] = 0
        most = int(wrong.max(initial=0))
        taken = f"{summary.classes[int(wrong.argmax())]} ({most:,})" if most else ""
        rows.append(
            [summary.classes[index], score.samples, score.precision, score.recall, f1, taken]
        )
    return rows


def _items(values: list[object], order: int) -> list[_Item]:
    items = []
    for value in values:
        if isinstance(value, float):
            # What was never read or never asked for has no figure, and stands at the end.
            text = "–" if math.isnan(value) else f"{value:.1%}"
            items.append(_Item(text, -1.0 if math.isnan(value) else value))
        elif isinstance(value, int):
            items.append(_Item(f"{value:,}", float(value)))
        else:
            items.append(_Item(str(value), str(value)))
    items[0].value = f"{order:05d}"
    return items
