"""Cutting a word otherwise, where better words come of it.

The lattice knows the cheapest way to cut a line by the looks of its pieces.  Often another is
hardly dearer: one N or an I beside a V.  So the cheapest ways of every word are listed, and what
they cost is weighed against the language (as n-best lists are rescored: Schwartz & Chow 1990).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.lattice import Lattice
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.verdict import Judge, Verdict
from handwrite_gui.engine.prediction import Prediction, ranked_rows
from handwrite_gui.engine.text.decoding import word_score
from handwrite_gui.engine.text.language_model import LanguageModel

_WAYS = 12  # of cutting a word that are tried
_ALTERNATIVES = 5
_COST = 1.0  # of what a way costs by its looks, against the score of its text
_CHARACTER = 1.0  # of each character, against what the language gives for one

Ways = dict[int, list[int]]


@dataclass(frozen=True, eq=False)
class JudgedLine:
    """A line of candidates with the network's verdict on each.

    Attributes:
        lattice: its C candidates.
        verdict: on them.
        costs: float (C,), what each costs by its looks.
        judge: what gave the verdict.
    """

    lattice: Lattice
    verdict: Verdict
    costs: NDArray[np.float64]
    judge: Judge

    def glyph(self, index: int) -> Glyph:
        return self.lattice.glyphs[index]

    def alternatives(self, index: int) -> tuple[Prediction, ...]:
        """What a candidate may be, best first; () for a dot where the alphabet has none."""
        return self._alternatives[index]

    @cached_property
    def _alternatives(self) -> list[tuple[Prediction, ...]]:
        judge, verdict = self.judge, self.verdict
        letters = ranked_rows(verdict.probabilities, judge.letters, _ALTERNATIVES)
        marks: list[tuple[Prediction, ...]] = [()] * len(letters)
        if judge.marks:
            marks = ranked_rows(verdict.marks, judge.marks, _ALTERNATIVES)
        return [
            mark if small else letter
            for small, mark, letter in zip(
                self.lattice.is_mark.tolist(), marks, letters, strict=True
            )
        ]


def recut(
    line: JudgedLine, path: Sequence[int], lengths: Sequence[int], language: LanguageModel
) -> tuple[list[int], list[int]]:
    """The candidates of a line after the language was asked how to cut each of its words.

    Args:
        line: the candidates.
        path: of them those that were taken, from left to right, all with alternatives.
        lengths: how many of them each word has.
        language: what tells words.

    Returns:
        The path and the lengths anew; the words take the same pieces as before.
    """
    ending: Ways = defaultdict(list)
    for index, last in enumerate(line.lattice.last.tolist()):
        ending[last].append(index)
    chosen: list[int] = []
    sizes: list[int] = []
    begin = 0
    for length in lengths:
        word = path[begin : begin + length]
        begin += length
        first, last = int(line.lattice.first[word[0]]), int(line.lattice.last[word[-1]])
        best = _best_way(line, _cheapest_ways(line, ending, first, last), language) or word
        chosen += best
        sizes.append(len(best))
    return chosen, sizes


def _best_way(
    line: JudgedLine, ways: Sequence[tuple[float, tuple[int, ...]]], language: LanguageModel
) -> list[int]:
    """Of some ways, with their costs, the one whose text and looks are best; [] of none."""
    best: list[int] = []
    most = -np.inf
    for cost, way in ways:
        kept = [index for index in way if line.alternatives(index)]
        if not kept:
            continue
        if len(ways) == 1:
            return kept
        score = word_score([line.alternatives(index) for index in kept], language)
        score -= _COST * cost + _CHARACTER * len(kept)
        if score > most:
            best, most = kept, score
    return best


def _cheapest_ways(
    line: JudgedLine, ending: Ways, first: int, last: int
) -> list[tuple[float, tuple[int, ...]]]:
    """The cheapest ways to take every piece from ``first`` to ``last`` once, with their costs."""
    ways: dict[int, list[tuple[float, tuple[int, ...]]]] = {first: [(0.0, ())]}
    for piece in range(first, last + 1):
        longer = [
            (cost + float(line.costs[index]), (*way, index))
            for index in ending.get(piece, ())
            for cost, way in ways.get(int(line.lattice.first[index]), ())
        ]
        ways[piece + 1] = sorted(longer)[:_WAYS]
    return ways[last + 1]
