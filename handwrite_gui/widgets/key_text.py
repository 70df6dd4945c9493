"""Which keys give a character its label."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

COMMAND_KEYS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)


def typed_label(event: QKeyEvent) -> str:
    """The character that a key types; empty for the space bar, commands and keys without one."""
    text = event.text()
    # With Ctrl and Alt together some keyboards type characters, which no command uses.
    modifiers = event.modifiers() & COMMAND_KEYS
    types = modifiers in (
        Qt.KeyboardModifier.NoModifier,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier,
    )
    return text if types and len(text) == 1 and text.isprintable() and not text.isspace() else ""
