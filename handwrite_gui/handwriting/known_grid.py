"""How well each character is known, at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QHelpEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.widgets.prediction_bars import fill_bar

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.teaching import Known

_CELL, _GAP = QSize(44, 52), 6
_BAR = 4


class KnownGrid(QWidget):
    """A cell for each character: the character, a bar of how well it is known, its samples.

    The bar's length says it as its colour does; a character without samples is pale.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known: tuple[Known, ...] = ()
        self._asked = ""
        self.setAccessibleName("How well each character is known")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self.update)

    @property
    def known(self) -> tuple[Known, ...]:
        return self._known

    def show_known(self, known: tuple[Known, ...]) -> None:
        """Show how well characters are known."""
        self._known = known
        taught = sum(1 for one in known if one.samples)
        self.setAccessibleDescription(f"{taught} of {len(known)} characters have samples.")
        self.updateGeometry()
        self._fit()
        self.update()

    def mark(self, label: str) -> None:
        """Outline the character that is asked for; "" for none."""
        self._asked = label
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._known) // self._columns(width))
        return max(1, rows) * (_CELL.height() + _GAP)

    def sizeHint(self) -> QSize:
        width = 8 * (_CELL.width() + _GAP)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(4 * (_CELL.width() + _GAP), _CELL.height() + _GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            for index, one in enumerate(self._known):
                if self._cell(index).contains(event.pos().toPointF()):
                    samples = f"{one.samples} sample{'' if one.samples == 1 else 's'}"
                    text = f"{one.label}: {samples}, known to {100 * one.share:.0f} %"
                    QToolTip.showText(event.globalPos(), text, self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tokens = theme().tokens
        font = QFont(self.font())
        font.setPixelSize(19)
        small = QFont(self.font())
        small.setPixelSize(11)
        for index, one in enumerate(self._known):
            cell = self._cell(index).adjusted(1, 1, -1, -1)
            asked = one.label == self._asked
            outline = QColor(tokens.accent if asked else tokens.border)
            painter.setPen(QPen(outline, 2 if asked else 1))
            painter.setBrush(QColor(tokens.surface))
            painter.drawRoundedRect(cell, tokens.radius_small, tokens.radius_small)
            painter.setFont(font)
            painter.setPen(QColor(tokens.text if one.samples else tokens.text_muted))
            top = cell.adjusted(0, 2, 0, -20)
            painter.drawText(top, Qt.AlignmentFlag.AlignCenter, one.label)
            bar = QRectF(cell.left() + 6, cell.bottom() - 20, cell.width() - 12, _BAR)
            fill_bar(painter, bar, 1.0, QColor(tokens.surface_raised))
            if one.samples:
                fill_bar(painter, bar, one.share, QColor(_colour(one.share)))
            painter.setFont(small)
            painter.setPen(QColor(tokens.text_muted))
            bottom = QRectF(cell.left(), cell.bottom() - 16, cell.width(), 15)
            painter.drawText(bottom, Qt.AlignmentFlag.AlignCenter, str(one.samples or "–"))

    def _columns(self, width: int) -> int:
        return max(1, (width + _GAP) // (_CELL.width() + _GAP))

    def _cell(self, index: int) -> QRectF:
        row, column = divmod(index, self._columns(self.width()))
        x, y = column * (_CELL.width() + _GAP), row * (_CELL.height() + _GAP)
        return QRectF(x, y, _CELL.width(), _CELL.height())

    def _fit(self) -> None:
        self.setMinimumHeight(self.heightForWidth(self.width()))


def _colour(share: float) -> str:
    tokens = theme().tokens
    if share >= 0.8:
        return tokens.confidence_high
    return tokens.confidence_medium if share >= 0.6 else tokens.confidence_low
