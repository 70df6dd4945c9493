"""Cutting ink so finely that no piece holds parts of two characters.

Over-segmentation (Casey & Lecolinet 1996): what touches is cut at every place where it may have
to be, and the network decides afterwards which pieces belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.components import Component, Labels
from handwrite_gui.engine.page.seams import Seams, find_seams

_SHARED_WIDTH = 0.6  # of the narrower of two pieces, for them to stand above one another
_CUT_FROM = 0.5  # letter heights: what is narrower is one letter or less
_REACH = 0.5  # pen widths that letters overlap where they touch: half of a shared stroke
_LEAST_AREA = 0.5  # pen widths squared: less ink is no piece of its own


@dataclass(frozen=True)
class Glyph:
    """One or several components that may be one character; never empty.

    Attributes:
        components: its ink.
        reach: pixels that it goes on into ink beside it from which it was cut: a stroke that two
            letters share belongs to both.
    """

    components: tuple[Component, ...]
    reach: int = 0

    # The box is asked for again and again: every two pieces of a line are compared.
    @cached_property
    def left(self) -> int:
        return min(c.left for c in self.components)

    @cached_property
    def top(self) -> int:
        return min(c.top for c in self.components)

    @cached_property
    def right(self) -> int:
        return max(c.right for c in self.components)

    @cached_property
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
    parts = tuple(c for glyph in glyphs for c in glyph.components)
    return Glyph(parts, max(glyph.reach for glyph in glyphs))


def find_pieces(labels: Labels, line: Sequence[Component], usual: float, pen: float) -> list[Glyph]:
    """Take a line apart into pieces from left to right.

    Args:
        labels: int32 (h, w), the label image; cut components get new labels in it.
        line: components of one line.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.

    Returns:
        Pieces by the middle of their columns; what stands above one another (the dot of an i, the
        bars of a broken E) is one.
    """
    wide = [component for component in line if component.width >= _CUT_FROM * usual]
    seams = find_seams([_own(labels, component) for component in wide], usual, pen)
    parts: list[list[Component]] = [[c] for c in line if c.width < _CUT_FROM * usual]
    following = int(labels.max()) + 1 if wide else 0
    for component, own in zip(wide, seams, strict=True):
        cut = _cut(labels, component, own, pen, following) if len(own.ink) else [component]
        following += len(cut)
        parts.append(cut)
    return _stack(parts, usual, max(1, round(_REACH * pen)))


def _cut(
    labels: Labels, component: Component, seams: Seams, pen: float, following: int
) -> list[Component]:
    """Part a component along its seams; each part gets a label of its own, from ``following``."""
    window = labels[component.top : component.bottom, component.left : component.right]
    rows, columns = np.nonzero(window == component.label)
    part = (columns >= seams.columns[:, rows]).sum(axis=0)
    areas = np.bincount(part, minlength=len(seams.ink) + 1)
    # A crumb between two paths goes with its neighbour.
    target = np.arange(len(areas))
    for index in np.flatnonzero(areas < _LEAST_AREA * pen * pen):
        nearest = np.flatnonzero(areas >= _LEAST_AREA * pen * pen)
        if nearest.size:
            target[index] = nearest[np.argmin(np.abs(nearest - index))]
    _, part = np.unique(target[part], return_inverse=True)
    window[rows, columns] = following + part
    return [
        _box(rows[part == index], columns[part == index], following + index, component)
        for index in range(int(part.max()) + 1)
    ]


def _box(
    rows: NDArray[np.intp], columns: NDArray[np.intp], label: int, component: Component
) -> Component:
    return Component(
        label,
        component.left + int(columns.min()),
        component.top + int(rows.min()),
        component.left + int(columns.max()) + 1,
        component.top + int(rows.max()) + 1,
        len(rows),
    )


def _own(labels: Labels, component: Component) -> NDArray[np.bool_]:
    rows = slice(component.top, component.bottom)
    return np.asarray(labels[rows, component.left : component.right] == component.label)


def _stack(parts: Sequence[Sequence[Component]], usual: float, reach: int) -> list[Glyph]:
    """Join what shares its columns, but never two parts of what was cut."""
    glyphs: list[tuple[Glyph, frozenset[int]]] = []
    whole = sorted(
        (
            (Glyph((part,), reach if len(own) > 1 else 0), index)
            for index, own in enumerate(parts)
            for part in own
        ),
        key=lambda item: (item[0].width, item[0].left),
    )
    # Narrow ones last: a dot joins the letter below it and not the other way round.
    for glyph, index in reversed(whole):
        fits = [
            position
            for position, (other, origins) in enumerate(glyphs)
            if index not in origins and _above(other, glyph, usual)
        ]
        if fits:
            position = max(fits, key=lambda p: _shared(glyphs[p][0], glyph))
            other, origins = glyphs[position]
            glyphs[position] = (join([other, glyph]), origins | {index})
        else:
            glyphs.append((glyph, frozenset([index])))
    return sorted((glyph for glyph, _ in glyphs), key=lambda glyph: glyph.left + glyph.right)


def _above(a: Glyph, b: Glyph, usual: float) -> bool:
    together = max(a.right, b.right) - min(a.left, b.left)
    # Two full letters that lean over each other stay two: only then is the whole that wide.
    return _shared(a, b) >= _SHARED_WIDTH * min(a.width, b.width) and together < 1.7 * usual


def _shared(a: Glyph, b: Glyph) -> int:
    return min(a.right, b.right) - max(a.left, b.left)
