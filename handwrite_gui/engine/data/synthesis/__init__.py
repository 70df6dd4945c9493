"""Handwriting of people who do not exist, drawn from the project's own stroke templates.

What a fresh machine trains on before it has any data, what the reader's tests read, and what the
sample pages show.  Everything follows from a seed.
"""

from __future__ import annotations

from handwrite_gui.engine.data.synthesis.characters import synthesize, synthesize_strokes
from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.data.synthesis.style import WritingStyle

__all__ = ["WritingStyle", "compose_page", "synthesize", "synthesize_strokes"]
