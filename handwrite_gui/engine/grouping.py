"""Which strokes of a drawing make one character."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from handwrite_gui.engine.data.strokes import Strokes

_SHARED_WIDTH = 0.35  # of the narrower of two groups, for them to be one character
_NEAR = 0.06  # of the drawing's height: strokes that end so close to one another touch


@dataclass(frozen=True)
class _Group:
    members: tuple[int, ...]
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    def joined(self, other: _Group) -> _Group:
        return _Group(
            self.members + other.members,
            min(self.left, other.left),
            min(self.top, other.top),
            max(self.right, other.right),
            max(self.bottom, other.bottom),
        )


def group_strokes(strokes: Strokes) -> list[tuple[int, ...]]:
    """Group strokes that stand above or across one another into characters.

    Args:
        strokes: float (n, 2) arrays of x, y, y down; empty ones belong to no group.

    Returns:
        For each character, from left to right, the indices of its strokes in ascending order.
    """
    groups: list[_Group] = []
    boxes = [
        _Group((index,), *np.min(s, axis=0).tolist(), *np.max(s, axis=0).tolist())
        for index, s in enumerate(strokes)
        if len(s)
    ]
    if not boxes:
        return []
    height = max(b.bottom for b in boxes) - min(b.top for b in boxes)
    tall = max(b.bottom - b.top for b in boxes)
    slack = _NEAR * max(tall, 0.25 * height)
    for box in boxes:
        merged, apart = box, []
        for group in groups:
            if _belong(group, merged, slack):
                merged = group.joined(merged)
            else:
                apart.append(group)
        groups = [*apart, merged]
    groups.sort(key=lambda group: group.left + group.right)
    return [tuple(sorted(group.members)) for group in groups]


def _belong(a: _Group, b: _Group, slack: float) -> bool:
    """Whether two groups share enough of their width, or all but touch."""
    shared = min(a.right, b.right) - max(a.left, b.left)
    # An upright stroke has hardly a width of its own: count it as a little wide.
    narrower = max(min(a.width, b.width), slack)
    return shared >= _SHARED_WIDTH * narrower
