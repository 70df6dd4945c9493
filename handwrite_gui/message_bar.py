"""Messages inside the window: what is wrong and what to do, without stopping anything."""

from __future__ import annotations

import traceback
from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QWidget

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.icons import icon, paint_icon
from handwrite_gui.theme import theme

_TOKENS = {"error": "danger", "warning": "warning", "info": "accent"}


def explain(error: BaseException) -> tuple[str, str]:
    """An exception as a sentence for a person, and details for a bug report (may be empty)."""
    if isinstance(error, HandwriteError):
        return str(error), ""
    details = "".join(traceback.format_exception(error)).strip()
    if isinstance(error, MemoryError):
        return "There is not enough memory for this. Close other programs and try again.", details
    what = traceback.format_exception_only(error)[-1].strip()
    return (
        f"Something went wrong inside the program ({what}). "
        "You can go on; copy the details if you want to report it.",
        details,
    )


class MessageBar(QFrame):
    """One message at a time, above the view, until it is dismissed or another takes its place."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self._details = ""
        self._on_action: Callable[[], object] | None = None
        self._on_dismiss: Callable[[], object] | None = None
        self._mark = _Mark(self)
        self._text = QLabel(self)
        self._text.setWordWrap(True)
        self._text.setTextFormat(Qt.TextFormat.PlainText)
        self._text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._copy = QPushButton("Copy details", self)
        self._copy.clicked.connect(self._copy_details)
        self._action = QPushButton(self)
        self._action.setProperty("variant", "primary")
        self._action.clicked.connect(self._act)
        self._dismiss = QToolButton(self)
        self._dismiss.setIcon(icon("close"))
        self._dismiss.setIconSize(QSize(16, 16))
        self._dismiss.setToolTip("Dismiss (Esc)")
        self._dismiss.setAccessibleName("Dismiss message")
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._dismiss.clicked.connect(self.dismiss)
        escape = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        escape.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        escape.activated.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 8, 8)
        row.setSpacing(12)
        row.addWidget(self._mark)
        row.addWidget(self._text, 1)
        row.addWidget(self._copy)
        row.addWidget(self._action)
        row.addWidget(self._dismiss)
        self.hide()

    @property
    def text(self) -> str:
        """The message that is shown, or nothing."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def details(self) -> str:
        return self._details

    def show_error(self, error: BaseException) -> None:
        """Show what an exception means."""
        text, details = explain(error)
        self.show_message(text, "error", details)

    def show_message(self, text: str, severity: str = "info", details: str = "") -> None:
        """Show a message.

        Args:
            text: one or two sentences.
            severity: ``error``, ``warning`` or ``info``.
            details: what the button copies; there is no button where it is empty.
        """
        self._details = details
        self._on_action = self._on_dismiss = None
        self._action.hide()
        self._text.setText(text)
        self._copy.setVisible(bool(details))
        self._mark.severity = severity
        self.setProperty("severity", severity)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def offer(
        self,
        text: str,
        action: str,
        on_action: Callable[[], object],
        on_dismiss: Callable[[], object] | None = None,
    ) -> None:
        """Show a message with something that can be done about it.

        Args:
            text: one or two sentences.
            action: what the button says.
            on_action: called when it is pressed; the message is gone then.
            on_dismiss: called when the person would rather not.
        """
        self.show_message(text)
        self._on_action, self._on_dismiss = on_action, on_dismiss
        self._action.setText(action)
        self._action.show()

    def _act(self) -> None:
        act = self._on_action
        self.clear()
        if act is not None:
            act()

    def dismiss(self) -> None:
        """The person does not want the message any more."""
        refuse = self._on_dismiss
        self.clear()
        if refuse is not None:
            refuse()

    def clear(self) -> None:
        """Remove the message."""
        self._on_action = self._on_dismiss = None
        self._details = ""
        self._text.clear()
        self.hide()

    def _copy_details(self) -> None:
        QGuiApplication.clipboard().setText(f"{self._text.text()}\n\n{self._details}")


class _Mark(QWidget):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.severity = "info"
        self.setFixedSize(20, 20)
        theme().changed.connect(self.update)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = getattr(theme().tokens, _TOKENS[self.severity])
        paint_icon(painter, self.severity, QRectF(self.rect()), colour)
