"""Small controls that the panels of this view share."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel, QProgressBar, QToolButton, QWidget

from handwrite_gui.icons import icon


def segment_button(text: str, tip: str) -> QToolButton:
    """One of a few choices that exclude each other, in a row."""
    button = QToolButton()
    button.setText(text)
    button.setToolTip(tip)
    button.setCheckable(True)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def icon_button(icon_name: str, name: str) -> QToolButton:
    """A button that shows an icon only; ``name`` is its tool tip and its accessible name."""
    button = QToolButton()
    button.setIcon(icon(icon_name))
    button.setAccessibleName(name)
    button.setToolTip(name)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def muted_label(text: str = "", *, wraps: bool = False) -> QLabel:
    """Text of the second rank."""
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setProperty("role", "muted")
    label.setWordWrap(wraps)
    return label


def progress_bar(name: str) -> QProgressBar:
    """In thousandths; ``name`` is its accessible name."""
    bar = QProgressBar()
    bar.setRange(0, 1000)
    bar.setAccessibleName(name)
    return bar


def squeezable(label: QLabel) -> QLabel:
    """Let a line of text be cut off where there is no room: it must not widen the window."""
    label.setMinimumWidth(1)
    return label


def heading_label(text: str) -> QLabel:
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


class _WheelGuard(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget):
            if watched.hasFocus():
                return False
            event.ignore()
            return True
        return False


def ignore_wheel_without_focus(widgets: list[QWidget], owner: QObject) -> None:
    """Keep the wheel for scrolling: fields that it passes over must not change their values."""
    guard = _WheelGuard(owner)
    for widget in widgets:
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.installEventFilter(guard)
