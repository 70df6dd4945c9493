"""Thumbnails of the samples of a hand, in a list that is scrolled through."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from handwrite_gui.theme import theme
from handwrite_gui.widgets.key_text import typed_label

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.browsing import BrowsedSample

_CELL, _SIDE = QSize(100, 108), 64
_Index = QModelIndex | QPersistentModelIndex
ORIGINS = {
    "drawn": "Drawn",
    "taught": "Taught",
    "corrected": "Corrected",
    "confirmed": "Confirmed",
    "sheet": "Sample sheet",
}
"""What an origin is called in the window."""


def thumbnail(sample: BrowsedSample) -> QImage:
    """The ink, 0 to 255, as an image whose colours are set where it is painted; for workers."""
    pixels = sample.sample.image
    height, width = pixels.shape
    data = pixels.tobytes()
    # The copy owns its pixels; the wrapper would only borrow those of ``data``.
    return QImage(data, width, height, width, QImage.Format.Format_Indexed8).copy()


class SamplesModel(QAbstractListModel):
    """The samples that are shown, with their thumbnails."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._samples: tuple[BrowsedSample, ...] = ()
        self._images: dict[int, QImage] = {}

    def show_samples(self, samples: Sequence[BrowsedSample], images: dict[int, QImage]) -> None:
        """Show other samples.

        Args:
            images: a thumbnail by the number of each sample.
        """
        self.beginResetModel()
        self._samples, self._images = tuple(samples), images
        self.endResetModel()

    @property
    def samples(self) -> tuple[BrowsedSample, ...]:
        return self._samples

    def image(self, row: int) -> QImage:
        return self._images[self._samples[row].sample.id]

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._samples)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        own = self._samples[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return own.sample.label
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return described(own)
        return None


def described(own: BrowsedSample) -> str:
    """A sample in a line: what it is, where it came from, what it is read as."""
    sample = own.sample
    origin = ORIGINS[sample.origin].lower()
    where = f"{origin}, {sample.source}" if sample.source else origin
    parts = [sample.label, where, sample.created[:10]]
    if own.is_doubtful:
        parts.append(f"read as {own.read_as}")
    return " · ".join(parts)


class _Painter(QStyledItemDelegate):
    """Paints a sample: the ink, its label, where it came from."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return _CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        model = index.model()
        assert isinstance(model, SamplesModel)
        own, tokens = model.samples[index.row()], theme().tokens
        painter.save()
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        rect: Any = option.rect
        state: Any = option.state
        cell = QRectF(rect).adjusted(3, 3, -3, -3)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        outline = tokens.accent if chosen else tokens.border
        painter.setPen(QPen(QColor(outline), 2 if chosen else 1))
        painter.setBrush(QColor(tokens.accent_soft if chosen else tokens.surface))
        painter.drawRoundedRect(cell, tokens.radius_small, tokens.radius_small)
        image = model.image(index.row())
        image.setColorTable(_ink_table(tokens.ink))
        scale = min(_SIDE / image.width(), _SIDE / image.height(), 1.0)
        width, height = image.width() * scale, image.height() * scale
        middle, upper = cell.center().x(), cell.top() + 6 + _SIDE / 2
        painter.drawImage(QRectF(middle - width / 2, upper - height / 2, width, height), image)
        self._paint_foot(painter, own, cell.adjusted(8, 6 + _SIDE, -8, -3))
        painter.restore()

    def _paint_foot(self, painter: QPainter, own: BrowsedSample, foot: QRectF) -> None:
        tokens = theme().tokens
        font = QFont(painter.font())
        font.setPixelSize(17)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(foot, left, own.sample.label)
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if own.is_doubtful:
            painter.setPen(QColor(tokens.confidence_low))
            painter.drawText(foot, right, f"read {own.read_as}?")
        else:
            painter.setPen(QColor(tokens.text_muted))
            name = ORIGINS[own.sample.origin]
            painter.drawText(foot, right, "Sheet" if own.sample.origin == "sheet" else name)


class SamplesList(QListView):
    """The thumbnails; several can be chosen.

    Signals:
        typed(str): a character was typed, for those that are chosen.
        delete_wanted(): Del was pressed.
    """

    typed = Signal(str)
    delete_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.samples = SamplesModel(self)
        self.setModel(self.samples)
        self.setItemDelegate(_Painter(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Samples")
        theme().changed.connect(self.viewport().update)

    @property
    def chosen(self) -> list[BrowsedSample]:
        """In the order in which they are shown."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self.samples.samples[row] for row in rows]

    def choose(self, ids: Sequence[int]) -> None:
        """Choose the samples of these numbers, as far as they are shown."""
        wanted, samples = set(ids), self.samples
        found = [
            samples.index(row) for row, own in enumerate(samples.samples) if own.sample.id in wanted
        ]
        # All at once: who follows the selection would follow each of them.
        selection = QItemSelection()
        for index in found:
            selection.select(index, index)
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().select(selection, flag)
        for index in (*found[:1], *found[-1:]):
            self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.delete_wanted.emit()
        elif label := typed_label(event):
            self.typed.emit(label)
        else:
            super().keyPressEvent(event)


@lru_cache(maxsize=4)
def _ink_table(ink: str) -> tuple[int, ...]:
    """Colours for ink of 0 to 255, from the paper's to the ink's; the paper's shows through."""
    colour = QColor(ink).rgb() & 0xFFFFFF
    return tuple((level << 24) | colour for level in range(256))
