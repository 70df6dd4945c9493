"""The list of open pages beside the page that is shown: small pictures, and how far each is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QDragEnterEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QKeyEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from handwrite_gui.icons import paint_icon
from handwrite_gui.page.page_list import PageEntry, PageList, State
from handwrite_gui.theme import theme
from handwrite_gui.widgets.entry_model import ENTRY_ROLE
from handwrite_gui.widgets.turned_pictures import TurnedPictures

PICTURE = QSize(96, 104)
COMPACT_PICTURE = QSize(64, 72)
"""Where the window is narrow."""
_BESIDE_PICTURE = 40
_LEAST_NAME = 50
_MARGIN = 8
_LINE = 20
_ICON = 15
_ICONS = {
    State.UNREAD: ("page", "text_muted"),
    State.READING: ("refresh", "accent"),
    State.READ: ("success", "success"),
    State.DOUBTFUL: ("help", "warning"),
    State.CORRECTED: ("draw", "success"),
    State.FAILED: ("error", "danger"),
}


class PageStrip(QListView):
    """Shows the list; a click, Enter or the arrow keys choose a page, dragging puts them in order.

    Signals:
        chosen(PageEntry): a page is to be shown.
        files_dropped(list[Path]): files are to be added.
    """

    chosen = Signal(object)
    files_dropped = Signal(object)

    def __init__(self, pages: PageList) -> None:
        super().__init__()
        self.setModel(pages)
        self._painter = _PagePainter(self)
        self.setItemDelegate(self._painter)
        self.setFixedWidth(PICTURE.width() + _BESIDE_PICTURE)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setAccessibleName("Pages")
        self.clicked.connect(self._choose)
        self.activated.connect(self._choose)

    def set_compact(self, compact: bool) -> None:
        """Show smaller pictures, or those of the usual size."""
        picture = COMPACT_PICTURE if compact else PICTURE
        if picture != self._painter.picture:
            self._painter.set_picture(picture)
            self.setFixedWidth(picture.width() + _BESIDE_PICTURE)
            self.scheduleDelayedItemsLayout()

    def show_current(self, entry: PageEntry | None) -> None:
        """Mark the page that is shown."""
        entries = self.model().entries  # type: ignore[attr-defined]
        if entry in entries:
            index = self.model().index(entries.index(entry), 0)
            if index != self.currentIndex():
                self.setCurrentIndex(index)
                self.scrollTo(index)
        else:
            self.clearSelection()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        before = self.currentIndex()
        super().keyPressEvent(event)
        if self.currentIndex() != before:
            self._choose(self.currentIndex())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragMoveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            urls = event.mimeData().urls()
            self.files_dropped.emit([Path(u.toLocalFile()) for u in urls if u.isLocalFile()])
        else:
            super().dropEvent(event)

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY_ROLE)
        if entry is not None:
            self.chosen.emit(entry)


class _PagePainter(QStyledItemDelegate):
    """Paints a page: its picture, and below it where it stands and how far it is."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.set_picture(PICTURE)

    def set_picture(self, size: QSize) -> None:
        """Paint pictures that fit into a size."""
        self.picture = size
        self._turned = TurnedPictures(size)

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(self.picture.width() + 16, self.picture.height() + _LINE + 3 * _MARGIN)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        entry: PageEntry = index.data(ENTRY_ROLE)
        tokens = theme().tokens
        rect: QRect = option.rect
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if is_current:
            painter.fillRect(rect, QColor(tokens.accent_soft))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(tokens.surface_raised))
        place = QRect(rect.left(), rect.top() + _MARGIN, rect.width(), self.picture.height())
        self._paint_picture(painter, entry, place, is_current)
        line = QRect(
            rect.left() + _MARGIN, place.bottom() + _MARGIN, rect.width() - 2 * _MARGIN, _LINE
        )
        self._paint_line(painter, entry, line, f"{index.row() + 1}", QFont(option.font))
        painter.restore()

    def _paint_picture(
        self, painter: QPainter, entry: PageEntry, place: QRect, is_current: bool
    ) -> None:
        tokens = theme().tokens
        ratio = painter.device().devicePixelRatioF()
        picture = self._turned.of(entry.thumbnail, entry.framing.degrees, ratio)
        painter.setPen(QPen(QColor(tokens.accent if is_current else tokens.border), 1))
        if picture is None:
            height = self.picture.height()
            blank = QRect(0, 0, round(0.72 * height), height)
            blank.moveCenter(place.center())
            painter.setBrush(QColor(tokens.surface_raised))
            painter.drawRect(blank.adjusted(0, 0, -1, -1))
            if entry.thumbnail is not None:  # there is none
                mark = QRectF(0, 0, 24, 24)
                mark.moveCenter(QRectF(blank).center())
                paint_icon(painter, "image", mark, tokens.text_muted)
            return
        target = QRect(place.topLeft(), picture.deviceIndependentSize().toSize())
        target.moveCenter(place.center())
        painter.drawImage(target, picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(target.adjusted(0, 0, -1, -1))

    @staticmethod
    def _paint_line(
        painter: QPainter, entry: PageEntry, line: QRect, number: str, font: QFont
    ) -> None:
        tokens = theme().tokens
        name, token = _ICONS[entry.state]
        mark = QRectF(line.right() - _ICON, line.center().y() - _ICON / 2 + 1, _ICON, _ICON)
        paint_icon(painter, name, mark, getattr(tokens, token))
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(line, side, number)
        before = painter.fontMetrics().horizontalAdvance(number) + 6
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(tokens.text_muted))
        room = line.adjusted(before, 0, -_ICON - 6, 0)
        text = entry.path.stem
        if room.width() < _LEAST_NAME:
            return  # a letter or two tell nothing; the tip has the name
        painter.drawText(
            room,
            side,
            painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room.width()),
        )
