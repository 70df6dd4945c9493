"""Taking ruled and squared paper's lines away from the writing that crosses them.

A printed line is thin, and runs from one side of the sheet to the other.  Looked for strip by
strip, it may be tilted and bent, as it is on a photograph; faint it may be too, since all of a
strip's width speaks for it (line tracking as for staves of music: Fujinaga 2004).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

Float = NDArray[np.float32]

_BLOCK = 8  # columns that are looked at together; half of it on a picture
_SMALL = 512  # of fewer columns than this
_BLOCKS = 8  # blocks make a strip, within which a line is straight
_REACH = 6  # rows above and below a line that must be lighter: no line is thicker
_STEEPEST = 9  # rows that a line may rise or fall within a strip: 8 degrees
_LEAST_CONTRAST = 0.025  # of a line, and
_NOISE_MULTIPLE = 4.0  # it must stand out of the grain by so many standard deviations
_SURE = 6  # blocks of a strip with a line, from which it is followed
_LIKELY = 5  # and which are enough to go on
_MOST_MISSES = 3  # strips in a row in which writing may hide a line
_LEAST_HITS = 0.6  # share of strips in which it must show
_LEAST_LENGTH = 0.35  # of the picture's side, for several lines;
_FEW = 4  # fewer than these may be strokes of large writing, unless they are as long as
_FULL_LENGTH = 0.8
_FEWEST_STRIPS = 4
_EVENNESS = 0.45  # a line is printed evenly: its weak fifth over its middle
_KEPT = 1.25, 0.08  # ink is what is darker than the line by this factor and this difference


@dataclass(frozen=True, eq=False)
class _Traces:
    """Where thin dark lines may be.

    Attributes:
        width: columns of a block.
        blocks: float32 (h, n), the mean contrast of the columns of every block.
        cover: uint8 (slopes, h, strips), in how many of a strip's blocks something thin lies on
            a line through that row in the middle of the strip.
    """

    width: int
    blocks: Float
    cover: NDArray[np.uint8]

    @property
    def strip(self) -> int:
        """Columns of a strip."""
        return self.width * _BLOCKS


def remove_rules(contrast: Float) -> Float:
    """Erase lines that cross the page, level or upright; what crosses them stays whole.

    Args:
        contrast: float32 (h, w), how much darker than paper each pixel is, 0 to 1.

    Returns:
        The same array where there is no such line, or else another.
    """
    for axis in (0, 1):
        cleaned = _without_level(contrast.T if axis else contrast)
        if cleaned is not None:
            contrast = cleaned.T if axis else cleaned
    return contrast


def _without_level(contrast: Float) -> Float | None:
    """Without lines that run from left to right, None where there are none.

    May be given the transpose of a page.
    """
    height, width = contrast.shape
    block = _BLOCK if width >= _SMALL else _BLOCK // 2
    if width < _FEWEST_STRIPS * _BLOCKS * block or height < 4 * _REACH:
        return None
    traces = _traces(contrast, block)
    paths = list(_paths(traces, width))
    if not paths:
        return None
    longest = max(columns[-1] - columns[0] for columns, _ in paths) + traces.strip
    if len(paths) < _FEW and longest < _FULL_LENGTH * width:
        return None
    cleaned = contrast.copy(order="K")
    for columns, rows in paths:
        _erase(cleaned, traces, columns, rows)
    return cleaned


def _traces(contrast: Float, block: int) -> _Traces:
    height, width = contrast.shape
    strips = width // (block * _BLOCKS)
    count = strips * _BLOCKS
    if contrast.flags.c_contiguous:
        blocks = np.asarray(Image.fromarray(contrast).reduce((block, 1)))[:, :count]
    else:
        blocks = np.asarray(Image.fromarray(contrast.T).reduce((1, block))).T[:, :count]
    blocks = np.ascontiguousarray(blocks)
    beside = np.full_like(blocks, np.inf)
    beside[_REACH:] = blocks[:-_REACH]
    beside[:-_REACH] = np.maximum(beside[:-_REACH], blocks[_REACH:])
    beside[:_REACH] = np.inf
    ridge = blocks - beside
    finite = ridge[_REACH:-_REACH:2]
    grain = 1.4826 * float(np.median(np.abs(finite - np.median(finite))))
    thin = ridge > max(_LEAST_CONTRAST, _NOISE_MULTIPLE * grain)
    thin |= np.roll(thin, 1, axis=0) | np.roll(thin, -1, axis=0)
    # The blocks of all strips that have one place together: their rows are added as they lie.
    padded = np.zeros((_BLOCKS, height + 2 * _STEEPEST, strips), np.uint8)
    padded[:, _STEEPEST:-_STEEPEST] = thin.reshape(height, strips, _BLOCKS).transpose(2, 0, 1)
    cover = np.zeros((2 * _STEEPEST + 1, height, strips), np.uint8)
    for slope in range(-_STEEPEST, _STEEPEST + 1):
        for at in range(_BLOCKS):
            down = _STEEPEST + round(slope * ((at + 0.5) / _BLOCKS - 0.5))
            cover[slope + _STEEPEST] += padded[at, down : down + height]
    return _Traces(block, blocks, cover)


def _paths(
    traces: _Traces, width: int
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Columns and rows of points on every line that is long enough."""
    cover = traces.cover
    _, height, strips = cover.shape
    best = cover.max(axis=0)
    peaks = (best >= _SURE) & (best == ndimage.maximum_filter1d(best, 5, axis=0))
    if np.count_nonzero(peaks.any(axis=0)) < _FEWEST_STRIPS:
        return
    free = np.ones((height, strips), bool)
    rows, columns = np.nonzero(peaks)
    for index in np.argsort(-best[rows, columns].astype(int), kind="stable"):
        row, strip = int(rows[index]), int(columns[index])
        if not free[row, strip]:
            continue
        slope = int(cover[:, row, strip].argmax()) - _STEEPEST
        points = {strip: row}
        for direction in (-1, 1):
            points |= _follow(cover, row, strip, slope, direction)
        for along, across in points.items():
            free[max(across - _REACH - 2, 0) : across + _REACH + 3, along] = False
        first, last = min(points), max(points)
        span = last - first + 1
        if span * traces.strip < _LEAST_LENGTH * width or span < _FEWEST_STRIPS:
            continue
        if len(points) < _LEAST_HITS * span:
            continue
        found = np.array(sorted(points.items()))
        middles, levels = (found[:, 0] + 0.5) * traces.strip, found[:, 1].astype(float)
        if _is_even(traces, middles, levels):
            yield middles, levels


def _follow(
    cover: NDArray[np.uint8], row: int, strip: int, slope: int, direction: int
) -> dict[int, int]:
    """The rows of a line in the strips to one side, where it shows."""
    slopes, height, strips = cover.shape
    points: dict[int, int] = {}
    at, drift, misses = float(row), float(slope), 0
    while misses <= _MOST_MISSES and 0 <= strip + direction < strips:
        strip += direction
        at += direction * drift
        top, bottom = round(at) - 2, round(at) + 3
        low = max(round(drift) + _STEEPEST - 2, 0)
        if top < 0 or bottom > height:
            break
        window = cover[low : min(low + 5, slopes), top:bottom, strip]
        if window.size and int(window.max()) >= _LIKELY:
            # Of equally good rows the middle one.
            good = np.argwhere(window == window.max()).mean(axis=0)
            found = top + float(good[1])
            drift = 0.8 * drift + 0.2 * (drift + direction * (found - at))
            at = found
            points[strip] = round(found)
            misses = 0
        else:
            misses += 1
    return points


def _is_even(traces: _Traces, columns: NDArray[np.float64], rows: NDArray[np.float64]) -> bool:
    """Whether a line is equally dark everywhere, as no row of letters is."""
    at = np.arange(int(columns[0]) // traces.width, int(columns[-1]) // traces.width)
    levels = np.interp((at + 0.5) * traces.width, columns, rows)
    near = np.rint(levels).astype(int) + np.arange(-2, 3)[:, np.newaxis]
    blocks = traces.blocks
    values = blocks[np.clip(near, 0, len(blocks) - 1), at].max(axis=0)
    return float(np.quantile(values, 0.2)) > _EVENNESS * float(np.median(values))


def _erase(
    contrast: Float, traces: _Traces, columns: NDArray[np.float64], rows: NDArray[np.float64]
) -> None:
    """Take one line out; where ink lies on both sides of it, the ink goes on."""
    height, width = contrast.shape
    # A strip beyond the last one in which it showed: to the rim of the sheet.
    start = max(int(columns[0] - 1.5 * traces.strip), 0)
    stop = min(int(columns[-1] + 1.5 * traces.strip), width)
    if stop > width - 2 * traces.strip:
        stop = width
    x = np.arange(start, stop)
    y = _extended(x, columns, rows)
    top, bottom = _thickness(traces, columns, rows)
    offsets = np.arange(top, bottom + 1)
    centre = np.rint(y).astype(np.intp)
    inside = (centre + top - 2 >= 0) & (centre + bottom + 2 < height)
    x, centre = x[inside], centre[inside]
    if not x.size:
        return
    at = centre + offsets[:, np.newaxis]
    values = contrast[at, x]
    darkness = float(np.median(values.max(axis=0)))
    factor, difference = _KEPT
    ink = values > factor * darkness + difference
    above = np.maximum(contrast[centre + top - 1, x], contrast[centre + top - 2, x])
    below = np.maximum(contrast[centre + bottom + 1, x], contrast[centre + bottom + 2, x])
    # Slanting strokes come out a little beside where they went in.
    above, below = (ndimage.maximum_filter1d(side, 3) for side in (above, below))
    contrast[at, x] = np.where(ink, values, np.minimum(above, below))


def _extended(
    x: NDArray[np.intp], columns: NDArray[np.float64], rows: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Rows at all columns; beyond the ends the line goes on as it ran."""
    y = np.interp(x, columns, rows)
    for ahead, end in ((x < columns[0], slice(0, 4)), (x > columns[-1], slice(-4, None))):
        near_x, near_y = columns[end], rows[end]
        slope = float(np.polyfit(near_x, near_y, 1)[0]) if len(near_x) > 1 else 0.0
        anchor = 0 if end.start == 0 else -1
        y[ahead] = rows[anchor] + slope * (x[ahead] - columns[anchor])
    return np.asarray(y)


def _thickness(
    traces: _Traces, columns: NDArray[np.float64], rows: NDArray[np.float64]
) -> tuple[int, int]:
    """The first and the last row of a line, counted from its path."""
    at = np.arange(int(columns[0]) // traces.width, int(columns[-1]) // traces.width)
    centre = np.rint(np.interp((at + 0.5) * traces.width, columns, rows)).astype(np.intp)
    offsets = np.arange(-_REACH, _REACH + 1)
    blocks = traces.blocks
    near = np.clip(centre + offsets[:, np.newaxis], 0, len(blocks) - 1)
    profile = np.median(blocks[near, at], axis=1)
    profile -= min(profile[0], profile[-1])
    peak = 2 + int(profile[2:-2].argmax())
    dark = profile > 0.25 * profile[peak]
    first = last = peak
    while first > 1 and dark[first - 1]:
        first -= 1
    while last < len(dark) - 2 and dark[last + 1]:
        last += 1
    # Paths are found to the row: one more on each side.
    return int(offsets[first]) - 1, int(offsets[last]) + 1
