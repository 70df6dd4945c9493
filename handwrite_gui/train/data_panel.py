"""A browser of the data: every class, what occurs twice, doubtful labels, augmentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QSlider,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.data.audit import cross_probabilities, doubtful_labels, duplicates
from handwrite_gui.engine.data.augmentation import Augmenter
from handwrite_gui.engine.data.label_edits import LabelEdits
from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import heading_label, muted_label, squeezable
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.panel import Panel
from handwrite_gui.train.sample_desk import LabelledInputs, SampleDesk
from handwrite_gui.train.thumbnails import Thumbnails
from handwrite_gui.workers import Task, TaskRunner

_VARIANTS = 14
_ALL = -1
_NO_DATA = "Get data ready at the left to look at them here."
_BAR_ROLE = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, eq=False)
class _Everything:
    """Training and validation samples together, training first."""

    samples: LabelledInputs
    training_count: int
    counts: tuple[int, ...]


def _gather(data: PreparedData) -> _Everything:
    inputs = np.concatenate([data.training.inputs, data.validation.inputs])
    targets = np.concatenate([data.training.targets, data.validation.targets])
    counts = np.bincount(targets, minlength=len(data.classes))
    samples = LabelledInputs(inputs, targets, data.classes, LabelEdits())
    return _Everything(samples, data.training_count, tuple(counts.tolist()))


@dataclass(frozen=True, eq=False)
class _Finding:
    title: str
    detail: str
    rows: list[int]
    captions: dict[int, tuple[str, str]]


def _find_duplicates(everything: _Everything) -> _Finding:
    samples = everything.samples
    groups = duplicates(samples.inputs)
    split = labels = 0
    captions: dict[int, tuple[str, str]] = {}
    for number, group in enumerate(groups, 1):
        parts = {bool(row < everything.training_count) for row in group}
        names = sorted({samples.label(int(row)) for row in group})
        split += len(parts) > 1
        labels += len(names) > 1
        for row in group.tolist():
            captions[row] = (
                f"{samples.label(row)} · {number}",
                f"{samples.label(row)}, one of {len(group)} equal images",
            )
    detail = (
        f"{len(groups):,} {'image occurs' if len(groups) == 1 else 'images occur'} more than once"
    )
    if labels:
        detail += f"; {labels:,} of them with different labels"
    if split:
        detail += f"; {split:,} of them in training and in validation"
    rows = [int(row) for group in groups for row in group]
    return _Finding("Duplicates", detail if groups else "No image occurs twice.", rows, captions)


def _find_doubtful(
    everything: _Everything,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> _Finding:
    samples = everything.samples
    data = TrainingData(samples.inputs, samples.targets)
    probabilities = cross_probabilities(
        data, samples.classes, on_progress=on_progress, should_stop=should_stop
    )
    rows = doubtful_labels(probabilities, samples.targets).tolist()
    captions = {}
    for row in rows:
        read = int(probabilities[row].argmax())
        label, other = samples.label(row), samples.classes[read]
        tip = (
            f"Labelled {label}, judged {other} ({probabilities[row, read]:.0%}; "
            f"{probabilities[row, samples.targets[row]]:.1%} for {label})"
        )
        captions[row] = (f"{label} ▸ {other}", tip)
    detail = f"{len(rows):,} labels are doubtful, the most doubtful first: look, then decide"
    return _Finding("Doubtful labels", detail if rows else "No label is doubtful.", rows, captions)


def _variants(image: NDArray[np.uint8], strength: float, seed: int) -> NDArray[np.uint8]:
    """The image as training would show it, anew every time: uint8 (n, 32, 32)."""
    batch = np.repeat(image[np.newaxis], _VARIANTS, axis=0)
    changed = Augmenter(strength)(batch, np.random.default_rng(seed))
    levels = np.rint(255 * np.clip(changed, 0, 1)).astype(np.uint8)
    return levels.reshape(_VARIANTS, INPUT_SIZE, INPUT_SIZE)


class _BalanceBars(QStyledItemDelegate):
    """A bar behind each class, as long as its share of the largest."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        share = index.data(_BAR_ROLE)
        if share is not None:
            area: QRect = option.rect
            width = round(float(share) * (area.width() - 4))
            colour = QColor(theme().tokens.accent)
            colour.setAlpha(60)
            painter.fillRect(area.left() + 2, area.bottom() - 3, width, 3, colour)
        super().paint(painter, option, index)


class DataPanel(Panel):
    """Shows the data that were made ready, before any run too.

    Signals:
        shown(): the samples that were asked for have arrived.
        previewed(): the augmented samples have arrived.
    """

    shown = Signal()
    previewed = Signal()

    needs_run = False
    curves_beside = False

    def __init__(self, labels: LabelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self._everything: _Everything | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self._search = TaskRunner(self, latest_only=True)
        self._preview = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self._seed = 0
        self.classes = QListWidget()
        self.classes.setAccessibleName("Classes and how many samples they have")
        self.classes.setItemDelegate(_BalanceBars(self.classes))
        self.classes.currentRowChanged.connect(lambda _: self._show_class())
        self.part = QComboBox()
        self.part.setAccessibleName("Which samples")
        self.part.addItems(["Training and validation", "Training", "Validation", "Changed labels"])
        self.part.currentIndexChanged.connect(lambda _: self._show_class())
        self.duplicates_button = QPushButton("Duplicates")
        self.duplicates_button.setToolTip("Images that occur more than once, to the last pixel")
        self.duplicates_button.clicked.connect(self.find_duplicates)
        self.doubtful_button = QPushButton("Doubtful labels")
        self.doubtful_button.setToolTip(
            "Small networks judge the samples that they did not learn from: confident learning"
        )
        self.doubtful_button.clicked.connect(self.find_doubtful)
        self.progress = QProgressBar()
        self.progress.setRange(0, 1000)
        self.progress.setAccessibleName("Judging the labels")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self._search.cancel_all)
        self.balance = muted_label(wraps=True)
        self.desk = SampleDesk(labels, explains=False)
        self.desk.grid.chosen_changed.connect(self._preview_soon)
        self.strength = QSlider(Qt.Orientation.Horizontal)
        self.strength.setRange(0, 100)
        self.strength.setValue(50)
        self.strength.setAccessibleName("Strength of the augmentation")
        self.strength.valueChanged.connect(self._preview_soon)
        self.strength_label = muted_label()
        self.anew_button = QPushButton("Anew")
        self.anew_button.setToolTip("Draw other random changes")
        self.anew_button.clicked.connect(self._draw_anew)
        self.variants = Thumbnails()
        self.variants.setAccessibleName("The chosen sample with random changes")
        self._soon = QTimer(self, singleShot=True, interval=40)
        self._soon.timeout.connect(self._draw_variants)
        self._lay_out()
        self._refresh()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
        column.addWidget(heading_label("Classes"))
        column.addWidget(self.balance)
        column.addWidget(self.classes, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
        head = QHBoxLayout()
        head.setSpacing(spacing // 2)
        head.addWidget(self.part, 1)
        for widget in (
            self.duplicates_button,
            self.doubtful_button,
            self.progress,
            self.cancel_button,
        ):
            head.addWidget(widget)
        self.part.setMinimumWidth(80)
        column.addLayout(head)
        column.addWidget(self.desk, 1)
        changes = QHBoxLayout()
        changes.setSpacing(spacing)
        changes.addWidget(squeezable(heading_label("Augmentation")))
        changes.addWidget(self.strength, 1)
        changes.addWidget(self.strength_label)
        changes.addWidget(self.anew_button)
        column.addLayout(changes)
        column.addWidget(self.variants)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(spacing)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([150, 500])
        splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    # What the view tells

    def set_data(self, data: PreparedData) -> None:
        self._search.cancel_all()
        task = self._runner.run(_gather, data)
        task.finished.connect(lambda everything: self._take(everything, data))
        task.failed.connect(self.error_raised)

    def shutdown(self) -> None:
        self._soon.stop()
        for runner in (self._runner, self._search, self._preview):
            runner.shutdown()

    def _take(self, everything: _Everything, data: PreparedData) -> None:
        self._everything = everything
        self.desk.set_data(everything.samples)
        counts, total = everything.counts, sum(everything.counts)
        self.classes.clear()
        self.classes.addItem(QListWidgetItem(f"All  {total:,}"))
        for name, count in zip(everything.samples.classes, counts, strict=True):
            item = QListWidgetItem(f"{name}  {count:,}")
            item.setData(_BAR_ROLE, count / max(counts))
            self.classes.addItem(item)
        fewest, most = min(counts), max(counts)
        a_class = f"{fewest:,} to {most:,} a class" if fewest < most else f"{most:,} of each class"
        held = "whole writers held back" if data.by_groups else "held back at random"
        self.balance.setText(
            f"{data.training_count:,} to train on, {data.validation_count:,} to validate "
            f"({held}); {a_class}"
        )
        self.classes.setCurrentRow(0)
        self._refresh()

    # What is shown

    def _show_class(self) -> None:
        everything, chosen = self._everything, self.classes.currentRow() - 1
        if everything is None or self.classes.currentRow() < 0:
            return
        samples, first = everything.samples, everything.training_count
        rows = np.arange(len(samples.targets))
        name = "All classes" if chosen == _ALL else samples.classes[chosen]
        if chosen != _ALL:
            rows = rows[samples.targets == chosen]
        match self.part.currentIndex():
            case 1:
                rows = rows[rows < first]
            case 2:
                rows = rows[rows >= first]
            case 3:
                # Keys are hashed one by one: a moment's work, and only where there are edits.
                edits = self._labels.edits
                kept = [row for row in rows.tolist() if edits and samples.key(row) in edits]
                rows = np.array(kept, np.int64)
        self._show(name, f"{len(rows):,} samples", rows.tolist(), None)

    def _show(
        self,
        title: str,
        detail: str,
        rows: Sequence[int],
        captions: dict[int, tuple[str, str]] | None,
    ) -> None:
        assert self._everything is not None
        samples, first = self._everything.samples, self._everything.training_count

        def describe(row: int) -> tuple[str, str]:
            part = "training" if row < first else "validation"
            caption, tip = (captions or {}).get(row, (samples.label(row), samples.label(row)))
            return caption, f"{tip}; {part} sample"

        self.desk.show_rows(title, detail, rows, describe)
        self._preview_soon()
        self.shown.emit()

    # Searching

    def find_duplicates(self) -> None:
        """Show images that occur more than once."""
        self._start(_find_duplicates)

    def find_doubtful(self) -> None:
        """Show samples whose labels are doubtful; takes a while, and can be given up."""
        self._start(_find_doubtful)

    def _start(self, search: Callable[..., _Finding]) -> None:
        if self._everything is None:
            return
        task = self._task = self._search.run(search, self._everything)
        self.progress.setValue(0)
        task.progressed.connect(lambda share, _: self.progress.setValue(round(1000 * share)))
        task.finished.connect(self._show_finding)
        task.failed.connect(self.error_raised)
        task.ended.connect(lambda: self._end(task))
        self._refresh()

    def _end(self, task: Task) -> None:
        if self._task is task:
            self._task = None
            self._refresh()

    def _show_finding(self, finding: _Finding) -> None:
        self._show(finding.title, finding.detail, finding.rows, finding.captions)

    def _refresh(self) -> None:
        has_data, busy = self._everything is not None, self._task is not None
        for button in (self.duplicates_button, self.doubtful_button):
            button.setVisible(not busy)
        self.progress.setVisible(busy)
        self.cancel_button.setVisible(busy)
        needs_data: tuple[QWidget, ...] = (
            self.duplicates_button,
            self.doubtful_button,
            self.part,
            self.strength,
            self.anew_button,
        )
        for widget in needs_data:
            widget.setEnabled(has_data)
        if not has_data:
            self.balance.setText("")
            self.desk.clear("Samples", _NO_DATA)

    # Augmentation

    def _draw_anew(self) -> None:
        self._seed += 1
        self._draw_variants()

    def _preview_soon(self) -> None:
        self.strength_label.setText(f"{self.strength.value() / 100:.2f}")
        self._soon.start()

    def _draw_variants(self) -> None:
        shown = self.desk.grid.chosen or tuple(one.row for one in self.desk.grid.samples[:1])
        if self._everything is None or not shown:
            self.variants.set_images(None)
            return
        image = self._everything.samples.inputs[shown[0]]
        task = self._preview.run(_variants, image, self.strength.value() / 100, self._seed)
        task.finished.connect(self._show_variants)

    def _show_variants(self, images: NDArray[np.uint8]) -> None:
        self.variants.set_images(images)
        self.previewed.emit()
