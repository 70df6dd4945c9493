"""The small image that the network is shown, magnified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.theme import theme

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SIDE = 32
_LEAST_CELL = 4


class NetworkInputView(QWidget):
    """32 × 32 pixels as large as whole device pixels allow, with a grid between them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self.setAccessibleName("What the network sees")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._recolour)

    @property
    def image(self) -> QImage | None:
        """What is shown; its grey levels are the ink, 255 the darkest."""
        return self._image

    def show_input(self, pixels: NDArray[np.uint8] | None) -> None:
        """Show other pixels, uint8 (32, 32) with ink 255 on 0; nothing for None."""
        if pixels is None:
            self._image = None
        else:
            data = pixels.tobytes()
            # The copy owns its pixels; the wrapper would only borrow those of ``data``.
            self._image = QImage(data, _SIDE, _SIDE, _SIDE, QImage.Format.Format_Indexed8).copy()
            self._recolour()
        self.update()

    def _recolour(self) -> None:
        if self._image is not None:
            tokens = theme().tokens
            paper, ink = QColor(tokens.surface), QColor(tokens.ink)
            self._image.setColorTable([_mix(paper, ink, level / 255) for level in range(256)])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(_SIDE * 8, _SIDE * 8)

    def minimumSizeHint(self) -> QSize:
        return QSize(_SIDE * _LEAST_CELL, _SIDE * _LEAST_CELL)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        ratio = self.devicePixelRatio()
        # Cells of whole device pixels, or the grid would beat against the screen's.
        cell = max(1, int(min(self.width(), self.height()) * ratio) // _SIDE) / ratio
        side = cell * _SIDE
        left = int((self.width() - side) / 2 * ratio) / ratio
        area = QRectF(left, 0, side, side)
        painter.fillRect(area, QColor(tokens.surface))
        if self._image is not None:
            painter.drawImage(area, self._image)
        if cell * ratio >= _LEAST_CELL:
            self._paint_grid(painter, left, cell)
        painter.setPen(QPen(QColor(tokens.border_strong), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -0.5))

    def _paint_grid(self, painter: QPainter, left: float, cell: float) -> None:
        side, thin = cell * _SIDE, 1 / self.devicePixelRatio()
        painter.setPen(QPen(QColor(theme().tokens.border), thin))
        for index in range(1, _SIDE):
            x, y = left + index * cell + thin / 2, index * cell + thin / 2
            painter.drawLine(QPointF(x, 0), QPointF(x, side))
            painter.drawLine(QPointF(left, y), QPointF(left + side, y))


def _mix(paper: QColor, ink: QColor, share: float) -> int:
    def channel(a: int, b: int) -> int:
        return round(a + (b - a) * share)

    return QColor(
        channel(paper.red(), ink.red()),
        channel(paper.green(), ink.green()),
        channel(paper.blue(), ink.blue()),
    ).rgb()
