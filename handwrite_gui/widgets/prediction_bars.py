"""The network's guesses as horizontal bars."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.theme import theme

ROWS = 5


def fill_bar(painter: QPainter, bar: QRectF, share: float, colour: QColor) -> None:
    """Fill a share of a bar with round ends; the end of the filling is true to a pixel."""
    outline = QPainterPath()
    outline.addRoundedRect(bar, bar.height() / 2, bar.height() / 2)
    filled = QPainterPath()
    filled.addRect(QRectF(bar.left(), bar.top(), bar.width() * share, bar.height()))
    painter.fillPath(outline.intersected(filled), colour)


class PredictionBars(QWidget):
    """Up to five guesses, best first: label, bar, per cent; the one that was read stands out.

    Args:
        row_height: pixels for each guess.
        choosable: whether one can be clicked, to say that it is the right one.

    Signals:
        chosen(str): a guess was clicked; its label.
    """

    chosen = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, row_height: int = 32, choosable: bool = False
    ) -> None:
        super().__init__(parent)
        self._row_height = row_height
        self._choosable = choosable
        self._pointed = -1
        self.setMouseTracking(choosable)
        self._predictions: tuple[Prediction, ...] = ()
        self._label = ""
        self.setAccessibleName("Predictions")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    @property
    def predictions(self) -> tuple[Prediction, ...]:
        return self._predictions

    def show_predictions(self, predictions: Sequence[Prediction], label: str = "") -> None:
        """Show other guesses; the empty bars where there are none.

        Args:
            label: what was read; in a word not always the best guess for the character alone.
        """
        shown = tuple(predictions[:ROWS])
        if (shown, label) != (self._predictions, self._label):
            self._predictions, self._label = shown, label
            self._point_at(-1)
            self.setAccessibleDescription(
                "; ".join(f"{label} {probability:.1%}" for label, probability in shown)
            )
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(280, ROWS * self._row_height)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, ROWS * self._row_height)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._point_at(self._row_at(event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        self._point_at(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        if event.button() == Qt.MouseButton.LeftButton and row >= 0:
            self.chosen.emit(self._predictions[row].label)

    def _row_at(self, y: float) -> int:
        row = int(y // self._row_height)
        return row if self._choosable and 0 <= row < len(self._predictions) else -1

    def _point_at(self, row: int) -> None:
        if row != self._pointed:
            self._pointed = row
            if row >= 0:
                self.setCursor(Qt.CursorShape.PointingHandCursor)
                self.setToolTip(f"Click where it is {self._predictions[row].label}")
            else:
                self.unsetCursor()
                self.setToolTip("")
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._pointed >= 0:
            pointed = QRectF(0, self._pointed * self._row_height, self.width(), self._row_height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.accent_soft))
            painter.drawRoundedRect(pointed, tokens.radius_small, tokens.radius_small)
        label_font = QFont(self.font())
        label_font.setPointSizeF(label_font.pointSizeF() * 1.25)
        label_font.setWeight(QFont.Weight.DemiBold)
        number_width = QFontMetricsF(self.font()).horizontalAdvance("100.0 %") + 4
        bar_left, bar_right = 40.0, self.width() - number_width - 8
        height = self._row_height
        thickness = 0.375 * height
        for row in range(ROWS):
            top = row * height
            bar = QRectF(bar_left, top + (height - thickness) / 2, bar_right - bar_left, thickness)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.surface_raised))
            painter.drawRoundedRect(bar, thickness / 2, thickness / 2)
            if row >= len(self._predictions):
                continue
            label, probability = self._predictions[row]
            was_read = label == self._label
            fill = QColor(tokens.accent if was_read else tokens.border_strong)
            fill_bar(painter, bar, probability, fill)
            painter.setFont(label_font)
            painter.setPen(QColor(tokens.text))
            painter.drawText(
                QRectF(0, top, bar_left - 12, height), Qt.AlignmentFlag.AlignCenter, label
            )
            painter.setFont(self.font())
            painter.setPen(QColor(tokens.text if was_read else tokens.text_muted))
            painter.drawText(
                QRectF(self.width() - number_width, top, number_width, height),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                f"{probability * 100:.1f} %",
            )
