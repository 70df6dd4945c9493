"""What differs between runs, and what came of them, as a table of texts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from handwrite_gui.engine.training.run_comparison import compare
from handwrite_gui.engine.training.runs import RunRecord
from handwrite_gui.train.settings_form import title_of

_NAMES = {
    "hidden": "Hidden layers",
    "rate_changes": "Rate changed",
    "initializer": "Initialiser",
    "optimizer": "Optimiser",
    "normalization": "Normalisation",
    "warmup_steps": "Warm-up",
    "step_every": "Drop every",
    "step_factor": "Drop to",
    "ema_decay": "Averaging",
    "features": "Input",
}
_CHOICES = ("activation", "normalization", "initializer", "optimizer", "schedule", "features")


class DifferencesTable(QTableWidget):
    """A row for every setting that differs and for every figure, a column for every run."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("What differs between the runs")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.setCornerButtonEnabled(False)

    def set_runs(self, records: Sequence[RunRecord]) -> None:
        """Compare these."""
        rows = compare(records) if records else []
        self.setRowCount(len(rows))
        self.setColumnCount(len(records))
        self.setHorizontalHeaderLabels([record.name for record in records])
        self.setVerticalHeaderLabels([_title(row.name) for row in rows])
        for number, row in enumerate(rows):
            for column, value in enumerate(row.values):
                text = title_of(value) if row.name in _CHOICES else value
                item = QTableWidgetItem(text)
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if row.is_setting:
                    font = item.font()
                    font.setBold(True)
                    item.setFont(font)
                self.setItem(number, column, item)


def _title(name: str) -> str:
    return _NAMES.get(name, name.replace("_", " ").capitalize())
