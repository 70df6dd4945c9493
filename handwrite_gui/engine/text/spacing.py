"""Which gaps of a line part words: what their width says, and whether words come of it.

A wide gap parts words and a narrow one does not; between the two it depends on what then stands
there.  Dynamic programming finds the partition whose gaps and words are likeliest together
(as in the segmentation of text without blanks, Ponte & Croft 1996).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import (
    DIGIT,
    LETTER,
    Weights,
    considered,
    kind_of,
    language_gain,
)
from handwrite_gui.engine.text.language_model import LanguageModel

_LEAST = 1e-9  # probability that an alternative counts as at least
_LONGEST = 24  # characters of a word that is looked for among others


@dataclass(frozen=True)
class SpacingWeights:
    """Of what decides about a gap; found by ``scripts/fit_language.py``.

    Attributes:
        clear: a gap whose log-odds are farther from 0 than this is not asked about.
        gap: of the log-odds of a gap.
        word: of every word, against the words that the language sees in its parts.
    """

    clear: float = 5.0
    gap: float = 1.7
    word: float = -1.0


class Partition(NamedTuple):
    """A line parted into words.

    Attributes:
        lengths: of its words, in characters.
        gain: how much more the language has these words than letters at random; positive for
            text, about 0 or less for letters without meaning.
    """

    lengths: list[int]
    gain: float


class _Choice(NamedTuple):
    """A character as it looks, as a letter and as a digit, and what each costs."""

    labels: tuple[str, str, str]
    costs: tuple[float, float, float]

    def behind(self, ways: _Ways) -> _Ways:
        """The word with this character at its end."""
        (a, x), (b, y), (c, z) = ways
        (label, letter, digit), (as_it_looks, as_letter, as_digit) = self.labels, self.costs
        return (a + label, x + as_it_looks), (b + letter, y + as_letter), (c + digit, z + as_digit)


_Way = tuple[str, float]
_Ways = tuple[_Way, _Way, _Way]  # a word as it looks, of letters, and of digits: text and cost
_NO_CHARACTERS: _Ways = (("", 0.0), ("", 0.0), ("", 0.0))


def part_line(
    line: Sequence[Sequence[Prediction]],
    odds: Sequence[float],
    language: LanguageModel | None,
    weights: Weights | None = None,
    spacing: SpacingWeights | None = None,
) -> Partition:
    """Part a line into words.

    Args:
        line: for each character its alternatives, best first, never empty; at least one.
        odds: natural log-odds that words part before each character but the first, by the width
            of the gap alone.
        language: what tells words; without it the odds decide alone.
        weights: of shapes and language, the fitted ones by default.
        spacing: of gaps, the fitted ones by default.
    """
    weights, spacing = weights or Weights(), spacing or SpacingWeights()
    if language is None:
        starts = [0, *(index for index, odd in enumerate(odds, 1) if odd > 0), len(line)]
        return Partition([b - a for a, b in pairwise(starts)], 0.0)
    choices = [_choice(alternatives, weights) for alternatives in line]
    # best[end]: the score of the characters before, where the last word begins, and the gain.
    best = [(0.0, 0, 0.0)] + [(-math.inf, 0, 0.0)] * len(line)
    for begin in range(len(line)):
        if best[begin][0] == -math.inf:
            continue
        inside = 0.0
        ways = _NO_CHARACTERS
        for end in range(begin + 1, len(line) + 1):
            ways = choices[end - 1].behind(ways)
            odd = spacing.clear + 1 if end == len(line) else odds[end - 1]
            if odd >= -spacing.clear and (end - begin <= _LONGEST or odd > spacing.clear):
                gain = _gain(ways, language, weights)
                ahead = spacing.gap * log_sigmoid(odd) if end < len(line) else 0.0
                score = best[begin][0] + inside + ahead + gain + spacing.word
                if score > best[end][0]:
                    best[end] = (score, begin, gain)
            if odd > spacing.clear:
                break
            inside += spacing.gap * log_sigmoid(-odd)
    lengths: list[int] = []
    total = 0.0
    end = len(line)
    while end > 0:
        _, begin, gain = best[end]
        lengths.append(end - begin)
        total += gain
        end = begin
    return Partition(lengths[::-1], total)


def _choice(alternatives: Sequence[Prediction], weights: Weights) -> _Choice:
    best, *others = considered(alternatives, weights.clear)
    labels, costs = [best.label], [0.0]
    for kind in (LETTER, DIGIT):
        own = next((guess for guess in (best, *others) if kind_of(guess.label) == kind), None)
        if own is None:
            # A mark stands among letters and digits alike.
            own, cost = best, 0.0 if kind_of(best.label) is None else -math.inf
        else:
            ratio = max(own.probability, _LEAST) / max(best.probability, _LEAST)
            cost = weights.shape * math.log(ratio)
        labels.append(own.label)
        costs.append(cost)
    return _Choice((labels[0], labels[1], labels[2]), (costs[0], costs[1], costs[2]))


def _gain(ways: _Ways, language: LanguageModel, weights: Weights) -> float:
    """The best score of a word: as it looks, of letters, or of digits."""
    costs: dict[str, float] = {}
    for text, cost in ways:
        if cost > costs.get(text, -math.inf):
            costs[text] = cost
    return max(
        cost + weights.change_inside * _changes(text) + language_gain(text, language, weights)
        for text, cost in costs.items()
    )


def _changes(text: str) -> int:
    """How often letters and digits change about in a text."""
    if text.isalpha():
        return 0
    kinds = [kind for kind in map(kind_of, text) if kind is not None]
    return sum(a != b for a, b in pairwise(kinds))


def log_sigmoid(odds: float) -> float:
    """The logarithm of the probability with these natural log-odds."""
    return -math.log1p(math.exp(-odds)) if odds > 0 else odds - math.log1p(math.exp(odds))
