"""The confusion matrix as a widget: seen, pointed at, walked through with the arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import confusion_table, level_image
from handwrite_gui.train.confusion_summary import ConfusionSummary

Cell = tuple[int, int]

_SMALLEST_CELL = 5
_LARGEST_CELL = 44
_GRID_FROM = 9
_NUMBERS_FROM = 24
_LABEL_PIXELS = 12
_SMALLEST_LABEL_PIXELS = 8

_EMPTY_TEXT = "The matrix appears after the first epoch."

_STEPS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}


class ConfusionMatrixWidget(QWidget):
    """Rows are the true characters, columns what the network read.

    Signals:
        cell_described: what the cell under the pointer or the keyboard's cell says, or "".
        cell_activated: (true, predicted) class indices of a cell clicked or confirmed by Enter.
    """

    cell_described = Signal(str)
    cell_activated = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: ConfusionSummary | None = None
        self._image: QImage | None = None
        self._shows_shares = True
        self._hovered: Cell | None = None
        self._described: Cell | None = None
        self._current: Cell = (0, 0)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Confusion matrix")
        theme().changed.connect(self._recolour)

    # What is shown

    @property
    def summary(self) -> ConfusionSummary | None:
        return self._summary

    @property
    def current_cell(self) -> Cell:
        """(true, predicted) of the cell that the keyboard is on."""
        return self._current

    def set_summary(self, summary: ConfusionSummary | None) -> None:
        """Show another matrix, or none; the current cell stays where it still exists."""
        size_changed = (
            summary is None or self._summary is None or summary.classes != self._summary.classes
        )
        self._summary = summary
        if size_changed:
            self._current, self._hovered = (0, 0), None
            self._described = None
        self._rebuild_image()
        self._describe(self._described)
        self.update()

    def set_shows_shares(self, shares: bool) -> None:
        """Colour and number the cells by share of their row, or by count."""
        self._shows_shares = shares
        self._rebuild_image()
        self.update()

    def set_current_cell(self, true: int, predicted: int) -> None:
        self._current = (true, predicted)
        self._describe(self._current)
        self.update()

    def _describe(self, cell: Cell | None) -> None:
        self._described = cell
        description = self.describe(*cell) if cell is not None else ""
        self.setAccessibleDescription(description)
        self.cell_described.emit(description)

    def describe(self, true: int, predicted: int) -> str:
        """The cell in words, for example “5 read as S: 12 of 340 (3.5 %)”."""
        if self._summary is None:
            return ""
        summary = self._summary
        count, total = int(summary.counts[true, predicted]), summary.totals[true]
        if not total:
            return f"{summary.classes[true]}: no sample in the validation set"
        return (
            f"{summary.classes[true]} read as {summary.classes[predicted]}: "
            f"{count:,} of {total:,} ({count / total:.1%})"
        )

    # Geometry

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(220, 220)

    def cell_rect(self, true: int, predicted: int) -> QRect:
        """Where a cell is, in the widget's coordinates."""
        grid, cell = self._grid()
        return QRect(
            grid.left() + predicted * cell.width(),
            grid.top() + true * cell.height(),
            cell.width(),
            cell.height(),
        )

    def cell_at(self, position: QPoint) -> Cell | None:
        """(true, predicted) of the cell at a point of the widget, or None."""
        grid, cell = self._grid()
        if self._summary is None or not grid.contains(position):
            return None
        return (
            (position.y() - grid.top()) // cell.height(),
            (position.x() - grid.left()) // cell.width(),
        )

    def _grid(self) -> tuple[QRect, QSize]:
        count = len(self._summary.classes) if self._summary else 1
        margin = self._label_depth() + self._title_height() + 2
        room = self.rect().adjusted(margin, margin, -1, -1)
        height = max(_SMALLEST_CELL, min(_LARGEST_CELL, room.height() // count))
        # Cells may be wider than tall: a wide panel need not waste its sides.
        width = max(_SMALLEST_CELL, min(int(1.5 * height), room.width() // count))
        height = min(height, int(1.5 * width))
        cell = QSize(width, height)
        left = room.left() + max(0, (room.width() - count * width) // 2)
        return QRect(left, room.top(), count * width, count * height), cell

    def _title_height(self) -> int:
        return QFontMetrics(self.font()).height()

    def _label_depth(self) -> int:
        """Room for labels in two staggered ranks: at small cells each rank shows every other."""
        return 2 * _LABEL_PIXELS + 4

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._summary is None or self._image is None:
            painter.setPen(QColor(theme().tokens.text_muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _EMPTY_TEXT)
            return
        grid, cell = self._grid()
        tokens = theme().tokens
        painter.drawImage(grid, self._image)
        if min(cell.width(), cell.height()) >= _GRID_FROM:
            self._paint_grid_lines(painter, grid, cell)
        painter.setPen(QColor(tokens.border))
        painter.drawRect(grid.adjusted(-1, -1, 0, 0))
        if min(cell.width(), cell.height()) >= _NUMBERS_FROM:
            self._paint_numbers(painter)
        self._paint_labels(painter, grid, cell)
        self._paint_titles(painter, grid)
        if self._hovered is not None:
            self._outline(painter, self._hovered, tokens.text, 1)
        if self.hasFocus():
            self._outline(painter, self._current, tokens.text, 2)

    def _paint_grid_lines(self, painter: QPainter, grid: QRect, cell: QSize) -> None:
        painter.setPen(QColor(theme().tokens.plot_grid))
        for x in range(grid.left() + cell.width(), grid.right(), cell.width()):
            painter.drawLine(x - 1, grid.top(), x - 1, grid.bottom())
        for y in range(grid.top() + cell.height(), grid.bottom(), cell.height()):
            painter.drawLine(grid.left(), y - 1, grid.right(), y - 1)

    def _paint_numbers(self, painter: QPainter) -> None:
        assert self._summary is not None and self._image is not None
        font = QFont(self.font())
        font.setPixelSize(11)
        painter.setFont(font)
        count = len(self._summary.classes)
        for true in range(count):
            for predicted in range(count):
                value = int(self._summary.counts[true, predicted])
                if not value:
                    continue
                text = str(value)
                if self._shows_shares:
                    share = 100 * value / max(self._summary.totals[true], 1)
                    text = f"{share:.0f}" if share >= 0.95 else f"{share:.1f}".lstrip("0")
                    text = "<.1" if text == ".0" else text
                ground = QColor(self._image.pixel(predicted, true))
                painter.setPen(Qt.GlobalColor.black if _is_light(ground) else Qt.GlobalColor.white)
                painter.drawText(
                    self.cell_rect(true, predicted), Qt.AlignmentFlag.AlignCenter, text
                )

    def _paint_labels(self, painter: QPainter, grid: QRect, cell: QSize) -> None:
        assert self._summary is not None
        tokens = theme().tokens
        marked = self._hovered or (self._current if self.hasFocus() else None)
        for index, label in enumerate(self._summary.classes):
            for is_row, pitch in ((True, cell.height()), (False, cell.width())):
                staggered = pitch < _LABEL_PIXELS
                pixels = max(_SMALLEST_LABEL_PIXELS, min(_LABEL_PIXELS, 2 * pitch - 3))
                is_marked = marked is not None and marked[0 if is_row else 1] == index
                font = QFont(self.font())
                font.setPixelSize(pixels)
                font.setBold(is_marked)
                painter.setFont(font)
                painter.setPen(QColor(tokens.text if is_marked else tokens.text_muted))
                rank = (_LABEL_PIXELS + 1) * (index % 2) if staggered else 0
                size = _LABEL_PIXELS + 4
                if is_row:
                    centre = grid.top() + index * pitch + pitch // 2
                    box = QRect(grid.left() - 2 - size - rank, centre - size // 2, size, size)
                else:
                    centre = grid.left() + index * pitch + pitch // 2
                    box = QRect(centre - size // 2, grid.top() - 2 - size - rank, size, size)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, label)

    def _paint_titles(self, painter: QPainter, grid: QRect) -> None:
        font = QFont(self.font())
        font.setPixelSize(_LABEL_PIXELS)
        painter.setFont(font)
        painter.setPen(QColor(theme().tokens.text_muted))
        top = QRect(grid.left(), 0, grid.width(), self._title_height())
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, "read as")
        painter.save()
        painter.translate(
            grid.left() - self._label_depth() - self._title_height(), grid.center().y()
        )
        painter.rotate(-90)
        side = QRect(-grid.height() // 2, 0, grid.height(), self._title_height())
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, "true")
        painter.restore()

    def _outline(self, painter: QPainter, cell: Cell, colour: str, width: int) -> None:
        painter.setPen(QPen(QColor(colour), width))
        painter.drawRect(self.cell_rect(*cell).adjusted(-1, -1, 0, 0))

    def _rebuild_image(self) -> None:
        if self._summary is None:
            self._image = None
            return
        levels = self._summary.share_levels if self._shows_shares else self._summary.count_levels
        self._image = level_image(levels.data, *levels.shape[::-1])
        self._image.setColorTable(confusion_table())

    def _recolour(self) -> None:
        if self._image is not None:
            self._image.setColorTable(confusion_table())
        self.update()

    # Pointer and keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell != self._hovered:
            self._hovered = cell
            self._describe(cell)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self._describe(None)
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position().toPoint())
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self.set_current_cell(*cell)
            self.cell_activated.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._summary is None:
            super().keyPressEvent(event)
            return
        last = len(self._summary.classes) - 1
        row, column = self._current
        key = Qt.Key(event.key())
        if key in _STEPS:
            down, right = _STEPS[key]
            self.set_current_cell(min(max(row + down, 0), last), min(max(column + right, 0), last))
        elif key == Qt.Key.Key_Home:
            self.set_current_cell(row, 0)
        elif key == Qt.Key.Key_End:
            self.set_current_cell(row, last)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.cell_activated.emit(row, column)
        else:
            super().keyPressEvent(event)


def _is_light(colour: QColor) -> bool:
    return 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF() > 0.55
