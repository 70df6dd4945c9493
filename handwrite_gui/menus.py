"""The menu bar, made from the commands of the window and of the view that is shown."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QMenuBar

from handwrite_gui.commands import MENUS, Command, make_action, refresh_action

_LAST_SECTION = "quit"


def merge(view_commands: Sequence[Command], window_commands: Sequence[Command]) -> list[Command]:
    """All commands, a view's instead of the window's where they would get in each other's way.

    They do where they share their id, a shortcut, or their title within a menu.
    """
    ids = {command.id for command in view_commands}
    keys = {key for command in view_commands for key in _keys(command)}
    titles = {(command.menu, command.plain_title) for command in view_commands}
    kept = [
        command
        for command in window_commands
        if command.id not in ids
        and not keys & _keys(command)
        and (command.menu, command.plain_title) not in titles
    ]
    return [*view_commands, *kept]


def _keys(command: Command) -> set[str]:
    return {part.lower() for part in command.shortcut.split("; ") if part}


class Menus(QObject):
    """Keeps a menu bar in step with a list of commands."""

    def __init__(self, bar: QMenuBar) -> None:
        super().__init__(bar)
        self._bar = bar
        self._menus: list[QMenu] = []
        self._actions: dict[str, tuple[Command, QAction]] = {}

    def show_commands(self, commands: Sequence[Command]) -> None:
        """Replace all menus."""
        # Once removed they are only scheduled for deletion, and their shortcuts must go now.
        for _, action in self._actions.values():
            action.setShortcuts([])
            action.setEnabled(False)
        for menu in self._menus:
            menu.deleteLater()
        self._bar.clear()
        self._menus = []
        self._actions = {}
        for title in MENUS:
            entries = [command for command in commands if command.menu == title]
            if entries:
                menu = self._bar.addMenu(f"&{title}")
                self._menus.append(menu)
                self._fill(menu, entries)

    def refresh(self) -> None:
        """Ask every command again whether it can be used and whether it is on."""
        for command, action in self._actions.values():
            refresh_action(command, action)

    def action(self, command_id: str) -> QAction:
        """The action of a command that is in the menus now.

        Raises:
            KeyError: it is not.
        """
        return self._actions[command_id][1]

    def _fill(self, menu: QMenu, entries: Sequence[Command]) -> None:
        sections = list(dict.fromkeys(command.section for command in entries))
        sections.sort(key=lambda name: name == _LAST_SECTION)
        for section in sections:
            if section != sections[0]:
                menu.addSeparator()
            for command in entries:
                if command.section == section:
                    self._add(menu, command)

    def _add(self, menu: QMenu, command: Command) -> None:
        if command.children is None:
            action = make_action(command, menu)
            menu.addAction(action)
        else:
            action = self._submenu(menu, command).menuAction()
            refresh_action(command, action)
        self._actions[command.id] = (command, action)

    def _submenu(self, menu: QMenu, command: Command) -> QMenu:
        submenu = menu.addMenu(command.title)
        submenu.setObjectName(command.id)

        def fill() -> None:
            submenu.clear()
            children = command.children() if command.children is not None else []
            for child in children:
                submenu.addAction(make_action(child, submenu))
            if not children:
                submenu.addAction("None yet").setEnabled(False)

        submenu.aboutToShow.connect(fill)
        return submenu
