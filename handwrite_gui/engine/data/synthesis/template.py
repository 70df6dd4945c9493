"""A form prepared for being written many times, each time differently."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.glyphs import CAP_HEIGHT, TracedStroke, trace

FloatArray = NDArray[np.float64]

_ROUNDING = 7.0
"""Glyph units over which a fully rounded corner is averaged: the standard deviation."""

_SHAKING = 5.0
"""Glyph units along the line within which the hand shakes the same way."""

_END = 20.0
"""Glyph units from the end of a stroke over which moving the end bends it."""


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """The points of a form, and linear maps from what varies to how the points move.

    With P points, K knots and S strokes, a variation is a matrix product with

    Attributes:
        points: ``(P, 2)``.
        stroke_len: ``(S,)`` points of each stroke.
        knots: ``(P, K)`` shares of the knots' displacements in each point's.
        strokes: ``(P, S)`` 1 where the point belongs to the stroke.
        turn: ``(P, 2)`` displacement of each point by turning its stroke by one radian.
        ends: ``(P, 2 S)`` shares of the displacements of each stroke's start and end.
        outward: ``(2 S, 2)`` unit vectors in which the line would go on at these.
        rounding: ``(P, P)`` mean over the neighbours along the line.
        shaking: ``(P, P)`` from white noise to smooth noise of the same variance.
        size: the longer side of its box as a share of the height of a capital.
    """

    points: FloatArray
    stroke_len: NDArray[np.intp]
    knots: FloatArray
    strokes: FloatArray
    turn: FloatArray
    ends: FloatArray
    outward: FloatArray
    rounding: FloatArray
    shaking: FloatArray
    size: float


@lru_cache(maxsize=512)
def template(path: str) -> Template:
    """The template of a form's path; kept, as making one takes longer than using it."""
    strokes = trace(path)
    points = np.concatenate([stroke.points for stroke in strokes])
    along = [_arc_length(stroke.points) for stroke in strokes]
    centred = np.concatenate([stroke.points - stroke.points.mean(axis=0) for stroke in strokes])
    return Template(
        points=points,
        stroke_len=np.array([len(stroke.points) for stroke in strokes], np.intp),
        knots=_block_diagonal([_knot_shares(stroke) for stroke in strokes]),
        strokes=_block_diagonal([np.ones((len(stroke.points), 1)) for stroke in strokes]),
        turn=np.stack([-centred[:, 1], centred[:, 0]], axis=1),
        ends=_block_diagonal(
            [np.exp(-np.square(np.stack([s, s[-1] - s], axis=1) / _END)) for s in along]
        ),
        outward=np.concatenate([_outward(stroke.points) for stroke in strokes]),
        rounding=_block_diagonal([_rounding(s) for s in along]),
        shaking=_block_diagonal([_shaking(s) for s in along]),
        size=float(np.ptp(points, axis=0).max()) / CAP_HEIGHT,
    )


def _block_diagonal(blocks: list[FloatArray]) -> FloatArray:
    shapes = np.array([block.shape for block in blocks])
    matrix = np.zeros(shapes.sum(axis=0))
    corner = np.cumsum(shapes, axis=0) - shapes
    for block, (row, column) in zip(blocks, corner.tolist(), strict=True):
        matrix[row : row + block.shape[0], column : column + block.shape[1]] = block
    return matrix


def _arc_length(points: FloatArray) -> FloatArray:
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _knot_shares(stroke: TracedStroke) -> FloatArray:
    """Straight joins stay straight when their knots move; curves stay smooth."""
    before = np.minimum(stroke.position.astype(np.intp), max(stroke.knots - 2, 0))
    share = stroke.position - before
    if stroke.knots > 1:
        share = np.where(stroke.straight[before], share, share * share * (3 - 2 * share))
    shares = np.zeros((len(share), stroke.knots))
    rows = np.arange(len(share))
    shares[rows, before] = 1 - share
    shares[rows, np.minimum(before + 1, stroke.knots - 1)] += share
    return shares


def _outward(points: FloatArray) -> FloatArray:
    inner = min(2, len(points) - 1)
    headings = np.stack([points[0] - points[inner], points[-1] - points[-1 - inner]])
    return np.asarray(headings / np.maximum(np.hypot(*headings.T), 1e-9)[:, np.newaxis])


def _rounding(along: FloatArray) -> FloatArray:
    """Gaussian mean along the line, which goes on mirrored through its ends, so they stay put."""
    total = along[-1]
    width = np.gradient(along) if len(along) > 1 else np.ones(1)

    def weight(distance: FloatArray) -> FloatArray:
        return np.asarray(np.exp(-np.square(distance / _ROUNDING) / 2) * width)

    here = weight(along[:, np.newaxis] - along)
    over_start = weight(along[:, np.newaxis] + along)
    over_end = weight(2 * total - along[:, np.newaxis] - along)
    matrix = here - over_start - over_end
    matrix[:, 0] += 2 * over_start.sum(axis=1)
    matrix[:, -1] += 2 * over_end.sum(axis=1)
    return np.asarray(matrix / matrix.sum(axis=1, keepdims=True))


def _shaking(along: FloatArray) -> FloatArray:
    matrix = np.exp(-np.square((along[:, np.newaxis] - along) / _SHAKING) / 2)
    return np.asarray(matrix / np.linalg.norm(matrix, axis=1, keepdims=True))
