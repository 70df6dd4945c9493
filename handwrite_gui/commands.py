"""Commands as data: menus, buttons, shortcuts and the list of shortcuts come from one place."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QToolButton, QWidget

from handwrite_gui.icons import icon

MENUS = ("File", "Edit", "View", "Draw", "Page", "Batch", "Train", "Hand", "Help")
"""Menus from left to right; one without commands is not shown."""


@dataclass(frozen=True)
class Command:
    """Something the person can ask for.

    Attributes:
        id: unique name, ``view.verb``; a view's command replaces the window's of the same id
            while that view is shown.
        title: as it stands in a menu, an ellipsis where a question follows.
        callback: takes no arguments; a checkable command's takes the new state.
        shortcut: in Qt's portable text (``Ctrl+Shift+Z``), several separated by ``; ``.
        icon: name of an icon, or empty.
        menu: one of :data:`MENUS`.
        section: commands of one section stand together, a line between sections.
        enabled: asked whenever the view emits ``commands_changed``; None means always.
        checkable, checked: a state that can be on or off, and the question what it is.
        children: entries of a submenu, asked anew each time it opens; ``callback`` is unused.
        tip: one sentence for the tool tip and the status line; the title where empty.
    """

    id: str
    title: str
    callback: Callable[..., object]
    shortcut: str = ""
    icon: str = ""
    menu: str = "File"
    section: str = ""
    enabled: Callable[[], bool] | None = None
    checkable: bool = False
    checked: Callable[[], bool] | None = None
    children: Callable[[], list[Command]] | None = None
    tip: str = ""

    @property
    def plain_title(self) -> str:
        """The title without the mnemonic's ampersand."""
        return self.title.replace("&&", "\0").replace("&", "").replace("\0", "&")

    @property
    def shortcut_text(self) -> str:
        """The first shortcut as this system writes it, or nothing."""
        first = self.shortcut.split("; ")[0]
        return QKeySequence(first).toString(QKeySequence.SequenceFormat.NativeText)


def make_action(command: Command, parent: QObject) -> QAction:
    """An action that does the command, shortcut included.

    Only the main window makes these: two actions with one shortcut would cancel each other.
    """
    action = QAction(command.title, parent)
    action.setObjectName(command.id)
    if command.icon:
        action.setIcon(icon(command.icon))
    if command.shortcut:
        action.setShortcuts([QKeySequence(part) for part in command.shortcut.split("; ")])
    action.setStatusTip(command.tip)
    action.setCheckable(command.checkable)
    if command.checkable:
        action.triggered.connect(lambda checked: command.callback(checked))
    else:
        action.triggered.connect(lambda: command.callback())
    refresh_action(command, action)
    return action


def refresh_action(command: Command, action: QAction | QToolButton) -> None:
    """Ask the command again whether it can be used and whether it is on."""
    if command.enabled is not None:
        action.setEnabled(command.enabled())
    if command.checkable and command.checked is not None:
        action.setChecked(command.checked())


class CommandButton(QToolButton):
    """A button that does a command; its tip names the shortcut, which the menu's action owns.

    The view calls :meth:`refresh` when it emits ``commands_changed``.
    """

    def __init__(
        self, command: Command, parent: QWidget | None = None, *, with_text: bool = False
    ) -> None:
        super().__init__(parent)
        self.command = command
        title = command.plain_title.rstrip("…")
        self.setText(title)
        self.setAccessibleName(title)
        self.setObjectName(f"button.{command.id}")
        if command.icon:
            self.setIcon(icon(command.icon))
            self.setIconSize(QSize(20, 20))
        style = Qt.ToolButtonStyle
        if with_text:
            self.setToolButtonStyle(style.ToolButtonTextBesideIcon)
        elif command.icon:
            self.setToolButtonStyle(style.ToolButtonIconOnly)
        keys = f" ({command.shortcut_text})" if command.shortcut else ""
        self.setToolTip((command.tip or title) + keys)
        # A tool button skips the Tab chain by default; everything here is reached by keyboard.
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCheckable(command.checkable)
        if command.checkable:
            self.clicked.connect(lambda checked: command.callback(checked))
        else:
            self.clicked.connect(lambda: command.callback())
        self.refresh()

    def refresh(self) -> None:
        """Ask the command again whether it can be used and whether it is on."""
        refresh_action(self.command, self)


def refresh_buttons(buttons: Iterable[CommandButton]) -> None:
    """Refresh several buttons."""
    for button in buttons:
        button.refresh()
