"""Which strokes of a drawing stand on one line of writing.

A line is found as it is written: stroke after stroke goes to the line beside which it stands, or
begins another one.  What counts is the part of a line that is near, so that lines may run askew.
What is low, such as a dash, a dot or the bar of a T, says little about where a line is; it goes
to the nearest one afterwards, and where two are as near, to that of the stroke drawn before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import median

import numpy as np

from handwrite_gui.engine.data.strokes import Bounds, Strokes, stroke_bounds

Group = tuple[int, ...]

# Heights below are heights of the writing.
_TALL = 0.5  # what is lower does not make a line
_OVERLAP = 0.4  # of the lower of a stroke and a line: they stand beside one another
_PITCH = 0.8  # from the middle of a line to that of the next, at least
_NEAR_STROKES = 4  # of a line, that tell where it is
_REACH = 0.5  # from a line to a low stroke that is still its own
_FAR_REACH = 1.0  # the same where there are only dots and dashes, which make no line
_DASH = 0.25  # what is lower is one
_STACKED = 0.2  # from a stroke to one right below it that was drawn before or after it
_SHARED_WIDTH = 0.6  # of the narrower of two such strokes
_SAME_HAND = 0.3  # so much nearer counts the line that was written on just before
_FLAT = 0.1  # height by width of what has no tall stroke at all, such as =
_FLAT_HEIGHT = 0.8  # of its width, that such a drawing counts as high


@dataclass
class _Line:
    """Strokes of a line, with the boxes of those that tell where it is.

    Attributes:
        top, bottom: of all those boxes, which spares asking lines that are far away.
    """

    members: list[int] = field(default_factory=list)
    tall: list[Bounds] = field(default_factory=list)
    top: float = inf
    bottom: float = -inf

    def add(self, index: int, box: Bounds) -> None:
        self.members.append(index)
        self.tall.append(box)
        self.top, self.bottom = min(self.top, box[1]), max(self.bottom, box[3])

    def take(self, other: _Line) -> None:
        """Let all strokes of another line be this one's."""
        self.members += other.members
        self.tall += other.tall
        self.top, self.bottom = min(self.top, other.top), max(self.bottom, other.bottom)

    def is_far(self, top: float, bottom: float) -> bool:
        """Whether something with these edges surely stands neither on this line nor next to it."""
        height = max(self.bottom - self.top, bottom - top)
        return bottom < self.top - height or top > self.bottom + height

    def band(self, x: float) -> tuple[float, float]:
        """The upper and lower edge of the line near a place."""
        near = sorted(
            [(abs((left + right) / 2 - x), top, bottom) for left, top, right, bottom in self.tall]
        )[:_NEAR_STROKES]
        return median([top for _, top, _ in near]), median([bottom for _, _, bottom in near])


def group_lines(strokes: Strokes) -> list[Group]:
    """Part the strokes of a drawing into lines of writing.

    Args:
        strokes: float (n, 2) arrays of x, y, y down, in the order they were drawn; empty ones
            stand on no line.

    Returns:
        For each line, from the highest to the lowest, the indices of its strokes in ascending
        order.

    Raises:
        ValueError: a point is not finite.
    """
    return group_boxes([stroke_bounds([stroke]) if len(stroke) else None for stroke in strokes])


def group_boxes(bounds: Sequence[Bounds | None]) -> list[Group]:
    """As :func:`group_lines`, of strokes whose boxes are known; None for an empty one."""
    drawn = [index for index, box in enumerate(bounds) if box is not None]
    boxes = [box for box in bounds if box is not None]
    lines = _lines(boxes, list(range(len(boxes))))
    return [tuple(drawn[m] for m in sorted(members)) for members in _from_above(lines, boxes)]


def _lines(boxes: Sequence[Bounds], members: list[int]) -> list[list[int]]:
    """Lines of some of the boxes."""
    height = _writing_height([boxes[member] for member in members])
    if height <= 0:
        return [members] if members else []  # nothing but dots: who knows
    least = _TALL * height
    tall = [m for m in members if boxes[m][3] - boxes[m][1] >= least]
    if not tall:
        # Nothing but dashes: each counts as if it filled its line.
        boxes = [_raised(box, height) for box in boxes]
        tall = members
    lines: list[_Line] = []
    for member in tall:
        _line_of(member, boxes, lines).add(member, boxes[member])
    lines = _stacked(_merged(lines), boxes, height)
    low = sorted(set(members) - set(tall))
    left_over = _give_low(low, boxes, lines, height, _REACH)
    if all(boxes[m][3] - boxes[m][1] < _DASH * height for m in left_over):
        left_over = _give_low(left_over, boxes, lines, height, _FAR_REACH)
    # What is far from every line is smaller writing, with lines of its own.
    return [line.members for line in lines] + _lines(boxes, left_over)


def _writing_height(boxes: Sequence[Bounds]) -> float:
    """The height of strokes that makes half of all heights together: no dash and no rare giant
    decides about it."""
    heights = np.sort([bottom - top for _, top, _, bottom in boxes])
    widths = np.sort([right - left for left, _, right, _ in boxes])
    height, width = _half_of_all(heights), _half_of_all(widths)
    return height if height >= _FLAT * width else _FLAT_HEIGHT * width


def _half_of_all(ascending: np.ndarray) -> float:
    total = np.cumsum(ascending)
    if not len(total) or total[-1] <= 0:
        return 0.0
    return float(ascending[np.searchsorted(total, total[-1] / 2)])


def _raised(box: Bounds, height: float) -> Bounds:
    left, top, right, bottom = box
    missing = max(height - (bottom - top), 0) / 2
    return left, top - missing, right, bottom + missing


def _line_of(member: int, boxes: Sequence[Bounds], lines: list[_Line]) -> _Line:
    """The line that a tall stroke stands on; a new one where it stands on none."""
    box = boxes[member]
    best, line = max(
        ((_beside(box, one), one) for one in lines), key=lambda pair: pair[0], default=(0.0, None)
    )
    if line is None or best < _OVERLAP:
        line = _Line()
        lines.append(line)
    return line


def _beside(box: Bounds, line: _Line) -> float:
    """How much of the lower of a box and a line stands beside the other, at most 1."""
    left, top, right, bottom = box
    if bottom <= line.top or top >= line.bottom:
        return 0.0
    upper, lower = line.band((left + right) / 2)
    overlap = min(bottom, lower) - max(top, upper)
    return overlap / max(min(bottom - top, lower - upper), 1e-9)


def _merged(lines: list[_Line]) -> list[_Line]:
    """The lines, with those too near to one another to be two joined: the upper and the lower
    strokes of a Y or an 8 may have begun one each."""
    kept: list[_Line] = []
    for line in sorted(lines, key=lambda one: -len(one.tall)):
        for other in kept:
            if (
                not other.is_far(line.top, line.bottom)
                and median(_pitches(box, other) for box in line.tall) < _PITCH
            ):
                other.take(line)
                break
        else:
            kept.append(line)
    return kept


def _stacked(lines: list[_Line], boxes: Sequence[Bounds], height: float) -> list[_Line]:
    """The lines, with a lone stroke joined to the one right above or below it that was drawn just
    before or after it: the arms of a Y that stand on its stem."""
    owner = {member: line for line in lines for member in line.members}
    kept = []
    for line in lines:
        (member, *others) = line.members
        near = [owner.get(member + step) for step in (-1, 1)]
        for step, other in zip((-1, 1), near, strict=True):
            if others or other is None or other is line:
                continue
            one, two = boxes[member], boxes[member + step]
            shared = min(one[2], two[2]) - max(one[0], two[0])
            gap = max(one[1], two[1]) - min(one[3], two[3])
            narrower = min(one[2] - one[0], two[2] - two[0])
            if shared >= _SHARED_WIDTH * narrower and gap <= _STACKED * height:
                other.take(line)
                owner[member] = other
                break
        else:
            kept.append(line)
    return kept


def _pitches(box: Bounds, line: _Line) -> float:
    """How far the middle of a box is from that of a line, in heights of the higher of them."""
    left, top, right, bottom = box
    upper, lower = line.band((left + right) / 2)
    away = abs(top + bottom - upper - lower) / 2
    return away / max(bottom - top, lower - upper, 1e-9)


def _give_low(
    low: Sequence[int],
    boxes: Sequence[Bounds],
    lines: Sequence[_Line],
    height: float,
    heights: float,
) -> list[int]:
    """Give low strokes to the lines that they are nearer than some heights; returns the others."""
    reach = heights * height
    owner = {member: line for line in lines for member in line.members}
    left_over = []
    for member in low:
        left, top, right, bottom = boxes[member]
        x, y = (left + right) / 2, (top + bottom) / 2
        best, nearest = reach, None
        for line in lines:
            if not line.top - reach <= y <= line.bottom + reach:
                continue
            upper, lower = line.band(x)
            away = max(upper - y, y - lower, 0.0)
            if away <= reach and owner.get(member - 1) is line:
                away -= _SAME_HAND * height
            if away <= best:
                best, nearest = away, line
        if nearest is None:
            left_over.append(member)
        else:
            owner[member] = nearest
            nearest.members.append(member)
    return left_over


def _from_above(lines: list[list[int]], boxes: Sequence[Bounds]) -> list[list[int]]:
    """The lines from the highest to the lowest: of two, as they stand where both are."""
    whole = []
    for members in lines:
        line = _Line()
        for member in members:
            line.add(member, boxes[member])
        whole.append(line)

    def higher(line: _Line, other: _Line) -> bool:
        if line.bottom < other.top or other.bottom < line.top:
            return line.top < other.top
        left = max(min(box[0] for box in one.tall) for one in (line, other))
        right = min(max(box[2] for box in one.tall) for one in (line, other))
        x = (left + right) / 2
        return sum(line.band(x)) < sum(other.band(x))

    rank = [sum(higher(other, line) for other in whole if other is not line) for line in whole]
    order = sorted(range(len(lines)), key=rank.__getitem__)
    return [lines[index] for index in order]
