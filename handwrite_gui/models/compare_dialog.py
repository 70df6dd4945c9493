"""Comparing two models on a data set."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.message_bar import MessageBar
from handwrite_gui.models.comparing import compare_files
from handwrite_gui.settings import settings
from handwrite_gui.workers import Task, TaskRunner

if TYPE_CHECKING:
    from handwrite_gui.engine.evaluation.model_comparison import ModelComparison
    from handwrite_gui.engine.model_library import ModelEntry

_FOLDER_KEY = "models/data_folder"
_CHANCE = 0.05


class CompareDialog(QDialog):
    """Asks what to compare two models on, and shows which reads better, and where."""

    def __init__(self, first: ModelEntry, second: ModelEntry, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Compare models")
        self.resize(620, 600)
        self._entries = first, second
        self._runner = TaskRunner(self, threads=1)
        self._task: Task | None = None
        self._lay_out()
        self._follow()

    def _lay_out(self) -> None:
        first, second = (entry.name for entry in self._entries)
        title = QLabel(f"{first}  and  {second}", self)
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setProperty("role", "heading")
        title.setWordWrap(True)
        self.message_bar = MessageBar(self)
        self.file_button = QPushButton("On a &File…", self)
        self.folder_button = QPushButton("On a F&older…", self)
        self.synthetic_button = QPushButton("On &Synthetic Characters", self)
        self.file_button.setToolTip("Labelled characters: .npz, IDX, .mat or CSV")
        self.folder_button.setToolTip("A folder that has a folder of images for each character")
        self.synthetic_button.setToolTip(
            "Characters that the program draws: a first look; it says little of real hands"
        )
        self.file_button.clicked.connect(self._ask_for_file)
        self.folder_button.clicked.connect(self._ask_for_folder)
        self.synthetic_button.clicked.connect(lambda: self.compare(None))
        choices = QHBoxLayout()
        for button in (self.file_button, self.folder_button, self.synthetic_button):
            button.setAutoDefault(False)
            choices.addWidget(button)
        choices.addStretch(1)
        self.progress = QProgressBar(self)
        self.progress.setTextVisible(False)
        self.progress.setMaximum(1000)
        self.progress_text = QLabel(self)
        self.progress_text.setProperty("role", "muted")
        self.cancel_button = QPushButton("&Cancel", self)
        self.cancel_button.setAutoDefault(False)
        self.cancel_button.clicked.connect(self.cancel)
        self.outcome = QLabel(self)
        self.outcome.setWordWrap(True)
        self.figures = _table(("", first, second, "Difference"), self)
        self.figures.setAccessibleName("Figures")
        self.classes = _table(("Character", "Samples", first, second, "Difference"), self)
        self.classes.setAccessibleName("Every character, the largest difference first")
        close = QPushButton("Close", self)
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addWidget(self.progress_text)
        row.addStretch(1)
        row.addWidget(self.cancel_button)
        row.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 16)
        column.setSpacing(12)
        column.addWidget(title)
        column.addWidget(self.message_bar)
        column.addLayout(choices)
        column.addWidget(self.progress)
        column.addWidget(self.outcome)
        column.addWidget(self.figures)
        column.addWidget(self.classes, 1)
        column.addStretch(0)
        column.addLayout(row)

    def compare(self, data: Path | None) -> None:
        """Compare on a file or folder, or with None on synthetic characters."""
        if self._task is not None:
            return
        self.message_bar.clear()
        first, second = (entry.path for entry in self._entries)
        self._task = self._runner.run(compare_files, first, second, data)
        self._task.progressed.connect(self._show_progress)
        self._task.finished.connect(self._show)
        self._task.failed.connect(self.message_bar.show_error)
        self._task.ended.connect(self._ended)
        self._show_progress(0.0, "Getting ready")
        self._follow()

    def cancel(self) -> None:
        """Ask the comparison to stop."""
        if self._task is not None:
            self._task.cancel()
            self.progress_text.setText("Stopping…")

    def done(self, result: int) -> None:
        self._runner.shutdown()
        super().done(result)

    def _ask_for_file(self) -> None:
        name, _ = QFileDialog.getOpenFileName(
            self, "Labelled characters", settings().read(_FOLDER_KEY, "")
        )
        self._take(name)

    def _ask_for_folder(self) -> None:
        folder = settings().read(_FOLDER_KEY, "")
        self._take(QFileDialog.getExistingDirectory(self, "Labelled characters", folder))

    def _take(self, name: str) -> None:
        if name:
            settings().setValue(_FOLDER_KEY, str(Path(name).parent))
            self.compare(Path(name))

    def _show_progress(self, share: float, text: str) -> None:
        self.progress.setValue(round(1000 * share))
        self.progress_text.setText(f"{text}…")

    def _show(self, comparison: ModelComparison) -> None:
        self.outcome.setText(verdict(comparison, *(entry.name for entry in self._entries)))
        first, second = comparison.first, comparison.second
        _fill(
            self.figures,
            [
                (title, f"{a:.2%}", f"{b:.2%}", signed(100 * (b - a), 2))
                for title, a, b in (
                    ("Accuracy", first.accuracy, second.accuracy),
                    ("Look-alikes merged", first.merged, second.merged),
                    ("First two guesses", first.top_two, second.top_two),
                    ("Calibration error", first.calibration_error, second.calibration_error),
                )
            ],
        )
        heights = sum(self.figures.rowHeight(row) for row in range(self.figures.rowCount()))
        self.figures.setFixedHeight(
            heights + self.figures.horizontalHeader().sizeHint().height() + 4
        )
        _fill(
            self.classes,
            [
                (
                    one.label,
                    f"{one.samples:,}",
                    f"{one.first / one.samples:.1%}",
                    f"{one.second / one.samples:.1%}",
                    signed(100 * one.gain, 1),
                )
                for one in comparison.classes
            ],
        )

    def _ended(self) -> None:
        self._task = None
        self._follow()

    def _follow(self) -> None:
        busy, has_result = self._task is not None, self.classes.rowCount() > 0
        for button in (self.file_button, self.folder_button, self.synthetic_button):
            button.setEnabled(not busy)
        shown: list[tuple[QWidget, bool]] = [
            *((widget, busy) for widget in (self.progress, self.progress_text, self.cancel_button)),
            *((widget, has_result) for widget in (self.outcome, self.figures, self.classes)),
        ]
        for widget, is_shown in shown:
            widget.setVisible(is_shown)


def verdict(comparison: ModelComparison, first: str, second: str) -> str:
    """Which of two models reads better, in a sentence or two."""
    images = f"{comparison.first.samples:,} images of {comparison.first.name}"
    if comparison.left_out:
        images += f" ({comparison.left_out:,} of other characters left out)"
    apart = comparison.second.accuracy - comparison.first.accuracy
    if comparison.p_value >= _CHANCE:
        text = "No difference that could not be chance"
    else:
        better = second if apart > 0 else first
        text = f"{better} reads better, by {100 * abs(apart):.2f} points"
    return (
        f"{text}. {images}: {comparison.only_first:,} that only {first} reads right, "
        f"{comparison.only_second:,} that only {second} does (McNemar’s test: "
        f"p = {comparison.p_value:.2g})."
    )


def signed(points: float, digits: int) -> str:
    """A difference with its sign; nothing that rounds to nothing has one."""
    text = f"{points:+.{digits}f}".replace("-", "−")
    return text if any(digit in text for digit in "123456789") else text[1:]


def _table(columns: tuple[str, ...], parent: QWidget) -> QTableWidget:
    table = QTableWidget(0, len(columns), parent)
    table.setHorizontalHeaderLabels(columns)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.ResizeToContents)
    header.setHighlightSections(False)
    table.verticalHeader().hide()
    table.setShowGrid(False)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return table


def _fill(table: QTableWidget, rows: list[tuple[str, ...]]) -> None:
    table.setRowCount(len(rows))
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setItem(row, column, item)
