"""Characters as thumbnails that can be chosen: with the mouse, the keyboard, several at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import ink_table

SIDE = 40
_CAPTION_HEIGHT = 14
_GAP = 3

Mark = Literal["", "changed", "aside"]
_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Sample:
    """One thumbnail.

    Attributes:
        row: of the array of inputs.
        caption: a few characters below the picture.
        tip: what there is to know about it, in words; read out as well.
        mark: whether its label was changed, or it was set aside.
    """

    row: int
    caption: str = ""
    tip: str = ""
    mark: Mark = ""


class SampleModel(QAbstractListModel):
    """Rows of an array of inputs, each with its words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._inputs: NDArray[np.uint8] = np.zeros((0, INPUT_SIZE**2), np.uint8)
        self.samples: list[Sample] = []

    def set_samples(self, inputs: NDArray[np.uint8], samples: Sequence[Sample]) -> None:
        """Show rows of ``inputs``, uint8 (N, 1024), ink 255 on 0."""
        self.beginResetModel()
        self._inputs, self.samples = inputs, list(samples)
        self.endResetModel()

    def replace(self, samples: Sequence[Sample]) -> None:
        """The same rows with other words and marks; what is chosen stays so."""
        assert len(samples) == len(self.samples)
        self.samples = list(samples)
        if samples:
            self.dataChanged.emit(self.index(0), self.index(len(samples) - 1))

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.samples)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        sample = self.samples[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return sample.caption
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return sample.tip
        return None

    def image(self, row: int) -> QImage:
        """The picture of a row, as grey levels without colours."""
        levels = self._inputs[self.samples[row].row].tobytes()
        size = INPUT_SIZE
        return QImage(levels, size, size, size, QImage.Format.Format_Indexed8).copy()


class _Painter(QStyledItemDelegate):
    def __init__(self, has_captions: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self._has_captions = has_captions
        self._table = ink_table()
        theme().changed.connect(self._recolour)

    def _recolour(self) -> None:
        self._table = ink_table()

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        below = _CAPTION_HEIGHT if self._has_captions else 0
        return QSize(SIDE + 2 * _GAP, SIDE + 2 * _GAP + below)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, SampleModel)
        sample, tokens = model.samples[index.row()], theme().tokens
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        picture = QRect(area.left() + _GAP, area.top() + _GAP, SIDE, SIDE)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        image = model.image(index.row())
        image.setColorTable(self._table)
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(area, QColor(tokens.accent_soft))
        painter.drawImage(picture, image)
        painter.setPen(QColor(tokens.border))
        painter.drawRect(picture.adjusted(0, 0, -1, -1))
        if sample.mark == "aside":
            painter.setPen(QPen(QColor(tokens.danger), 2))
            painter.drawLine(picture.topLeft(), picture.bottomRight())
            painter.drawLine(picture.topRight(), picture.bottomLeft())
        if state & QStyle.StateFlag.State_HasFocus or state & QStyle.StateFlag.State_Selected:
            painter.setPen(QPen(QColor(tokens.accent), 2))
            painter.drawRect(picture.adjusted(0, 0, -1, -1))
        if self._has_captions:
            font = QFont(option.font)
            font.setPixelSize(11)
            font.setBold(sample.mark == "changed")
            painter.setFont(font)
            colour = tokens.warning if sample.mark else tokens.text_muted
            painter.setPen(QColor(colour))
            below = QRect(area.left(), picture.bottom() + 1, area.width(), _CAPTION_HEIGHT)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, sample.caption)
        painter.restore()


class SampleGrid(QListView):
    """Thumbnails in rows; several can be chosen.

    Signals:
        chosen_changed(): others are chosen.
        opened(int): a double click or Enter, on the sample of this row of the inputs.
        typed(str): a character was typed while the grid had the focus.
        delete_wanted(): Del was pressed there.
    """

    chosen_changed = Signal()
    opened = Signal(int)
    typed = Signal(str)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None, *, has_captions: bool = True) -> None:
        super().__init__(parent)
        self._samples = SampleModel(self)
        self.setModel(self._samples)
        self.setItemDelegate(_Painter(has_captions, self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(2000)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Samples")
        self.activated.connect(self._open)
        theme().changed.connect(self.viewport().update)

    @property
    def count(self) -> int:
        """How many samples there are."""
        return len(self._samples.samples)

    @property
    def samples(self) -> tuple[Sample, ...]:
        return tuple(self._samples.samples)

    def set_samples(self, inputs: NDArray[np.uint8] | None, samples: Sequence[Sample]) -> None:
        """Show rows of ``inputs``, uint8 (N, 1024); None and () for nothing."""
        if inputs is None:
            inputs = np.zeros((0, INPUT_SIZE**2), np.uint8)
        self._samples.set_samples(inputs, samples)
        self.scrollToTop()
        self.chosen_changed.emit()

    def restate(self, samples: Sequence[Sample]) -> None:
        """The same samples with other words and marks."""
        self._samples.replace(samples)

    @property
    def chosen(self) -> tuple[int, ...]:
        """Rows of the inputs that are chosen, in the order they are shown."""
        places = sorted(index.row() for index in self.selectedIndexes())
        return tuple(self._samples.samples[place].row for place in places)

    def choose(self, place: int) -> None:
        """Choose the sample at a place, counted from 0, alone."""
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._samples.index(place), flag)

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        super().selectionChanged(selected, deselected)
        self.chosen_changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text, key = event.text(), Qt.Key(event.key())
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif key == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif text.strip() and text.isprintable() and not modifiers:
            self.typed.emit(text)
        else:
            super().keyPressEvent(event)

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(self._samples.samples[index.row()].row)
