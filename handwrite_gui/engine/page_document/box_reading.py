"""Reading what is in a box that a person drew, moved, cut or joined."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.result import Character, Quad
from handwrite_gui.engine.page_document.places import extent
from handwrite_gui.engine.page_document.writing import unread
from handwrite_gui.engine.prediction import Prediction

AROUND = 3.0
"""How much of the page around a box is looked at to tell ink from paper, in its longer sides."""

LEAST_AROUND = 48
"""The same in pixels at least."""

OF_NEIGHBOUR_BELOW = 0.15
"""Share of the ink in a box below which what reaches in over its left or right edge belongs to a
neighbour."""


class Classifier(Protocol):
    """As much of a recogniser as this asks for."""

    def classify(
        self, images: Sequence[NDArray[np.uint8]], alternatives: int = ...
    ) -> list[tuple[Prediction, ...]]:
        """For each ink image its guesses, best first; () for one without ink."""


def read_boxes(
    pixels: NDArray[np.uint8], quads: Sequence[Quad], classifier: Classifier | None
) -> tuple[Character, ...]:
    """Read characters at given places.

    Args:
        pixels: the picture of the page, uint8 (H, W) grey or (H, W, 3 or 4) colour.
        quads: places on it.
        classifier: None where there is no model to read with.

    Returns:
        for each place what was read there, by its shape alone; one without ink, and all where
        there is no model, as :func:`~handwrite_gui.engine.page_document.writing.unread`.
    """
    if classifier is None or not quads:
        return tuple(unread(quad) for quad in quads)
    guesses = classifier.classify([ink_of_box(pixels, quad) for quad in quads])
    return tuple(
        Character(own[0].label, own[0].probability, tuple(own), quad) if own else unread(quad)
        for own, quad in zip(guesses, quads, strict=True)
    )


def ink_of_box(pixels: NDArray[np.uint8], quad: Quad) -> NDArray[np.uint8]:
    """The ink in a place, upright: uint8 (h, w), bright on 0, at the picture's resolution."""
    # Imported here: they need scikit-image and SciPy, which opening a document does without.
    from scipy import ndimage

    from handwrite_gui.engine.page.ink import find_ink

    height, width = pixels.shape[:2]
    left, right, top, bottom = extent(quad, (1.0, 0.0))
    margin = max(AROUND * max(right - left, bottom - top), LEAST_AROUND)
    x0, x1 = max(math.floor(left - margin), 0), min(math.ceil(right + margin), width)
    y0, y1 = max(math.floor(top - margin), 0), min(math.ceil(bottom + margin), height)
    if x1 - x0 < 2 or y1 - y0 < 2:
        return np.zeros((1, 1), np.uint8)
    ink = find_ink(np.ascontiguousarray(pixels[y0:y1, x0:x1]))
    corners = (np.asarray(quad, float) - (x0, y0)) / ink.reduction
    along, down = corners[1] - corners[0], corners[3] - corners[0]
    columns = max(round(float(np.hypot(*along))), 1)
    rows = max(round(float(np.hypot(*down))), 1)
    across = (np.arange(columns) + 0.5) / columns
    deep = (np.arange(rows) + 0.5) / rows
    at = (
        corners[0]
        + deep[:, np.newaxis, np.newaxis] * down
        + across[np.newaxis, :, np.newaxis] * along
        - 0.5
    )
    darkness = np.where(ink.mask, ink.darkness, 0)
    found = ndimage.map_coordinates(darkness, (at[..., 1], at[..., 0]), order=1)
    return np.asarray(np.rint(255 * _without_neighbours(found)), np.uint8)


def _without_neighbours(ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Ink without the ends of what stands beside it."""
    from scipy import ndimage

    labels, count = ndimage.label(ink > 0, structure=np.ones((3, 3)))
    if count < 2:
        return ink
    amounts = ndimage.sum_labels(ink, labels, np.arange(count + 1))
    reaching = set(np.unique(labels[:, (0, -1)]).tolist()) - {0}
    small = [
        label for label in reaching if amounts[label] < OF_NEIGHBOUR_BELOW * float(amounts.sum())
    ]
    return np.where(np.isin(labels, small), np.float32(0), ink)
