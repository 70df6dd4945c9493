"""Connected components of ink, and which of them can be writing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

Mask = NDArray[np.bool_]
Labels = NDArray[np.int32]

LEAST_LETTER = 7.0
"""Pixels: lower letters cannot be told apart, and such ink is the paper's grain more often."""

_LEAST_STROKES = 2.6  # pen widths: what is lower is blots, clouds or a cloth's weave, not letters

_ONE_STROKE = 1.6  # pen widths of ink, at most, for each pixel along one stroke

_HAIR = 2  # pixels: erased lines leave an edge no wider

_EIGHT_NEIGHBOURS = np.ones((3, 3), np.int8)


@dataclass(frozen=True, slots=True)
class Component:
    """Ink that hangs together.

    Attributes:
        label: its number in the label image.
        left, top, right, bottom: its box in pixels, right and bottom are one past the last.
        area: its pixels.
    """

    label: int
    left: int
    top: int
    right: int
    bottom: int
    area: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top


def boxes(components: Sequence[Component]) -> NDArray[np.int64]:
    """(n, 4): left, top, right and bottom of each component."""
    found = [(c.left, c.top, c.right, c.bottom) for c in components]
    return np.array(found, np.int64).reshape(-1, 4)


def find_components(mask: Mask) -> tuple[Labels, list[Component]]:
    """Label the 8-connected components of a mask (h, w).

    Returns:
        The label image, int32 (h, w) with 0 for no ink, and the components in its order.
    """
    labels: Labels = np.empty(mask.shape, np.int32)
    ndimage.label(mask, _EIGHT_NEIGHBOURS, output=labels)
    areas = np.bincount(labels[mask])
    # find_objects and bincount: skimage's regionprops takes nine times as long on a full page.
    components = [
        Component(label, columns.start, rows.start, columns.stop, rows.stop, int(areas[label]))
        for label, (rows, columns) in enumerate(ndimage.find_objects(labels), start=1)
    ]
    return labels, components


def stroke_width(mask: Mask) -> float:
    """Width of the pen in pixels: twice the ink's area over the length of its outline."""
    area = int(mask.sum())
    if not area:
        return 0.0
    # An erosion by the eight neighbours; as comparisons of whole rows it takes a tenth of the time.
    inner = mask[1:-1] & mask[:-2] & mask[2:]
    inner = inner[:, 1:-1] & inner[:, :-2] & inner[:, 2:]
    outline = area - int(inner.sum())
    return 2 * area / max(outline, 1)


def letter_height(components: Sequence[Component], pen: float) -> float:
    """The usual height of a character in pixels, 0 where there is none.

    Tall components count for more: the many small ones are dots, dashes and broken pieces.
    """
    heights = np.sort([c.height for c in components if max(c.width, c.height) > 2 * pen])
    if not heights.size:
        heights = np.sort([c.height for c in components])
    if not heights.size:
        return 0.0
    weight = np.cumsum(heights)
    return float(heights[np.searchsorted(weight, weight[-1] / 2)])


def writing(components: Sequence[Component], shape: tuple[int, int], pen: float) -> list[Component]:
    """Leave out what cannot be writing: specks, the rim, rules, hairs, dark surfaces.

    Args:
        components: all of the page.
        shape: (h, w) of the page in pixels.
        pen: stroke width in pixels.
    """
    height, width = shape
    kept = [c for c in components if c.area >= max(3.0, 0.35 * pen * pen)]
    kept = [c for c in kept if not _is_edge(c, height, width)]
    usual = letter_height(kept, pen)
    if usual < max(LEAST_LETTER, _LEAST_STROKES * pen):
        return []
    return [
        c
        for c in kept
        if max(c.width, c.height) >= 0.045 * usual
        and not _is_rule(c, usual, pen)
        and not _is_surface(c, usual, pen)
        and not _is_hair(c, usual, pen)
    ]


def _is_edge(component: Component, height: int, width: int) -> bool:
    """Whether it is the border of the sheet or a shadow along the picture's rim."""
    touches = (
        component.left == 0
        or component.top == 0
        or component.right == width
        or component.bottom == height
    )
    return touches and (component.width > 0.4 * width or component.height > 0.6 * height)


def is_one_stroke(component: Component, pen: float) -> bool:
    """Whether what is long has no more ink than one stroke along it.

    Args:
        component: far longer one way than the other.
        pen: stroke width in pixels.
    """
    return component.area <= _ONE_STROKE * pen * max(component.width, component.height)


def _is_rule(component: Component, usual: float, pen: float) -> bool:
    """Whether it is a line on the paper, far longer than a letter: a rule, a margin, a bracket,
    what is left of a box."""
    long, short = max(component.width, component.height), min(component.width, component.height)
    if is_one_stroke(component, pen) and long > (3 if short < 0.6 * usual else 4) * usual:
        return True
    return long > 8 * usual and short < 0.6 * usual


def _is_surface(component: Component, usual: float, pen: float) -> bool:
    """Whether it is filled ink far larger than a letter: a shadow, a blot, a picture."""
    long, short = max(component.width, component.height), min(component.width, component.height)
    # A word in marker, its letters run together, is more than half ink itself.
    filled = 0.8 if short < 1.6 * usual else 0.5
    return (
        long > 4 * usual
        and component.area > filled * long * short
        and component.area / long > 3 * pen
    )


def _is_hair(component: Component, usual: float, pen: float) -> bool:
    """Whether it is straight, long and thinner than the pen: what is left of a line that was
    erased."""
    long, short = max(component.width, component.height), min(component.width, component.height)
    return short <= _HAIR and long > 0.4 * usual and component.area < 0.6 * pen * long
