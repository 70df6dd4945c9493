"""Samples to look at, whose labels can be put right and which can be set aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui.engine.data.label_edits import LabelEdits, sample_key
from handwrite_gui.theme import theme
from handwrite_gui.train.controls import heading_label, icon_button, muted_label
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.sample_grid import Sample, SampleGrid

MOST_SHOWN = 2000
Describe = Callable[[int], tuple[str, str]]
"""Of a row of the inputs: its caption and its tip."""


@dataclass(frozen=True, eq=False)
class LabelledInputs:
    """The samples that a desk shows some of.

    Attributes:
        inputs: uint8 (N, 1024), normalised images.
        targets: int64 (N,), class indices.
        classes: the labels of the indices.
        edits: the changes of labels that ``targets`` have taken in.
    """

    inputs: NDArray[np.uint8]
    targets: NDArray[np.int64]
    classes: tuple[str, ...]
    edits: LabelEdits

    def label(self, row: int) -> str:
        return self.classes[int(self.targets[row])]

    def original(self, row: int) -> str:
        """The label that the sample came with."""
        return self.edits.original(self.inputs[row], self.label(row), self.classes)

    def key(self, row: int) -> str:
        """What its edit is kept under."""
        return sample_key(self.inputs[row], self.original(row))


class SampleDesk(QWidget):
    """A title, thumbnails, and what can be done with those that are chosen.

    Signals:
        why_wanted(int): the person asks why the sample of this row is read as it is.
    """

    why_wanted = Signal(int)

    def __init__(
        self, labels: LabelStore, parent: QWidget | None = None, *, explains: bool = True
    ) -> None:
        super().__init__(parent)
        self._labels = labels
        self._data: LabelledInputs | None = None
        self._samples: list[Sample] = []
        self.title: QLabel = heading_label("")
        self.title.setMinimumWidth(1)
        self.detail = muted_label(wraps=True)
        self.grid = SampleGrid()
        self.label_box = QComboBox()
        self.label_box.setPlaceholderText("Label as…")
        self.label_box.setAccessibleName("Label as")
        self.label_box.setMinimumWidth(60)
        self.label_box.setToolTip(
            "Give the chosen samples another label, from the next run on; typing the character "
            "does the same"
        )
        self.aside_button = _tool(
            "Set aside", "Leave the chosen samples out of the next runs (Del)"
        )
        self.restore_button = _tool("Restore", "Give the chosen samples their own labels again")
        self.why_button = _tool("Why?", "Show what made the network read it so (Enter)")
        self.why_button.setVisible(explains)
        self.undo_button = icon_button("undo", "Undo the last change of labels")
        self.grid.chosen_changed.connect(self._refresh)
        self.grid.typed.connect(self._relabel)
        self.label_box.activated.connect(lambda _: self._relabel(self.label_box.currentText()))
        self.aside_button.clicked.connect(self.set_aside)
        self.restore_button.clicked.connect(self.restore)
        self.undo_button.clicked.connect(labels.undo)
        self.why_button.clicked.connect(self._ask_why)
        if explains:
            self.grid.opened.connect(self.why_wanted)
        self.grid.delete_wanted.connect(self.set_aside)
        labels.changed.connect(self._restate)
        self._lay_out()
        self.clear()

    def _lay_out(self) -> None:
        spacing = theme().tokens.spacing
        self._buttons = buttons = QHBoxLayout()
        buttons.setSpacing(spacing // 2)
        for button in (self.aside_button, self.restore_button, self.undo_button, self.why_button):
            buttons.addWidget(button)
        buttons.addStretch(0)
        self._actions = actions = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        actions.setSpacing(spacing // 2)
        actions.addWidget(self.label_box, 1)
        actions.addLayout(buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        layout.addWidget(self.title)
        layout.addWidget(self.detail)
        layout.addWidget(self.grid, 1)
        layout.addLayout(actions)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The label is chosen beside the buttons, or above them where there is no room."""
        super().resizeEvent(event)
        needed = self.label_box.sizeHint().width() + self._buttons.sizeHint().width()
        fits = event.size().width() >= needed + self._actions.spacing()
        direction = QBoxLayout.Direction
        self._actions.setDirection(direction.LeftToRight if fits else direction.TopToBottom)

    # What is shown

    def set_data(self, data: LabelledInputs | None) -> None:
        """Show samples of these from now on; none yet."""
        self._data = data
        self.label_box.clear()
        if data is not None:
            self.label_box.addItems(list(data.classes))
        self.label_box.setCurrentIndex(-1)
        self.clear()

    def clear(self, title: str = "Samples", detail: str = "") -> None:
        self.title.setText(title)
        self._set_detail(detail)
        self._samples = []
        self.grid.set_samples(None, ())
        self._refresh()

    def show_rows(
        self, title: str, detail: str, rows: Sequence[int], describe: Describe | None = None
    ) -> None:
        """Show the samples of these rows, the first :data:`MOST_SHOWN` of them.

        Args:
            describe: the caption and the tip of a row; by default its label.
        """
        assert self._data is not None
        shown = [int(row) for row in rows[:MOST_SHOWN]]
        self.title.setText(title)
        more = f"; the first {MOST_SHOWN:,} are shown" if len(rows) > len(shown) else ""
        self._set_detail(detail + more)
        describe = describe or (lambda row: (self._label(row), ""))
        self._samples = [Sample(row, *describe(row)) for row in shown]
        self.grid.set_samples(self._data.inputs, [self._marked(one) for one in self._samples])
        self._refresh()

    def _set_detail(self, text: str) -> None:
        self.detail.setText(text)
        self.detail.setVisible(bool(text))

    def _label(self, row: int) -> str:
        return self._data.label(row) if self._data is not None else ""

    # Labels

    def set_aside(self) -> None:
        """Leave the chosen samples out of the next runs."""
        self._edit(None)

    def restore(self) -> None:
        """Give the chosen samples the labels that they came with."""
        if self._data is not None:
            keys = [self._data.key(row) for row in self.grid.chosen]
            self._labels.replace(self._labels.edits.without(keys))

    def _relabel(self, label: str) -> None:
        self.label_box.setCurrentIndex(-1)
        if self._data is None:
            return
        known = [one for one in (label, label.upper()) if one in self._data.classes]
        if known:
            self._edit(known[0])

    def _edit(self, label: str | None) -> None:
        if self._data is None or not self.grid.chosen:
            return
        edits = self._labels.edits
        for row in self.grid.chosen:
            edits = edits.with_edit([self._data.key(row)], self._data.original(row), label)
        self._labels.replace(edits)

    def _now(self, row: int) -> str | None:
        """The label that the next run sees; None for a sample that is set aside."""
        assert self._data is not None
        edit = self._labels.edits.get(self._data.key(row))
        return self._data.original(row) if edit is None else edit.label

    def _marked(self, sample: Sample) -> Sample:
        if not self._labels.edits and not (self._data and self._data.edits):
            return sample
        now = self._now(sample.row)
        if now is None:
            return replace(
                sample, mark="aside", tip=f"{sample.tip}\nSet aside: the next run leaves it out"
            )
        if now != self._label(sample.row):
            return replace(
                sample,
                mark="changed",
                caption=f"→ {now}",
                tip=f"{sample.tip}\nLabelled {now} from the next run on",
            )
        return sample

    def _restate(self) -> None:
        self.grid.restate([self._marked(sample) for sample in self._samples])
        self._refresh()

    def _ask_why(self) -> None:
        if self.grid.chosen:
            self.why_wanted.emit(self.grid.chosen[0])

    def _refresh(self) -> None:
        chosen = self.grid.chosen
        for widget in (self.label_box, self.aside_button, self.why_button):
            widget.setEnabled(bool(chosen))
        self.restore_button.setEnabled(
            self._data is not None and any(self._data.key(r) in self._labels.edits for r in chosen)
        )
        self.undo_button.setEnabled(self._labels.can_undo)


def _tool(text: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    return button
