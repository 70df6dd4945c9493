"""Cutting ink so finely that no piece holds parts of two characters.

Over-segmentation (Casey & Lecolinet 1996): what touches is cut at every place where it may have
to be, and the network decides afterwards which pieces belong together.
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from handwrite_gui.engine.page.borders import Paths, reduced
from handwrite_gui.engine.page.components import Component, Labels

_SHARED_WIDTH = 0.6  # of the narrower of two pieces, for them to stand above one another
_BESIDE = 0.5  # of the height of the lower of two, of which one was cut, that they share at most
_CUT_FROM = 0.5  # letter heights: what is narrower is one letter or less
_LEAST_BORDER = 0.06  # probability of a border, from which ink is cut there,
_LEAST_INSIDE = 0.3  # and where the ink is no wider than a letter: it is one, most likely
_LETTER = 0.9  # letter heights: ink that is wider is two letters or more, most likely
_LEAST_PIECE = 0.07  # letter heights between two cuts
_LEANING = 0.7  # letter heights that a path may lean away from its middle
_CLEAR_GAP = 0.5  # letter heights: what is blank for so long parts characters for sure
_NEAR = 0.05  # letter heights: paths so much farther from the middle of a gap go through it too
_REACH = 0.5  # pen widths that letters overlap where they touch: half of a shared stroke
_LEAST_AREA = 0.5  # pen widths squared: less ink is no piece of its own


@dataclass(frozen=True)
class Glyph:
    """One or several components that may be one character; never empty.

    Attributes:
        components: its ink.
        reach: pixels that it goes on into ink beside it from which it was cut: a stroke that two
            letters share belongs to both.
        begins: the probability, by what lies to both sides, that a character begins with it.
    """

    components: tuple[Component, ...]
    reach: int = 0
    begins: float = 1.0

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
    return Glyph(parts, max(glyph.reach for glyph in glyphs), glyphs[0].begins)


def may_be_cut(component: Component, usual: float) -> bool:
    """Whether a component is wide enough for two letters.

    Args:
        component: of a line.
        usual: the usual height of a letter in pixels.
    """
    return component.width >= _CUT_FROM * usual


def find_pieces(
    labels: Labels,
    line: Sequence[Component],
    usual: float,
    pen: float,
    letters: Container[int] = frozenset(),
) -> list[Glyph]:
    """Take a line apart into pieces from left to right.

    Args:
        labels: int32 (h, w), the label image; cut components get new labels in it.
        line: components of one line.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.
        letters: labels of components that are one letter for sure, and not to be cut.

    Returns:
        Pieces by the middle of their columns; what stands above one another (the dot of an i, the
        bars of a broken E) is one.
    """
    if not line:
        return []
    borders = _Borders(labels, line, usual)
    following = int(labels.max()) + 1
    parts: list[list[Component]] = []
    begins: dict[int, float] = {}
    for component in line:
        cuts = _NONE
        if may_be_cut(component, usual) and component.label not in letters:
            cuts = borders.through(component)
        if cuts.size:
            own, starts = _cut(labels, component, borders.columns(cuts, component), pen, following)
            told = borders.probability(cuts).tolist()
            begins |= {
                part.label: told[start - 1]
                for part, start in zip(own, starts, strict=True)
                if start
            }
            following += len(own)
            parts.append(own)
        else:
            parts.append([component])
    pieces = _stack(parts, usual, max(1, round(_REACH * pen)))
    right = np.maximum.accumulate([piece.right for piece in pieces])
    left = np.array([piece.left for piece in pieces])
    between = borders.between(right[:-1], left[1:]).tolist()
    for index, piece in enumerate(pieces[1:], start=1):
        cut = [begins[c.label] for c in piece.components if c.label in begins]
        pieces[index] = replace(piece, begins=max(cut) if cut else between[index - 1])
    return pieces


_NONE = np.empty(0, np.intp)


class _Borders:
    """The paths through a line, each with the probability that it parts two characters."""

    def __init__(self, labels: Labels, line: Sequence[Component], usual: float) -> None:
        self._left, right = min(c.left for c in line), max(c.right for c in line)
        self._top, bottom = min(c.top for c in line), max(c.bottom for c in line)
        is_own = np.zeros(int(labels.max()) + 1, np.bool_)
        is_own[[c.label for c in line]] = True
        mask = is_own[labels[self._top : bottom, self._left : right]]
        ink = reduced(mask, usual)
        self._usual = usual
        self._scale = np.array(mask.shape) / ink.shape
        self._paths = Paths(ink)
        self.probability = self._paths.probability
        middle = self._paths.columns[:, ink.shape[0] // 2]
        self._middle = self._left + middle * self._scale[1]

    def columns(self, paths: NDArray[np.intp], component: Component) -> NDArray[np.intp]:
        """int (n, h): in every row of a component the first of its columns right of each path."""
        rows = (np.arange(component.top, component.bottom) - self._top) / self._scale[0]
        known = np.minimum(rows.astype(np.intp), self._paths.columns.shape[1] - 1)
        columns = self._paths.columns[paths][:, known] * self._scale[1]
        return np.asarray(np.rint(columns + self._left - component.left), np.intp)

    def through(self, component: Component) -> NDArray[np.intp]:
        """The paths that a component is cut along, from left to right, the likeliest of each
        neighbourhood."""
        narrow = component.width < _LETTER * self._usual
        near = np.flatnonzero(
            (self._middle > component.left - _LEANING * self._usual)
            & (self._middle < component.right + _LEANING * self._usual)
        )
        probability = self.probability(near)
        chance = probability >= (_LEAST_INSIDE if narrow else _LEAST_BORDER)
        likely, probability = near[chance], probability[chance]
        places = self.columns(likely, component).mean(axis=1)
        least = _LEAST_PIECE * self._usual
        inside = (places >= least) & (places <= component.width - least)
        likely, places, probability = likely[inside], places[inside], probability[inside]
        chosen: list[int] = []
        for index in np.argsort(-probability, kind="stable").tolist():
            if all(abs(places[index] - places[other]) >= least for other in chosen):
                chosen.append(index)
        return np.asarray(likely[sorted(chosen, key=places.__getitem__)], np.intp)

    def between(self, right: NDArray[np.intp], left: NDArray[np.intp]) -> NDArray[np.float64]:
        """The probability that a character ends at ``right`` and another begins at ``left``:
        float (n,) of int (n,)."""
        found = np.ones(len(left))
        doubtful = np.flatnonzero(left - right <= _CLEAR_GAP * self._usual)
        if not doubtful.size:
            return found
        order = np.argsort(self._middle, kind="stable")
        middles = self._middle[order]
        centres = (right + left)[doubtful] / 2
        at = np.searchsorted(middles, centres)
        nearest = np.minimum(
            np.abs(middles[np.maximum(at - 1, 0)] - centres),
            np.abs(middles[np.minimum(at, len(middles) - 1)] - centres),
        )
        reach = nearest + _NEAR * self._usual
        first = np.searchsorted(middles, centres - reach)
        last = np.searchsorted(middles, centres + reach, side="right")
        near = [order[a:b] for a, b in zip(first.tolist(), last.tolist(), strict=True)]
        starts = np.cumsum([0, *(len(paths) for paths in near[:-1])])
        found[doubtful] = np.maximum.reduceat(self.probability(np.concatenate(near)), starts)
        return found


def _cut(
    labels: Labels,
    component: Component,
    paths: NDArray[np.intp],
    pen: float,
    following: int,
) -> tuple[list[Component], list[int]]:
    """Part a component along paths; each part gets a label of its own, from ``following``.

    Returns:
        The parts, and how many of the paths lie left of each.
    """
    window = labels[component.top : component.bottom, component.left : component.right]
    rows, columns = np.nonzero(window == component.label)
    # How many of the paths lie left of each pixel, or in it, whatever their order.
    height, width = window.shape
    begins = np.arange(height) * (width + 1) + np.clip(paths, 0, width)
    passed = np.bincount(begins.reshape(-1), minlength=height * (width + 1))
    part = passed.reshape(height, width + 1).cumsum(axis=1)[rows, columns]
    areas = np.bincount(part, minlength=len(paths) + 1)
    # A crumb between two paths goes with its neighbour.
    target = np.arange(len(areas))
    for index in np.flatnonzero(areas < _LEAST_AREA * pen * pen):
        nearest = np.flatnonzero(areas >= _LEAST_AREA * pen * pen)
        if nearest.size:
            target[index] = nearest[np.argmin(np.abs(nearest - index))]
    kept = np.unique(target[areas > 0])
    number = np.searchsorted(kept, target)[part]
    window[rows, columns] = following + number
    starts = [int(np.flatnonzero(target == index)[0]) for index in kept]
    numbers = np.zeros(window.shape, np.int32)
    numbers[rows, columns] = number + 1
    areas = np.bincount(number)
    parts = [
        Component(
            following + index,
            component.left + box[1].start,
            component.top + box[0].start,
            component.left + box[1].stop,
            component.top + box[0].stop,
            int(areas[index]),
        )
        for index, box in enumerate(ndimage.find_objects(numbers))
    ]
    return parts, starts


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
            if index not in origins
            and _above(other, glyph, usual)
            and not ((glyph.reach or other.reach) and _beside(other, glyph))
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


def _beside(a: Glyph, b: Glyph) -> bool:
    """Whether both stand at one height: the right stem of an H and the I that leans over it."""
    together = min(a.bottom, b.bottom) - max(a.top, b.top)
    return together > _BESIDE * min(a.height, b.height)


def _shared(a: Glyph, b: Glyph) -> int:
    return min(a.right, b.right) - max(a.left, b.left)
