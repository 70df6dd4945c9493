"""What people draw on a page beside writing: lines under words, boxes and circles around them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.glyphs import CAP_HEIGHT

FloatArray = NDArray[np.float64]
Strokes = list[FloatArray]
Box = tuple[float, float, float, float]

Decoration = Literal["underlined", "boxed", "circled", "framed", "margin"]
DECORATIONS: tuple[Decoration, ...] = get_args(Decoration)

_SHARE = 0.4  # of the words that are decorated, at least one of them
_AWAY = 0.3 * CAP_HEIGHT  # between letters and what is drawn around them
_WAVE = 0.02 * CAP_HEIGHT  # that a line is off, now to this side, now to that
_POINTS = 60


def decorated(
    words: Sequence[Strokes], decoration: Decoration, rng: np.random.Generator
) -> Strokes:
    """The strokes that decorate some words of a page, or all of it.

    Args:
        words: of the page, at least one, in glyph units.
        decoration: "underlined", "boxed" or "circled" words; the page "framed", or with a line for
            its "margin" to the left.
        rng: draws which words, and how the lines run.
    """
    page = _box([stroke for word in words for stroke in word], 2 * _AWAY)
    if decoration == "framed":
        return _frame(page, rng)
    if decoration == "margin":
        left, top, _, bottom = page
        return [_line((left, top), (left, bottom), rng)]
    chosen = np.flatnonzero(rng.random(len(words)) < _SHARE).tolist()
    chosen = chosen or [int(rng.integers(len(words)))]
    strokes: Strokes = []
    for index in chosen:
        if decoration == "boxed":
            strokes += _frame(_box(words[index], _AWAY), rng)
        elif decoration == "circled":
            strokes.append(_circle(_box(words[index]), rng))
        else:
            left, _, right, bottom = _box(words[index])
            climb = rng.normal(0, 0.05 * CAP_HEIGHT)
            below = bottom + _AWAY
            strokes.append(_line((left, below + climb), (right, below - climb), rng))
    return strokes


def _box(strokes: Strokes, away: float = 0.0) -> Box:
    """Left, top, right and bottom of strokes, and so far away from them."""
    points = np.concatenate(strokes)
    left, top = (points.min(axis=0) - away).tolist()
    right, bottom = (points.max(axis=0) + away).tolist()
    return left, top, right, bottom


def _frame(box: Box, rng: np.random.Generator) -> Strokes:
    left, top, right, bottom = box
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    return [_line(a, b, rng) for a, b in pairwise(corners)]


def _line(
    start: tuple[float, float], end: tuple[float, float], rng: np.random.Generator
) -> FloatArray:
    along = np.linspace(0, 1, _POINTS)[:, np.newaxis]
    a, b = np.array(start), np.array(end)
    aside = np.array([a[1] - b[1], b[0] - a[0]]) / max(float(np.hypot(*(b - a))), 1.0)
    wave = _WAVE * np.sin(2 * np.pi * (rng.uniform(0.5, 1.5) * along + rng.random()))
    return np.asarray(a + along * (b - a) + wave * aside)


def _circle(box: Box, rng: np.random.Generator) -> FloatArray:
    """Around a word, a little more or less than once."""
    left, top, right, bottom = box
    half = np.array([(right - left) * 0.56, (bottom - top) * 0.65]) + _AWAY
    turn = np.linspace(0, 2 * np.pi * rng.uniform(0.97, 1.03), _POINTS) + rng.uniform(3, 5)
    drift = 1 + 0.04 * np.linspace(-0.5, 0.5, _POINTS)[:, np.newaxis]
    middle = np.array([(left + right) / 2, (top + bottom) / 2])
    return np.asarray(middle + drift * half * np.stack([np.cos(turn), np.sin(turn)], axis=1))
