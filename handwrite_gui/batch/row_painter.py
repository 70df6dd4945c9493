"""How a file of the list is painted: its picture, its name, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from handwrite_gui.batch.entries import Entry, State, state_text
from handwrite_gui.icons import paint_icon
from handwrite_gui.theme import theme
from handwrite_gui.widgets.entry_model import ENTRY_ROLE
from handwrite_gui.widgets.turned_pictures import TurnedPictures

THUMBNAIL = 48
_ICON = 18
_ICONS = {
    State.WAITING: ("page", "text_muted"),
    State.READING: ("refresh", "accent"),
    State.DONE: ("success", "success"),
    State.FAILED: ("error", "danger"),
}


class RowPainter(QStyledItemDelegate):
    """Paints rows of one height."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._turned = TurnedPictures(QSize(THUMBNAIL, THUMBNAIL))

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, THUMBNAIL + 16)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry = index.data(ENTRY_ROLE)
        tokens = theme().tokens
        painter.save()
        rect: QRect = option.rect
        state = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(tokens.accent_soft))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(tokens.surface_raised))
        inner = rect.adjusted(10, 8, -12, -8)
        self._paint_picture(painter, entry, QRect(inner.left(), inner.top(), THUMBNAIL, THUMBNAIL))
        mark = QRectF(inner.right() - _ICON, inner.center().y() - _ICON / 2, _ICON, _ICON)
        name, token = _ICONS[entry.state]
        paint_icon(painter, name, mark, getattr(tokens, token))
        text = inner.adjusted(THUMBNAIL + 12, 0, -_ICON - 12, 0)
        font = QFont(option.font)
        self._paint_texts(painter, entry, text, font)
        painter.restore()

    def _paint_picture(self, painter: QPainter, entry: Entry, place: QRect) -> None:
        tokens = theme().tokens
        ratio = painter.device().devicePixelRatioF()
        picture = self._turned.of(entry.thumbnail, 90.0 * entry.turns, ratio)
        if picture is None:
            painter.setPen(QColor(tokens.border))
            painter.setBrush(QColor(tokens.surface_raised))
            painter.drawRect(place.adjusted(0, 0, -1, -1))
            return
        size = picture.deviceIndependentSize().toSize()
        target = QRect(place.topLeft(), size)
        target.moveCenter(place.center())
        painter.drawImage(target, picture)
        painter.setPen(QColor(tokens.border))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(target.adjusted(0, 0, -1, -1))

    @staticmethod
    def _paint_texts(painter: QPainter, entry: Entry, place: QRect, font: QFont) -> None:
        tokens = theme().tokens
        half = place.height() // 2
        upper = QRect(place.left(), place.top(), place.width(), half)
        lower = QRect(place.left(), place.top() + half, place.width(), half)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        name = painter.fontMetrics().elidedText(
            entry.path.name, Qt.TextElideMode.ElideMiddle, upper.width()
        )
        painter.drawText(upper, middle, name)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        failed = entry.state is State.FAILED
        painter.setPen(QColor(tokens.danger if failed else tokens.text_muted))
        text = state_text(entry)
        if entry.state is State.WAITING:
            text = str(entry.path.parent)
        painter.drawText(
            lower,
            middle,
            painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, lower.width()),
        )
