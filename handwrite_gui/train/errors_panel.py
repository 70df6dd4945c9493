"""Where the network errs: who is taken for whom, how sure it is, and the samples behind it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QButtonGroup,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.evaluation.confusion import most_mistaken, order_by_confusion
from handwrite_gui.engine.evaluation.metrics import ReliabilityBin
from handwrite_gui.engine.evaluation.readings import Readings, calibration, least_certain, worst
from handwrite_gui.settings import Settings
from handwrite_gui.theme import theme
from handwrite_gui.train.calibration_plot import CalibrationPlot
from handwrite_gui.train.class_table import ClassTable
from handwrite_gui.train.confusion_matrix import ConfusionMatrixWidget
from handwrite_gui.train.confusion_summary import ConfusionSummary, Mode
from handwrite_gui.train.controls import heading_label, muted_label, segment_button, squeezable
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.panel import Panel, PanelRun
from handwrite_gui.train.run_buffer import Evaluation, RunUpdate
from handwrite_gui.train.sample_desk import LabelledInputs, SampleDesk
from handwrite_gui.train.take_away import Exhibit
from handwrite_gui.workers import TaskRunner

WORST_CLASSES = 10
_LISTED = 200
_ORDER_SECONDS = 5.0
_WIDTH_FOR_TWO_COLUMNS = 560
_WIDTH_FOR_ONE_ROW = 400
_SPLITTER_KEY = "train/errors_splitter"

_MODES: tuple[tuple[str, Mode, str], ...] = (
    ("Share of row", "row", "Of the samples of a class, the share that was read so"),
    ("Share of column", "column", "Of what was read so, the share that is of the class"),
    ("Count", "count", "How many samples were read so"),
)
_ORDERS = (
    ("In order", "Classes in the order of the characters"),
    ("By confusion", "Classes that are taken for each other beside each other"),
)
_EXTENTS = (
    ("All classes", "Every class"),
    (f"The {WORST_CLASSES} worst", "Only the classes with the most mistakes"),
)

Kind = Literal["cell", "class", "worst", "least"]


@dataclass(frozen=True)
class _Wish:
    """Which samples are to be shown: of a cell, of a class that was mistaken, or the worst."""

    kind: Kind
    true: int = 0
    predicted: int = 0


@dataclass(frozen=True, eq=False)
class _Found:
    """Rows of the validation samples, and how many the true class has."""

    wish: _Wish
    rows: NDArray[np.int64]
    of_class: int


def _find(wish: _Wish, readings: Readings, targets: NDArray[np.int64]) -> _Found:
    of_class = targets == wish.true
    match wish.kind:
        case "cell":
            rows = np.flatnonzero(of_class & (readings.predictions == wish.predicted))
            # The surest first: among the right ones the typical, among the wrong the telling.
            rows = rows[np.argsort(-readings.confidences[rows], kind="stable")]
        case "class":
            rows = np.flatnonzero(of_class & (readings.predictions != wish.true))
            rows = rows[np.argsort(readings.label_probabilities[rows], kind="stable")]
        case "worst":
            rows = worst(readings, targets, _LISTED)
        case "least":
            rows = least_certain(readings, _LISTED)
    return _Found(wish, rows, int(np.count_nonzero(of_class)))


class ErrorsPanel(Panel):
    """Shows the evaluation of the last epoch.

    Signals:
        samples_shown(): the samples that were asked for have arrived.
        why_wanted(int): the person asks why a validation sample is read as it is.
    """

    samples_shown = Signal()
    why_wanted = Signal(int)

    curves_beside = False
    _is_wide: bool | None = None

    def __init__(self, labels: LabelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._evaluation: Evaluation | None = None
        self._targets: NDArray[np.int64] = np.zeros(0, np.int64)
        self._wish: _Wish | None = None
        self._ordered_at = 0.0
        self._samples_runner = TaskRunner(self, latest_only=True)
        self._order_runner = TaskRunner(self, latest_only=True)
        self._calibration_runner = TaskRunner(self, latest_only=True)
        self.matrix = ConfusionMatrixWidget()
        self.mode_box = _box("What the cells show", [(t, m, tip) for t, m, tip in _MODES])
        self.order_box = _box("Order of the classes", [(t, t, tip) for t, tip in _ORDERS])
        self.extent_box = _box("Which classes", [(t, t, tip) for t, tip in _EXTENTS])
        self.read_out = squeezable(muted_label())
        self.classes = ClassTable()
        self.calibration = CalibrationPlot()
        self.pages = QStackedWidget()
        self.page_buttons = QButtonGroup(self)
        self.summary_label = squeezable(muted_label())
        self.mistakes = QListWidget()
        self.mistakes.setAccessibleName("Most frequent mistakes")
        self.mistakes.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.worst_button = QPushButton("Worst")
        self.worst_button.setToolTip("What was read wrong with the most certainty")
        self.least_button = QPushButton("Least certain")
        self.least_button.setToolTip("What was read, right or wrong, with the least confidence")
        self.samples = SampleDesk(labels)
        self._lay_out()
        self._connect()
        self._clear()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        self._choices = choices = QGridLayout()
        choices.setSpacing(spacing // 2)
        matrix = QWidget()
        column = _column(matrix)
        column.addLayout(choices)
        column.addWidget(self.matrix, 1)
        column.addWidget(self.read_out)
        self._head = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._head.setSpacing(spacing // 2)
        head = QHBoxLayout()
        head.setSpacing(spacing // 2)
        for index, (title, tip, page) in enumerate(
            (
                ("Matrix", "Which characters are taken for which", matrix),
                ("Classes", "Precision and recall of every class", self.classes),
                ("Calibration", "Whether it is right as often as it says", self.calibration),
            )
        ):
            button = segment_button(title, tip)
            self.page_buttons.addButton(button, index)
            head.addWidget(button)
            self.pages.addWidget(page)
        self.page_buttons.button(0).setChecked(True)
        head.addStretch(0)
        self._head.addLayout(head)
        self._head.addWidget(self.summary_label, 1)
        self._top = top = QWidget()
        column = _column(top)
        column.addLayout(self._head)
        column.addWidget(self.pages, 1)
        mistakes = QWidget()
        column = _column(mistakes)
        column.addWidget(heading_label("Most confused"))
        column.addWidget(self.mistakes, 1)
        hardest = QHBoxLayout()
        hardest.setSpacing(spacing // 2)
        hardest.addWidget(self.worst_button)
        hardest.addWidget(self.least_button, 1)
        column.addLayout(hardest)
        self.below = QSplitter(Qt.Orientation.Vertical)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        for splitter, parts in (
            (self.below, (mistakes, self.samples)),
            (self.splitter, (top, self.below)),
        ):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(spacing)
            for part in parts:
                splitter.addWidget(part)
        self.below.setSizes([190, 250])
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([500, 340])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._top.installEventFilter(self)
        self._arrange_head()

    def _connect(self) -> None:
        self.page_buttons.idClicked.connect(self._turn)
        self.matrix.cell_described.connect(self._show_description)
        self.matrix.cell_activated.connect(self.choose_cell)
        self.mode_box.currentIndexChanged.connect(
            lambda _: self.matrix.set_mode(self.mode_box.currentData())
        )
        self.order_box.currentIndexChanged.connect(lambda _: self._put_in_order())
        self.extent_box.currentIndexChanged.connect(lambda _: self._put_in_order())
        self.mistakes.itemActivated.connect(self._choose_mistake)
        self.mistakes.itemClicked.connect(self._choose_mistake)
        self.classes.class_chosen.connect(lambda index: self._fetch(_Wish("class", index)))
        self.worst_button.clicked.connect(lambda: self._fetch(_Wish("worst")))
        self.least_button.clicked.connect(lambda: self._fetch(_Wish("least")))
        self.samples.why_wanted.connect(self.why_wanted)

    # What the view tells

    def begin(self, run: PanelRun) -> None:
        """Forget the last run; the next evaluations are of this one's validation samples."""
        self.begin_with(run.data)

    def begin_with(self, data: PreparedData) -> None:
        """As :meth:`begin`, with the data of a run."""
        self._targets = data.validation.targets
        self.samples.set_data(
            LabelledInputs(
                data.validation.inputs, data.validation.targets, data.classes, data.edits
            )
        )
        self._clear()

    def show_update(self, update: RunUpdate) -> None:
        if update.evaluation is not None:
            self.set_evaluation(update.evaluation)

    def shutdown(self) -> None:
        for runner in (self._samples_runner, self._order_runner, self._calibration_runner):
            runner.shutdown()

    def save_state(self, store: QSettings) -> None:
        store.setValue(_SPLITTER_KEY, self.below.saveState())

    def restore_state(self, store: Settings) -> None:
        state = store.value(_SPLITTER_KEY)
        if isinstance(state, QByteArray):
            self.below.restoreState(state)
            self._arrange()

    def exhibits(self) -> tuple[Exhibit, ...]:
        """What can be taken along of what is shown."""
        match self.pages.currentIndex():
            case 0:
                return (Exhibit("Confusion matrix", "confusion", self.matrix, self._counts),)
            case 1:
                return (Exhibit("Classes", "classes", self.classes, self.classes.table),)
            case _:
                plot = self.calibration
                return (Exhibit("Calibration", "calibration", plot, plot.table),)

    @property
    def readings(self) -> Readings | None:
        """Of the validation samples, after the last evaluation."""
        return self._evaluation.readings if self._evaluation is not None else None

    def set_evaluation(self, evaluation: Evaluation) -> None:
        """Show the figures of another epoch, and the chosen samples anew."""
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
        for button in (self.worst_button, self.least_button):
            button.setEnabled(True)
        self._show_page()
        is_as_ever = self.order_box.currentIndex() == self.extent_box.currentIndex() == 0
        if not is_as_ever and time.monotonic() - self._ordered_at > _ORDER_SECONDS:
            self._put_in_order()
        # Samples that somebody is working on are not taken from under their hands.
        if self._wish is not None and not self.samples.grid.chosen:
            self._fetch(self._wish)

    def _clear(self) -> None:
        self._evaluation = None
        self._wish = None
        self._ordered_at = 0.0
        self.matrix.set_summary(None)
        self.classes.set_summary(None)
        self.calibration.set_bins(())
        self.summary_label.clear()
        self.mistakes.clear()
        for button in (self.worst_button, self.least_button):
            button.setEnabled(False)
        self.samples.clear(
            "Samples", "Choose a cell of the matrix or a mistake to see its samples."
        )

    # The figures

    def _turn(self, page: int) -> None:
        self.pages.setCurrentIndex(page)
        self._show_page()

    def _show_page(self) -> None:
        """Bring the page in view up to date; the others wait until they are."""
        if self._evaluation is None:
            return
        if self.pages.currentWidget() is self.classes:
            self.classes.set_summary(self._evaluation.summary)
        elif self.pages.currentWidget() is self.calibration:
            task = self._calibration_runner.run(
                calibration, self._evaluation.readings, self._targets
            )
            task.finished.connect(self._show_calibration)

    def _show_calibration(self, bins: list[ReliabilityBin]) -> None:
        self.calibration.set_bins(bins)

    def _put_in_order(self) -> None:
        """Work out which classes are shown, in which order."""
        if self._evaluation is None:
            return
        self._ordered_at = time.monotonic()
        task = self._order_runner.run(
            _order,
            self._evaluation.summary.counts,
            by_confusion=self.order_box.currentIndex() == 1,
            worst_only=self.extent_box.currentIndex() == 1,
        )
        classes = self._evaluation.summary.classes
        task.finished.connect(lambda order: self._take_order(classes, order))

    def _take_order(self, classes: tuple[str, ...], order: tuple[int, ...]) -> None:
        shown = self.matrix.summary
        if shown is not None and shown.classes == classes:
            self.matrix.set_order(order)

    def _counts(self) -> list[list[object]]:
        """The matrix as a table, in the order that is shown."""
        summary = self.matrix.summary
        if summary is None:
            return []
        order = self.matrix.order
        head: list[object] = ["true \\ read as", *(summary.classes[index] for index in order)]
        return [
            head,
            *([summary.classes[t], *(int(summary.counts[t, p]) for p in order)] for t in order),
        ]

    def _list_mistakes(self, summary: ConfusionSummary) -> None:
        self.mistakes.clear()
        for mistake in summary.worst:
            true, predicted = summary.classes[mistake.true], summary.classes[mistake.predicted]
            item = QListWidgetItem(f"{true} read as {predicted}: {mistake.count:,}")
            share = mistake.count / max(mistake.total, 1)
            item.setToolTip(
                f"{mistake.count:,} of the {mistake.total:,} samples of {true} ({share:.1%}) were "
                f"read as {predicted}"
            )
            self.mistakes.addItem(item)
        if not summary.worst:
            item = QListWidgetItem("No mistakes")
            item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.mistakes.addItem(item)

    def _mark_chosen_mistake(self) -> None:
        found = self._evaluation.summary.worst if self._evaluation else ()
        wish = self._wish
        rows = [
            row
            for row, mistake in enumerate(found)
            if wish == _Wish("cell", mistake.true, mistake.predicted)
        ]
        self.mistakes.setCurrentRow(rows[0] if rows else -1)

    def _choose_mistake(self, item: QListWidgetItem) -> None:
        if self._evaluation is None or not self._evaluation.summary.worst:
            return
        mistake = self._evaluation.summary.worst[self.mistakes.row(item)]
        if not {mistake.true, mistake.predicted} <= set(self.matrix.order):
            self.extent_box.setCurrentIndex(0)
            self.matrix.set_order(range(len(self._evaluation.summary.classes)))
        self.matrix.set_current_cell(mistake.true, mistake.predicted)
        self.choose_cell(mistake.true, mistake.predicted)

    def _show_description(self, text: str) -> None:
        if not text and self.matrix.summary is not None:
            text = "Point at a cell; click it for its samples"
        self.read_out.setText(text)

    # The samples

    def choose_cell(self, true: int, predicted: int) -> None:
        """Show the samples of a cell, by class indices; they are looked up in a worker."""
        self._fetch(_Wish("cell", true, predicted))

    def _fetch(self, wish: _Wish) -> None:
        if self._evaluation is None:
            return
        self._wish = wish
        self._mark_chosen_mistake()
        task = self._samples_runner.run(_find, wish, self._evaluation.readings, self._targets)
        task.finished.connect(self._show_samples)

    def _show_samples(self, found: _Found) -> None:
        if self._evaluation is None:
            return
        classes = self._evaluation.summary.classes
        true, predicted = classes[found.wish.true], classes[found.wish.predicted]
        count = len(found.rows)
        match found.wish.kind:
            case "cell":
                title = f"{true} read as {predicted}"
                detail = f"{count:,} of {found.of_class:,} samples, the surest first"
                if not count:
                    detail = f"None of the {found.of_class:,} validation samples."
            case "class":
                title = f"{true} read wrong"
                detail = f"{count:,} of {found.of_class:,} samples"
            case "worst":
                title = "Worst"
                detail = (
                    f"{count:,} samples read wrong, those first that it was surest of"
                    if count
                    else "No sample was read wrong."
                )
            case "least":
                title = "Least certain"
                detail = f"The {count:,} samples of the lowest confidence"
        self.samples.show_rows(title, detail, found.rows.tolist(), self._describer(found.wish.kind))
        self.samples_shown.emit()

    def _describer(self, kind: Kind) -> Callable[[int], tuple[str, str]]:
        assert self._evaluation is not None
        readings, classes = self._evaluation.readings, self._evaluation.summary.classes
        targets = self._targets

        def describe(row: int) -> tuple[str, str]:
            label, read = classes[targets[row]], classes[readings.predictions[row]]
            confidence = float(readings.confidences[row])
            own = float(readings.label_probabilities[row])
            tip = f"{label} read as {read}, {confidence:.1%} sure"
            if label != read:
                tip += f"; {own:.2%} for {label}"
            return (f"{confidence:.0%}" if kind == "cell" else f"{label} ▸ {read}"), tip

        return describe

    # The room

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()

    def _arrange(self) -> None:
        """Side by side where there is the width, else above each other."""
        wide = self.width() >= _WIDTH_FOR_TWO_COLUMNS
        outer = Qt.Orientation.Horizontal if wide else Qt.Orientation.Vertical
        inner = Qt.Orientation.Vertical if wide else Qt.Orientation.Horizontal
        if self.splitter.orientation() is not outer:
            self.splitter.setOrientation(outer)
            self.below.setOrientation(inner)
            total = self.width() if wide else self.height()
            self.splitter.setSizes([round(0.6 * total), round(0.4 * total)])
            self.below.setSizes([190, 250])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._top and event.type() == QEvent.Type.Resize:
            self._arrange_head()
        return False

    def _arrange_head(self) -> None:
        """What the matrix shows is chosen in one row, or in two where there is no room."""
        wide = self._top.width() >= _WIDTH_FOR_ONE_ROW
        if wide is self._is_wide:
            return
        self._is_wide = wide
        direction = QBoxLayout.Direction
        self._head.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
        boxes = (self.mode_box, self.order_box, self.extent_box)
        for box in boxes:
            self._choices.removeWidget(box)
        places = ((0, 0, 1, 1), (0, 1, 1, 1), (0, 2, 1, 1))
        for box, place in zip(
            boxes, places if wide else ((0, 0, 1, 2), (1, 0, 1, 1), (1, 1, 1, 1)), strict=True
        ):
            self._choices.addWidget(box, *place)
        for column in range(3):
            self._choices.setColumnStretch(column, int(wide or column < 2))


def _order(counts: NDArray[np.int64], *, by_confusion: bool, worst_only: bool) -> tuple[int, ...]:
    """The classes that the matrix shows, in their order."""
    shown = np.arange(len(counts))
    if worst_only:
        shown = np.sort(most_mistaken(counts, WORST_CLASSES))
    if by_confusion:
        shown = shown[order_by_confusion(counts[np.ix_(shown, shown)])]
    return tuple(int(index) for index in shown)


def _box(name: str, choices: list[tuple[str, str, str]]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    box.setToolTip(name)
    for index, (text, data, tip) in enumerate(choices):
        box.addItem(text, data)
        box.setItemData(index, tip, Qt.ItemDataRole.ToolTipRole)
    box.setMinimumWidth(80)
    return box


def _column(widget: QWidget) -> QVBoxLayout:
    layout = QVBoxLayout(widget)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme().tokens.spacing // 2)
    return layout
