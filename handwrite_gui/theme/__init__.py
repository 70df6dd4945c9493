"""The program's look: colours, type and one stylesheet, in a light and a dark version."""

from __future__ import annotations

from handwrite_gui.theme.manager import APPEARANCES, ThemeManager, theme
from handwrite_gui.theme.tokens import DARK, LIGHT, Tokens

__all__ = ["APPEARANCES", "DARK", "LIGHT", "ThemeManager", "Tokens", "theme"]
