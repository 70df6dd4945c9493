"""The confusion matrix as a widget: seen, pointed at, walked through with the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
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
from handwrite_gui.train.confusion_summary import ConfusionSummary, Mode

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
        self._mode: Mode = "row"
        self._order: tuple[int, ...] = ()
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
            self._order = () if summary is None else tuple(range(len(summary.classes)))
            self._current, self._hovered = (0, 0), None
            self._described = None
        self._rebuild_image()
        self._describe(self._described)
        self.update()

    def set_mode(self, mode: Mode) -> None:
        """Colour and number the cells by share of their row or column, or by count."""
        self._mode = mode
        self._rebuild_image()
        self._describe(self._described)
        self.update()

    @property
    def order(self) -> tuple[int, ...]:
        """The class indices that have a row and a column, in their order."""
        return self._order

    def set_order(self, order: Sequence[int]) -> None:
        """Show these classes, by their indices, in this order."""
        if tuple(order) == self._order:
            return
        self._order = tuple(order)
        self._hovered = None
        if self._order and not set(self._current) <= set(self._order):
            self._current = (self._order[0], self._order[0])
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
        is_column = self._mode == "column"
        count = int(summary.counts[true, predicted])
        total = summary.read_totals[predicted] if is_column else summary.totals[true]
        label, read = summary.classes[true], summary.classes[predicted]
        if not total:
            return (
                f"{read}: nothing was read as this"
                if is_column
                else f"{label}: no sample in the validation set"
            )
        share = f"{count:,} of {total:,} ({count / total:.1%})"
        return (
            f"Read as {read}, {label} in truth: {share}"
            if is_column
            else (f"{label} read as {read}: {share}")
        )

    # Geometry

    def sizeHint(self) -> QSize:
        return QSize(420, 420)

    def minimumSizeHint(self) -> QSize:
        return QSize(232, 232)

    def cell_rect(self, true: int, predicted: int) -> QRect:
        """Where a cell is, in the widget's coordinates; empty for a class that is not shown."""
        if true not in self._order or predicted not in self._order:
            return QRect()
        grid, cell = self._grid()
        row, column = self._order.index(true), self._order.index(predicted)
        return QRect(
            grid.left() + column * cell.width(),
            grid.top() + row * cell.height(),
            cell.width(),
            cell.height(),
        )

    def cell_at(self, position: QPoint) -> Cell | None:
        """(true, predicted) of the cell at a point of the widget, or None."""
        grid, cell = self._grid()
        if self._summary is None or not grid.contains(position):
            return None
        row = (position.y() - grid.top()) // cell.height()
        column = (position.x() - grid.left()) // cell.width()
        return self._order[row], self._order[column]

    def _grid(self) -> tuple[QRect, QSize]:
        count = max(len(self._order), 1)
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
        summary = self._summary
        for row, true in enumerate(self._order):
            for column, predicted in enumerate(self._order):
                value = int(summary.counts[true, predicted])
                if not value:
                    continue
                text = str(value)
                if self._mode != "count":
                    by_row = self._mode == "row"
                    total = summary.totals[true] if by_row else summary.read_totals[predicted]
                    share = 100 * value / max(total, 1)
                    text = f"{share:.0f}" if share >= 0.95 else f"{share:.1f}".lstrip("0")
                    text = "<.1" if text == ".0" else text
                ground = QColor(self._image.pixel(column, row))
                painter.setPen(Qt.GlobalColor.black if _is_light(ground) else Qt.GlobalColor.white)
                painter.drawText(
                    self.cell_rect(true, predicted), Qt.AlignmentFlag.AlignCenter, text
                )

    def _paint_labels(self, painter: QPainter, grid: QRect, cell: QSize) -> None:
        assert self._summary is not None
        tokens = theme().tokens
        marked = self._hovered or (self._current if self.hasFocus() else None)
        for index, shown in enumerate(self._order):
            label = self._summary.classes[shown]
            for is_row, pitch in ((True, cell.height()), (False, cell.width())):
                staggered = pitch < _LABEL_PIXELS
                pixels = max(_SMALLEST_LABEL_PIXELS, min(_LABEL_PIXELS, 2 * pitch - 3))
                is_marked = marked is not None and marked[0 if is_row else 1] == shown
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
        levels = self._summary.levels[self._mode][np.ix_(self._order, self._order)]
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
        order, last = self._order, len(self._order) - 1
        row, column = (order.index(one) for one in self._current)
        key = Qt.Key(event.key())
        if key in _STEPS:
            down, right = _STEPS[key]
            row, column = min(max(row + down, 0), last), min(max(column + right, 0), last)
            self.set_current_cell(order[row], order[column])
        elif key == Qt.Key.Key_Home:
            self.set_current_cell(order[row], order[0])
        elif key == Qt.Key.Key_End:
            self.set_current_cell(order[row], order[last])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.cell_activated.emit(*self._current)
        else:
            super().keyPressEvent(event)


def _is_light(colour: QColor) -> bool:
    return 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF() > 0.55
