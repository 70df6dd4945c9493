"""From the picture of a page to its text.

grey → ink → upright → lines, straightened → pieces → lattice of candidates → network →
characters → words → text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.page.cutting import cut_page
from handwrite_gui.engine.page.inference import infer
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.inspection import PageSteps, page_steps
from handwrite_gui.engine.page.lattice import Lattice, best_path
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word
from handwrite_gui.engine.page.scoring import Weights, fitted_weights
from handwrite_gui.engine.page.strip import Strip
from handwrite_gui.engine.page.verdict import Judge, Verdict
from handwrite_gui.engine.page.words import split_words
from handwrite_gui.engine.prediction import Prediction, ranked
from handwrite_gui.engine.text.language_model import LanguageModel

OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]
OnSteps = Callable[[PageSteps], None]

_JUDGED_AT_ONCE = 256
_ALTERNATIVES = 5


class _Reading(NamedTuple):
    """A character that was found: its ink and what it may be."""

    glyph: Glyph
    alternatives: tuple[Prediction, ...]


def read_page(
    image: NDArray[np.uint8],
    judge: Judge,
    *,
    language: LanguageModel | None = None,
    weights: Weights | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_steps: OnSteps | None = None,
) -> PageResult:
    """Read the handwriting on the picture of a page.

    Args:
        image: uint8 (H, W) grey or (H, W, 3 or 4) red, green, blue.
        judge: tells characters from other ink, and which they are.
        language: decides between characters of one shape; None leaves it to their neighbours.
        weights: of the properties of candidates, the fitted ones by default.
        on_progress: told the share done, 0 to 1, and what is being done.
        should_stop: asked between the steps.
        on_steps: given what was seen on the way, once, before the characters are read.

    Raises:
        Cancelled: ``should_stop`` said so.
        ValueError: the array has another shape or dtype.
    """

    def advance(share: float, what: str) -> None:
        if should_stop is not None and should_stop():
            raise Cancelled
        if on_progress is not None:
            on_progress(share, what)

    height, width = image.shape[:2]
    advance(0.0, "Finding ink")
    ink = find_ink(image)
    advance(0.35, "Finding lines")
    weights = weights or fitted_weights()
    layout, cut = cut_page(ink, judge, weights)
    strips = [line.strip for line in cut]
    if on_steps is not None:
        on_steps(page_steps(ink, layout.turn.degrees, strips, [line.pieces for line in cut]))
    advance(0.5, "Reading characters")
    readings = _read_lines([line.lattice for line in cut], strips, judge, weights, advance)
    lines = [(reading, strip) for reading, strip in zip(readings, strips, strict=True) if reading]
    words = split_words(
        [[r.glyph for r in line] for line, _ in lines],
        [[r.alternatives for r in line] for line, _ in lines],
        layout.usual,
        language,
    )
    result = PageResult(
        width,
        height,
        tuple(
            _line(line, lengths, strip, language)
            for (line, strip), lengths in zip(lines, words, strict=True)
        ),
    )
    advance(1.0, "Done")
    return result


def _read_lines(
    lattices: Sequence[Lattice],
    strips: Sequence[Strip],
    judge: Judge,
    weights: Weights,
    advance: Callable[[float, str], None],
) -> list[list[_Reading]]:
    """The characters of every line, from left to right."""
    total = max(sum(len(lattice.glyphs) for lattice in lattices), 1)
    done = 0
    lines = []
    for lattice, strip in zip(lattices, strips, strict=True):
        verdicts = []
        for start in range(0, len(lattice.glyphs), _JUDGED_AT_ONCE):
            advance(0.5 + 0.5 * done / total, "Reading characters")
            chunk = lattice.glyphs[start : start + _JUDGED_AT_ONCE]
            verdicts.append(judge.judge([strip.cut(glyph) for glyph in chunk]))
            done += len(chunk)
        verdict = Verdict(*(np.concatenate(parts) for parts in zip(*verdicts, strict=True)))
        path = best_path(lattice, verdict.character, verdict.probabilities.max(axis=1), weights)
        lines.append(_characters(lattice, path, verdict, judge))
    return lines


def _characters(
    lattice: Lattice, path: Sequence[int], verdict: Verdict, judge: Judge
) -> list[_Reading]:
    """The readings along a path; dots and dashes are left out where the alphabet has none."""
    readings = []
    for index in path:
        if not lattice.is_mark[index]:
            labels, probabilities = judge.letters, verdict.probabilities[index]
        elif judge.marks:
            labels, probabilities = judge.marks, verdict.marks[index]
        else:
            continue
        readings.append(
            _Reading(lattice.glyphs[index], ranked(probabilities, labels, _ALTERNATIVES))
        )
    return readings


def _line(
    readings: Sequence[_Reading],
    lengths: Sequence[int],
    strip: Strip,
    language: LanguageModel | None,
) -> Line:
    """Put readings together to words of the given lengths."""
    decided = infer(
        [reading.alternatives for reading in readings],
        [float(reading.glyph.height) for reading in readings],
        lengths,
        language,
    )
    characters = [
        Character(label, probability, reading.alternatives, strip.quad(reading.glyph), changed_by)
        for (label, probability, changed_by), reading in zip(decided, readings, strict=True)
    ]
    ends = np.cumsum(lengths).tolist()
    return Line(
        tuple(
            Word(tuple(characters[end - length : end]))
            for end, length in zip(ends, lengths, strict=True)
        )
    )
