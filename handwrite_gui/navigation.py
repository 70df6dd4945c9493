"""The rail that leads from view to view."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout, QWidget

from handwrite_gui.icons import icon

_WIDTH = 88
_BUTTON = QSize(72, 64)


class NavigationRail(QFrame):
    """Buttons for the views, one under the other; the current one is checked.

    The Tab key reaches the current one, the arrow keys move from there, as in any group of
    exclusive buttons.

    Signals:
        chosen(str): the person asked for the view of this name.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rail")
        self.setAccessibleName("Views")
        self.setFixedWidth(_WIDTH)
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 16, 8, 16)
        self._column.setSpacing(8)
        self._column.addStretch(1)

    def add(self, name: str, title: str, icon_name: str, tip: str) -> None:
        """Add a button below the others."""
        button = QToolButton(self)
        button.setText(title)
        button.setIcon(icon(icon_name))
        button.setIconSize(QSize(24, 24))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setFixedSize(_BUTTON)
        button.setCheckable(True)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setToolTip(tip)
        button.setAccessibleName(title)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._buttons[name] = button
        self._column.insertWidget(
            self._column.count() - 1, button, 0, Qt.AlignmentFlag.AlignHCenter
        )

    def set_current(self, name: str) -> None:
        """Check the button of a view."""
        self._buttons[name].setChecked(True)

    def button(self, name: str) -> QToolButton:
        """The button of a view."""
        return self._buttons[name]
