"""Writing a form: from a template and a writer to the path of the pen, different every time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.glyphs import BASELINE, X_LINE, Form
from handwrite_gui.engine.data.synthesis.style import WritingStyle, random_waves
from handwrite_gui.engine.data.synthesis.template import Template, template

FloatArray = NDArray[np.float64]

_BEND = 2.2
"""Spread in glyph units of the smooth bend of a letter, the writer's and that of the moment."""

_SMALLEST_SHAPE = 0.3
"""Marks smaller than this share of a capital vary as if they had it."""


def write(
    character: str, form: Form, styles: Sequence[WritingStyle], rng: np.random.Generator
) -> tuple[FloatArray, NDArray[np.intp]]:
    """Write a form once for every style in the sequence; a style may occur in it often.

    Returns:
        The points, float64 ``(N, P, 2)`` in glyph units, y down, on the baseline and beginning
        near x = 0; and how many of the P points each stroke has.
    """
    shape = template(form.path)
    count = len(styles)

    def of_style(name: str) -> FloatArray:
        return np.array([getattr(style, name) for style in styles])[:, np.newaxis, np.newaxis]

    points = shape.points + _variation(shape, character, form, styles, rng)
    roundness = of_style("roundness")
    points += roundness * (shape.rounding @ points - points)
    noise = rng.standard_normal((count, len(shape.points), 2))
    points += of_style("tremor") * (shape.shaking @ noise)
    points += _bend(points, np.stack([style.waves() for style in styles]))
    points += _bend(points, random_waves(rng, count))
    if character.islower():
        points[..., 1] = _with_x_line(points[..., 1], of_style("x_line")[..., 0])
    return _laid_out(points, styles, rng), shape.stroke_len


def _variation(
    shape: Template,
    character: str,
    form: Form,
    styles: Sequence[WritingStyle],
    rng: np.random.Generator,
) -> FloatArray:
    """Displacement ``(N, P, 2)`` of the points by what the writer does to knots and strokes."""
    count, knots, strokes = len(styles), shape.knots.shape[1], shape.strokes.shape[1]
    size = max(min(shape.size, 1.0), _SMALLEST_SHAPE)
    own = {
        style.seed: style.habit * style.own_shape(character, form, knots) for style in set(styles)
    }
    unsteadiness = size * np.array([style.unsteadiness for style in styles])[:, None, None]
    looseness = size * np.array([style.looseness for style in styles])[:, None, None]

    moved = size * np.stack([own[style.seed] for style in styles])
    moved = moved + unsteadiness * rng.standard_normal((count, knots, 2))
    ends = looseness * rng.standard_normal((count, 2 * strokes, 1)) * shape.outward
    ends = ends + 0.4 * looseness * rng.standard_normal((count, 2 * strokes, 2))
    shifts = 0.7 * looseness * rng.standard_normal((count, strokes, 2))
    # A stroke that stands alone is placed by the line of writing, not against another stroke.
    shifts *= strokes > 1
    angles = 0.012 * looseness * rng.standard_normal((count, strokes, 1))
    return np.asarray(
        shape.knots @ moved
        + shape.ends @ ends
        + shape.strokes @ shifts
        + (shape.strokes @ angles) * shape.turn
    )


def _bend(points: FloatArray, waves: FloatArray) -> FloatArray:
    """Displacement of points ``(N, P, 2)`` by waves ``(N, WAVES, 5)``."""
    phase = points @ waves[..., :2].swapaxes(1, 2) + waves[:, np.newaxis, :, 2]
    return np.asarray(_BEND / np.sqrt(waves.shape[1]) * (np.sin(phase) @ waves[..., 3:]))


def _with_x_line(y: FloatArray, x_line: FloatArray) -> FloatArray:
    """Move the x-line of the templates to that of the writer; baseline and cap line stay."""
    inside = BASELINE - (BASELINE - y) * (BASELINE - x_line) / (BASELINE - X_LINE)
    above = y * x_line / X_LINE
    return np.where(y >= BASELINE, y, np.where(y >= X_LINE, inside, above))


def _laid_out(
    points: FloatArray, styles: Sequence[WritingStyle], rng: np.random.Generator
) -> FloatArray:
    """Size, proportions, slant and tilt, about the start of the baseline."""
    count = len(styles)
    scale = np.exp(rng.normal(0, 0.05, count))
    aspect = np.array([style.aspect for style in styles]) * np.exp(rng.normal(0, 0.06, count))
    slant = np.deg2rad([style.slant for style in styles] + rng.normal(0, 2.5, count))
    tilt = np.deg2rad([style.tilt for style in styles] + rng.normal(0, 2, count))
    x = points[..., 0] * (scale * aspect)[:, np.newaxis]
    up = (BASELINE - points[..., 1]) * scale[:, np.newaxis]
    x = x + up * np.tan(slant)[:, np.newaxis]
    cos, sin = np.cos(tilt)[:, np.newaxis], np.sin(tilt)[:, np.newaxis]
    return np.stack([x * cos - up * sin, BASELINE - (x * sin + up * cos)], axis=-1)
