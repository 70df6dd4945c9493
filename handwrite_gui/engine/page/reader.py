"""From the picture of a page to its text.

grey → ink → upright → lines, straightened → pieces → lattice of candidates → two looks →
characters → words → text.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.page.cutting import cut_page
from handwrite_gui.engine.page.inference import infer
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.inspection import PageSteps, page_steps
from handwrite_gui.engine.page.judging import JudgedLine, judge_lines
from handwrite_gui.engine.page.recutting import HiddenLetter, Taken, recut
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word
from handwrite_gui.engine.page.scoring import fitted_weights
from handwrite_gui.engine.page.strip import Strip
from handwrite_gui.engine.page.verdict import Judge
from handwrite_gui.engine.page.words import PartedLine, split_words
from handwrite_gui.engine.text.language_model import LanguageModel

_STROKE = 0.2  # letter heights: how wide the place is shown of a letter without ink of its own

OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]
OnSteps = Callable[[PageSteps], None]


def read_page(
    image: NDArray[np.uint8],
    judge: Judge,
    *,
    language: LanguageModel | None = None,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
    on_steps: OnSteps | None = None,
) -> PageResult:
    """Read the handwriting on the picture of a page.

    Args:
        image: uint8 (H, W) grey or (H, W, 3 or 4) red, green, blue.
        judge: tells characters from other ink, and which they are.
        language: decides between characters of one shape; None leaves it to their neighbours.
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
    layout, cut = cut_page(ink, judge, fitted_weights())
    strips = [line.strip for line in cut]
    if on_steps is not None:
        on_steps(page_steps(ink, layout.turn.degrees, strips, [line.pieces for line in cut]))
    judged = judge_lines(
        cut, layout.usual, judge, lambda share: advance(0.5 + share / 2, "Reading characters")
    )
    result = PageResult(width, height, spell(judged, strips, layout.usual, language))
    advance(1.0, "Done")
    return result


def spell(
    judged: Sequence[JudgedLine],
    strips: Sequence[Strip],
    usual: float,
    language: LanguageModel | None,
) -> tuple[Line, ...]:
    """Choose the characters of judged lines, and part them into words.

    Args:
        judged: lines in reading order.
        strips: their ink.
        usual: the usual height of a letter in pixels.
        language: decides between ways to cut and to part; None goes by looks alone.
    """
    read = [
        (line, path, strip)
        for line, strip in zip(judged, strips, strict=True)
        if (path := _characters(line))
    ]
    words = split_words(
        [[line.glyph(index) for index in path] for line, path, _ in read],
        [[line.alternatives(index) for index in path] for line, path, _ in read],
        usual,
        language,
    )
    return tuple(
        _line(line, path, parted, strip, usual, language)
        for (line, path, strip), parted in zip(read, words, strict=True)
    )


def _characters(line: JudgedLine) -> list[int]:
    """The cheapest candidates; dots and dashes are left out where the alphabet has none."""
    return [index for index in line.cheapest() if line.alternatives(index)]


def _line(
    line: JudgedLine,
    path: Sequence[int],
    parted: PartedLine,
    strip: Strip,
    usual: float,
    language: LanguageModel | None,
) -> Line:
    """Put the characters of a path together to words."""
    taken: list[Taken] = list(path)
    lengths = parted.lengths
    if language is not None:
        odds = parted.odds(line.lattice.gaps(usual))
        taken, lengths = recut(line, path, lengths, odds.tolist(), language)
    inks = [one.within if isinstance(one, HiddenLetter) else one for one in taken]
    decided = infer(
        [
            (one.guess,) if isinstance(one, HiddenLetter) else line.alternatives(one)
            for one in taken
        ],
        [(float(line.glyph(ink).top), float(line.glyph(ink).bottom)) for ink in inks],
        lengths,
        language,
    )
    characters = [
        Character(
            label, probability, (), strip.edge_quad(line.glyph(ink), _STROKE * usual), "language"
        )
        if isinstance(one, HiddenLetter)
        else Character(
            label,
            probability,
            line.alternatives(ink),
            strip.quad(line.glyph(ink)),
            changed_by if ink in path else "language",
        )
        for (label, probability, changed_by), one, ink in zip(decided, taken, inks, strict=True)
    ]
    ends = np.cumsum(lengths).tolist()
    return Line(
        tuple(
            Word(tuple(characters[end - length : end]))
            for end, length in zip(ends, lengths, strict=True)
        )
    )
