"""Where the words of a drawn line begin.

How wide a gap has to be depends on how widely the person spaces the letters of this line: a
logistic regression on both gives the odds that a gap parts words, and where they leave it open, the
language decides by what words come of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.strokes import Bounds
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import LanguageModel
from handwrite_gui.engine.text.spacing import part_line

_USUAL_GAP = 0.2  # letter heights; stands in where a line has few gaps
_USUALLY = 1  # time it does
_NARROWER = 0.6  # share of a line's gaps that are between letters at least
_FEW = 3  # gaps: of fewer no less is known
_WIDEST = 2.5  # letter heights: a wider gap says no more


@dataclass(frozen=True)
class GapWeights:
    """Logistic regression for the log-odds that a gap of a drawing parts words.

    Attributes:
        constant: with all gaps 0.
        gap: of its width, in letter heights.
        line: of the usual gap between letters of its line.
        few: of one by the number of gaps: the fewer there are, the less is known of what is usual.
    """

    constant: float = -4.6
    gap: float = 8.89
    line: float = -10.59
    few: float = -20.16


def word_lengths(
    boxes: Sequence[Bounds],
    guesses: Sequence[Sequence[Prediction]],
    language: LanguageModel | None,
    weights: GapWeights | None = None,
) -> list[int]:
    """Part a line into words.

    Args:
        boxes: of its characters from left to right, at least one.
        guesses: for each of them the alternatives, best first, never empty.
        language: tells what is a word; None goes by the gaps alone.
        weights: the fitted ones by default.

    Returns:
        How many characters each word has.
    """
    weights = weights or GapWeights()
    features = gap_features(boxes)
    odds = features @ np.array([weights.constant, weights.gap, weights.line, weights.few])
    return part_line(guesses, odds.tolist(), language).lengths


def gap_features(boxes: Sequence[Bounds]) -> NDArray[np.float64]:
    """For each character but the first (N - 1, 4): 1, the gap before it and the line's usual one
    between letters, in letter heights, and one by the number of gaps."""
    height = _letter_height(boxes)
    gaps = np.array([(b[0] - a[2]) / height for a, b in pairwise(boxes)], np.float64)
    gaps = np.clip(gaps, -_WIDEST, _WIDEST)
    narrow = np.sort([*gaps, *[_USUAL_GAP] * _USUALLY])
    usual = float(np.median(narrow[: int(np.ceil(_NARROWER * len(narrow)))]))
    few = 1 / max(len(gaps), _FEW)
    ones = np.ones(len(gaps))
    return np.column_stack([ones, gaps, usual * ones, few * ones])


def _letter_height(boxes: Sequence[Bounds]) -> float:
    """The height of letters that makes half of all heights together, for marks are low."""
    heights = np.sort([bottom - top for _, top, _, bottom in boxes])
    total = np.cumsum(heights)
    height = float(heights[np.searchsorted(total, total[-1] / 2)])
    # Of nothing but dots and dashes the widths tell the size.
    return height or max(max(right - left for left, _, right, _ in boxes), 1.0)
