"""Cutting words otherwise, and parting them otherwise, where better words come of it.

The lattice knows the cheapest way to cut a line by the looks of its pieces.  Often another is
hardly dearer: one N or an I beside a V.  And the width of a gap does not always say whether it
parts two words.  So the cheapest ways of every doubtful stretch are listed, with words ending or
going on at its doubtful gaps, and what they cost is weighed against the language (tokens that
pass through the words of a line: Young, Russell & Thornton 1989).

Where letters run into one another, the stroke of an I may lie in its neighbour's: VEXNG.  No ink is
left to cut it out of, so that it is the word alone that can tell.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest
from itertools import accumulate, pairwise
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from handwrite_gui.engine.cheapest_cover import cheapest_through
from handwrite_gui.engine.page.judging import JudgedLine
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import (
    LEAST,
    NO_TEXT,
    Candidate,
    Weights,
    considered,
    extended,
    language_gain,
    start_gain,
)
from handwrite_gui.engine.text.language_model import LanguageModel
from handwrite_gui.engine.text.spacing import SpacingWeights, log_sigmoid

_WAYS = 16  # of cutting and reading the beginning of a word that are followed
_DEARER = 8.0  # than the cheapest way: what is beyond is not tried
_LONG = 4  # characters of a known word that needs no search
_CLEAR = 0.5  # probability of each character of a word that is known as it looks
_COST = 0.6  # of what a way costs by its looks, against the score of its text
_SURE_GAP = 3.5  # log-odds from which the width of a gap alone decides
_CHARACTER = 0.1  # of each character, against what the language gives for one
_STROKE = "I"  # the letter that may lie in another's ink
_HIDDEN = 5.0  # what it costs to take one for hidden
_FEWEST_SEEN = 3  # letters of a word that hides one: with two, too many words differ by one alone
_WEIGHTS, _SPACING = Weights(), SpacingWeights()


class HiddenLetter(NamedTuple):
    """A letter that has no ink of its own: the word alone tells that it is there.

    Attributes:
        guess: the letter, as probable as the word with it is against the likeliest one in which
            nothing is hidden.
        within: the candidate in whose ink it lies, and before which it is read.
    """

    guess: Prediction
    within: int


Taken = int | HiddenLetter
"""A candidate, by its index, or a letter hidden in one."""


def recut(
    line: JudgedLine,
    path: Sequence[int],
    lengths: Sequence[int],
    odds: Sequence[float],
    language: LanguageModel,
) -> tuple[list[Taken], list[int]]:
    """The candidates of a line after the language was asked how to cut and part its words.

    Args:
        line: the candidates.
        path: of them those that were taken, from left to right, all with alternatives.
        lengths: how many of them each word has.
        odds: for each piece the natural log-odds that a word begins with it, by the gap before
            it; where they are infinite the words stay apart, or together, as they are.
        language: what tells words.

    Returns:
        The path and the lengths anew.
    """
    ends = list(accumulate(lengths))
    words = [list(path[end - length : end]) for end, length in zip(ends, lengths, strict=True)]
    known = [_is_known(line, word, language) for word in words]
    chosen: list[Taken] = []
    sizes: list[int] = []
    for begin, end in _stretches(line, words, known, odds):
        found: Sequence[Sequence[Taken]] = ()
        # A short word may be part of another by chance.
        if not (all(known[begin:end]) and min(map(len, words[begin:end])) >= _LONG):
            found = _likeliest_way(line, words[begin:end], odds, language)
        for word in found or words[begin:end]:
            chosen += word
            sizes.append(len(word))
    return chosen, sizes


def _stretches(
    line: JudgedLine,
    words: Sequence[Sequence[int]],
    known: Sequence[bool],
    odds: Sequence[float],
) -> list[tuple[int, int]]:
    """The words between which there may be no gap, as the first and one past the last of each."""
    inner = [
        place
        for place in range(1, len(words))
        if (known[place - 1] and known[place])
        or odds[int(line.lattice.first[words[place][0]])] >= _SURE_GAP
    ]
    return list(pairwise([0, *inner, len(words)])) if words else []


def _is_known(line: JudgedLine, word: Sequence[int], language: LanguageModel) -> bool:
    """Whether a word is one of the language as it looks, and looks so clearly."""
    best = [line.alternatives(index)[0] for index in word]
    if any(guess.probability < _CLEAR for guess in best):
        return False
    return "".join(guess.label for guess in best) in language


class _Way(NamedTuple):
    """A way to take the first pieces of a stretch as letters and words.

    Attributes:
        promise: what ways are ranked by: the score, and what the language makes of such a start.
        score: of the words that have ended, and of the looks of the one that has not, against the
            best label of each shape.
        text: what the last word says so far.
        taken: the candidates, those without alternatives left out; ``~index`` stands for a letter
            that is hidden in the candidate behind it.
        ends: how many had been taken at the end of each word.
    """

    promise: float
    score: float
    text: Candidate
    taken: tuple[int, ...]
    ends: tuple[int, ...]

    def total(self, language: LanguageModel) -> float:
        """The score of looks and words together, if the last word ends here."""
        word = "".join(self.text.text)
        taken = self.taken[self.ends[-1] if self.ends else 0 :]
        hidden = sum(index < 0 for index in taken)
        if hidden and len(taken) - hidden < _FEWEST_SEEN:
            return -math.inf
        # A character alone is what its shape and its line say.
        gain = language_gain(word, language, _WEIGHTS) if len(self.taken) > 1 else 0.0
        return self.score + self.text.score + gain + _SPACING.word

    @property
    def hides(self) -> bool:
        """Whether any letter has no ink of its own."""
        return any(index < 0 for index in self.taken)

    def words(self, probability: float) -> list[list[Taken]]:
        """What was taken, word by word; hidden letters are so probable."""
        taken = [
            HiddenLetter(Prediction(_STROKE, probability), ~index) if index < 0 else index
            for index in self.taken
        ]
        return [taken[a:b] for a, b in pairwise((0, *self.ends, len(taken))) if a < b]


@dataclass(frozen=True, eq=False)
class _Stretch:
    """Some words of a line, to be cut and parted otherwise.

    Attributes:
        line: the candidates.
        first, last: the pieces that it begins and ends with.
        ending: by the piece they end with, the candidates that are worth trying.
        doubtful: the pieces with which a word may begin, or not.
        odds: that it does, for each piece of the line.
        language: what tells words.
    """

    line: JudgedLine
    first: int
    last: int
    ending: Mapping[int, Sequence[int]]
    doubtful: Set[int]
    odds: Sequence[float]
    language: LanguageModel

    def likeliest(self, joined: Set[int]) -> _Way | None:
        """The way whose looks and words are likeliest together; None if none has a character.

        Args:
            joined: the pieces before which a letter may be hidden.
        """
        ways: dict[int, list[_Way]] = {self.first: [_Way(0.0, 0.0, NO_TEXT, (), ())]}
        for piece in range(self.first, self.last + 1):
            # What may follow depends on the last word alone: of the ways to the same the best is
            # kept.
            best: dict[tuple[str, ...], _Way] = {}
            for index in self.ending[piece]:
                begin = int(self.line.lattice.first[index])
                for way in _longer(ways[begin], self.line, index, begin in joined, self.language):
                    rival = best.get(way.text.text)
                    if rival is None or rival.promise < way.promise:
                        best[way.text.text] = way
            ways[piece + 1] = nlargest(_WAYS, best.values(), key=_promise)
            if piece + 1 in self.doubtful:
                ways[piece + 1] = _parted(ways[piece + 1], self.odds[piece + 1], self.language)
        whole = [way for way in ways[self.last + 1] if way.taken]
        return max(whole, key=lambda way: way.total(self.language), default=None)


def _likeliest_way(
    line: JudgedLine,
    words: Sequence[Sequence[int]],
    odds: Sequence[float],
    language: LanguageModel,
) -> list[list[Taken]]:
    """Of all ways to take the pieces of some words once the one whose looks and words are likeliest
    together; [] where there is but one, or none has a character."""
    first, last = int(line.lattice.first[words[0][0]]), int(line.lattice.last[words[-1][-1]])
    ending = _worth_trying(line, first, last)
    begun = {int(line.lattice.first[word[0]]) for word in words[1:]}
    doubtful = {
        piece
        for piece in range(first + 1, last + 1)
        if piece in begun or -_SURE_GAP < odds[piece] < math.inf
    }
    joined = _joined(line, first, last) if _STROKE in line.judge.letters else frozenset()
    if not doubtful and not joined and all(len(candidates) < 2 for candidates in ending.values()):
        return []
    stretch = _Stretch(line, first, last, ending, doubtful, odds, language)
    way = stretch.likeliest(joined)
    if way is None:
        return []
    rival = stretch.likeliest(frozenset()) if way.hides else None
    if rival is None:
        return way.words(1.0)
    return way.words(math.exp(log_sigmoid(way.total(language) - rival.total(language))))


def _joined(line: JudgedLine, first: int, last: int) -> frozenset[int]:
    """Of some pieces those that begin where the one before has not ended."""
    pieces = line.lattice.pieces()[first : last + 1]
    return frozenset(
        piece for piece, (a, b) in enumerate(pairwise(pieces), first + 1) if b.left <= a.right
    )


def _parted(ways: Sequence[_Way], odds: float, language: LanguageModel) -> list[_Way]:
    """At a gap: the ways whose last word goes on, and the best of those whose last word ends."""
    apart, together = (_SPACING.gap * log_sigmoid(own) for own in (odds, -odds))
    going_on = [
        way._replace(promise=way.promise + together, score=way.score + together) for way in ways
    ]
    ended = [(way.total(language) + apart, way) for way in ways if way.text.text]
    if not ended:
        return going_on
    score, way = max(ended, key=lambda pair: pair[0])
    return [*going_on, _Way(score, score, NO_TEXT, way.taken, (*way.ends, len(way.taken)))]


_promise = attrgetter("promise")


def _longer(
    begun: Sequence[_Way],
    line: JudgedLine,
    index: int,
    joined: bool,
    language: LanguageModel,
) -> Iterator[_Way]:
    """Ways that go on with one more candidate, as each character that it may be; where it is joined
    to what stands before it, with a letter hidden in it as well."""
    looks = _COST * float(line.costs[index])
    alternatives = line.alternatives(index)
    if not alternatives:
        for way in begun:
            yield way._replace(promise=way.promise - looks, score=way.score - looks)
        return
    looks += _CHARACTER + _WEIGHTS.shape * math.log(max(alternatives[0].probability, LEAST))

    def taking(way: _Way, text: Candidate, cost: float, *taken: int) -> _Way:
        score = way.score - cost
        promise = score + text.score + start_gain("".join(text.text), language, _WEIGHTS)
        return _Way(promise, score, text, (*way.taken, *taken), way.ends)

    for guess in considered(alternatives, _WEIGHTS.clear):
        for way in begun:
            text = way.text
            yield taking(way, extended(text, guess, _WEIGHTS), looks, index)
            if joined and guess.label.isupper() and text.text and text.text[-1].isupper():
                hiding = extended(text, Prediction(_STROKE, 1.0), _WEIGHTS)
                yield taking(way, extended(hiding, guess, _WEIGHTS), looks + _HIDDEN, ~index, index)


def _worth_trying(line: JudgedLine, first: int, last: int) -> dict[int, list[int]]:
    """By the piece they end with, the candidates by which the pieces from ``first`` to ``last``
    can be taken at little more than the least cost."""
    lattice = line.lattice
    inside = np.flatnonzero((lattice.first >= first) & (lattice.last <= last))
    inside = inside[np.argsort(lattice.last[inside], kind="stable")]
    through = cheapest_through(
        (lattice.first[inside] - first).tolist(),
        (lattice.last[inside] - first).tolist(),
        line.costs[inside].tolist(),
        last - first + 1,
    )
    most = min(through, default=0.0) + _DEARER
    ending: dict[int, list[int]] = {piece: [] for piece in range(first, last + 1)}
    for index, cost in zip(inside.tolist(), through, strict=True):
        if cost <= most:
            ending[int(lattice.last[index])].append(index)
    return ending
