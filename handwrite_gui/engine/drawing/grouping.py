"""Which strokes of a drawing make one character, as far as geometry tells."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.resampling import resample
from handwrite_gui.engine.data.strokes import Strokes, stroke_bounds

# Lengths below are in heights of the writing, the height of the tallest stroke.
_SHARED_WIDTH = 0.35  # share of the narrower of two strokes: one stands above the other
_LEAST_WIDTH = 0.1  # an upright stroke has hardly a width of its own: it counts as so wide
_SURELY_SHARED_WIDTH = 0.6  # the same two where there must be no doubt
_SURELY_LEAST_WIDTH = 0.02
_NEAR = 0.06  # strokes that come so close touch
_SMALL = 0.25  # what is no larger either way may be a dot or an accent
_DOT_REACH = 0.3  # sideways, from a dot to what it stands above or below
_DOT_DEPTH = 0.15  # of what it stands above: how far below its top a dot may reach
_POINT_GAP = 0.08  # down to the point of ! or ?: a full stop stands on the line

Float = NDArray[np.floating[Any]]
Mask = NDArray[np.bool_]


class _Boxes(NamedTuple):
    """The boxes of N strokes or groups, each (N,)."""

    left: Float
    top: Float
    right: Float
    bottom: Float

    @property
    def width(self) -> Float:
        return self.right - self.left

    @property
    def height(self) -> Float:
        return self.bottom - self.top

    @property
    def middle(self) -> Float:
        return (self.left + self.right) / 2

    def joined(self, groups: Mask) -> _Boxes:
        """The boxes of groups of strokes, given as masks (G, N)."""
        low = [np.where(groups, edge, np.inf).min(axis=1) for edge in (self.left, self.top)]
        high = [np.where(groups, edge, -np.inf).max(axis=1) for edge in (self.right, self.bottom)]
        return _Boxes(*low, *high)

    def widened(self, least: float) -> _Boxes:
        """With what is narrower than ``least`` widened to it, both ways."""
        missing = np.maximum(least - self.width, 0) / 2
        return self._replace(left=self.left - missing, right=self.right + missing)


def group_strokes(strokes: Strokes) -> list[tuple[int, ...]]:
    """Group the strokes of one line of writing into characters.

    Strokes belong together that stand above one another, touch, or are a dot and what it goes
    with.  In which order they were drawn does not matter.

    Args:
        strokes: float (n, 2) arrays of x, y, y down; empty ones belong to no group.

    Returns:
        For each character, from left to right, the indices of its strokes in ascending order.

    Raises:
        ValueError: a point is not finite.
    """
    drawn, boxes = _boxes(strokes)
    if not drawn:
        return []
    tall = _writing_height(boxes)
    linked = _share_width(boxes.widened(_LEAST_WIDTH * tall), _SHARED_WIDTH)
    if tall > 0:
        near = np.triu(~linked & (_gaps(boxes) <= _NEAR * tall))
        linked |= _touch([strokes[index] for index in drawn], near, _NEAR * tall)
    groups = _components(linked)
    groups = _components(_dots(boxes.joined(groups), tall)) @ groups
    return _from_left_to_right(groups, boxes, drawn)


def sure_groups(strokes: Strokes) -> list[tuple[int, ...]]:
    """As :func:`group_strokes`, but only strokes that certainly belong together."""
    drawn, boxes = _boxes(strokes)
    if not drawn:
        return []
    wide = boxes.widened(_SURELY_LEAST_WIDTH * _writing_height(boxes))
    groups = _components(_share_width(wide, _SURELY_SHARED_WIDTH))
    return _from_left_to_right(groups, boxes, drawn)


def _writing_height(boxes: _Boxes) -> float:
    """The height of the tallest box."""
    # Writing of nothing but dashes has no tall stroke: then the whole drawing's height counts.
    return float(max(boxes.height.max(), (boxes.bottom.max() - boxes.top.min()) / 4))


def _boxes(strokes: Strokes) -> tuple[list[int], _Boxes]:
    """The indices of the strokes that are not empty, and their boxes."""
    drawn = [index for index, stroke in enumerate(strokes) if len(stroke)]
    corners = np.array([stroke_bounds([strokes[index]]) for index in drawn], np.float64)
    return drawn, _Boxes(*corners.reshape(-1, 4).T)


def _from_left_to_right(groups: Mask, boxes: _Boxes, drawn: list[int]) -> list[tuple[int, ...]]:
    return [
        tuple(drawn[position] for position in np.flatnonzero(groups[index]))
        for index in np.argsort(boxes.joined(groups).middle, kind="stable")
    ]


def _share_width(boxes: _Boxes, share: float) -> Mask:
    """Which pairs of strokes (N, N) share so much of the narrower one's width."""
    narrower = np.minimum(boxes.width[:, None], boxes.width)
    return np.asarray(-_gaps(boxes) >= share * narrower)


def _gaps(boxes: _Boxes) -> Float:
    """Horizontal gaps (N, N) between boxes; negative by as much as they share."""
    rightmost_left = np.maximum(boxes.left[:, None], boxes.left)
    leftmost_right = np.minimum(boxes.right[:, None], boxes.right)
    return np.asarray(rightmost_left - leftmost_right)


def _touch(strokes: Strokes, candidates: Mask, near: float) -> Mask:
    """Which of the candidate pairs of strokes (N, N) come within ``near`` of one another."""
    touching = np.zeros_like(candidates)
    for one, other in np.argwhere(candidates).tolist():
        path, across = resample(strokes[one], near / 2), resample(strokes[other], near / 2)
        between = path[:, None] - across
        distance = np.hypot(between[..., 0], between[..., 1]).min()
        touching[one, other] = touching[other, one] = distance <= near
    return touching


def _dots(boxes: _Boxes, tall: float) -> Mask:
    """Which pairs of groups (G, G) are the same or a dot and the nearest group it goes with."""
    small = np.maximum(boxes.width, boxes.height) <= _SMALL * tall
    gaps = np.maximum(_gaps(boxes), 0)
    above = boxes.bottom[:, None] <= boxes.top + _DOT_DEPTH * boxes.height
    below = boxes.top[:, None] >= boxes.bottom + _POINT_GAP * tall
    candidate = small[:, None] & ~small & (gaps <= _DOT_REACH * tall) & (above | below)
    pairs = np.eye(len(small), dtype=np.bool_)
    for dot in np.flatnonzero(candidate.any(axis=1)):
        nearest = np.where(candidate[dot], gaps[dot], np.inf).argmin()
        pairs[dot, nearest] = pairs[nearest, dot] = True
    return pairs


def _components(linked: Mask) -> Mask:
    """Masks (G, N) of the connected components of a symmetric, reflexive relation (N, N)."""
    reached = linked
    while True:
        further = reached @ linked
        if (further == reached).all():
            return np.unique(reached, axis=0)
        reached = further
