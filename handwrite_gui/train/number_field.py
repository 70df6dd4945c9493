"""A field for numbers of any magnitude, such as a learning rate of 3e-4."""

from __future__ import annotations

import math

from PySide6.QtCore import QLocale
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QWidget

from handwrite_gui.engine.training.settings import NumberLimit

_DECIMALS = 12


class NumberField(QDoubleSpinBox):
    """Shows as few digits as the value needs and takes exponents; its steps follow the value."""

    def __init__(self, limit: NumberLimit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # One way of writing numbers all over the program, as in the engine's messages.
        self.setLocale(QLocale.c())
        self.setDecimals(_DECIMALS)
        self.setRange(limit.minimum, limit.maximum)
        self.setKeyboardTracking(True)
        self.setToolTip(f"{limit.minimum:g} to {limit.maximum:g}")

    def textFromValue(self, value: float) -> str:  # noqa: N802
        return f"{value:.6g}"

    def valueFromText(self, text: str) -> float:  # noqa: N802
        number = _number(text)
        return self.value() if number is None else number

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        number = _number(text)
        if number is not None and self.minimum() <= number <= self.maximum():
            return QValidator.State.Acceptable, text, position
        # Anything may be on its way to a number but what no number holds.
        is_start = set(text.strip()) <= set("0123456789.,+-eE")
        state = QValidator.State.Intermediate if is_start else QValidator.State.Invalid
        return state, text, position

    def stepBy(self, steps: int) -> None:  # noqa: N802
        """Go to the next 1, 2 or 5 times a power of ten."""
        value = self.value()
        for _ in range(abs(steps)):
            value = _next_round(value) if steps > 0 else _previous_round(value)
        self.setValue(value)


def _number(text: str) -> float | None:
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if math.isfinite(number) else None


_ROUND = (1.0, 2.0, 5.0, 10.0)
_SMALLEST = 1e-9


def _next_round(value: float) -> float:
    if value < _SMALLEST:
        return 1e-6
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    return next(r * power for r in _ROUND if r * power > value * (1 + 1e-9))


def _previous_round(value: float) -> float:
    if value <= 1e-6:
        return 0.0
    power = 10.0 ** math.floor(math.log10(value) + 1e-9)
    candidates = (5.0 * power / 10, *(r * power for r in _ROUND))
    return max(c for c in candidates if c < value * (1 - 1e-9))
