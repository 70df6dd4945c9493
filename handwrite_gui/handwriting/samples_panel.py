"""All samples of a hand: looked through, filtered, relabelled, deleted, and all of it undone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage, QUndoCommand, QUndoStack
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.handwriting.samples_list import ORIGINS, SamplesList, described

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.browsing import BrowsedSample

_NOTHING = (
    "No samples yet: teach some, or correct a page or a drawing while this profile is in use."
)
_NONE_SO = "No sample is like this."


class SamplesPanel(QWidget):
    """Shows samples and says what is to be done with them; a session does it.

    Signals:
        remove_wanted(object), put_back_wanted(object): a list of numbers of samples.
        relabel_wanted(object): a dict from numbers of samples to their labels.
        undo_changed(): what can be undone or redone is other than before.
    """

    remove_wanted = Signal(object)
    put_back_wanted = Signal(object)
    relabel_wanted = Signal(object)
    undo_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._all: tuple[BrowsedSample, ...] = ()
        self._images: dict[int, QImage] = {}
        self._to_choose: tuple[int, ...] = ()
        self._profiles_seen = 0
        self.undo_stack = QUndoStack(self)
        self.undo_stack.canUndoChanged.connect(self.undo_changed)
        self.undo_stack.canRedoChanged.connect(self.undo_changed)
        self._lay_out()
        self._connect()
        self._follow()

    def _lay_out(self) -> None:
        self.label_filter = QComboBox(self)
        self.label_filter.setAccessibleName("Character")
        self.origin_filter = QComboBox(self)
        self.origin_filter.setAccessibleName("Origin")
        self.origin_filter.addItem("From anywhere", "")
        for origin, name in ORIGINS.items():
            self.origin_filter.addItem(name, origin)
        self.doubtful_filter = QCheckBox("D&oubtful only", self)
        self.doubtful_filter.setToolTip(
            "Samples that are read as something else: perhaps mislabelled, or badly written"
        )
        self.count = QLabel(self)
        self.count.setProperty("role", "muted")
        filters = QHBoxLayout()
        filters.setSpacing(8)
        for widget in (self.label_filter, self.origin_filter, self.doubtful_filter):
            filters.addWidget(widget)
        filters.addStretch(1)
        filters.addWidget(self.count)
        self.list = SamplesList(self)
        self.detail = QLabel(self)
        self.detail.setProperty("role", "muted")
        self.label_field = QLineEdit(self)
        self.label_field.setMaxLength(1)
        self.label_field.setPlaceholderText("It is: type it")
        self.label_field.setAccessibleName("Which character the chosen samples are")
        self.label_field.setFixedWidth(130)
        self.delete_button = QPushButton("Delete", self)
        self.delete_button.setToolTip("Take the chosen samples out (Del); Ctrl+Z brings them back")
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.detail, 1)
        foot.addWidget(self.label_field)
        foot.addWidget(self.delete_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 0)
        column.setSpacing(8)
        column.addLayout(filters)
        column.addWidget(self.list, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.label_filter.activated.connect(self._filter)
        self.origin_filter.activated.connect(self._filter)
        self.doubtful_filter.toggled.connect(self._filter)
        self.list.selectionModel().selectionChanged.connect(self._follow)
        self.list.samples.modelReset.connect(self._follow)
        self.list.typed.connect(self.relabel)
        self.list.delete_wanted.connect(self.delete)
        self.delete_button.clicked.connect(self.delete)
        self.label_field.textEdited.connect(self._relabel_typed)

    def show_samples(self, samples: Sequence[BrowsedSample], images: dict[int, QImage]) -> None:
        """Show other samples; the filters stay.

        Args:
            images: a thumbnail by the number of each sample.
        """
        self._all, self._images = tuple(samples), images
        chosen = self.label_filter.currentData() or ""
        counts = Counter(own.sample.label for own in samples)
        self.label_filter.clear()
        self.label_filter.addItem("All characters", "")
        for label, count in sorted(counts.items()):
            self.label_filter.addItem(f"{label}  ({count})", label)
        self.label_filter.setCurrentIndex(max(0, self.label_filter.findData(chosen)))
        self._filter()

    def forget(self) -> None:
        """Another profile is in use: show nothing, and undo nothing of the last one's."""
        self._profiles_seen += 1
        self.undo_stack.clear()
        self.show_samples((), {})

    def delete(self) -> None:
        """Take the chosen samples out."""
        chosen = [own.sample.id for own in self.list.chosen]
        if chosen:
            self.undo_stack.push(_Delete(self, chosen))

    def relabel(self, label: str) -> None:
        """Say which character the chosen samples are."""
        before = {own.sample.id: own.sample.label for own in self.list.chosen}
        if before and any(old != label for old in before.values()):
            self.undo_stack.push(_Relabel(self, before, label))

    def added(self, ids: Sequence[int]) -> Callable[[], None]:
        """Samples came together, from a sheet: one step that can be undone.

        Returns:
            What undoes it, as long as nothing else was done to samples since.
        """
        self.undo_stack.push(_Add(self, list(ids)))
        step = self._profiles_seen, self.undo_stack.index()

        def undo() -> None:
            if step == (self._profiles_seen, self.undo_stack.index()):
                self.undo_stack.undo()

        return undo

    def remember(self, ids: Sequence[int]) -> None:
        """Choose these samples when they are next shown."""
        self._to_choose = tuple(ids)

    def _relabel_typed(self, text: str) -> None:
        self.label_field.clear()
        if text.strip():
            self.relabel(text)

    def _filter(self) -> None:
        from handwrite_gui.engine.handwriting.browsing import filter_samples

        shown = filter_samples(
            self._all,
            label=self.label_filter.currentData() or "",
            origin=self.origin_filter.currentData() or "",
            only_doubtful=self.doubtful_filter.isChecked(),
        )
        chosen = self._to_choose or [own.sample.id for own in self.list.chosen]
        self._to_choose = ()
        self.list.samples.show_samples(shown, self._images)
        self.list.choose(chosen)
        total = len(self._all)
        self.count.setText(f"{len(shown)} of {total}" if len(shown) != total else f"{total}")

    def _follow(self) -> None:
        chosen = self.list.chosen
        self.delete_button.setEnabled(bool(chosen))
        self.label_field.setEnabled(bool(chosen))
        if len(chosen) == 1:
            self.detail.setText(described(chosen[0]))
        elif chosen:
            self.detail.setText(f"{len(chosen)} samples chosen")
        elif not self._all:
            self.detail.setText(_NOTHING)
        else:
            self.detail.setText("" if self.list.samples.samples else _NONE_SO)


class _Add(QUndoCommand):
    def __init__(self, panel: SamplesPanel, ids: list[int]) -> None:
        super().__init__("Add")
        self._panel, self._ids = panel, ids
        self._is_there = True

    def redo(self) -> None:
        if not self._is_there:
            self._panel.remember(self._ids)
            self._panel.put_back_wanted.emit(self._ids)
            self._is_there = True

    def undo(self) -> None:
        self._panel.remove_wanted.emit(self._ids)
        self._is_there = False


class _Delete(QUndoCommand):
    def __init__(self, panel: SamplesPanel, ids: list[int]) -> None:
        super().__init__("Delete")
        self._panel, self._ids = panel, ids

    def redo(self) -> None:
        self._panel.remove_wanted.emit(self._ids)

    def undo(self) -> None:
        self._panel.remember(self._ids)
        self._panel.put_back_wanted.emit(self._ids)


class _Relabel(QUndoCommand):
    def __init__(self, panel: SamplesPanel, before: dict[int, str], label: str) -> None:
        super().__init__("Relabel")
        self._panel, self._before, self._label = panel, before, label

    def redo(self) -> None:
        self._panel.remember(list(self._before))
        self._panel.relabel_wanted.emit(dict.fromkeys(self._before, self._label))

    def undo(self) -> None:
        self._panel.remember(list(self._before))
        self._panel.relabel_wanted.emit(self._before)
