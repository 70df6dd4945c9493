"""Finding a sheet in a picture: its four corner marks, how it lies, and which page it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from skimage.filters import threshold_local

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.sample_sheet.identity import Identity, from_bits
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    CODE_COLUMNS,
    CODE_ROWS,
    CODE_SQUARE,
    CORE,
    PAPER_SIZES,
    SPECIAL_CORE,
    VERSION,
    PaperSize,
    SampleSheet,
    code_area,
    mark_centres,
)

Grey = NDArray[np.float32]
Matrix = NDArray[np.float64]

_SIDES = (1600, 3200)  # longer side in pixels of the picture that marks are looked for in
_LOOKS = ((1 / 12, 0.78), (1 / 25, 0.85), (1 / 8, 0.6), (1 / 40, 0.92))
"""Neighbourhood as a share of the longer side, and what is darker than that share of its mean."""
_LEAST_MARK, _LARGEST_MARK = 8, 1 / 5  # pixels; share of the longer side
_RING = (0.25, 0.75)  # of a ring's box, however it is turned, that its ink may cover
_HOLE = (0.3, 0.68)  # of what a ring encloses, that is its hole: 0.51 as it is printed
_SQUARE = (0.86, 1.12)  # area of a parallelogram over that of its ellipse of inertia, as printed 1
_CORE = (0.02, 0.38)  # of what the ring encloses
_OFF_CENTRE = 0.12  # of the mark's side
_SPECIAL_BELOW = (SPECIAL_CORE + CORE) / 2
_ALIKE = 9.0  # how much larger one mark's area may look than another's
_MOST_CANDIDATES = 9
_STRIP_SCALE = 5  # pixels a millimetre in which the code is looked at
_STRIP_MARGIN = 4.0  # mm around it
_SHIFTS = (0.0, -0.6, 0.6, -1.2, 1.2)  # mm that the code may lie beside its place
_SAGS = (0.0, -0.7, 0.7, -1.4, 1.4, -2.1, 2.1, -2.8, 2.8)  # mm that a bent sheet's middle may rise
_CORNERS = ("top left", "top right", "bottom right", "bottom left")


@dataclass(frozen=True, slots=True)
class Mark:
    """What looks like a registration mark.

    Attributes:
        x, y: its middle in pixels of the picture.
        area: of its outline in pixels.
        special: whether its core is small, as that of the top left mark is.
    """

    x: float
    y: float
    area: float
    special: bool


@dataclass(frozen=True, eq=False, slots=True)
class FoundSheet:
    """A page of a sheet in a picture.

    Attributes:
        sheet: which sheet it is.
        page: which of its pages, from 1.
        matrix: (3, 3), from millimetres on the paper to pixels of the picture, whose first pixel's
            middle is at (0.5, 0.5); exact at the marks.
    """

    sheet: SampleSheet
    page: int
    matrix: Matrix


class SheetNotFoundError(HandwriteError):
    """A picture shows no sample sheet, or not enough of one."""


def find_sheet(grey: NDArray[np.uint8]) -> FoundSheet:
    """Find the page of a sample sheet, whichever way up, also seen from the side or in a mirror.

    Args:
        grey: uint8 (H, W), the picture's luminance.

    Raises:
        SheetNotFoundError: marks are missing, the code cannot be read, or it is the page of
            another version; the message says which.
    """
    longer = max(grey.shape)
    seen: list[Mark] = []
    for side in _SIDES:
        step = -(-longer // side)
        small = np.asarray(Image.fromarray(grey).reduce(step) if step > 1 else grey, np.float32)
        for look in _LOOKS:
            marks = _find_marks(small, *look, step)
            for quad in _quads(marks):
                found = _identified(grey, quad)
                if found is not None:
                    return _checked(*found)
            if len(marks) > len(seen):
                seen = marks
        if longer <= side:
            break
    raise SheetNotFoundError(_what_is_missing(seen))


def _checked(identity: Identity, matrix: Matrix) -> FoundSheet:
    if identity.sheet is None:
        raise SheetNotFoundError(
            f"This is a sample sheet of version {identity.version}, and this program reads version "
            f"{VERSION}; print a new sheet, or update the program."
        )
    return FoundSheet(identity.sheet, identity.page, matrix)


def _what_is_missing(seen: Sequence[Mark]) -> str:
    again = "photograph the whole sheet, with all four corner marks, from straight above."
    if len(seen) >= 4:
        return (
            "The squares at the top, which say which sheet it is, cannot be read; see that nothing "
            "covers them and that the picture is sharp, and " + again
        )
    if len(seen) == 3:
        return f"The mark {_missing_corner(seen)} cannot be seen; " + again
    if seen:
        return f"Only {len(seen)} of the four corner marks can be seen; " + again
    return "There is no sample sheet in this picture; " + again


def _missing_corner(seen: Sequence[Mark]) -> str:
    """Which of the four marks is not among three."""
    special = [mark for mark in seen if mark.special]
    if len(special) != 1:
        return "at the top left of the sheet" if not special else "at one corner of the sheet"
    first = special[0]
    second, third = (mark for mark in seen if mark is not first)
    turn = _turning(first, second, third)
    if turn < 0:
        second, third = third, second
    # Clockwise from the first; the longest way is the diagonal, over the missing mark.
    ways = ((first, second), (second, third), (third, first))
    lengths = [np.hypot(a.x - b.x, a.y - b.y) for a, b in ways]
    return f"at the {_CORNERS[1 + int(np.argmax(lengths))]} of the sheet"


def _turning(a: Mark, b: Mark, c: Mark) -> float:
    """Above 0 where the way a, b, c turns clockwise as seen."""
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)


def _find_marks(grey: Grey, around: float, share: float, step: int) -> list[Mark]:
    """Rings with a core in their middle, in pixels of the whole picture."""
    block = max(11, round(max(grey.shape) * around)) | 1
    # The mean of a bright surrounding alone would make a dark desk one blot with the marks on it.
    dark = grey < share * threshold_local(grey, block, method="mean", mode="nearest")
    labels, count = ndimage.label(dark, structure=np.ones((3, 3)))
    if not count:
        return []
    areas = np.bincount(labels.reshape(-1), minlength=count + 1)
    marks = []
    for label, place in enumerate(ndimage.find_objects(labels), 1):
        height, width = (part.stop - part.start for part in place)
        if (
            min(height, width) < _LEAST_MARK
            or max(height, width) > _LARGEST_MARK * max(grey.shape)
            or not _RING[0] * 0.5 <= areas[label] / (height * width) <= _RING[1]
        ):
            continue
        mark = _as_mark(labels[place], label, place, step)
        if mark is not None:
            marks.append(mark)
    return marks


def _as_mark(
    labels: NDArray[np.signedinteger], label: int, place: tuple[slice, ...], step: int
) -> Mark | None:
    ring = labels == label
    outline = ndimage.binary_fill_holes(ring)
    area = float(outline.sum())
    if not _HOLE[0] <= 1 - ring.sum() / area <= _HOLE[1]:
        return None
    y, x = np.nonzero(outline)
    if not _SQUARE[0] <= area / (12 * _ellipse(x, y)) <= _SQUARE[1]:
        return None
    core = outline & (labels > 0) & ~ring
    if not _CORE[0] <= core.sum() / area <= _CORE[1]:
        return None
    middle = np.array([x.mean(), y.mean()])
    core_y, core_x = np.nonzero(core)
    side = area**0.5
    if np.hypot(core_x.mean() - middle[0], core_y.mean() - middle[1]) > _OFF_CENTRE * side:
        return None
    middle += (place[1].start + 0.5, place[0].start + 0.5)
    special = (core.sum() / area) ** 0.5 < _SPECIAL_BELOW
    return Mark(middle[0] * step, middle[1] * step, area * step * step, bool(special))


def _ellipse(x: NDArray[np.intp], y: NDArray[np.intp]) -> float:
    """Square root of the determinant of the covariance; a twelfth of a parallelogram's area."""
    spread = np.cov(np.stack([x, y])) + np.eye(2) / 12
    return float(np.sqrt(np.linalg.det(spread)))


def _quads(marks: Sequence[Mark]) -> Iterator[tuple[Mark, ...]]:
    """Four marks each, from the top left one clockwise on the paper, the likeliest first."""
    largest = sorted(marks, key=lambda mark: -mark.area)[:_MOST_CANDIDATES]
    ranked = []
    for four in combinations(largest, 4):
        areas = [mark.area for mark in four]
        if max(areas) > _ALIKE * min(areas):
            continue
        middle_x, middle_y = (sum(v) / 4 for v in zip(*((m.x, m.y) for m in four), strict=True))
        round_ = sorted(four, key=lambda m: np.arctan2(m.y - middle_y, m.x - middle_x))
        turns = [_turning(*(round_[(i + k) % 4] for k in range(3))) for i in range(4)]
        if min(turns) <= 0:
            continue  # one of them lies among the others
        ranked.append((sum(m.special for m in four) == 1, sum(turns), tuple(round_)))
    for _, _, clockwise in sorted(ranked, key=lambda one: one[:2], reverse=True):
        starts = sorted(range(4), key=lambda i: not clockwise[i].special)
        for start in starts:
            quad = clockwise[start:] + clockwise[:start]
            yield quad
            yield (quad[0], *quad[:0:-1])  # in a mirror


def _identified(grey: NDArray[np.uint8], quad: Sequence[Mark]) -> tuple[Identity, Matrix] | None:
    """Which page it is, where the marks stand so; None where no code is there."""
    for paper in PAPER_SIZES:
        matrix = homography(
            np.array(mark_centres(paper)), np.array([(mark.x, mark.y) for mark in quad])
        )
        if matrix is None:
            continue
        identity = _read_code(grey, matrix, paper)
        if identity is not None and (identity.sheet is None or identity.sheet.paper == paper):
            return identity, matrix
    return None


def _read_code(grey: NDArray[np.uint8], matrix: Matrix, paper: PaperSize) -> Identity | None:
    area = code_area(paper)
    scale, margin = _STRIP_SCALE, _STRIP_MARGIN
    width = round((area.width + 2 * margin) * scale)
    height = round((area.height + 2 * margin) * scale)
    x = area.left - margin + (np.arange(width) + 0.5) / scale
    y = area.top - margin + (np.arange(height) + 0.5) / scale
    places = project(matrix, np.stack(np.meshgrid(x, y), axis=-1))
    strip = sampled(grey, places)
    # Squares are judged by their inner half: a box filter as wide, and its value at the middle.
    strip = ndimage.uniform_filter(strip, round(0.5 * CODE_SQUARE * scale))
    reach = round(8 * CODE_SQUARE * scale) | 1
    white = ndimage.maximum_filter1d(strip.max(axis=0), reach)
    black = ndimage.minimum_filter1d(strip[round(margin * scale) :].min(axis=0), reach)
    if float(np.median(white - black)) < 12:
        return None
    share = (strip - black) / np.maximum(white - black, 1)
    columns = margin + (np.arange(CODE_COLUMNS) + 0.5) * CODE_SQUARE
    rows = margin + (np.arange(CODE_ROWS) + 0.5) * CODE_SQUARE
    bend = 1 - np.square(2 * (columns - margin) / area.width - 1)
    for sag in _SAGS:
        for down in _SHIFTS:
            for across in _SHIFTS:
                at_y = rows[:, np.newaxis] + down + sag * bend
                at_x = np.broadcast_to(columns + across, at_y.shape)
                values = share[(at_y * scale).astype(int), (at_x * scale).astype(int)]
                identity = from_bits(values < 0.5)
                if identity is not None:
                    return identity
    return None


def homography(from_points: Matrix, to_points: Matrix) -> Matrix | None:
    """The projective map that takes four points (4, 2) to four others; None where there is none.

    (Hartley & Zisserman 2004, section 4.1, with the last entry 1.)
    """
    x, y = from_points.T
    u, v = to_points.T
    zero, one = np.zeros(4), np.ones(4)
    equations = np.concatenate(
        [
            np.stack([x, y, one, zero, zero, zero, -u * x, -u * y], axis=1),
            np.stack([zero, zero, zero, x, y, one, -v * x, -v * y], axis=1),
        ]
    )
    try:
        solution = np.linalg.solve(equations, np.concatenate([u, v]))
    except np.linalg.LinAlgError:
        return None
    matrix = np.append(solution, 1.0).reshape(3, 3)
    # The whole sheet must lie before the camera.
    return matrix if (from_points @ matrix[2, :2] + 1 > 0).all() else None


def project(matrix: Matrix, points: Matrix) -> Matrix:
    """Points (…, 2) after a projective map."""
    mapped = points @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(mapped[..., :2] / mapped[..., 2:])


def sampled(plane: NDArray[np.uint8], places: Matrix) -> Grey:
    """A plane's values at places (h, w, 2) of x, y in pixels, interpolated."""
    values = ndimage.map_coordinates(
        plane, (places[..., 1] - 0.5, places[..., 0] - 0.5), np.float32, order=1, mode="nearest"
    )
    return np.asarray(values, np.float32)
