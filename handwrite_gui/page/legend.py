"""What the outlines over a page mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from handwrite_gui.page.confidence import HIGH_FROM, MEDIUM_FROM, Confidence, percent
from handwrite_gui.page.overlay import Look, OverlayStyle, paint_sample
from handwrite_gui.page.shown_page import Decided
from handwrite_gui.theme import theme

MEANINGS: dict[Look, tuple[str, str]] = {
    Confidence.HIGH: ("sure", f"{percent(HIGH_FROM)} or more"),
    Confidence.MEDIUM: ("fairly sure", f"{percent(MEDIUM_FROM)} to {percent(HIGH_FROM)}"),
    Confidence.LOW: (
        "doubtful",
        f"less than {percent(MEDIUM_FROM)}; its label has a question mark",
    ),
    Decided.BY_CONTEXT: (
        "inferred",
        "its surroundings or the language made another character of it than its shape alone; "
        "slanted in the text",
    ),
    Decided.BY_PERSON: ("corrected", "by you; bold in the text"),
}


class LookSample(QWidget):
    """A piece of the outline that a kind of character is drawn with."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedSize(24, 16)

    def show_look(self, look: Look) -> None:
        self._look = look
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = OverlayStyle.of(theme().tokens)
        paint_sample(painter, QRectF(self.rect()).adjusted(2, 2, -2, -2), self._look, style)


class Legend(QWidget):
    """The outlines, each beside what it stands for; without the words where it is narrow."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        spacing = theme().tokens.spacing
        self._names: list[QLabel] = []
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(spacing // 2)
        for look, (title, meaning) in MEANINGS.items():
            sample = LookSample(look)
            name = QLabel(title)
            name.setProperty("role", "muted")
            self._names.append(name)
            for widget in (sample, name):
                widget.setToolTip(f"{title.capitalize()}: {meaning}")
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
