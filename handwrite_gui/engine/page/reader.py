"""From the picture of a page to its text.

grey → ink → upright → lines, straightened → pieces → lattice of candidates → network →
characters → words → text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.cheapest_cover import cheapest_cover
from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.page.cutting import cut_page
from handwrite_gui.engine.page.inference import infer
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.inspection import PageSteps, page_steps
from handwrite_gui.engine.page.lattice import Lattice
from handwrite_gui.engine.page.recutting import JudgedLine, recut
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word
from handwrite_gui.engine.page.scoring import Weights, fitted_weights, gather, weigh
from handwrite_gui.engine.page.strip import Strip
from handwrite_gui.engine.page.verdict import Judge, Verdict
from handwrite_gui.engine.page.words import PartedLine, split_words
from handwrite_gui.engine.text.language_model import LanguageModel

OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]
OnSteps = Callable[[PageSteps], None]

_JUDGED_AT_ONCE = 256


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
    judged = _judge_lines([line.lattice for line in cut], strips, judge, weights, advance)
    read = [
        (line, path, strip)
        for line, strip in zip(judged, strips, strict=True)
        if (path := _characters(line))
    ]
    words = split_words(
        [[line.glyph(index) for index in path] for line, path, _ in read],
        [[line.alternatives(index) for index in path] for line, path, _ in read],
        layout.usual,
        language,
    )
    result = PageResult(
        width,
        height,
        tuple(
            _line(line, path, parted, strip, layout.usual, language)
            for (line, path, strip), parted in zip(read, words, strict=True)
        ),
    )
    advance(1.0, "Done")
    return result


def _judge_lines(
    lattices: Sequence[Lattice],
    strips: Sequence[Strip],
    judge: Judge,
    weights: Weights,
    advance: Callable[[float, str], None],
) -> list[JudgedLine]:
    """What the network says of the candidates of every line."""
    everything = [
        (strip, glyph)
        for lattice, strip in zip(lattices, strips, strict=True)
        for glyph in lattice.glyphs
    ]
    verdicts = []
    # Lines are short: those of one are too few for the network to be quick.
    for start in range(0, len(everything), _JUDGED_AT_ONCE):
        advance(0.5 + 0.5 * start / len(everything), "Reading characters")
        chunk = everything[start : start + _JUDGED_AT_ONCE]
        verdicts.append(judge.judge([strip.cut(glyph) for strip, glyph in chunk]))
    if not verdicts:
        return []
    whole = [np.concatenate(parts) for parts in zip(*verdicts, strict=True)]
    ends = np.cumsum([len(lattice.glyphs) for lattice in lattices])[:-1]
    lines = []
    for lattice, *own in zip(lattices, *(np.split(part, ends) for part in whole), strict=True):
        verdict = Verdict(*own)
        best = verdict.probabilities.max(axis=1)
        costs = weigh(gather(lattice, verdict.character, best), weights)
        lines.append(JudgedLine(lattice, verdict, costs, judge))
    return lines


def _characters(line: JudgedLine) -> list[int]:
    """The cheapest candidates; dots and dashes are left out where the alphabet has none."""
    lattice = line.lattice
    path = cheapest_cover(
        lattice.first.tolist(), lattice.last.tolist(), line.costs.tolist(), lattice.count
    )
    return [index for index in path if line.alternatives(index)]


def _line(
    line: JudgedLine,
    path: Sequence[int],
    parted: PartedLine,
    strip: Strip,
    usual: float,
    language: LanguageModel | None,
) -> Line:
    """Put the characters of a path together to words."""
    cheapest, lengths = path, parted.lengths
    if language is not None:
        odds = parted.odds(line.lattice.gaps(usual))
        path, lengths = recut(line, path, lengths, odds.tolist(), language)
    decided = infer(
        [line.alternatives(index) for index in path],
        [(float(line.glyph(i).top), float(line.glyph(i).bottom)) for i in path],
        lengths,
        language,
    )
    characters = [
        Character(
            label,
            probability,
            line.alternatives(index),
            strip.quad(line.glyph(index)),
            changed_by if index in cheapest else "language",
        )
        for (label, probability, changed_by), index in zip(decided, path, strict=True)
    ]
    ends = np.cumsum(lengths).tolist()
    return Line(
        tuple(
            Word(tuple(characters[end - length : end]))
            for end, length in zip(ends, lengths, strict=True)
        )
    )
