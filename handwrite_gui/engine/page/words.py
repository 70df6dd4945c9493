"""Telling the gaps between words from those between letters.

How wide a gap has to be to part words depends on how widely the person spaces letters, on this
page and on this line: a logistic regression on the three gives the odds.  They leave some gaps
open; there the language decides, by what words come of it.  Of a page whose words are too long for
words, nobody can see where they end: they may wherever letters touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import LanguageModel
from handwrite_gui.engine.text.spacing import part_line

_USUAL_GAPS = (0.25, 0.25, 1.2)  # letter heights; they stand in where a page has few gaps
_NARROWER = 0.6  # share of a page's gaps that are between letters at least
_WIDEST = 2.5  # letter heights: the gap to another column is just a wide gap
_SPACED = 0.5  # letter heights: single letters stand farther apart on average
_ALIKE = 0.45  # standard deviation over mean of gaps that may be all of one kind
_CLEARLY_ALIKE = 0.28  # the same, of gaps that are
_FEWEST_GAPS = 5
_TEXT = 0.35  # gain for each character above which it is text: pages have 0.5 to 1.6, shuffled 0.2
_TOO_LONG = 10.0  # characters of words, on average: they are several, run together
_RUN_TOGETHER = -1.0  # log-odds that one of them begins where letters touch


@dataclass(frozen=True)
class GapWeights:
    """Logistic regression for the log-odds that a gap parts words; found by
    ``scripts/fit_language.py``.

    Attributes:
        constant: with all gaps 0.
        gap: of its width, in letter heights.
        page: of the usual gap between letters of the page.
        line: of the same of its line.
    """

    constant: float = -3.6
    gap: float = 7.45
    page: float = -3.02
    line: float = -6.05


@dataclass(frozen=True, eq=False)
class PartedLine:
    """A line parted into words.

    Attributes:
        lengths: how many characters each word has.
        odds_of_none: natural log-odds that its words part where there is no gap at all; infinite
            on a page of single spaced characters, which stay apart.
        runs_together: whether its writer leaves no gaps between words, as far as one can see.
    """

    lengths: list[int]
    odds_of_none: float
    runs_together: bool = False

    def odds(self, gaps: NDArray[np.float64]) -> NDArray[np.float64]:
        """Natural log-odds that words part at gaps (N,) in letter heights."""
        odds = self.odds_of_none + GapWeights().gap * _clipped(gaps)
        if self.runs_together:
            odds[gaps <= 0] = np.maximum(odds[gaps <= 0], _RUN_TOGETHER)
        return odds


def split_words(
    lines: Sequence[Sequence[Glyph]],
    shapes: Sequence[Sequence[Sequence[Prediction]]],
    usual: float,
    language: LanguageModel | None,
) -> list[PartedLine]:
    """Part every line into words.

    Args:
        lines: characters from left to right, lines from top to bottom; none is empty.
        shapes: for each of them the alternatives, best first, never empty.
        usual: the usual height of a letter in pixels.
        language: tells what is a word; None goes by the gaps alone.

    Returns:
        For each line its words.  On a page of single spaced characters the length of all is 1.
    """
    gaps = [_gaps(line, usual) for line in lines]
    odds = space_odds(gaps)
    parted = [part_line(s, own.tolist(), language) for s, own in zip(shapes, odds, strict=True)]
    gain = None if language is None else sum(part.gain for part in parted)
    if _are_single(np.concatenate([*gaps, []]), shapes, gain):
        return [PartedLine([1] * len(line), np.inf) for line in lines]
    weights = GapWeights()
    words = sum(1 + int((own > 0).sum()) for own in odds)  # by the gaps alone
    together = sum(map(len, lines)) >= _TOO_LONG * words
    return [
        PartedLine(
            part.lengths,
            weights.constant + weights.page * page + weights.line * line,
            together,
        )
        for part, (page, line) in zip(parted, _between_letters(gaps), strict=True)
    ]


def space_odds(
    gaps: Sequence[NDArray[np.float64]], weights: GapWeights | None = None
) -> list[NDArray[np.float64]]:
    """Natural log-odds that gaps part words.

    Args:
        gaps: of each line of a page (N_i,), in letter heights.
        weights: the fitted ones by default.
    """
    weights = weights or GapWeights()
    features = gap_features(gaps)
    values = np.array([weights.constant, weights.gap, weights.page, weights.line])
    return [own @ values for own in features]


def gap_features(gaps: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """For each line (N_i, 4): 1, and the three widths that :class:`GapWeights` weighs."""
    return [
        np.column_stack([np.ones(len(own)), own, np.full(len(own), page), np.full(len(own), line)])
        for own, (page, line) in zip(map(_clipped, gaps), _between_letters(gaps), strict=True)
    ]


def _between_letters(gaps: Sequence[NDArray[np.float64]]) -> list[tuple[float, float]]:
    """The usual gap between letters of the page, and for each line that of the line."""
    clipped = list(map(_clipped, gaps))
    widths = np.sort(np.concatenate([*clipped, _USUAL_GAPS]))
    page = float(np.median(widths[: int(np.ceil(_NARROWER * len(widths)))]))
    return [(page, float(np.median([*own, page, page]))) for own in clipped]


def _clipped(gaps: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.clip(gaps, -_WIDEST, _WIDEST))


def _gaps(line: Sequence[Glyph], usual: float) -> NDArray[np.float64]:
    """Blank width before each character but the first, in letter heights."""
    return np.array([(b.left - a.right) / usual for a, b in pairwise(line)], np.float64)


def _are_single(
    gaps: NDArray[np.float64],
    shapes: Sequence[Sequence[Sequence[Prediction]]],
    gain: float | None,
) -> bool:
    """Whether characters stand one by one: gaps wide and alike, and no words come of them.

    Args:
        gain: of the words that the language sees; None if it was not asked.
    """
    gaps = np.clip(gaps, 0.0, _WIDEST)
    if len(gaps) < _FEWEST_GAPS or gaps.mean() < _SPACED:
        return False
    spread = float(gaps.std() / gaps.mean())
    letters = [characters[0].label.isalpha() for line in shapes for characters in line]
    # Of digits no language says whether they belong together.
    if gain is None or np.mean(letters) < 0.5:
        return spread < _CLEARLY_ALIKE
    return spread < _ALIKE and gain < _TEXT * len(letters)
