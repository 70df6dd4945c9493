"""What single hidden units add to the lead of one class over another, as bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import diverging_table

_ROW = 20
Bar = tuple[str, float]


class ContributionBars(QWidget):
    """A bar to the right for what speaks for the class, to the left for what speaks against."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars: tuple[Bar, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Contributions of hidden units")
        theme().changed.connect(self.update)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show these names with their contributions, from top to bottom."""
        self.bars = tuple(bars)
        self.setAccessibleDescription(", ".join(f"{name} {value:+.2f}" for name, value in bars))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(260, _ROW * max(len(self.bars), 1) + 4)

    def minimumSizeHint(self) -> QSize:
        return QSize(180, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        tokens, table = theme().tokens, diverging_table()
        metrics = painter.fontMetrics()
        names = max((metrics.horizontalAdvance(name) for name, _ in self.bars), default=0) + 8
        numbers = metrics.horizontalAdvance("+88.88") + 8
        room = QRect(names, 0, max(self.width() - names - numbers, 20), self.height())
        most = max((abs(value) for _, value in self.bars), default=1.0) or 1.0
        middle = room.center().x()
        for row, (name, value) in enumerate(self.bars):
            top = row * _ROW
            line = QRect(0, top, names - 8, _ROW)
            right, centre = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignVCenter
            painter.setPen(QColor(tokens.text_muted))
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | centre, name)
            length = round(abs(value) / most * room.width() / 2)
            left = middle if value >= 0 else middle - length
            colour = QColor.fromRgb(table[255 if value >= 0 else 1])
            painter.fillRect(QRect(left, top + 4, max(length, 1), _ROW - 8), colour)
            painter.setPen(QColor(tokens.text))
            number = QRect(self.width() - numbers, top, numbers, _ROW)
            painter.drawText(number, right | centre, f"{value:+.2f}")
        painter.setPen(QColor(tokens.border_strong))
        painter.drawLine(middle, 0, middle, _ROW * len(self.bars))
