"""From a flat sheet to the ink in each of its boxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from handwrite_gui.engine.data.glyphs import CAP_HEIGHT, GLYPHS, trace
from handwrite_gui.engine.handwriting.sample_sheet.flattening import SCALE
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    BASELINE,
    BASELINE_TICK,
    BOX_TOP,
    LINE_WIDTH,
    PITCH_X,
    PITCH_Y,
    Cell,
    Rect,
)
from handwrite_gui.engine.handwriting.sample_sheet.marks import Grey

_INSIDE = 1.0  # mm from the border, within which nothing is printed whatever the bend
_BAND = 0.55  # mm to either side of a printed line, in which it may be seen
_FAINTEST = 0.11  # contrast that ink has at least
_NOISE_MULTIPLE = 6.0
_OF_DARKEST = 0.35  # of a box's ink: fainter is the edge of a stroke, or dirt
_PRINT_QUANTILE = 0.9
_PROMPT_QUANTILE = 0.985
_GAP_IN_LINE = 0.9  # mm of a stroke that the removal of a line may have taken
_LEAST_PIECE = 0.12  # mm²: smaller is dust
_LEAST_INK = 0.25  # mm²
_LEAST_SIDE = 1.8  # mm of a letter or digit; marks may be smaller
_SHARED = 0.2  # of a piece's ink in a second box: it belongs to both
_MARGIN = 2  # pixels around the ink of a sample
_SCRIBBLED = 1.35  # times as long as the most elaborate way to write it,
_SCRIBBLED_MORE = 1.8  # and so many sides longer, is a scribble
_FILLED = 0.62  # of its box that the ink of a character covers at most
_FULL_INK = 0.85  # share of the darkest ink from which it counts as full

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False, slots=True)
class WrittenCell:
    """A box that holds ink.

    Attributes:
        cell: which it is.
        image: uint8 (h, w), ink 255 on 0, at :data:`~.flattening.SCALE` pixels a millimetre.
        place: the rectangle of the image on the paper, in mm.
        scribbled: whether it looks like something that was scribbled over.
    """

    cell: Cell
    image: NDArray[np.uint8]
    place: Rect
    scribbled: bool


def written_cells(luminance: Grey, red: Grey, cells: Sequence[Cell]) -> tuple[WrittenCell, ...]:
    """The boxes that hold ink, in their order.

    Ink that reaches over a border belongs to the box in which most of it is; ink that is in two
    boxes is cut between them.  What is printed is left out by its place and, in colour, by its
    colour.

    Args:
        luminance, red: contrasts, see :func:`~.flattening.flatten`.
        cells: of the page.
    """
    if not cells:
        return ()
    contrast = _without_print(luminance, red, cells)
    owners = _territories(contrast.shape, cells)
    mask = _ink(contrast, owners, cells)
    labels, count = ndimage.label(mask, structure=np.ones((3, 3)))
    if not count:
        return ()
    pieces = _pieces_of_cells(labels, count, cells)
    cuts = []
    for cell, (own, shared) in zip(cells, pieces, strict=True):
        cut = _cut_out(contrast, labels, owners, cell, own, shared)
        if cut is not None:
            cuts.append((cell, *cut))
    # One page is mostly written with one pen; in a blot of its own its width cannot be told.
    pens = [_pen_width(image > 0) for _, image, _ in cuts]
    usual = float(np.median(pens)) if pens else 1.0
    return tuple(
        WrittenCell(cell, image, place, _is_scribbled(image > 0, cell.label, min(pen, usual)))
        for (cell, image, place), pen in zip(cuts, pens, strict=True)
    )


def _without_print(luminance: Grey, red: Grey, cells: Sequence[Cell]) -> Grey:
    """The contrast of ink: the luminance inside the boxes, what is left of red at the print."""
    contrast = red.copy()
    for cell in cells:
        inner = _pixels(_grown(cell.box, -_INSIDE))
        contrast[inner] = luminance[inner]
    lines = np.zeros(red.shape, bool)
    middles = np.zeros(red.shape, bool)
    prompts = np.zeros(red.shape, bool)
    for cell in cells:
        for line in _lines(cell.box):
            lines[_pixels(_grown(line, _BAND))] = True
            middles[_pixels(line)] = True
        prompts[_pixels(_grown(cell.prompt, 0.5))] = True
    prompts &= ~lines
    for area, sample, quantile in (
        (lines, middles, _PRINT_QUANTILE),
        (prompts, prompts, _PROMPT_QUANTILE),
    ):
        printed = float(np.quantile(red[sample], quantile))
        # What is as faint as the print is the print; ink over it is darker than either.
        contrast[area] = np.maximum(red[area] - 1.15 * printed, 0) / max(1 - 1.15 * printed, 0.2)
    return contrast


def _ink(contrast: Grey, owners: NDArray[np.signedinteger], cells: Sequence[Cell]) -> Mask:
    """What is ink, judged box by box: pens differ, and light does."""
    floors = np.full(len(cells) + 1, np.inf, np.float32)
    inner = [contrast[_pixels(_grown(cell.box, -_INSIDE))] for cell in cells]
    grain = np.median([_spread(box) for box in inner])
    floor = max(_FAINTEST, _NOISE_MULTIPLE * float(grain))
    for number, box in enumerate(inner, 1):
        inked = box[box > floor]
        darkest = float(np.quantile(inked, 0.9)) if inked.size else 0.0
        floors[number] = max(floor, _OF_DARKEST * darkest)
    mask = np.asarray(contrast > floors[owners])
    # A stroke that crosses a line lost a little there.
    reach = round(_GAP_IN_LINE * SCALE) | 1
    for cell in cells:
        for line in _lines(cell.box):
            band = _pixels(_grown(line, _BAND + _GAP_IN_LINE))
            across = (reach, 1) if line.width > line.height else (1, reach)
            mask[band] |= ndimage.binary_closing(mask[band], np.ones(across, bool))
    return mask


def _spread(box: Grey) -> float:
    """Standard deviation of the paper's grain, from the median absolute deviation."""
    middle = np.median(box)
    return float(1.4826 * np.median(np.abs(box - middle)) + middle / _NOISE_MULTIPLE)


def _territories(shape: tuple[int, ...], cells: Sequence[Cell]) -> NDArray[np.signedinteger]:
    """To which cell each pixel is nearest: its place in ``cells`` from 1, 0 for none."""
    owners = np.zeros(shape, np.int32)
    for number, cell in enumerate(cells, 1):
        around = Rect.around(cell.box.centre, PITCH_X, PITCH_Y)
        # The room between two rows belongs to the box below it only where its prompt stands.
        lower = (PITCH_Y - cell.box.height) / 2 - BOX_TOP / 2
        owners[_pixels(Rect(around.left, around.top + lower, PITCH_X, PITCH_Y))] = number
    return owners


def _pieces_of_cells(
    labels: NDArray[np.signedinteger], count: int, cells: Sequence[Cell]
) -> list[tuple[set[int], set[int]]]:
    """For each cell the pieces of ink that are its own, and those it shares with another."""
    within = np.zeros((len(cells), count + 1), np.int64)
    for row, cell in zip(within, cells, strict=True):
        row += np.bincount(labels[_pixels(cell.box)].reshape(-1), minlength=count + 1)
    within[:, 0] = 0
    total = np.bincount(labels.reshape(-1), minlength=count + 1)
    in_boxes = within.sum(axis=0)
    least = _LEAST_PIECE * SCALE**2
    result = []
    for row in within:
        inside = np.flatnonzero(row)
        own, shared = set[int](), set[int]()
        for piece in inside.tolist():
            if total[piece] < least:
                continue
            if row[piece] >= (1 - _SHARED) * in_boxes[piece]:
                own.add(piece)
            elif row[piece] >= _SHARED * in_boxes[piece]:
                shared.add(piece)
        result.append((own, shared))
    return result


def _cut_out(
    contrast: Grey,
    labels: NDArray[np.signedinteger],
    owners: NDArray[np.signedinteger],
    cell: Cell,
    own: set[int],
    shared: set[int],
) -> tuple[NDArray[np.uint8], Rect] | None:
    """The image of what is written into a box, and its place; None where that is nothing."""
    if not own and not shared:
        return None
    # A long tail may go into the next row, not farther.
    rows, columns = _pixels(_grown(cell.box, PITCH_X * 0.5))
    window = labels[rows, columns]
    mask = np.isin(window, list(own))
    if shared:
        mine = owners[rows, columns] == owners[_middle(cell.box)]
        mask |= np.isin(window, list(shared)) & mine
    found_y, found_x = np.nonzero(mask)
    if len(found_y) < _LEAST_INK * SCALE**2:
        return None
    height, width = np.ptp(found_y) + 1, np.ptp(found_x) + 1
    if cell.label.isalnum() and max(height, width) < _LEAST_SIDE * SCALE:
        return None
    top, left = max(int(found_y.min()) - _MARGIN, 0), max(int(found_x.min()) - _MARGIN, 0)
    bottom, right = int(found_y.max()) + 1 + _MARGIN, int(found_x.max()) + 1 + _MARGIN
    mask = mask[top:bottom, left:right]
    ink = np.where(mask, contrast[rows, columns][top:bottom, left:right], 0)
    ink = ink / max(_FULL_INK * float(np.quantile(ink[mask], 0.9)), 1e-3)
    image = np.asarray(np.rint(255 * np.minimum(ink, 1)), np.uint8)
    place = Rect(
        (columns.start + left) / SCALE,
        (rows.start + top) / SCALE,
        image.shape[1] / SCALE,
        image.shape[0] / SCALE,
    )
    return image, place


def _pen_width(mask: Mask) -> float:
    """In pixels: twice the usual distance of the middle of a stroke from its edge."""
    depth = ndimage.distance_transform_edt(mask)
    ridge = depth[(depth == ndimage.maximum_filter(depth, 3)) & (depth > 0)]
    return max(2 * float(np.median(ridge)) - 1, 1.0) if ridge.size else 1.0


def _is_scribbled(mask: Mask, label: str, pen: float) -> bool:
    """Whether there is far more line than any way to write the character needs."""
    longer = max(mask.shape) - 2 * _MARGIN
    area = int(mask.sum())
    if area > _FILLED * (mask.shape[0] * mask.shape[1]) and min(mask.shape) > 3 * SCALE:
        return True
    if label not in GLYPHS or longer < 2 * _LEAST_SIDE * SCALE:
        return False
    length = area / pen / longer
    usual = _longest_path(label)
    return bool(length > _SCRIBBLED * usual and length > usual + _SCRIBBLED_MORE)


@cache
def _longest_path(label: str) -> float:
    """Length of the most elaborate form of a character, in its longer side."""
    longest = 0.0
    for form in GLYPHS[label]:
        strokes = [stroke.points for stroke in trace(form.path)]
        points = np.concatenate(strokes)
        length = sum(float(np.hypot(*np.diff(one, axis=0).T).sum()) for one in strokes)
        side = max(float(np.ptp(points, axis=0).max()), 0.2 * CAP_HEIGHT)
        longest = max(longest, length / side)
    return longest


def _lines(box: Rect) -> tuple[Rect, ...]:
    """What is printed around a box."""
    half, baseline = LINE_WIDTH / 2, box.top + BASELINE * box.height
    return (
        Rect(box.left - half, box.top - half, box.width + LINE_WIDTH, LINE_WIDTH),
        Rect(box.left - half, box.bottom - half, box.width + LINE_WIDTH, LINE_WIDTH),
        Rect(box.left - half, box.top, LINE_WIDTH, box.height),
        Rect(box.right - half, box.top, LINE_WIDTH, box.height),
        Rect(box.left - BASELINE_TICK, baseline - half, BASELINE_TICK, LINE_WIDTH),
        Rect(box.right, baseline - half, BASELINE_TICK, LINE_WIDTH),
    )


def _grown(rect: Rect, by: float) -> Rect:
    return Rect(rect.left - by, rect.top - by, rect.width + 2 * by, rect.height + 2 * by)


def _pixels(rect: Rect) -> tuple[slice, slice]:
    """Rows and columns of the flat sheet; every rectangle on it has at least one of each."""
    top, left = (max(round(edge * SCALE), 0) for edge in (rect.top, rect.left))
    return (
        slice(top, max(round(rect.bottom * SCALE), top + 1)),
        slice(left, max(round(rect.right * SCALE), left + 1)),
    )


def _middle(rect: Rect) -> tuple[int, int]:
    x, y = rect.centre
    return int(y * SCALE), int(x * SCALE)
