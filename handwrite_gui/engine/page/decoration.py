"""Decoration: strokes that are no writing, but lines under words, boxes and circles around them.

Read like letters, a line under a word is a dash or the foot of them all, and a box is an I at
either end.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.components import Component, Labels, boxes, is_one_stroke

_LEAST_AROUND = 1.3  # letter heights that what goes around a letter is high and wide,
_LEAST_INSIDE = 0.45  # and that this letter is high
_OUTLINE = 2.0  # times round its box, with the pen, is the most ink that goes around something
_HOLLOW = 0.5  # of its box, at least, that lies within it
_ENCLOSED = 0.7  # of a letter's box, to lie within: circles often stay open a little
_MOST_PLACES = 512  # along a side, that are looked at for this: a page may be large
_LEAST_LINE = 1.4  # letter heights: a shorter line is a dash, or a bar of a letter
_LEVEL = 0.5  # letter heights that a line under a word may climb
_COVERED = 0.6  # of its length that has letters above it
_BELOW = 0.3  # letter heights that their feet may reach below its middle,
_NEAR = 0.9  # and that it may lie below them


def without_frames(
    labels: Labels, components: Sequence[Component], usual: float, pen: float
) -> list[Component]:
    """Leave out boxes and circles around other writing, closed or nearly so.

    Args:
        labels: int32 (h, w), the label image.
        components: of it.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.
    """
    places = boxes(components)
    tall = places[:, 3] - places[:, 1] >= _LEAST_INSIDE * usual
    return [c for c in components if not _goes_around(c, labels, places[tall], usual, pen)]


def _goes_around(
    component: Component, labels: Labels, letters: NDArray[np.int64], usual: float, pen: float
) -> bool:
    """Whether a component is a thin line around at least one of some letters, by their boxes."""
    if min(component.width, component.height) < _LEAST_AROUND * usual:
        return False
    if component.area > _OUTLINE * pen * 2 * (component.width + component.height):
        return False
    inside = letters[
        (letters[:, 0] > component.left)
        & (letters[:, 1] > component.top)
        & (letters[:, 2] < component.right)
        & (letters[:, 3] < component.bottom)
    ]
    if not len(inside):
        return False
    window = labels[component.top : component.bottom, component.left : component.right]
    enclosed, scale = _enclosed(window == component.label)
    if enclosed.mean() < _HOLLOW:
        return False
    offset = np.array([component.left, component.top, component.left, component.top])
    own = (inside - offset) // scale
    return any(
        enclosed[y0 : y1 + 1, x0 : x1 + 1].mean() >= _ENCLOSED for x0, y0, x1, y1 in own.tolist()
    )


def _enclosed(ink: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], int]:
    """Which places have ink above, below and to both sides, and none themselves; each is so many
    pixels high and wide."""
    scale = -(-max(ink.shape) // _MOST_PLACES)
    for axis in (0, 1):
        ink = np.logical_or.reduceat(ink, np.arange(0, ink.shape[axis], scale), axis=axis)
    enclosed = ~ink
    for axis in (0, 1):
        enclosed &= np.logical_or.accumulate(ink, axis=axis)
        enclosed &= np.flip(np.logical_or.accumulate(np.flip(ink, axis), axis=axis), axis)
    return enclosed, scale


def without_underlines(
    components: Sequence[Component], usual: float, pen: float
) -> list[Component]:
    """Leave out lines under words.

    Args:
        components: the writing of a page whose lines lie roughly level.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.
    """
    lines = [c for c in components if _may_underline(c, usual, pen)]
    if not lines:
        return list(components)
    places = boxes(components)
    letters = places[places[:, 3] - places[:, 1] >= _LEAST_INSIDE * usual]
    under = {c.label for c in lines if _is_under(c, letters, usual)}
    return [c for c in components if c.label not in under]


def _may_underline(component: Component, usual: float, pen: float) -> bool:
    return (
        component.width >= _LEAST_LINE * usual
        and component.height <= _LEVEL * usual
        and is_one_stroke(component, pen)
    )


def _is_under(line: Component, letters: NDArray[np.int64], usual: float) -> bool:
    """Whether most of a line has letters right above it, given as their boxes."""
    middle = (line.top + line.bottom) / 2
    left, top, right, bottom = letters.T
    above = (
        (left < line.right)
        & (right > line.left)
        & (top < middle - _LEAST_INSIDE * usual)
        & (bottom < middle + _BELOW * usual)
        & (bottom > middle - _NEAR * usual)
    )
    covered = np.zeros(line.width, np.bool_)
    for begin, end in zip(left[above].tolist(), right[above].tolist(), strict=True):
        covered[max(begin - line.left, 0) : max(end - line.left, 0)] = True
    return bool(covered.mean() >= _COVERED)
