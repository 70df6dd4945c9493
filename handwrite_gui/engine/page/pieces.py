"""Cutting ink so finely that no piece holds parts of two characters.

Over-segmentation (Casey & Lecolinet 1996): what touches is cut at every place where it may have
to be, and the network decides afterwards which pieces belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from handwrite_gui.engine.page.components import Component, Labels

_SHARED_WIDTH = 0.6  # of the narrower of two pieces, for them to stand above one another
_CUT_FROM = 0.55  # letter heights: what is narrower is one letter or less
_LEAST_PIECE = 0.16  # letter heights between two cuts
_DEEPEST_INK = 2.8  # pen widths of ink a cut may go through


@dataclass(frozen=True)
class Glyph:
    """One or several components that may be one character; never empty."""

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


def join(glyphs: Sequence[Glyph]) -> Glyph:
    """All components of several glyphs as one."""
    return Glyph(tuple(c for glyph in glyphs for c in glyph.components))


def find_pieces(labels: Labels, line: Sequence[Component], usual: float, pen: float) -> list[Glyph]:
    """Take a line apart into pieces from left to right.

    Args:
        labels: int32 (h, w), the label image; cut components get new labels in it.
        line: components of one line.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.

    Returns:
        Pieces; what stands above one another (the dot of an i, the bars of a broken E) is one.
    """
    parts: list[Component] = []
    for component in line:
        cuts = _cuts(labels, component, usual, pen)
        parts += _cut(labels, component, cuts) if cuts else [component]
    return _stack(parts, usual)


def _cuts(labels: Labels, component: Component, usual: float, pen: float) -> list[int]:
    """Columns, in pixels of the page, at which a component may be two characters."""
    if component.width < _CUT_FROM * usual:
        return []
    own = _own(labels, component)
    depth = own.sum(axis=0).astype(np.float64)
    smooth = ndimage.gaussian_filter1d(depth, max(pen / 3, 0.5), mode="nearest")
    least = _LEAST_PIECE * usual
    minima = np.flatnonzero(
        (smooth <= ndimage.minimum_filter1d(smooth, max(3, int(least) | 1), mode="nearest"))
        & (smooth <= _DEEPEST_INK * pen)
    )
    # A straight stroke makes a long flat minimum: its middle stands for it.
    runs = np.split(minima, np.flatnonzero(np.diff(minima) > 1) + 1)
    columns = [int(run.mean()) for run in runs if run.size]
    chosen: list[int] = []
    for column in sorted(columns, key=lambda c: float(smooth[c])):
        inside = least <= column <= component.width - least
        if inside and all(abs(column - other) >= least for other in chosen):
            chosen.append(column)
    return sorted(component.left + column for column in chosen)


def _cut(labels: Labels, component: Component, cuts: Sequence[int]) -> list[Component]:
    """Part a component at columns; each part gets a label of its own."""
    parts = []
    following = int(labels.max()) + 1
    for left, right in pairwise([component.left, *cuts, component.right]):
        window = labels[component.top : component.bottom, left:right]
        own = window == component.label
        if not own.any():
            continue
        window[own] = following
        parts.append(_box(own, following, left, component.top))
        following += 1
    return parts


def _box(own: NDArray[np.bool_], label: int, left: int, top: int) -> Component:
    rows, columns = np.flatnonzero(own.any(axis=1)), np.flatnonzero(own.any(axis=0))
    return Component(
        label,
        left + int(columns[0]),
        top + int(rows[0]),
        left + int(columns[-1]) + 1,
        top + int(rows[-1]) + 1,
        int(own.sum()),
    )


def _own(labels: Labels, component: Component) -> NDArray[np.bool_]:
    rows = slice(component.top, component.bottom)
    return np.asarray(labels[rows, component.left : component.right] == component.label)


def _stack(parts: Sequence[Component], usual: float) -> list[Glyph]:
    """Join what shares its columns."""
    glyphs: list[Glyph] = []
    for part in sorted(parts, key=lambda c: (c.left, c.top)):
        merged = Glyph((part,))
        apart = []
        for glyph in glyphs:
            if _above(glyph, merged, usual):
                merged = join([glyph, merged])
            else:
                apart.append(glyph)
        glyphs = [*apart, merged]
    return sorted(glyphs, key=lambda glyph: glyph.left + glyph.right)


def _above(a: Glyph, b: Glyph, usual: float) -> bool:
    shared = min(a.right, b.right) - max(a.left, b.left)
    together = max(a.right, b.right) - min(a.left, b.left)
    # Two full letters that lean over each other stay two: only then is the whole that wide.
    return shared >= _SHARED_WIDTH * min(a.width, b.width) and together < 1.7 * usual
