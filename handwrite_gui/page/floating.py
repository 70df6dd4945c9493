"""What floats over the page view for a while: the work's progress, and where to drop."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from handwrite_gui.theme import theme

SHOW_AFTER_MS = 150
"""Work that is done sooner shows no progress: it would only flicker."""
WIDTH = 420
MARGIN = 16


class ProgressCard(QFrame):
    """How far the work is, with a button to give it up.

    Signals:
        cancel_wanted(): the button was pressed.
    """

    cancel_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName("Progress")
        self.text = QLabel()
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress of reading")
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setToolTip("Cancel (Esc)")
        self.cancel_button.clicked.connect(self.cancel_wanted)
        spacing = theme().tokens.spacing
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * spacing, spacing, spacing, spacing)
        layout.setSpacing(int(1.5 * spacing))
        layout.addWidget(self.text)
        layout.addWidget(self.bar, 1)
        layout.addWidget(self.cancel_button)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOW_AFTER_MS)
        self._timer.timeout.connect(self._appear)
        self.hide()

    def start(self) -> None:
        """Work has begun; the card appears if it lasts."""
        self.show_progress(0.0, "Working…")
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self.hide()

    def show_progress(self, fraction: float, text: str) -> None:
        self.bar.setValue(round(1000 * fraction))
        if text:
            self.text.setText(text)

    def place_over(self, area: QRect) -> None:
        """Stand at the lower end of a part of the parent, in the middle."""
        _place(self, area, area.bottom() - MARGIN - self.sizeHint().height())

    def _appear(self) -> None:
        self.show()
        self.raise_()


class RegionBar(QFrame):
    """Says how to choose a region of the page, with a button to take it and one to leave it.

    Signals:
        confirmed(), left(): a button was pressed.
    """

    confirmed = Signal()
    left = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName("Choosing a region")
        hint = QLabel("Drag over the part to read.")
        self.read_button = QPushButton("Read region")
        self.read_button.setProperty("variant", "primary")
        self.read_button.setToolTip("Read this part of the page (Enter)")
        self.read_button.clicked.connect(self.confirmed)
        self.cancel_button = QPushButton("Cancel")
        self.cancel_button.setToolTip("Leave the region as it was (Esc)")
        self.cancel_button.clicked.connect(self.left)
        spacing = theme().tokens.spacing
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * spacing, spacing, spacing, spacing)
        layout.setSpacing(int(1.5 * spacing))
        layout.addWidget(hint, 1)
        layout.addWidget(self.read_button)
        layout.addWidget(self.cancel_button)
        self.hide()

    def place_over(self, area: QRect) -> None:
        """Stand at the upper end of a part of the parent: progress may stand at the lower one."""
        _place(self, area, area.top() + MARGIN)


class DropHint(QWidget):
    """Covers the parent while a file is dragged over it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._area = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def appear(self) -> None:
        self.setGeometry(self._area.rect())
        self.show()
        self.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens = theme().tokens
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = QColor(tokens.accent_soft)
        veil.setAlphaF(0.85)
        painter.fillRect(self.rect(), veil)
        painter.setPen(QPen(QColor(tokens.accent), 2, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(12, 12, -12, -12), 12, 12)
        font = painter.font()
        font.setPointSizeF(1.6 * font.pointSizeF())
        painter.setFont(font)
        painter.setPen(QColor(tokens.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, "Drop to read")


def _place(card: QWidget, area: QRect, top: int) -> None:
    """Put a card in the middle of an area."""
    width = min(WIDTH, area.width() - 2 * MARGIN)
    left = area.left() + (area.width() - width) // 2
    card.setGeometry(left, top, width, card.sizeHint().height())
