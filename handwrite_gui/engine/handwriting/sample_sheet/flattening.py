"""Laying a photographed sheet flat: perspective taken out, and what is left of its bend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from scipy.interpolate import RBFInterpolator

from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    TICK_SIDE,
    PaperSize,
    mark_centres,
    paper_size,
    tick_centres,
)
from handwrite_gui.engine.handwriting.sample_sheet.marks import (
    FoundSheet,
    Grey,
    Matrix,
    project,
    sampled,
)

SCALE = 6
"""Pixels a millimetre of the flat sheet: about 150 dpi."""

_FINEST = 12.0  # pixels a millimetre of a picture, beyond which it is reduced first
_COARSE = 4  # pixels a millimetre in which ticks are looked for
_REACH = 3.4  # mm around its place that a tick is looked for in
_TICK_AREA = (0.45, 1.8)  # of a tick's area as printed
_DARK_TICK = 0.5  # of the darkest around
_LEAST_CONTRAST = 0.25
_LATTICE = 5.0  # mm between the places where the bend is worked out
_SMOOTHING = 0.05
_MOST_MISFIT = 0.5  # mm: a tick that does not go with the others is something else
_PAPER_WINDOW = 7.0  # mm: wider than any stroke, narrower than shadows


def flatten(pixels: NDArray[np.uint8], found: FoundSheet) -> tuple[Grey, Grey]:
    """The sheet as if it lay flat under even light.

    Args:
        pixels: uint8 (H, W) grey or (H, W, 3) red, green, blue.
        found: where the sheet is in it.

    Returns:
        How much darker than the paper it is, float32 (h, w) with :data:`SCALE` pixels a millimetre,
        0 for paper to 1 for black: by luminance, and in red, where orange print is as bright as
        the paper.
    """
    paper = found.sheet.paper
    pixels, matrix = _reduced(pixels, found)
    planes = [pixels] if pixels.ndim == 2 else [_luminance(pixels), pixels[..., 0]]
    places = _places(planes[0], matrix, paper)
    flat = [_contrast(sampled(np.ascontiguousarray(plane), places)) for plane in planes]
    return flat[0], flat[-1]


def _reduced(pixels: NDArray[np.uint8], found: FoundSheet) -> tuple[NDArray[np.uint8], Matrix]:
    """A picture that is no finer than needed: skipping pixels would leave noise and jags."""
    marks = np.array(mark_centres(found.sheet.paper))
    seen = project(found.matrix, marks)
    finest = max(
        float(np.hypot(*(seen[i] - seen[i - 1])) / np.hypot(*(marks[i] - marks[i - 1])))
        for i in range(4)
    )
    step = int(finest / _FINEST)
    if step < 2:
        return pixels, found.matrix
    scaling = np.diag([1 / step, 1 / step, 1.0])
    return np.asarray(Image.fromarray(pixels).reduce(step)), scaling @ found.matrix


def _luminance(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    return np.asarray(Image.fromarray(pixels).convert("L"))


def _grid(paper: PaperSize, scale: float) -> Matrix:
    """Millimetres (h, w, 2) of the middles of the flat sheet's pixels."""
    width, height = paper_size(paper)
    x = (np.arange(round(width * scale)) + 0.5) / scale
    y = (np.arange(round(height * scale)) + 0.5) / scale
    return np.stack(np.meshgrid(x, y), axis=-1)


def _places(plane: NDArray[np.uint8], matrix: Matrix, paper: PaperSize) -> Matrix:
    """Where each pixel of the flat sheet comes from."""
    grid = _grid(paper, SCALE)
    bend = _bend(plane, matrix, paper)
    if bend is not None:
        height, width = grid.shape[:2]
        for axis in (0, 1):
            whole = Image.fromarray(bend[..., axis].astype(np.float32)).resize(
                (width, height), Image.Resampling.BICUBIC
            )
            grid[..., axis] += np.asarray(whole)
    return project(matrix, grid)


def _bend(plane: NDArray[np.uint8], matrix: Matrix, paper: PaperSize) -> Matrix | None:
    """How far in mm (h, w, 2) from its place each part of the sheet is seen; coarse.

    A thin plate (Duchon 1977) through what the ticks at the ends of rows and columns say; None
    where there are too few of them.
    """
    contrast = _contrast(sampled(plane, project(matrix, _grid(paper, _COARSE))), _COARSE)
    expected = np.array(tick_centres(paper))
    seen = [_tick_near(contrast, x, y) for x, y in expected]
    there = np.array([one is not None for one in seen])
    if there.sum() < 8:
        return None
    # The marks are where they should be: the matrix was made of them.
    corners = np.array(mark_centres(paper))
    points = np.concatenate([corners, expected[there]])
    moved = np.array([one for one in seen if one is not None]) - expected[there]
    moved = np.concatenate([np.zeros_like(corners), moved])
    width, height = paper_size(paper)
    x = (np.arange(round(width / _LATTICE)) + 0.5) * width / round(width / _LATTICE)
    y = (np.arange(round(height / _LATTICE)) + 0.5) * height / round(height / _LATTICE)
    lattice = np.stack(np.meshgrid(x, y), axis=-1)
    for _ in range(2):
        plate = RBFInterpolator(points, moved, smoothing=_SMOOTHING * len(points))
        misfit = np.hypot(*(plate(points) - moved).T)
        kept = misfit <= _MOST_MISFIT
        if kept.all():
            break
        points, moved = points[kept], moved[kept]
    return np.asarray(plate(lattice.reshape(-1, 2))).reshape(lattice.shape)


def _tick_near(contrast: Grey, x: float, y: float) -> tuple[float, float] | None:
    """Where the tick is that belongs at a place, in mm."""
    reach = round(_REACH * _COARSE)
    column, row = int(x * _COARSE), int(y * _COARSE)
    top, left = max(row - reach, 0), max(column - reach, 0)
    window = contrast[top : row + reach + 1, left : column + reach + 1]
    darkest = float(window.max(initial=0))
    if darkest < _LEAST_CONTRAST:
        return None
    labels, count = ndimage.label(window > _DARK_TICK * darkest)
    best: tuple[float, float, float] | None = None
    usual = (TICK_SIDE * _COARSE) ** 2
    for label in range(1, count + 1):
        own_y, own_x = np.nonzero(labels == label)
        if not _TICK_AREA[0] * usual <= len(own_x) <= _TICK_AREA[1] * usual:
            continue
        at = (
            (left + float(own_x.mean()) + 0.5) / _COARSE,
            (top + float(own_y.mean()) + 0.5) / _COARSE,
        )
        away = float(np.hypot(at[0] - x, at[1] - y))
        if best is None or away < best[0]:
            best = away, *at
    return None if best is None else best[1:]


def _contrast(light: Grey, scale: int = SCALE) -> Grey:
    """How much darker than the paper around it each pixel is, as a share."""
    height, width = light.shape
    step = scale // 2
    small = Image.fromarray(light).reduce(step)
    window = round(_PAPER_WINDOW * scale / step) | 1
    # A closing (Serra 1982) fills what is dark and narrow; a median before it takes the glints.
    paper = ndimage.grey_closing(ndimage.median_filter(np.asarray(small), 3), (window, window))
    paper = ndimage.uniform_filter(paper, window // 2 | 1, mode="nearest")
    box = (0, 0, width / step, height / step)
    stretched = Image.fromarray(paper).resize((width, height), Image.Resampling.BILINEAR, box=box)
    return np.asarray(np.clip(1 - light / np.maximum(np.asarray(stretched), 1), 0, 1), np.float32)
