"""A character with the evidence on it: where ink speaks for a class, and where against it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.engine.data.normalizer import INPUT_SIZE
from handwrite_gui.theme import theme
from handwrite_gui.train.colour_tables import diverging_table, level_image

_INK_ALPHA = 0.6


class EvidencePicture(QWidget):
    """The network's input, with levels of evidence in the colours of weights under its ink."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ink: QImage | None = None
        self._evidence: QImage | None = None
        self.setAccessibleName("The character with the evidence on it")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self._recolour)

    def show_character(
        self, ink: NDArray[np.uint8] | None, evidence: NDArray[np.uint8] | None = None
    ) -> None:
        """Show a character, uint8 (32, 32) with ink 255 on 0, and its evidence.

        Args:
            evidence: uint8 (32, 32), level 128 for none, see ``weight_tiles``; None for nothing.
        """
        size = INPUT_SIZE
        self._ink = None if ink is None else level_image(ink.tobytes(), size, size)
        self._evidence = None if evidence is None else level_image(evidence.tobytes(), size, size)
        self._recolour()

    def sizeHint(self) -> QSize:
        return QSize(260, 260)

    def minimumSizeHint(self) -> QSize:
        return QSize(128, 128)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        side = min(self.width(), self.height()) - 2
        # Cells of whole pixels, where there is room for them, keep the picture even.
        side = side // INPUT_SIZE * INPUT_SIZE if side >= 4 * INPUT_SIZE else side
        area = QRect((self.width() - side) // 2, 1, side, side)
        tokens = theme().tokens
        painter.fillRect(area, QColor(tokens.plot_background))
        if self._evidence is not None:
            painter.drawImage(area, self._evidence)
        if self._ink is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(area, self._ink)
        painter.setPen(QColor(tokens.border_strong))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(area.adjusted(-1, -1, 0, 0))

    def _recolour(self) -> None:
        if self._evidence is not None:
            self._evidence.setColorTable(diverging_table())
        if self._ink is not None:
            alpha = _INK_ALPHA if self._evidence is not None else 1.0
            colour = QColor(theme().tokens.text)
            table = []
            for level in range(256):
                colour.setAlphaF(alpha * level / 255)
                table.append(colour.rgba())
            self._ink.setColorTable(table)
        self.update()
