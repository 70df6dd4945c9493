"""Stroke templates for the characters of the ``full`` alphabet, several forms each."""

from __future__ import annotations

from types import MappingProxyType

from handwrite_gui.engine.data.glyphs.digits import DIGITS
from handwrite_gui.engine.data.glyphs.form import (
    BASELINE,
    CAP_HEIGHT,
    CAP_LINE,
    DESCENT_LINE,
    X_LINE,
    Form,
    Glyphs,
)
from handwrite_gui.engine.data.glyphs.lower import LOWER
from handwrite_gui.engine.data.glyphs.path import TracedStroke, trace
from handwrite_gui.engine.data.glyphs.punctuation import PUNCTUATION
from handwrite_gui.engine.data.glyphs.script import SCRIPT
from handwrite_gui.engine.data.glyphs.upper import UPPER

__all__ = [
    "BASELINE",
    "CAP_HEIGHT",
    "CAP_LINE",
    "DESCENT_LINE",
    "GLYPHS",
    "SCRIPT",
    "X_LINE",
    "Form",
    "Glyphs",
    "TracedStroke",
    "trace",
]

GLYPHS: Glyphs = MappingProxyType({**DIGITS, **UPPER, **LOWER, **PUNCTUATION})
"""Every character that can be synthesised, with its printed forms."""
