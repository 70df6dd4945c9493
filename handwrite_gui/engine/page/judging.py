"""What two networks say of the candidates of a page's lines: at sight, and with what is around.

All candidates are judged by their own ink first.  Most of them are on no way through their line
that is worth trying, or are beyond doubt; the others are looked at again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.cheapest_cover import cheapest_cover
from handwrite_gui.engine.page.context import context_network, seen_again
from handwrite_gui.engine.page.cutting import CutLine
from handwrite_gui.engine.page.lattice import Lattice
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.scoring import Evidence, Weights, fitted_weights, gather, weigh
from handwrite_gui.engine.page.shortlist import contested, shortlist
from handwrite_gui.engine.page.surroundings import measures, windows
from handwrite_gui.engine.page.verdict import AT_ONCE, Judge, Verdict, judge_ink
from handwrite_gui.engine.prediction import Prediction, ranked_rows

_SIGHT = 0.6  # of the time
_ALTERNATIVES = 5
_CLEAR = 0.9  # probability of a character, from which there is nothing to find out about it


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
        """What a candidate may be, best first; () for a stroke that joins two letters, and for a
        dot where the alphabet has none."""
        return self._alternatives[index]

    def cheapest(self) -> list[int]:
        """The candidates that take every piece once at the least cost, from left to right."""
        lattice = self.lattice
        return cheapest_cover(
            lattice.first.tolist(), lattice.last.tolist(), self.costs.tolist(), lattice.count
        )

    @cached_property
    def _alternatives(self) -> list[tuple[Prediction, ...]]:
        judge, verdict = self.judge, self.verdict
        letters = ranked_rows(verdict.probabilities, judge.letters, _ALTERNATIVES)
        marks: list[tuple[Prediction, ...]] = [()] * len(letters)
        if judge.marks:
            marks = ranked_rows(verdict.marks, judge.marks, _ALTERNATIVES)
        # A mark stands apart: what was cut from letters is a stroke that joins them.
        marks = [
            () if cut else mark
            for cut, mark in zip((self.lattice.touch > 0).tolist(), marks, strict=True)
        ]
        return [
            mark if small else letter
            for small, mark, letter in zip(
                self.lattice.is_mark.tolist(), marks, letters, strict=True
            )
        ]


@dataclass(frozen=True, eq=False)
class Looked:
    """A line after both looks.

    Attributes:
        verdict: of both networks together.
        evidence: on the candidates, by this verdict.
        listed: bool (C,), those that may be taken: on a way that is worth trying, and marks.
    """

    verdict: Verdict
    evidence: Evidence
    listed: NDArray[np.bool_]

    def judged(self, lattice: Lattice, weights: Weights, judge: Judge) -> JudgedLine:
        """The line with what its candidates cost; what is not listed cannot be taken."""
        costs = np.where(self.listed, weigh(self.evidence, weights), np.inf)
        return JudgedLine(lattice, self.verdict, costs, judge)


def judge_lines(
    lines: Sequence[CutLine],
    usual: float,
    judge: Judge,
    advance: Callable[[float], None] = lambda share: None,
) -> list[JudgedLine]:
    """What the networks say of the candidates of every line, and what each costs by it.

    Args:
        lines: as they were cut.
        usual: the usual height of a letter in pixels.
        judge: that judges candidates at sight.
        advance: told the share done, 0 to 1.
    """
    weights = fitted_weights("context")
    looked = look_at(lines, usual, judge, advance)
    return [
        own.judged(line.lattice, weights, judge) for line, own in zip(lines, looked, strict=True)
    ]


def look_at(
    lines: Sequence[CutLine],
    usual: float,
    judge: Judge,
    advance: Callable[[float], None] = lambda share: None,
) -> list[Looked]:
    """What the networks say of the candidates of every line.

    Args:
        lines, usual, judge, advance: as for :func:`judge_lines`.
    """
    weights = fitted_weights("sight")
    at_sight = _verdicts(lines, judge, advance)
    listed, again, seen, measured = [], [], [], []
    for line, verdict in zip(lines, at_sight, strict=True):
        evidence = evidence_by(verdict, line.lattice)
        listed.append(shortlist(line.lattice, weigh(evidence, weights)))
        own = contested(line.lattice, listed[-1], verdict.character >= _CLEAR)
        again.append(own)
        seen.append(windows(line.strip, line.lattice, usual, own))
        measured.append(measures(line.lattice, evidence, usual, own))
    told = _told(seen, measured, advance)
    looked = []
    for line, verdict, may_be, own, probabilities in zip(
        lines, at_sight, listed, again, told, strict=True
    ):
        together = seen_again(line.lattice, verdict, own, probabilities, judge.letters)
        taken = line.lattice.is_mark.copy()
        taken[may_be] = True
        looked.append(Looked(together, evidence_by(together, line.lattice), taken))
    return looked


def evidence_by(verdict: Verdict, lattice: Lattice) -> Evidence:
    """Everything about a line's candidates that does not depend on weights, by some verdict."""
    return gather(lattice, verdict.character, verdict.probabilities.max(axis=1))


def _verdicts(
    lines: Sequence[CutLine], judge: Judge, advance: Callable[[float], None]
) -> list[Verdict]:
    """What the network for single characters says of every line's candidates."""
    if not lines:
        return []
    everything = [(line.strip, glyph) for line in lines for glyph in line.lattice.glyphs]
    whole = judge_ink(judge, everything, lambda share: advance(_SIGHT * share))
    ends = np.cumsum([len(line.lattice.glyphs) for line in lines])[:-1]
    return [Verdict(*own) for own in zip(*(np.split(part, ends) for part in whole), strict=True)]


def _told(
    seen: Sequence[NDArray[np.uint8]],
    measured: Sequence[NDArray[np.float32]],
    advance: Callable[[float], None],
) -> list[NDArray[np.float32]]:
    """What the network for candidates among others says of every line's."""
    if not seen:
        return []
    network = context_network()
    all_seen, all_measured = np.concatenate(seen), np.concatenate(measured)
    parts = []
    for start in range(0, max(len(all_seen), 1), AT_ONCE):
        advance(_SIGHT + (1 - _SIGHT) * start / max(len(all_seen), 1))
        rows = slice(start, start + AT_ONCE)
        parts.append(network.probabilities(all_seen[rows], all_measured[rows]))
    return np.split(np.concatenate(parts), np.cumsum([len(own) for own in seen])[:-1])
