"""A browser of the data: classes and writers, what occurs twice, doubtful labels, augmentation."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.theme import theme
from handwrite_gui.train.augmentation_preview import AugmentationPreview
from handwrite_gui.train.controls import muted_label, progress_bar, segment_button
from handwrite_gui.train.data_findings import (
    Everything,
    Finding,
    find_doubtful,
    find_duplicates,
    find_near_duplicates,
    gather,
)
from handwrite_gui.train.data_source import PreparedData
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.panel import Panel
from handwrite_gui.train.sample_desk import SampleDesk
from handwrite_gui.workers import Task, TaskRunner

_HEIGHT_FOR_KINDS = 540
"""Lower, the samples make room for the kinds of augmentation while these are looked at."""
_NO_DATA = "Get data ready at the left to look at them here."
_BAR_ROLE = Qt.ItemDataRole.UserRole + 1
_VALIDATION_ROLE = Qt.ItemDataRole.UserRole + 2


class _BalanceBars(QStyledItemDelegate):
    """A bar below each class or writer, as long as its share of the largest.

    What is held back for validation has the colour that validation has in the curves.
    """

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
            held_back = round(float(index.data(_VALIDATION_ROLE)) * (area.width() - 4))
            series = theme().tokens.series
            for left, right, name in ((0, width - held_back, 0), (width - held_back, width, 1)):
                colour = QColor(series[name])
                colour.setAlpha(150)
                painter.fillRect(area.left() + 2 + left, area.bottom() - 3, right - left, 3, colour)
        super().paint(painter, option, index)


class DataPanel(Panel):
    """Shows the data that were made ready, before any run too.

    Signals:
        shown(): the samples that were asked for have arrived.
    """

    shown = Signal()

    needs_run = False
    curves_beside = False

    def __init__(self, labels: LabelStore, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels = labels
        self._everything: Everything | None = None
        self._runner = TaskRunner(self, latest_only=True)
        self._search = TaskRunner(self, latest_only=True)
        self._task: Task | None = None
        self.by_class = segment_button("Classes", "How many samples each class has")
        self.by_writer = segment_button(
            "Writers",
            "Who wrote how many, and in which part they are: a writer, or a stretch of a scan, is "
            "whole in one of them",
        )
        self.by_class.setChecked(True)
        self._by = QButtonGroup(self)
        for button in (self.by_class, self.by_writer):
            self._by.addButton(button)
        self._by.buttonClicked.connect(lambda _: self._list())
        self.list = QListWidget()
        self.list.setAccessibleName("Classes or writers and how many samples they have")
        self.list.setItemDelegate(_BalanceBars(self.list))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.currentRowChanged.connect(lambda _: self._show_chosen())
        self.part = QComboBox()
        self.part.setAccessibleName("Which samples")
        self.part.addItems(["Both parts", "Training", "Validation", "Changed labels"])
        self.part.currentIndexChanged.connect(lambda _: self._show_chosen())
        self.part.setMinimumWidth(80)
        self.duplicates_button = QPushButton("Duplicates")
        self.duplicates_button.setToolTip("Images that occur more than once, to the last pixel")
        self.duplicates_button.clicked.connect(lambda: self._start(find_duplicates))
        self.near_button = QPushButton("Near duplicates")
        self.near_button.setToolTip(
            "Images that are nearly the same: copies that were scanned, scaled or saved again"
        )
        self.near_button.clicked.connect(lambda: self._start(find_near_duplicates))
        self.doubtful_button = QPushButton("Doubtful labels")
        self.doubtful_button.setToolTip(
            "Small networks judge the samples that they did not learn from: confident learning"
        )
        self.doubtful_button.clicked.connect(lambda: self._start(find_doubtful))
        self._searches = (self.duplicates_button, self.near_button, self.doubtful_button)
        self.progress = progress_bar("Search")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.clicked.connect(self._search.cancel_all)
        self.balance = muted_label(wraps=True)
        self.desk = SampleDesk(labels, explains=False)
        self.desk.grid.chosen_changed.connect(self._preview)
        self.augmentation = AugmentationPreview()
        self.augmentation.kinds_button.toggled.connect(lambda _: self._make_room())
        self._lay_out()
        self._refresh()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
        by = QHBoxLayout()
        by.setSpacing(spacing // 2)
        by.addWidget(self.by_class)
        by.addWidget(self.by_writer)
        by.addStretch(1)
        column.addLayout(by)
        column.addWidget(self.balance)
        column.addWidget(self.part)
        column.addWidget(self.list, 1)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(spacing // 2)
        head = QHBoxLayout()
        head.setSpacing(spacing // 2)
        for widget in (*self._searches, self.progress, self.cancel_button):
            head.addWidget(widget)
        column.addLayout(head)
        column.addWidget(self.desk, 1)
        column.addWidget(self.augmentation)
        column.addStretch(0)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(spacing)
        splitter.addWidget(left)
        splitter.addWidget(right)
        splitter.setSizes([196, 480])
        splitter.setStretchFactor(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def _make_room(self) -> None:
        has_room = self.height() >= _HEIGHT_FOR_KINDS
        self.desk.setVisible(has_room or not self.augmentation.kinds_button.isChecked())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    # What the view tells

    def set_data(self, data: PreparedData) -> None:
        self._search.cancel_all()
        task = self._runner.run(gather, data)
        task.finished.connect(lambda everything: self._take(everything, data))
        task.failed.connect(self.error_raised)

    def shutdown(self) -> None:
        for runner in (self._runner, self._search):
            runner.shutdown()
        self.augmentation.shutdown()

    def _take(self, everything: Everything, data: PreparedData) -> None:
        self._everything = everything
        self.desk.set_data(everything.samples)
        self.by_writer.setVisible(bool(everything.writers))
        if not everything.writers:
            self.by_class.setChecked(True)
        fewest, most = min(everything.counts), max(everything.counts)
        a_class = f"{fewest:,} to {most:,} a class" if fewest < most else f"{most:,} of each class"
        held = "whole writers held back" if data.by_groups else "held back at random"
        self._balance_words = (
            f"{data.training_count:,} to train on, {data.validation_count:,} to validate "
            f"({held}); {a_class}"
        )
        self._list()
        self._refresh()

    _balance_words = ""

    # What is shown

    @property
    def lists_writers(self) -> bool:
        return self.by_writer.isChecked()

    def _list(self) -> None:
        """Fill the list with classes or writers, all samples first."""
        everything = self._everything
        if everything is None:
            return
        self.list.clear()
        self.list.addItem(QListWidgetItem(f"All  {len(everything.samples.targets):,}"))
        if self.lists_writers:
            self._list_writers(everything)
        else:
            self._list_classes(everything)
        self.list.setCurrentRow(0)

    def _list_classes(self, everything: Everything) -> None:
        samples, counts = everything.samples, everything.counts
        held_back = np.bincount(samples.targets[everything.training_count :], minlength=len(counts))
        for name, count, held in zip(samples.classes, counts, held_back.tolist(), strict=True):
            self._add(f"{name}  {count:,}", count, held, max(counts))
            tip = f"{name}: {count - held:,} to train on, {held:,} to validate with"
            self.list.item(self.list.count() - 1).setToolTip(tip)
        self.balance.setText(self._balance_words)

    def _list_writers(self, everything: Everything) -> None:
        writers = everything.writers
        most = max(writer.count for writer in writers)
        for writer in writers:
            text = f"{writer.name}  {writer.count:,}"
            if not writer.training:
                text += ", val."
            self._add(text, writer.count, writer.validation, most)
            tip = f"{writer.name}: {writer.count:,} samples, in {writer.part}"
            self.list.item(self.list.count() - 1).setToolTip(tip)
        known = [writer for writer in writers if writer.number >= 0]
        held = sum(not writer.training for writer in known)
        both = sum(writer.training > 0 and writer.validation > 0 for writer in known)
        fewest, most = min(w.count for w in known), max(w.count for w in known)
        each = f"{fewest:,} to {most:,}" if fewest < most else f"{most:,}"
        self.balance.setText(
            f"{len(known):,} writers: {len(known) - held - both:,} to train on, {held:,} to "
            f"validate, {both or 'none'} in both; {each} samples each"
        )

    def _add(self, text: str, count: int, held_back: int, most: int) -> None:
        item = QListWidgetItem(text)
        item.setData(_BAR_ROLE, count / max(most, 1))
        item.setData(_VALIDATION_ROLE, held_back / max(most, 1))
        self.list.addItem(item)

    def _show_chosen(self) -> None:
        everything, chosen = self._everything, self.list.currentRow() - 1
        if everything is None or self.list.currentRow() < 0:
            return
        samples, first = everything.samples, everything.training_count
        rows = np.arange(len(samples.targets))
        name = "All classes"
        if chosen >= 0 and self.lists_writers:
            writer = everything.writers[chosen]
            name = f"{writer.name}, in {writer.part}"
            assert everything.groups is not None
            rows = rows[np.maximum(everything.groups, -1) == writer.number]
        elif chosen >= 0:
            name = samples.classes[chosen]
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
        everything = self._everything

        def describe(row: int) -> tuple[str, str]:
            part = "training" if row < everything.training_count else "validation"
            label = everything.samples.label(row)
            caption, tip = (captions or {}).get(row, (label, label))
            writer = everything.writer_of(row)
            return caption, f"{tip}; {part} sample{f', {writer}' if writer else ''}"

        self.desk.show_rows(title, detail, rows, describe)
        self._preview()
        self.shown.emit()

    def _preview(self) -> None:
        """Show what augmentation makes of the chosen sample, or the first."""
        shown = self.desk.grid.chosen or tuple(one.row for one in self.desk.grid.samples[:1])
        has_any = self._everything is not None and bool(shown)
        inputs = self._everything.samples.inputs if self._everything is not None else None
        self.augmentation.set_image(inputs[shown[0]] if has_any and inputs is not None else None)

    # Searching

    def _start(self, search: Callable[..., Finding]) -> None:
        """Search in a worker; what takes a while can be given up."""
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

    def _show_finding(self, finding: Finding) -> None:
        self._show(finding.title, finding.detail, finding.rows, finding.captions)

    def _refresh(self) -> None:
        has_data, busy = self._everything is not None, self._task is not None
        for button in self._searches:
            button.setVisible(not busy)
        self.progress.setVisible(busy)
        self.cancel_button.setVisible(busy)
        for widget in (*self._searches, self.part, self.augmentation, self.by_class):
            widget.setEnabled(has_data)
        if not has_data:
            self.by_writer.hide()
            self.balance.setText("")
            self.desk.clear("Samples", _NO_DATA)
