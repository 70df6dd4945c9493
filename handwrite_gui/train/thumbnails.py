"""Characters as small pictures, to look at only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import ink_table, level_image

_SIDE = 40
_GAP = 4


class Thumbnails(QWidget):
    """Characters in rows, as the network gets them; as tall as they need."""

    def __init__(self, side: int = _SIDE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._image: QImage | None = None
        self.count = 0
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme().changed.connect(self._recolour)

    def set_images(self, images: NDArray[np.uint8] | None) -> None:
        """Show uint8 images (n, height, width), or none."""
        self.count = 0 if images is None else len(images)
        self._image = None
        if images is not None and self.count:
            count, height, width = images.shape
            self._image = level_image(images.data.cast("B"), width, count * height)
            self._image.setColorTable(ink_table())
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-self.count // self._columns(width))
        return rows * (self._side + _GAP)

    def sizeHint(self) -> QSize:
        return QSize(6 * (self._side + _GAP), self.heightForWidth(max(self.width(), self._side)))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._side, 0)

    def _columns(self, width: int) -> int:
        return max(1, (width + _GAP) // (self._side + _GAP))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(theme().tokens.border))
        columns = self._columns(self.width())
        size = self._image.width()
        for index in range(self.count):
            row, column = divmod(index, columns)
            pitch = self._side + _GAP
            target = QRect(column * pitch, row * pitch, self._side, self._side)
            if target.intersects(event.rect()):
                painter.drawImage(target, self._image, QRect(0, index * size, size, size))
                painter.drawRect(target.adjusted(0, 0, -1, -1))

    def _recolour(self) -> None:
        if self._image is not None:
            self._image.setColorTable(ink_table())
        self.update()
