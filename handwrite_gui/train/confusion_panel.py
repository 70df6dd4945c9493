"""The confusion matrix with its most frequent mistakes and the samples behind a cell."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.theme import theme
from handwrite_gui.train.confusion_matrix import ConfusionMatrixWidget
from handwrite_gui.train.confusion_summary import ConfusionSummary
from handwrite_gui.train.controls import heading_label, muted_label, segment_button
from handwrite_gui.train.run_buffer import Evaluation
from handwrite_gui.train.samples_panel import CellSamples, SamplesPanel, cell_samples
from handwrite_gui.workers import TaskRunner


class ConfusionPanel(QWidget):
    """Shows the evaluation of the last epoch.

    Signals:
        samples_shown(): the samples of the chosen cell have arrived.
    """

    samples_shown = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluation: Evaluation | None = None
        self._validation: TrainingData | None = None
        self._chosen: tuple[int, int] | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self.matrix = ConfusionMatrixWidget()
        self.matrix.cell_described.connect(self._show_description)
        self.matrix.cell_activated.connect(self.choose_cell)
        self.summary_label = muted_label()
        self.share_button = segment_button("Share", "Colour the cells by their share of the row")
        self.count_button = segment_button("Count", "Colour the cells by number of samples")
        self._modes = QButtonGroup(self)
        for button in (self.share_button, self.count_button):
            self._modes.addButton(button)
        self.share_button.setChecked(True)
        self.share_button.toggled.connect(self.matrix.set_shows_shares)
        self.read_out = muted_label()
        self.mistakes = QListWidget()
        self.mistakes.setAccessibleName("Most frequent mistakes")
        self.mistakes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.mistakes.itemActivated.connect(self._choose_mistake)
        self.mistakes.itemClicked.connect(self._choose_mistake)
        self.samples = SamplesPanel()
        self._lay_out()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        controls = QHBoxLayout()
        controls.setSpacing(spacing // 2)
        controls.addWidget(self.summary_label, 1)
        controls.addWidget(self.share_button)
        controls.addWidget(self.count_button)
        top = QWidget()
        above = QVBoxLayout(top)
        above.setContentsMargins(0, spacing, 0, 0)
        above.setSpacing(spacing // 2)
        above.addLayout(controls)
        above.addWidget(self.matrix, 1)
        above.addWidget(self.read_out)
        mistakes = QWidget()
        column = QVBoxLayout(mistakes)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
        column.addWidget(heading_label("Most confused"))
        column.addWidget(self.mistakes, 1)
        below = QSplitter(Qt.Orientation.Horizontal)
        below.setChildrenCollapsible(False)
        below.setHandleWidth(2 * spacing)
        below.addWidget(mistakes)
        below.addWidget(self.samples)
        below.setSizes([300, 240])
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(spacing)
        self.splitter.addWidget(top)
        self.splitter.addWidget(below)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([420, 150])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)

    def begin(self, validation: TrainingData) -> None:
        """Forget the last run; the next evaluations are of these samples."""
        self._validation = validation
        self._evaluation = None
        self._chosen = None
        self.matrix.set_summary(None)
        self.summary_label.clear()
        self.mistakes.clear()
        self.samples.clear()

    def set_evaluation(self, evaluation: Evaluation) -> None:
        """Show the matrix of another epoch, and the chosen cell's samples anew."""
        self._evaluation = evaluation
        summary = evaluation.summary
        self.matrix.set_summary(summary)
        right = summary.total - summary.errors
        self.summary_label.setText(
            f"Epoch {summary.epoch}: {right / max(summary.total, 1):.1%} right"
        )
        self.summary_label.setToolTip(f"{right:,} of {summary.total:,} validation samples")
        self._list_mistakes(summary)
        self._mark_chosen_mistake()
        if self._chosen is not None:
            self._fetch_samples(*self._chosen)

    def choose_cell(self, true: int, predicted: int) -> None:
        """Show the samples of a cell, by class indices; they are looked up in a worker."""
        self._chosen = (true, predicted)
        self._mark_chosen_mistake()
        self._fetch_samples(true, predicted)

    def shutdown(self) -> None:
        self._runner.shutdown()

    def _fetch_samples(self, true: int, predicted: int) -> None:
        if self._evaluation is None or self._validation is None:
            return
        task = self._runner.run(
            cell_samples,
            self._validation,
            self._evaluation.predictions,
            self._evaluation.summary.classes,
            true,
            predicted,
        )
        task.finished.connect(self._show_samples)

    def _show_samples(self, samples: CellSamples) -> None:
        self.samples.show_samples(samples)
        self.samples_shown.emit()

    def _list_mistakes(self, summary: ConfusionSummary) -> None:
        self.mistakes.clear()
        for mistake in summary.worst:
            true, predicted = summary.classes[mistake.true], summary.classes[mistake.predicted]
            item = QListWidgetItem(f"{true} read as {predicted}: {mistake.count:,}")
            item.setToolTip(self.matrix.describe(mistake.true, mistake.predicted))
            self.mistakes.addItem(item)
        if not summary.worst:
            item = QListWidgetItem("No mistakes")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.mistakes.addItem(item)

    def _mark_chosen_mistake(self) -> None:
        worst = self._evaluation.summary.worst if self._evaluation else ()
        rows = [row for row, m in enumerate(worst) if (m.true, m.predicted) == self._chosen]
        self.mistakes.setCurrentRow(rows[0] if rows else -1)

    def _choose_mistake(self, item: QListWidgetItem) -> None:
        if self._evaluation is None or not self._evaluation.summary.worst:
            return
        mistake = self._evaluation.summary.worst[self.mistakes.row(item)]
        self.matrix.set_current_cell(mistake.true, mistake.predicted)
        self.choose_cell(mistake.true, mistake.predicted)

    def _show_description(self, text: str) -> None:
        if not text and self.matrix.summary is not None:
            text = "Point at a cell; click it for its samples"
        self.read_out.setText(text)
