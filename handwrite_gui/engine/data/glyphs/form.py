"""One way to write a character."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

CAP_LINE = 0.0
"""Top of capitals, digits and ascenders: y in the units of the paths, y down."""

X_LINE = 40.0
"""Top of small letters without an ascender."""

BASELINE = 100.0
"""What the characters stand on."""

DESCENT_LINE = 140.0
"""Bottom of the tails of g, j, p, q and y."""

CAP_HEIGHT = BASELINE - CAP_LINE
"""Units to the height of a capital, which all sizes are given by."""


@dataclass(frozen=True, slots=True)
class Form:
    """A way of writing a character.

    Attributes:
        name: what tells it from the other forms of the character.
        path: the strokes in the order and direction of writing, in the notation of
            :mod:`handwrite_gui.engine.data.glyphs.path`, :data:`CAP_HEIGHT` units to the height
            of a capital.
        weight: how common it is, against the other forms of the character.
    """

    name: str
    path: str
    weight: float = 1.0


Glyphs = Mapping[str, tuple[Form, ...]]
"""The forms of each character."""
