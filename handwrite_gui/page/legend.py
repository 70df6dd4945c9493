"""What the outlines over a page mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from handwrite_gui.page.confidence import HIGH_FROM, MEDIUM_FROM, Confidence, percent
from handwrite_gui.page.overlay import confidence_colours, confidence_pen
from handwrite_gui.theme import theme

MEANINGS = {
    Confidence.HIGH: f"{percent(HIGH_FROM)} or more",
    Confidence.MEDIUM: f"{percent(MEDIUM_FROM)} to {percent(HIGH_FROM)}",
    Confidence.LOW: f"less than {percent(MEDIUM_FROM)}; its label has a question mark",
}


class ConfidenceSample(QWidget):
    """A piece of the outline that a step of confidence is drawn with."""

    def __init__(self, confidence: Confidence, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._confidence = confidence
        self.setFixedSize(28, 16)

    def show_confidence(self, confidence: Confidence) -> None:
        self._confidence = confidence
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = confidence_colours(theme().tokens)[self._confidence]
        painter.setPen(confidence_pen(self._confidence, colour))
        painter.drawRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))


class Legend(QWidget):
    """The three outlines, each beside what it stands for; without the words where it is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spacing = theme().tokens.spacing
        self._names: list[QLabel] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        for confidence in (Confidence.HIGH, Confidence.MEDIUM, Confidence.LOW):
            sample = ConfidenceSample(confidence)
            name = QLabel(confidence.value)
            name.setProperty("role", "muted")
            self._names.append(name)
            for widget in (sample, name):
                widget.setToolTip(f"{confidence.value.capitalize()}: {MEANINGS[confidence]}")
                layout.addWidget(widget)
            layout.addSpacing(spacing)
        layout.addStretch(1)
        self._full = layout.totalSizeHint()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return self._full

    def minimumSizeHint(self) -> QSize:
        names = sum(name.sizeHint().width() for name in self._names)
        return QSize(self._full.width() - names, self._full.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for name in self._names:
            name.setVisible(self.width() >= self._full.width())
