"""Whole pages of synthetic handwriting, as a camera would see them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.glyphs import BASELINE, CAP_HEIGHT
from handwrite_gui.engine.data.strokes import render_strokes
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes
from handwrite_gui.engine.data.synthesis.decoration import (
    DECORATIONS,
    Decoration,
    Strokes,
    decorated,
)
from handwrite_gui.engine.data.synthesis.photograph import INKS, PAPERS, Ink, Paper, photograph
from handwrite_gui.engine.data.synthesis.style import WritingStyle

FloatArray = NDArray[np.float64]

_LINE_HEIGHT = 210.0
"""Glyph units from baseline to baseline."""

_MARGIN = 110.0
"""Glyph units of blank paper around the writing."""

_BAND = 8.0
"""Glyph units: height of the bands in which the distance of neighbours is measured."""

_DEEPEST_OVERLAP = 8.0
"""Glyph units by which the boxes of touching letters may overlap: T still stands beside S."""

_STICKS = "1Iijl"
"""A bare stem that touches its neighbour is lost in it, as the I in HI."""

_TOUCHING_SHARE = 0.7
_BROKEN_SHARE = 0.5

_MARKER = 2.6
"""How much wider a marker's line is than a pen's."""


def compose_page(
    text: str,
    seed: int,
    *,
    cap_height: float = 60,
    pen: float | None = None,
    paper: Paper = "plain",
    ink: Ink = "pen",
    angle: float = 0.0,
    touching: bool = False,
    broken: bool = False,
    decoration: Decoration | None = None,
    style: WritingStyle | None = None,
) -> NDArray[np.uint8]:
    """Write a text on a sheet of paper, in one person's hand.

    The lines stand where ``text`` breaks them; baselines are uneven, gaps vary.

    Args:
        text: characters of the ``full`` alphabet, spaces and line breaks.
        seed: the same seed gives the same page.
        cap_height: height of the capitals in pixels.
        pen: width of the line in pixels; None: what the writer likes.
        paper: "plain", evenly lit and nearly free of noise, or "shaded", like a photograph: uneven
            light, grain of the paper, ink of uneven density, a little blur and noise.  All others
            are photographs too: "coloured" paper; "ruled" and "squared" paper; with "glare" or a
            hard "shadow" on it; lying on a "desk"; with "specks"; with the other side's writing
            that can be seen, "show_through"; a "whiteboard" with old writing half wiped away; a
            "blackboard", written on with chalk.
        ink: "pen", "pencil", "faint", a pen that runs dry, or "marker", with lines more than
            twice as wide.
        angle: degrees by which the lines rise to the right; the sheet grows to hold them.
        touching: most letters and digits touch the one before, but for bare stems like I and 1.
        broken: about half of the letters have a gap in a stroke.
        decoration: what else is drawn, with the same pen: some words "underlined", "boxed" or
            "circled", all of them "framed", or a line for the "margin".
        style: whose hand; None: somebody the seed makes up.

    Returns:
        uint8 ``(H, W, 3)`` RGB, as large as the text needs.

    Raises:
        HandwriteError: the text has a character without a stroke template.
        ValueError: there is nothing to write, a size is not positive, or ``paper``, ``ink`` or
            ``decoration`` is unknown.
    """
    if not text.strip():
        raise ValueError("There is no text to write.")
    if not cap_height > 0 or (pen is not None and not pen > 0):
        raise ValueError(f"cap_height and pen must be above 0, not {cap_height} and {pen}.")
    if paper not in PAPERS:
        raise ValueError(f"paper must be one of {', '.join(PAPERS)}, not {paper}.")
    if ink not in INKS:
        raise ValueError(f"ink must be one of {', '.join(INKS)}, not {ink}.")
    if decoration is not None and decoration not in DECORATIONS:
        raise ValueError(f"decoration must be one of {', '.join(DECORATIONS)}, not {decoration}.")
    rng = np.random.default_rng([seed, 2])
    style = WritingStyle.random(np.random.default_rng([seed, 0])) if style is None else style
    manner = _Manner(style, touching=touching, broken=broken)
    scale = cap_height / CAP_HEIGHT
    words = _write_lines(text, manner, rng)
    strokes = [stroke for word in words for stroke in word]
    if decoration is not None:
        strokes += decorated(words, decoration, np.random.default_rng([seed, 4]))
    strokes = [stroke * scale for stroke in strokes]
    strokes, size = _on_sheet(strokes, np.deg2rad(angle), _MARGIN * scale)
    width = (pen or style.pen * scale) * (_MARKER if ink == "marker" else 1.0)
    drawn = render_strokes(strokes, pen_width=width, size=size)
    return photograph(drawn, paper, ink, cap_height, np.random.default_rng([seed, 3]))


@dataclass(frozen=True, slots=True)
class _Manner:
    style: WritingStyle
    touching: bool
    broken: bool


def _write_lines(text: str, manner: _Manner, rng: np.random.Generator) -> list[Strokes]:
    """All words of the text in glyph units, the first baseline at :data:`BASELINE`."""
    words: list[Strokes] = []
    for number, line in enumerate(text.splitlines()):
        written = _write_line(line, manner, rng)
        if not written:
            continue
        start = np.array([rng.normal(0, 14), number * _LINE_HEIGHT + rng.normal(0, 7)])
        # The baseline drifts, and wanders about that in a slow wave.
        slope, wave = rng.normal(0, 0.006), rng.normal(0, 4)
        length, phase = rng.uniform(700, 1600), rng.uniform(0, 2 * np.pi)
        for word in written:
            across = np.array([stroke[:, 0].mean() for stroke in word])
            rise = slope * across + wave * np.sin(2 * np.pi * across / length + phase)
            words.append(
                [
                    stroke + start + np.array([0, down])
                    for stroke, down in zip(word, rise.tolist(), strict=True)
                ]
            )
    return words


def _write_line(line: str, manner: _Manner, rng: np.random.Generator) -> list[Strokes]:
    """The words of a line."""
    style = manner.style
    lean = np.tan(np.deg2rad(style.slant))
    words: list[Strokes] = []
    edge: _Edge | None = None
    gap = 0.0
    for character in line:
        if character.isspace():
            # A tab or a second space is as wide again.
            gap += style.word_gap * float(np.exp(rng.normal(0, 0.12)))
            continue
        letter = synthesize_strokes(character, rng, style)
        letter = [stroke + np.array([0, rng.normal(0, 2)]) for stroke in letter]
        if edge is None:
            shift = gap - _left(letter, lean)
        elif gap:
            shift = edge.right + gap - _left(letter, lean)
        elif manner.touching and edge.joins(character) and rng.random() < _TOUCHING_SHARE:
            shift = max(
                edge.touch(letter) - style.pen * float(rng.uniform(0, 0.4)),
                edge.right - _DEEPEST_OVERLAP - _left(letter, lean),
            )
        else:
            between = style.letter_gap * float(np.exp(rng.normal(0, 0.18)))
            # Neighbours never touch by accident: their ink keeps more than a pen's width apart.
            shift = max(
                edge.right + between - _left(letter, lean), edge.touch(letter) + 2.2 * style.pen
            )
        letter = [stroke + np.array([shift, 0]) for stroke in letter]
        if edge is None or gap:
            words.append([])
        edge = _Edge(character, letter, lean)
        words[-1] += _broken(letter, style.pen, rng) if manner.broken else letter
        gap = 0.0
    return words


def _upright(strokes: Strokes, lean: float) -> FloatArray:
    """x of all points with the slant taken out, so that slanted letters may stand closely."""
    points = np.concatenate(strokes)
    return np.asarray(points[:, 0] - lean * (BASELINE - points[:, 1]))


def _left(strokes: Strokes, lean: float) -> float:
    return float(_upright(strokes, lean).min())


class _Edge:
    """The right edge of a letter."""

    def __init__(self, character: str, letter: Strokes, lean: float) -> None:
        self._character = character
        self.right = float(_upright(letter, lean).max())
        self._points = np.concatenate(letter)

    def joins(self, character: str) -> bool:
        """Whether the two may touch and still be read."""
        both = self._character + character
        return both.isalnum() and not any(stick in both for stick in _STICKS)

    def touch(self, letter: Strokes) -> float:
        """How far to shift ``letter`` so that it just meets this one."""
        following = np.concatenate(letter)
        ahead = [
            self._points[near, 0].max() - following[here, 0].min()
            for band in np.unique(following[:, 1] // _BAND)
            if (near := np.abs(self._points[:, 1] // _BAND - band) <= 1).any()
            and (here := following[:, 1] // _BAND == band).any()
        ]
        if ahead:
            return float(max(ahead))
        # Nothing beside it, as a quotation mark after a full stop: take the boxes.
        return float(self._points[:, 0].max() - following[:, 0].min())


def _broken(letter: Strokes, pen: float, rng: np.random.Generator) -> Strokes:
    """The letter, about half of the time with a gap in its longest stroke."""
    longest = max(range(len(letter)), key=lambda index: len(letter[index]))
    stroke = letter[longest]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    gap = 1.6 * pen + rng.uniform(4, 9)
    if rng.random() >= _BROKEN_SHARE or along[-1] < 4 * gap:
        return letter
    start = rng.uniform(0.3, 0.7) * along[-1] - gap / 2
    before, after = stroke[along < start], stroke[along > start + gap]
    return [*letter[:longest], before, after, *letter[longest + 1 :]]


def _on_sheet(strokes: Strokes, angle: float, margin: float) -> tuple[Strokes, tuple[int, int]]:
    """Turn the strokes counter-clockwise and move them onto a sheet that has room for them."""
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned = [stroke @ turn for stroke in strokes]
    points = np.concatenate(turned)
    low = points.min(axis=0) - margin
    width, height = np.ceil(points.max(axis=0) + margin - low).astype(int).tolist()
    return [stroke - low for stroke in turned], (height, width)
