"""A line of writing by itself, straightened, to cut characters out of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from handwrite_gui.engine.page.baseline import Run
from handwrite_gui.engine.page.components import Component, Labels
from handwrite_gui.engine.page.ink import InkMap
from handwrite_gui.engine.page.orientation import Positions, Turn
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.result import Quad

_RIM = 3  # pixels around the ink, for its soft edge
_STRAIGHT = 0.12  # letter heights that the feet may stray from a level line that is left as it is
_STEP = 1.5  # letter heights that a curved line is straightened by at a time


@dataclass(frozen=True)
class Course:
    """Where the pixels of a strip lie on the ink map.

    The strip is parted into panels from left to right, and each is stretched over four points.

    Attributes:
        columns: int (P + 1,), where panels begin and the last ends, in pixels of the strip.
        height: of the strip in pixels.
        upper, lower: float (P + 1, 2), x, y on the ink map of the strip's upper and lower edge
            at these columns.
    """

    columns: NDArray[np.intp]
    height: int
    upper: Positions
    lower: Positions

    def to_map(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions (N, 2) as x, y on the strip → on the ink map."""
        edges = [
            np.stack([np.interp(points[:, 0], self.columns, edge[:, axis]) for axis in (0, 1)], 1)
            for edge in (self.upper, self.lower)
        ]
        share = points[:, 1:] / self.height
        return np.asarray(edges[0] * (1 - share) + edges[1] * share)


@dataclass(frozen=True, eq=False)
class Strip:
    """A line of writing whose letters stand side by side on a level line.

    Attributes:
        darkness: float32 (h, w), as in the ink map.
        labels: int32 (h, w), the label image: 0 is no ink, components have labels of their own,
            and ink of others has one that no component has.  Cutting components changes it.
        components: the line's own, in pixels of the strip, from left to right.
        course: where the strip lies on the ink map.
        reduction: pixels of the picture for each pixel of the ink map.
    """

    darkness: NDArray[np.float32]
    labels: Labels
    components: tuple[Component, ...]
    course: Course
    reduction: int

    @cached_property
    def _levels(self) -> NDArray[np.uint8]:
        """The darkness in 255 steps, worked out for the line and not for each candidate anew."""
        return np.asarray(np.rint(self.darkness * 255), np.uint8)

    def cut(self, glyph: Glyph) -> NDArray[np.uint8]:
        """The ink of one character alone, uint8, with a rim for its soft edge."""
        height, width = self.labels.shape
        rim = 1 + glyph.reach
        rows = slice(max(glyph.top - 1, 0), min(glyph.bottom + 1, height))
        columns = slice(max(glyph.left - rim, 0), min(glyph.right + rim, width))
        labels = self.labels[rows, columns]
        first, *others = glyph.components
        own = labels == first.label
        # A few comparisons: np.isin takes three times as long on so small an image.
        for component in others:
            own |= labels == component.label
        paper = labels == 0
        if glyph.reach:
            own |= _grown(own, ~paper, glyph.reach)
        # The soft edge lies outside of the mask: everything but others' ink is taken along.
        own |= paper
        return np.asarray(self._levels[rows, columns] * own.view(np.uint8))

    def quad(self, glyph: Glyph) -> Quad:
        """The corners of a character in pixels of the picture."""
        return self._corners(glyph.left, glyph.top, glyph.right, glyph.bottom)

    def edge_quad(self, glyph: Glyph, width: float) -> Quad:
        """The corners, in pixels of the picture, of a stroke along the left edge of a character.

        Args:
            glyph: the character.
            width: of the stroke in pixels of the strip.
        """
        left, right = glyph.left - width / 2, glyph.left + width / 2
        return self._corners(left, glyph.top, right, glyph.bottom)

    def _corners(self, left: float, top: float, right: float, bottom: float) -> Quad:
        corners = np.array([(left, top), (right, top), (right, bottom), (left, bottom)], float)
        points = self.course.to_map(corners) * self.reduction
        a, b, c, d = ((float(x), float(y)) for x, y in points)
        return a, b, c, d


def _grown(own: NDArray[np.bool_], ink: NDArray[np.bool_], reach: int) -> NDArray[np.bool_]:
    """Some ink (h, w), and so many pixels to its sides of the ink that it goes on into, but for
    the outermost columns."""
    # Rows lie behind one another, so that steps are of whole arrays: nothing may cross their ends.
    ink[:, 0] = ink[:, -1] = False
    passable, spread = ink.reshape(-1), own.reshape(-1)
    for _ in range(reach):
        grown = spread.copy()
        grown[1:] |= spread[:-1]
        grown[:-1] |= spread[1:]
        grown &= passable
        spread = grown
    return spread.reshape(own.shape)


def make_strip(
    ink: InkMap, labels: Labels, line: Sequence[Component], run: Run, turn: Turn, usual: float
) -> Strip:
    """Take a line out of its page and straighten it.

    Args:
        ink: of the page.
        labels: int32 (h, w), its label image.
        line: the line's components, in the turned frame; must not be empty.
        run: how the line runs in the turned frame.
        turn: from the ink map to that frame.
        usual: the usual height of a letter in pixels.
    """
    # Pixels are kept as they are where that is possible.
    keeps_pixels = turn.degrees % 90 == 0 and _is_level(run, usual)
    course = _level_course(line, turn) if keeps_pixels else _bent_course(line, run, turn, usual)
    darkness, found = _sample(ink, labels, course)
    strip_labels, components = _own_components(found, line)
    return Strip(darkness, strip_labels, components, course, ink.reduction)


def _is_level(run: Run, usual: float) -> bool:
    feet = run.at(np.linspace(run.left, run.right, 9))
    return bool(np.ptp(feet) <= _STRAIGHT * usual)


def _level_course(line: Sequence[Component], turn: Turn) -> Course:
    """The box of the line in the turned frame, in whole pixels."""
    left, right = min(c.left for c in line) - _RIM, max(c.right for c in line) + _RIM
    top, bottom = min(c.top for c in line) - _RIM, max(c.bottom for c in line) + _RIM
    ends = np.array([left, right], float)
    upper = np.stack([ends, np.full(2, float(top))], 1)
    lower = np.stack([ends, np.full(2, float(bottom))], 1)
    return Course(
        np.array([0, right - left]), bottom - top, turn.to_original(upper), turn.to_original(lower)
    )


def _bent_course(line: Sequence[Component], run: Run, turn: Turn, usual: float) -> Course:
    """A band along the feet of the letters."""
    sides = np.array([(c.left, c.right) for c in line], float)
    feet = run.at(sides)
    above = float((feet - np.array([[c.top] for c in line])).max()) + _RIM
    below = float((np.array([[c.bottom] for c in line]) - feet).max()) + _RIM
    # Where the line runs down or up, the upper corner of the first letter lies before its foot.
    lean = float(np.abs(run.slope_at(np.array([run.left, run.right]))).max())
    rim = _RIM + lean * max(above, below)
    panels = int(np.ceil((run.right - run.left) / (_STEP * usual))) if run.bend else 1
    x = np.linspace(run.left - rim, run.right + rim, max(panels, 1) + 1)
    foot = np.stack([x, run.at(x)], 1)
    slope = run.slope_at(x)
    down = np.stack([-slope, np.ones_like(slope)], 1) / np.hypot(slope, 1)[:, np.newaxis]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(foot, axis=0).T))])
    return Course(
        np.rint(along).astype(np.intp),
        max(round(above + below), 1),
        turn.to_original(foot - above * down),
        turn.to_original(foot + below * down),
    )


def _sample(ink: InkMap, labels: Labels, course: Course) -> tuple[NDArray[np.float32], Labels]:
    """The darkness and the labels along a course; nothing lies beyond the edge of the map."""
    window = _window(course, labels.shape)
    if window is not None:
        return np.asarray(ink.darkness[window]), labels[window]
    corners = np.concatenate([course.upper, course.lower])
    low = np.maximum(np.floor(corners.min(axis=0)).astype(int) - 1, 0)
    high = np.ceil(corners.max(axis=0)).astype(int) + 1
    window = slice(low[1], max(high[1], low[1] + 1)), slice(low[0], max(high[0], low[0] + 1))
    size = int(course.columns[-1]), course.height
    upper, lower = course.upper - low, course.lower - low
    mesh = [
        (
            (int(course.columns[k]), 0, int(course.columns[k + 1]), course.height),
            (*upper[k], *lower[k], *lower[k + 1], *upper[k + 1]),
        )
        for k in range(len(course.columns) - 1)
    ]

    def sampled(pixels: NDArray[np.generic], how: Image.Resampling) -> NDArray[np.generic]:
        picture = Image.fromarray(np.ascontiguousarray(pixels[window]))
        return np.array(picture.transform(size, Image.Transform.MESH, mesh, how))

    darkness = sampled(ink.darkness, Image.Resampling.BILINEAR).astype(np.float32, copy=False)
    found = sampled(labels, Image.Resampling.NEAREST).astype(np.int32, copy=False)
    return darkness, found


def _window(course: Course, shape: tuple[int, ...]) -> tuple[slice, slice] | None:
    """Rows and columns of the map that a course takes as they are; None where it does not."""
    height, width = course.height, int(course.columns[-1])
    left, top = course.upper[0]
    box = np.array([(left, top), (left + width, top), (left, top + height)])
    taken = np.array([course.upper[0], course.upper[-1], course.lower[0]])
    straight = len(course.columns) == 2 and np.array_equal(box, taken)
    whole = float(left).is_integer() and float(top).is_integer()
    inside = left >= 0 and top >= 0 and left + width <= shape[1] and top + height <= shape[0]
    if not (straight and whole and inside):
        return None
    return slice(int(top), int(top) + height), slice(int(left), int(left) + width)


def _own_components(
    found: Labels, line: Sequence[Component]
) -> tuple[Labels, tuple[Component, ...]]:
    """Number the line's components 1 to n, other ink n + 1."""
    highest = max(int(found.max(initial=0)), max(c.label for c in line))
    numbers = np.full(highest + 1, len(line) + 1, np.int32)
    numbers[0] = 0
    numbers[[c.label for c in line]] = np.arange(1, len(line) + 1)
    labels = numbers[found]
    areas = np.bincount(labels.reshape(-1), minlength=len(line) + 1)
    boxes = ndimage.find_objects(labels, max_label=len(line))
    components = [
        Component(number, box[1].start, box[0].start, box[1].stop, box[0].stop, int(areas[number]))
        for number, box in enumerate(boxes, start=1)
        # A speck may fall between the pixels of a turned strip.
        if box is not None
    ]
    return labels, tuple(sorted(components, key=lambda c: c.left))
