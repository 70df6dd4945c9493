"""Ink that is no character, for a network to learn to refuse.

A reader that is unsure where a letter ends tries several cuts and asks the network which of them
are letters.  So the network must have seen what wrong cuts look like: parts of letters, a letter
with a part of the next, two or three letters at once; and what people do besides writing:
scribbles, lines and blots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.resampling import resample
from handwrite_gui.engine.data.strokes import Strokes, scale_strokes, stroke_bounds

Points = NDArray[np.float64]
Drawing = list[Points]

_STEP = 0.02  # letter heights between the points of a stroke: fine enough to be cut anywhere
_NARROW = 0.35  # letter heights: half of a narrower letter is much like the whole


def draw_non_characters(
    samples: Sequence[Strokes], groups: NDArray[np.integer], count: int, rng: np.random.Generator
) -> list[Drawing]:
    """Make drawings that are no character from drawings of characters.

    Args:
        samples: strokes of each character, in any unit.
        groups: integers (N,), who drew each; what is put together comes from one hand.
        count: how many to make.
        rng: the only source of chance.

    Returns:
        The strokes of each, in letter heights.
    """
    members = {int(g): np.flatnonzero(groups == g) for g in np.unique(groups)}
    writers = list(members)
    share = np.array([len(members[w]) for w in writers], np.float64)
    share /= share.sum()
    makers: list[Callable[[Callable[[], Drawing], np.random.Generator], Drawing]] = [
        _side_by_side,
        _whole_and_part,
        _part,
        _upper_or_lower_part,
        _scribble,
        _blot,
    ]
    kinds = rng.choice(len(makers), count, p=(0.32, 0.3, 0.24, 0.04, 0.07, 0.03))
    drawings: list[Drawing] = []
    for kind, writer in zip(kinds, rng.choice(len(writers), count, p=share), strict=True):
        own = members[writers[writer]]

        def pick(own: NDArray[np.intp] = own) -> Drawing:
            return _unit_height(samples[int(rng.choice(own))])

        drawings.append(makers[kind](pick, rng))
    return drawings


def _side_by_side(pick: Callable[[], Drawing], rng: np.random.Generator) -> Drawing:
    """Two characters, sometimes three, close together."""
    drawing = pick()
    for _ in range(1 + int(rng.random() < 0.15)):
        drawing = _append(drawing, pick(), _gap(rng), rng)
    return drawing


def _whole_and_part(pick: Callable[[], Drawing], rng: np.random.Generator) -> Drawing:
    """A character with the near part of its neighbour, on either side."""
    whole, neighbour = pick(), pick()
    if rng.random() < 0.5:
        return _append(whole, _cut(neighbour, rng.uniform(0.2, 0.7), "left"), _gap(rng), rng)
    return _append(_cut(neighbour, rng.uniform(0.3, 0.8), "right"), whole, _gap(rng), rng)


def _part(pick: Callable[[], Drawing], rng: np.random.Generator) -> Drawing:
    """One side of a character, or the facing sides of two."""
    first = _wide(pick)
    if rng.random() < 0.3:
        second = _wide(pick)
        left = _cut(first, rng.uniform(0.4, 0.7), "right")
        return _append(left, _cut(second, rng.uniform(0.3, 0.6), "left"), _gap(rng), rng)
    side = "left" if rng.random() < 0.5 else "right"
    return _cut(first, rng.uniform(0.3, 0.7), side)


def _upper_or_lower_part(pick: Callable[[], Drawing], rng: np.random.Generator) -> Drawing:
    """What is left of two characters above or below a line, as where a line of writing is cut."""
    drawing = _append(pick(), pick(), _gap(rng), rng)
    turned = [stroke[:, ::-1] for stroke in drawing]
    side = "left" if rng.random() < 0.5 else "right"
    return [stroke[:, ::-1] for stroke in _cut(turned, rng.uniform(0.35, 0.65), side)]


def _scribble(_pick: Callable[[], Drawing], rng: np.random.Generator) -> Drawing:
    """A pen that wanders: strokes through random points, smoothed."""
    drawing: Drawing = []
    for _ in range(int(rng.integers(1, 4))):
        turns = int(rng.integers(4, 14))
        points = rng.uniform(0, 1, (turns, 2)) * rng.uniform(0.4, 1.6, 2)
        fine = np.linspace(0, turns - 1, turns * 8)
        path = np.stack([np.interp(fine, np.arange(turns), axis) for axis in points.T], axis=1)
        kernel = np.hanning(9) / np.hanning(9).sum()
        path = np.stack([np.convolve(axis, kernel, "valid") for axis in path.T], axis=1)
        drawing.append(path)
    return drawing


def _blot(_pick: Callable[[], Drawing], rng: np.random.Generator) -> Drawing:
    """A ragged patch of ink, as rings that lie side by side, with drops around it or none."""
    turn = np.linspace(0, 2 * np.pi, 96)
    waves = np.arange(2, 7)
    lobes = rng.uniform(0.3, 1, len(waves)) / waves
    edge = 1 + lobes @ np.cos(waves[:, np.newaxis] * turn + rng.uniform(0, 6.3, (len(waves), 1)))
    outline = np.stack([np.cos(turn), np.sin(turn)], axis=1) * np.maximum(edge, 0.2)[:, np.newaxis]
    outline *= rng.uniform(0.3, 0.5, 2)
    drawing: Drawing = [outline * share for share in np.linspace(1, 0.02, 24)]
    for _ in range(int(rng.integers(0, 4))):
        drawing.append(rng.uniform(-0.7, 0.7, (1, 2)))
    return drawing


def _unit_height(strokes: Strokes) -> Drawing:
    """The drawing with its longer side 1, with its points close together."""
    return [np.asarray(resample(s, _STEP), np.float64) for s in scale_strokes(strokes, 1.0)]


def _wide(pick: Callable[[], Drawing]) -> Drawing:
    """A character wide enough that its half is no longer one; the last of a few tries."""
    for _ in range(8):
        drawing = pick()
        left, _, right, _ = stroke_bounds(drawing)
        if right - left > _NARROW:
            break
    return drawing


def _gap(rng: np.random.Generator) -> float:
    """Between two letters, in letter heights; touching and overlapping are frequent."""
    return float(rng.choice([rng.uniform(-0.08, 0.06), rng.uniform(0.03, 0.4)]))


def _append(drawing: Drawing, following: Drawing, gap: float, rng: np.random.Generator) -> Drawing:
    """Set a drawing to the right of another, roughly on the same line."""
    _, top, right, bottom = stroke_bounds(drawing)
    left, other_top, _, other_bottom = stroke_bounds(following)
    rise = (top + bottom - other_top - other_bottom) / 2 + rng.normal(0, 0.05)
    shift = np.array([right - left + gap, rise])
    return [*drawing, *(stroke + shift for stroke in following)]


def _cut(drawing: Drawing, share: float, keep: str) -> Drawing:
    """The part of a drawing left (right) of a vertical cut at a share of its width."""
    left, _, right, _ = stroke_bounds(drawing)
    at = left + share * (right - left)
    kept: Drawing = []
    for stroke in drawing:
        inside = stroke[:, 0] <= at if keep == "left" else stroke[:, 0] >= at
        # Each run of points on the kept side is a stroke of its own.
        ends = np.flatnonzero(np.diff(inside.astype(np.int8))) + 1
        runs = np.split(np.arange(len(stroke)), ends)
        kept += [stroke[run] for run in runs if inside[run[0]]]
    return kept
