"""Putting the pieces of one character together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handwrite_gui.engine.page.components import Component

_SHARED_WIDTH = 0.5  # of the narrower of two pieces, for them to be one character


@dataclass(frozen=True)
class Glyph:
    """The components of what is taken for one character; never empty."""

    components: tuple[Component, ...]

    @property
    def left(self) -> int:
        return min(c.left for c in self.components)

    @property
    def top(self) -> int:
        return min(c.top for c in self.components)

    @property
    def right(self) -> int:
        return max(c.right for c in self.components)

    @property
    def bottom(self) -> int:
        return max(c.bottom for c in self.components)

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def merge_pieces(line: Sequence[Component], usual: float) -> list[Glyph]:
    """Join the components of a line that stand above one another.

    The bars of a broken E, the dot of an i and the roof of a T share their columns with the
    rest of the letter; neighbouring letters hardly do.

    Args:
        line: components of one line.
        usual: the usual height of a letter in pixels.

    Returns:
        The characters from left to right.
    """
    glyphs: list[Glyph] = []
    for component in sorted(line, key=lambda c: (c.left, c.top)):
        merged = Glyph((component,))
        apart = []
        for glyph in glyphs:
            if _belong(glyph, merged, usual):
                merged = Glyph((*glyph.components, *merged.components))
            else:
                apart.append(glyph)
        glyphs = [*apart, merged]
    return sorted(glyphs, key=lambda glyph: glyph.left + glyph.right)


def _belong(a: Glyph, b: Glyph, usual: float) -> bool:
    """Whether two groups of pieces are one character."""
    shared = min(a.right, b.right) - max(a.left, b.left)
    narrower = min(a.width, b.width)
    together = max(a.right, b.right) - min(a.left, b.left)
    # Two full letters that lean over each other stay two: only then is the whole that wide.
    return shared >= _SHARED_WIDTH * narrower and together < 1.9 * usual
