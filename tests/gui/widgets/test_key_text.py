"""Keys that say what a character is, wherever one is chosen."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from handwrite_gui.widgets.key_text import typed_label

NONE, SHIFT, CTRL, ALT, KEYPAD = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.KeypadModifier,
)


@pytest.mark.parametrize(
    ("modifiers", "text", "label"),
    [
        (NONE, "a", "a"),
        (SHIFT, "A", "A"),
        (KEYPAD, "7", "7"),
        (CTRL | ALT, "@", "@"),  # as AltGr comes from some keyboards
        (CTRL, "a", ""),
        (ALT, "a", ""),
        (NONE, " ", ""),
        (NONE, "\r", ""),
        (NONE, "", ""),
    ],
)
def test_the_character_that_a_key_types(
    modifiers: Qt.KeyboardModifier, text: str, label: str
) -> None:
    assert typed_label(QKeyEvent(QEvent.Type.KeyPress, 0, modifiers, text)) == label
