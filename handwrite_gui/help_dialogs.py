"""The windows of the Help menu; neither stops the work in the main window."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from handwrite_gui import __version__
from handwrite_gui.icons import application_icon

if TYPE_CHECKING:
    from handwrite_gui.commands import Command
    from handwrite_gui.main_window import MainWindow


def show_shortcuts(window: MainWindow) -> QDialog:
    """Open the list of all shortcuts."""
    return _show(window, ShortcutsDialog(window.command_groups(), window))


def show_about(window: MainWindow) -> QDialog:
    """Open what the program is, and which model it reads with."""
    return _show(window, AboutDialog(window))


def _show(window: MainWindow, dialog: QDialog) -> QDialog:
    # One of a kind: asking again replaces the one that is open.
    for earlier in window.findChildren(type(dialog)):
        if earlier is not dialog:
            earlier.close()
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.show()
    return dialog


class _HelpDialog(QDialog):
    """A page with a button to close it."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(24, 24, 24, 16)
        self._column.setSpacing(16)

    def _add_close_button(self) -> None:
        close = QPushButton("Close", self)
        close.setProperty("variant", "primary")
        close.setDefault(True)
        close.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(close)
        self._column.addLayout(row)


class ShortcutsDialog(_HelpDialog):
    """Every command that has a shortcut, by where it works.

    Args:
        groups: heading and commands, in the order they are shown.
    """

    def __init__(self, groups: list[tuple[str, list[Command]]], parent: QWidget) -> None:
        super().__init__("Keyboard shortcuts", parent)
        page = QWidget(self)
        grid = QGridLayout(page)
        grid.setContentsMargins(0, 0, 16, 0)
        grid.setHorizontalSpacing(32)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(0, 1)
        row = 0
        for heading, commands in groups:
            listed = [command for command in commands if command.shortcut]
            if not listed:
                continue
            label = QLabel(heading, page)
            label.setProperty("role", "heading")
            if row:
                label.setContentsMargins(0, 16, 0, 0)
            grid.addWidget(label, row, 0, 1, 2)
            for command in listed:
                row += 1
                keys = QLabel(_key_text(command), page)
                keys.setProperty("role", "mono")
                grid.addWidget(QLabel(command.plain_title.rstrip("…"), page), row, 0)
                grid.addWidget(keys, row, 1, Qt.AlignmentFlag.AlignRight)
            row += 1
        grid.setRowStretch(row, 1)
        scroll = QScrollArea(self)
        scroll.setWidget(page)
        scroll.setWidgetResizable(True)
        scroll.setAccessibleName("Keyboard shortcuts")
        self._column.addWidget(scroll, 1)
        self._add_close_button()
        self.resize(520, 600)


class AboutDialog(_HelpDialog):
    """The program, its version and the model in use."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__("About Handwrite", window)
        head = QHBoxLayout()
        head.setSpacing(16)
        picture = QLabel(self)
        picture.setPixmap(application_icon().pixmap(64, 64))
        name = QLabel("Handwrite", self)
        name.setProperty("role", "title")
        version = QLabel(f"Version {__version__}", self)
        version.setProperty("role", "muted")
        titles = QVBoxLayout()
        titles.setSpacing(4)
        titles.addStretch(1)
        titles.addWidget(name)
        titles.addWidget(version)
        titles.addStretch(1)
        head.addWidget(picture)
        head.addLayout(titles, 1)
        self._column.addLayout(head)
        text = QLabel(_about_text(window), self)
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setWordWrap(True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._column.addWidget(text)
        self._column.addStretch(1)
        self._add_close_button()
        self.setMinimumWidth(440)


def _key_text(command: Command) -> str:
    native = QKeySequence.SequenceFormat.NativeText
    return "  or  ".join(
        QKeySequence(part).toString(native) for part in command.shortcut.split("; ")
    )


def _about_text(window: MainWindow) -> str:
    parts = ["<p>Reads handwriting, and shows how it learns to.</p>"]
    model = window.store.model
    if model is not None:
        card = model.card
        parts.append(
            f"<p><b>Model in use:</b> {escape(card.name)} ({escape(window.store.source)}), "
            f"{len(model.classes)} characters.</p>"
        )
        if card.description:
            parts.append(f"<p>{escape(card.description)}</p>")
    parts.append(
        f"<p>Free software under the MIT licence. It uses Qt {qVersion()} through PySide6, "
        "NumPy, SciPy, scikit-image, pyqtgraph and Pillow.</p>"
    )
    return "".join(parts)
