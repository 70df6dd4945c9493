"""Pen strokes drawn as ink images, in NumPy alone.

A stroke is what the pen leaves between touching the paper and leaving it: an array of points,
floating point, shape ``(n, 2)``, columns x and y, **y down**.  A character is a sequence of them.
A stroke of one point is a dot.

Every renderer here draws each stroke as a polyline of constant width with round caps and joints,
antialiased.  An ink image is uint8 ``(H, W)``, full ink 255 on blank 0.  Coordinates are those of
a canvas: the pixel in row i and column j covers x from j to j + 1 and y from i to i + 1.

The distance to the pen's path is sampled at the pixel centres near each piece of it, and the ink
of a pixel is how far its centre lies inside the pen's edge, in pixels, clipped to 0 … 1: an
area-sampled edge to within a few grey levels, in a small part of the time supersampling takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.floating[Any]]
"""Points of one pen-down movement, ``(n, 2)``, n ≥ 1, columns x and y, y down."""

Strokes = Sequence[Stroke]
"""The strokes of a drawing in the order they were made."""

Bounds = tuple[float, float, float, float]
"""Left, top, right, bottom."""

Image = NDArray[np.uint8]

_EVALUATIONS_AT_ONCE = 1 << 19
"""Distances computed in one go: 2 MB an array, which stays in the processor's cache."""

_SAMPLES_AT_ONCE = 256


def stroke_bounds(strokes: Strokes) -> Bounds:
    """The box around the points of all strokes, the pen's width not counted.

    Raises:
        ValueError: there is no point at all, or a stroke is not a finite ``(n, 2)`` array.
    """
    points = _joined(strokes)
    if not len(points):
        raise ValueError("There are no points to bound.")
    left, top = points.min(axis=0)
    right, bottom = points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


def render_strokes(
    strokes: Strokes,
    *,
    pen_width: float,
    size: tuple[int, int] | None = None,
    margin: float = 1.0,
) -> Image:
    """Draw strokes at the scale they have: one unit is one pixel.

    Args:
        strokes: float ``(n, 2)`` arrays of x, y, y down; empty ones are skipped.
        pen_width: width of the line in pixels, above 0; below 1 the line gets paler instead.
        size: (height, width) of the image; the strokes stand where their coordinates say, and
            what lies outside is cut off.  None: the image is as large as the ink needs, with
            ``margin`` around it, wherever the strokes are, and the ink is centred in it.
        margin: blank pixels kept on each side of the ink where ``size`` is None.

    Returns:
        uint8 ``(H, W)``, ink 255 on 0.  Nothing to draw gives a blank image.

    Raises:
        ValueError: ``pen_width`` or ``size`` is not positive, ``margin`` is negative, or a stroke
            is not a finite ``(n, 2)`` array.
    """
    _check_pen_width(pen_width)
    if margin < 0:
        raise ValueError(f"margin must be at least 0, not {margin}.")
    points = _joined(strokes)
    lengths = _lengths(strokes)
    if size is None:
        border = 2 * (pen_width / 2 + margin)
        extent = np.ptp(points, axis=0) if len(points) else np.zeros(2)
        width, height = (max(1, int(np.ceil(side + border))) for side in extent)
        if len(points):
            middle = (points.min(axis=0) + points.max(axis=0)) / 2
            points = points + (np.array([width, height]) / 2 - middle)
    else:
        height, width = size
        if height < 1 or width < 1:
            raise ValueError(f"size must be at least one pixel each way, not {size}.")
    owners = np.zeros(len(lengths), np.intp)
    image: Image = _draw(points, lengths, owners, np.array([pen_width]), (height, width))[0]
    return image


def render_fitted(
    strokes: Strokes, *, longer_side: float, pen_width: float, margin: float = 1.0
) -> Image:
    """Draw strokes scaled, both axes alike, to a given size.

    Args:
        strokes: as for :func:`render_strokes`, in any unit.
        longer_side: pixels that the longer side of the box around the points gets, above 0; a
            drawing without extent (a dot) is not scaled.
        pen_width: width of the line in pixels after scaling, above 0.
        margin: blank pixels kept on each side of the ink.

    Returns:
        uint8 ``(H, W)``, ink 255 on 0, as large as the ink needs and centred.

    Raises:
        ValueError: as :func:`render_strokes`, or ``longer_side`` is not positive.
    """
    return render_strokes(scale_strokes(strokes, longer_side), pen_width=pen_width, margin=margin)


def scale_strokes(strokes: Strokes, longer_side: float) -> list[NDArray[np.float64]]:
    """Move and scale strokes, both axes alike, so that their box starts at 0, 0.

    Args:
        strokes: as for :func:`render_strokes`; empty ones are dropped.
        longer_side: what the longer side of the box becomes, above 0; a drawing without extent
            (a dot) is only moved.

    Raises:
        ValueError: ``longer_side`` is not positive, or a stroke is not a finite ``(n, 2)`` array.
    """
    if not longer_side > 0:
        raise ValueError(f"longer_side must be above 0, not {longer_side}.")
    points = _joined(strokes)
    if not len(points):
        return []
    extent = float(np.ptp(points, axis=0).max())
    scale = longer_side / extent if extent > 0 else 1.0
    lengths = [length for length in _lengths(strokes) if length]
    return np.split((points - points.min(axis=0)) * scale, np.cumsum(lengths)[:-1])


def iter_stroke_samples(
    points: NDArray[np.floating[Any]],
    stroke_len: NDArray[np.integer[Any]],
    n_strokes: NDArray[np.integer[Any]],
) -> Iterator[list[Stroke]]:
    """Take flat stroke arrays apart into samples, without copying.

    Args:
        points: ``(M, 2)`` x, y of every point of every stroke, in order.
        stroke_len: ``(S,)`` the number of points of each stroke.
        n_strokes: ``(N,)`` the number of strokes of each sample.

    Yields:
        The strokes of each sample, as views into ``points``.

    Raises:
        ValueError: the counts do not add up.
    """
    if int(np.sum(stroke_len)) != len(points) or int(np.sum(n_strokes)) != len(stroke_len):
        raise ValueError(
            f"The counts do not add up: {len(points)} points for strokes of "
            f"{int(np.sum(stroke_len))}, {len(stroke_len)} strokes for samples of "
            f"{int(np.sum(n_strokes))}."
        )
    ends = np.cumsum(stroke_len).tolist()
    start = first = 0
    for count in n_strokes.tolist():
        strokes: list[Stroke] = []
        for end in ends[first : first + count]:
            strokes.append(points[start:end])
            start = end
        first += count
        yield strokes


def render_many(
    samples: Iterable[Strokes],
    pen_widths: tuple[float, float],
    rng: np.random.Generator,
    *,
    box: int = 40,
    frame: int | None = None,
) -> Image:
    """Draw many characters, each fitted to the same box with a pen of a random width.

    Args:
        samples: the strokes of each character, in any unit.
        pen_widths: least and greatest width of the pen as a share of the longer side of the box
            around the character's points, for instance (0.03, 0.14); drawn uniformly.
        rng: where the widths come from, one number a sample in order.
        box: pixels that the longer side of that box gets.
        frame: side of each square image; None: just enough for the widest pen.

    Returns:
        uint8 ``(N, frame, frame)``, ink 255 on 0, centred by the box of the points.

    Raises:
        ValueError: a range or size is not positive or not in order, the frame is smaller than the
            ink can be, or a stroke is not a finite ``(n, 2)`` array.
    """
    least, greatest = pen_widths
    if not 0 < least <= greatest:
        raise ValueError(f"pen_widths must be a range above 0, least first, not {pen_widths}.")
    needed = int(np.ceil(box * (1 + greatest))) + 2
    side = needed if frame is None else frame
    if box < 1 or side < needed:
        raise ValueError(
            f"A box of {box} with pens up to {greatest:.3g} of it needs a frame of {needed} "
            f"or more, not {side}."
        )
    drawings = [[stroke for stroke in sample if len(stroke)] for sample in samples]
    widths = rng.uniform(least, greatest, len(drawings)) * box
    images = np.zeros((len(drawings), side, side), np.uint8)
    # Alike widths together: each chunk works with a window as large as its widest pen needs.
    order = np.argsort(widths, kind="stable")
    for first in range(0, len(order), _SAMPLES_AT_ONCE):
        chosen = order[first : first + _SAMPLES_AT_ONCE]
        points, lengths, owners = _fitted([drawings[i] for i in chosen.tolist()], box, side)
        images[chosen] = _draw(points, lengths, owners, widths[chosen], (side, side))
    return images


def render_flat(
    points: NDArray[np.floating[Any]],
    stroke_len: NDArray[np.integer[Any]],
    n_strokes: NDArray[np.integer[Any]],
    *,
    pen_widths: NDArray[np.floating[Any]],
    size: tuple[int, int],
) -> Image:
    """Draw many drawings, each at the scale it has, into images of one size.

    Args:
        points: ``(M, 2)`` x, y in pixels of every point of every stroke, in order.
        stroke_len: ``(S,)`` the number of points of each stroke.
        n_strokes: ``(N,)`` the number of strokes of each drawing.
        pen_widths: ``(N,)`` the pen of each drawing, in pixels, above 0.
        size: (height, width) of every image; what lies outside is cut off.

    Returns:
        uint8 ``(N, H, W)``, ink 255 on 0.
    """
    images = np.empty((len(n_strokes), *size), np.uint8)
    owners = np.repeat(np.arange(len(n_strokes)), n_strokes)
    point_ends = np.concatenate([[0], np.cumsum(stroke_len)])
    stroke_ends = np.concatenate([[0], np.cumsum(n_strokes)])
    for first in range(0, len(n_strokes), _SAMPLES_AT_ONCE):
        last = min(first + _SAMPLES_AT_ONCE, len(n_strokes))
        strokes = slice(stroke_ends[first], stroke_ends[last])
        images[first:last] = _draw(
            points[point_ends[strokes.start] : point_ends[strokes.stop]],
            stroke_len[strokes],
            owners[strokes] - first,
            pen_widths[first:last],
            size,
        )
    return images


def _fitted(
    drawings: Sequence[Strokes], box: float, side: int
) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """Points, stroke lengths and each stroke's drawing, every drawing centred in the frame."""
    strokes = [stroke for drawing in drawings for stroke in drawing]
    points, lengths = _joined(strokes), _lengths(strokes)
    counts = np.array([len(drawing) for drawing in drawings], np.intp)
    owners = np.repeat(np.arange(len(drawings)), counts)
    if not len(points):
        return points, lengths, owners
    of_point = np.repeat(owners, lengths)
    inked = np.flatnonzero(counts)
    starts = np.flatnonzero(np.diff(of_point, prepend=-1))
    low, high = np.zeros((2, len(drawings), 2))
    low[inked] = np.minimum.reduceat(points, starts)
    high[inked] = np.maximum.reduceat(points, starts)
    extent = (high - low).max(axis=1)
    scale = np.divide(box, extent, out=np.ones(len(drawings)), where=extent > 0)
    middle = (low + high) / 2
    points = (points - middle[of_point]) * scale[of_point, np.newaxis] + side / 2
    return points, lengths, owners


def _joined(strokes: Strokes) -> NDArray[np.float64]:
    """All points of all strokes, checked, ``(M, 2)``."""
    for stroke in strokes:
        if len(stroke) and np.shape(stroke)[1:] != (2,):
            raise ValueError(f"A stroke must be an array of shape (n, 2), not {np.shape(stroke)}.")
    inked = [stroke for stroke in strokes if len(stroke)]
    if not inked:
        return np.zeros((0, 2))
    points = np.concatenate(inked, dtype=np.float64)
    if not np.isfinite(points).all():
        raise ValueError("A stroke has a point that is not finite.")
    return points


def _lengths(strokes: Strokes) -> NDArray[np.intp]:
    return np.array([len(stroke) for stroke in strokes], np.intp)


def _check_pen_width(pen_width: float) -> None:
    if not 0 < pen_width < np.inf:
        raise ValueError(f"pen_width must be above 0, not {pen_width}.")


def _draw(
    points: NDArray[np.floating[Any]],
    lengths: NDArray[np.integer[Any]],
    owners: NDArray[np.intp],
    pen_widths: NDArray[np.floating[Any]],
    size: tuple[int, int],
) -> Image:
    """Draw strokes into several images at once.

    Args:
        points: ``(M, 2)`` in pixels, the points of all strokes one after another.
        lengths: ``(S,)`` points of each stroke.
        owners: ``(S,)`` the image each stroke belongs to.
        pen_widths: ``(N,)`` pixels, a pen for each image.
        size: height and width of every image.
    """
    height, width = size
    # A pen thinner than a pixel is drawn a pixel wide and paler by as much.
    radii = np.maximum(pen_widths, 1.0) / 2
    reach = float(radii.max(initial=0.5)) + 0.5
    start, step, owner = _pieces(points, lengths, owners, longest=2 * reach)

    # One pixel more on every side catches what the windows have outside of the image.
    distance = np.full((len(pen_widths), height + 2, width + 2), np.float32(reach * reach))
    flat = distance.reshape(-1)
    corner = np.floor(np.minimum(start, start + step) - np.float32(reach)).astype(np.intp)
    window = np.arange(int(np.ceil(4 * reach)) + 1)
    chunk = max(1, _EVALUATIONS_AT_ONCE // len(window) ** 2)
    for first in range(0, len(start), chunk):
        part = slice(first, first + chunk)
        across = corner[part, 0, np.newaxis] + window
        down = corner[part, 1, np.newaxis] + window
        squared = _squared_distance(
            (across - start[part, 0, np.newaxis] + 0.5).astype(np.float32)[:, np.newaxis, :],
            (down - start[part, 1, np.newaxis] + 0.5).astype(np.float32)[:, :, np.newaxis],
            step[part],
        )
        row = owner[part, np.newaxis] * (height + 2) + np.clip(down + 1, 0, height + 1)
        column = np.clip(across + 1, 0, width + 1)
        index = row[:, :, np.newaxis] * (width + 2) + column[:, np.newaxis, :]
        near = squared < reach * reach
        np.minimum.at(flat, index[near], squared[near])

    inside = radii[:, np.newaxis, np.newaxis].astype(np.float32) + np.float32(0.5)
    coverage = np.clip(inside - np.sqrt(distance[:, 1:-1, 1:-1]), 0, 1)
    full = 255 * np.minimum(pen_widths, 1.0)[:, np.newaxis, np.newaxis].astype(np.float32)
    images: Image = np.rint(coverage * full).astype(np.uint8)
    return images


def _pieces(
    points: NDArray[np.floating[Any]],
    lengths: NDArray[np.integer[Any]],
    owners: NDArray[np.intp],
    *,
    longest: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.intp]]:
    """Cut polylines into straight pieces no longer than ``longest``: start, step, image."""
    if not len(points):
        return np.zeros((0, 2), np.float32), np.zeros((0, 2), np.float32), np.zeros(0, np.intp)
    inked = lengths > 0
    ends = np.cumsum(lengths[inked]) - 1
    starts = ends - lengths[inked] + 1
    of_point = np.repeat(owners[inked], lengths[inked])
    following = np.minimum(np.arange(1, len(points) + 1), len(points) - 1)
    following[ends] = ends
    # The piece from a stroke's last point to itself is needed for dots only.
    drawn = np.ones(len(points), bool)
    drawn[ends[ends > starts]] = False
    start = points[drawn]
    step = points[following[drawn]] - start
    count = np.maximum(np.ceil(np.hypot(step[:, 0], step[:, 1]) / longest), 1).astype(np.intp)
    whole = np.repeat(np.arange(len(start)), count)
    part = np.arange(len(whole)) - np.repeat(np.cumsum(count) - count, count)
    step /= count[:, np.newaxis]
    return (
        (start[whole] + step[whole] * part[:, np.newaxis]).astype(np.float32),
        step[whole].astype(np.float32),
        of_point[drawn][whole],
    )


def _squared_distance(
    x: NDArray[np.float32], y: NDArray[np.float32], step: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Squared distance from pixel centres, relative to a piece's start, to the piece.

    Args:
        x: ``(P, 1, W)``.
        y: ``(P, W, 1)``.
        step: ``(P, 2)`` from the start of each piece to its end.

    Returns:
        float32 ``(P, W, W)``.
    """
    dx, dy = step[:, 0, np.newaxis, np.newaxis], step[:, 1, np.newaxis, np.newaxis]
    squared_length = np.maximum(dx * dx + dy * dy, np.float32(1e-12))
    along = x * (dx / squared_length) + y * (dy / squared_length)
    np.clip(along, 0, 1, out=along)
    squared: NDArray[np.float32] = np.square(x - along * dx) + np.square(y - along * dy)
    return squared
