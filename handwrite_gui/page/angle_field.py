"""The angle that the page is turned by, to a tenth of a degree."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, QTimer, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from handwrite_gui.page.framing import LARGEST_SLANT

SETTLED_AFTER_MS = 350
"""The page is turned when the number has not changed for so long: each turn reads it anew."""


class AngleField(QDoubleSpinBox):
    """Degrees clockwise, beyond whole quarter turns.

    Signals:
        settled(float): the person changed the angle and left it so.
    """

    settled = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRange(-LARGEST_SLANT, LARGEST_SLANT)
        self.setDecimals(1)
        self.setSingleStep(0.5)
        self.setSuffix("°")
        self.setKeyboardTracking(False)
        self.setAccessibleName("Turn by degrees")
        self.setToolTip(
            "Turn the page by degrees, clockwise; the wheel and the arrow keys change it"
        )
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLED_AFTER_MS)
        self._timer.timeout.connect(lambda: self.settled.emit(self.value()))
        self.valueChanged.connect(lambda _: self._timer.start())

    def show_angle(self, degrees: float) -> None:
        """Show what is in use, unless the person is changing it; emits nothing."""
        if not self._timer.isActive():
            with QSignalBlocker(self):
                self.setValue(degrees)
