"""The gradient check at a press: back-propagation against central differences, layer by layer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.evaluation.gradient_check import LayerCheck
from handwrite_gui.engine.training.run_gradients import BATCH, check_gradients, new_network
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.icons import icon
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import ignore_wheel_without_focus, muted_label, progress_bar
from handwrite_gui.train.layers_page import layer_name
from handwrite_gui.train.panel import PanelRun
from handwrite_gui.train.take_away import Exhibit, Table
from handwrite_gui.workers import Task, TaskRunner

_WORDS = (
    f"Back-propagation against (L(w + h) − L(w − h)) / 2h, in 64 bits, on {BATCH} training "
    "samples: the weight with the largest gradient and others drawn at random. Errors are relative "
    "to the largest gradient in the same array; below 10⁻⁶ the derivation is right."
)
_HEADS = ("Layer", "Largest error", "Largest |∂L/∂w|", "Tried", "Verdict")
_NOW, _BEFORE = "now", "before"


class GradientPage(QWidget):
    """Checks the gradients of the run that goes on or was the last.

    Signals:
        checked(list[LayerCheck]): a check has come to its end.
        failed(Exception): it broke off.
    """

    checked = Signal(list)
    failed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run: PanelRun | None = None
        self._checks: Sequence[LayerCheck] = ()
        self._task: Task | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self.which = QComboBox()
        self.which.setAccessibleName("Which weights")
        self.which.addItem("The weights now", _NOW)
        self.which.addItem("The weights before training", _BEFORE)
        self.button = QPushButton("Check the gradients")
        self.cancel_button = QPushButton("Cancel")
        self.progress = progress_bar("Gradient check")
        self.state = muted_label()
        self.table = _table()
        self.verdict = QLabel()
        self.verdict.setWordWrap(True)
        self.button.clicked.connect(self.check)
        self.cancel_button.clicked.connect(self.cancel)
        ignore_wheel_without_focus([self.which], self)
        self._lay_out()
        self._show_busy()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        row = QHBoxLayout()
        row.setSpacing(spacing)
        row.addWidget(self.button)
        row.addWidget(self.which)
        row.addStretch(1)
        work = QHBoxLayout()
        work.setSpacing(spacing)
        work.addWidget(self.progress, 1)
        work.addWidget(self.state)
        work.addWidget(self.cancel_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing)
        layout.addWidget(muted_label(_WORDS, wraps=True))
        layout.addLayout(row)
        layout.addLayout(work)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.verdict)

    # What the panel tells

    def begin(self, run: PanelRun) -> None:
        """Another run: what was checked before is not of it."""
        self.cancel()
        self._run = run
        self._show(())

    def exhibits(self) -> tuple[Exhibit, ...]:
        return (Exhibit("Gradient check", "gradient-check", self.table, self._rows),)

    def shutdown(self) -> None:
        self._runner.shutdown()

    # The check

    @property
    def is_busy(self) -> bool:
        return self._task is not None

    def check(self) -> None:
        """Check the chosen weights; a run that goes on is not held up."""
        if self._run is None or self.is_busy:
            return
        which = self.which.currentData()
        task = self._runner.run(_check, self._run.trainer, self._run.data.training, which)
        self._task = task
        self.progress.setValue(0)
        self.state.setText("Beginning…")
        task.progressed.connect(self._show_progress)
        task.finished.connect(self._take)
        task.failed.connect(self._fail)
        task.cancelled.connect(self._end)
        self._show_busy()

    def cancel(self) -> None:
        """Ask the check to stop."""
        if self._task is not None:
            self._task.cancel()
            self.state.setText("Stopping…")

    def _show_progress(self, fraction: float, text: str) -> None:
        self.progress.setValue(round(1000 * fraction))
        self.state.setText(text)

    def _take(self, checks: list[LayerCheck]) -> None:
        self._end()
        self._show(checks)
        self.checked.emit(checks)

    def _fail(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)

    def _end(self) -> None:
        self._task = None
        self._show_busy()

    def _show_busy(self) -> None:
        for of_work in (self.progress, self.state, self.cancel_button):
            of_work.setVisible(self.is_busy)
        self.button.setEnabled(not self.is_busy)
        self.which.setEnabled(not self.is_busy)

    # What came of it

    def _show(self, checks: Sequence[LayerCheck]) -> None:
        self._checks = checks
        self.table.setRowCount(len(checks))
        for number, (check, row) in enumerate(zip(checks, self._texts(), strict=True)):
            for column, text in enumerate(row):
                item = QTableWidgetItem(text)
                if 0 < column < len(_HEADS) - 1:
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                if column == 1:
                    item.setToolTip(f"In {check.worst}")
                if column == len(_HEADS) - 1:
                    item.setIcon(
                        icon("check", "success") if check.is_right else icon("error", "danger")
                    )
                self.table.setItem(number, column, item)
        self.verdict.setText(verdict_of(checks))

    def _texts(self) -> list[tuple[str, ...]]:
        count = len(self._checks)
        return [
            (
                layer_name(check.layer, count),
                f"{check.error:.1e}",
                f"{check.largest_gradient:.1e}",
                f"{check.checked:,} of {check.parameters:,}",
                "right" if check.is_right else "wrong",
            )
            for check in self._checks
        ]

    def _rows(self) -> Table:
        return [
            ["layer", "largest relative error", "in", "largest gradient", "tried", "parameters"],
            *(
                [c.layer, c.error, c.worst, c.largest_gradient, c.checked, c.parameters]
                for c in self._checks
            ),
        ]


def verdict_of(checks: Sequence[LayerCheck]) -> str:
    """In a sentence what a check showed; nothing where nothing was checked."""
    if not checks:
        return ""
    worst = max(checks, key=lambda check: check.error)
    where = layer_name(worst.layer, len(checks))
    if all(check.is_right for check in checks):
        tried = sum(check.checked for check in checks)
        return (
            f"Right: of {tried:,} weights and biases tried, the largest relative error is "
            f"{worst.error:.1e}, in {where}."
        )
    return (
        f"Wrong in {where}: the relative error is {worst.error:.1e}. That is a mistake of the "
        "program; please report it with the settings of the run."
    )


def _check(
    trainer: Trainer,
    data: TrainingData,
    which: str,
    on_progress: Callable[[float, str], object],
    should_stop: Callable[[], bool],
) -> list[LayerCheck]:
    if which == _BEFORE:
        network = new_network(trainer.settings, data.inputs.shape[1], len(trainer.classes))
    else:
        network = trainer.learned_network()
    return check_gradients(
        network, trainer.settings, data, on_progress=on_progress, should_stop=should_stop
    )


def _table() -> QTableWidget:
    table = QTableWidget(0, len(_HEADS))
    table.setHorizontalHeaderLabels(list(_HEADS))
    table.setAccessibleName("Gradient check of every layer")
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    table.setShowGrid(False)
    table.verticalHeader().hide()
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    for column in range(1, len(_HEADS) - 1):
        head = table.horizontalHeaderItem(column)
        if head is not None:
            head.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setMinimumSectionSize(110)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setStretchLastSection(True)
    return table
