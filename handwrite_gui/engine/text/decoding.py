"""Which text a line of shapes means: what each looks like, its neighbours, and the language.

Every word has candidate texts, made of the alternatives of its characters.  A log-linear model
scores them: the shapes; how often letters and digits change about, in a word and from one word to
the next; capitals in odd places; and the language, where one is chosen.  The words of a line are a
chain, on which the forward-backward algorithm (Baum et al. 1970) says how probable each candidate
is.

Three rules keep to what is written.  Only an alternative whose shape is not far behind the best is
considered at all, so a clear shape never changes.  The language judges only what is all letters:
numbers, and codes of letters and digits, stay as they look.  And it never holds a word for less
probable than letters at random, so that a name costs no more than a code.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import SYMBOLS, LanguageModel

ChangedBy = Literal["context", "language"]
Alternatives = Sequence[Prediction]

_BEAM = 48  # candidates of a word; far more than a word has doubtful characters
LEAST = 1e-9  # probability that an alternative counts as at least
LETTER, DIGIT = 0, 1


@dataclass(frozen=True)
class Weights:
    """Of the properties of a candidate; found by ``scripts/fit_language.py``.

    Attributes:
        clear: an alternative is considered if its shape is at least so probable, measured by the
            best one's.
        shape: of the logarithm of a shape's probability.
        change_inside: of each change between letter and digit in a word.
        change_between: of each such change from one word to the next; between characters that
            stand alone ``change_inside`` counts, for they are a row and no words.
        odd_case: of each small letter before a capital and, but after the first, the reverse.
        lone_mark: of a mark that is a whole word, as few are.  Not fitted, for the pages that the
            others are fitted on have no marks.
        language: of the log-probability of a word, against letters at random.
        letter: of each letter that the language has judged.
        random: share of words that are letters at random.
    """

    clear: float = 0.005
    shape: float = 1.1
    change_inside: float = -1.59
    change_between: float = -0.72
    odd_case: float = -4.0
    lone_mark: float = -1.5
    language: float = 0.655
    letter: float = 0.262
    random: float = 0.005


class Decided(NamedTuple):
    """What a character is taken for.

    Attributes:
        label: one of its alternatives.
        probability: after the surroundings were considered, 0 to 1.
        changed_by: what made it another than the best by shape alone: the language, if it would
            not be this one without it.
    """

    label: str
    probability: float
    changed_by: ChangedBy | None


class Candidate(NamedTuple):
    """The beginning of a word.

    Attributes:
        text: a label for each of its characters.
        score: of their shapes and of how letters and digits change about, without the language.
        first, last: the kind of its first and its last letter or digit; None before there is one.
    """

    text: tuple[str, ...]
    score: float
    first: int | None
    last: int | None


NO_TEXT = Candidate((), 0.0, None, None)


def decode_line(
    words: Sequence[Sequence[Alternatives]],
    language: LanguageModel | None = None,
    weights: Weights | None = None,
) -> list[list[Decided]]:
    """Choose a label for every character of a line.

    Args:
        words: for each word, for each character, the alternatives, best first, never empty.
        language: the one that it is written in; None leaves it to shapes and kinds.
        weights: the fitted ones by default.
    """
    weights = weights or Weights()
    seen = [[alternatives[0].label for alternatives in word] for word in words]
    chosen = _decode(words, language, weights)
    changed = any(
        label != shape
        for texts, shapes in zip(chosen, seen, strict=True)
        for (label, _), shape in zip(texts, shapes, strict=True)
    )
    plain = _decode(words, None, weights) if changed and language is not None else chosen
    return [
        [
            Decided(label, probability, _changed_by(label, shape, without))
            for (label, probability), shape, (without, _) in zip(*rows, strict=True)
        ]
        for rows in zip(chosen, seen, plain, strict=True)
    ]


def log_posterior(
    words: Sequence[Sequence[Alternatives]],
    texts: Sequence[str],
    language: LanguageModel | None = None,
    weights: Weights | None = None,
) -> list[float]:
    """How probable known texts are, by which weights are fitted.

    Args:
        words: of a line, as for :func:`decode_line`.
        texts: what each word is.

    Returns:
        For each word the natural logarithm of its probability, -inf where the shapes exclude it.
    """
    weights = weights or Weights()
    told = []
    candidates, posteriors = _posteriors_of(words, language, weights)[1:]
    for text, own, posterior in zip(texts, candidates, posteriors, strict=True):
        agreeing = ["".join(candidate.text) == text for candidate in own]
        probability = float(posterior @ agreeing)
        told.append(math.log(probability) if probability > 0 else -math.inf)
    return told


def _changed_by(label: str, seen: str, without: str) -> ChangedBy | None:
    if label == seen:
        return None
    return "context" if label == without else "language"


def _decode(
    words: Sequence[Sequence[Alternatives]], language: LanguageModel | None, weights: Weights
) -> list[list[Prediction]]:
    parts = _posteriors_of(words, language, weights)
    return [_chosen(*own) for own in zip(*parts, strict=True)]


def _posteriors_of(
    words: Sequence[Sequence[Alternatives]], language: LanguageModel | None, weights: Weights
) -> tuple[list[list[list[Prediction]]], list[list[Candidate]], list[NDArray[np.float64]]]:
    """For each word the alternatives considered, its candidates and their probabilities."""
    open_choices = [[considered(a, weights.clear) for a in word] for word in words]
    candidates = [_candidates(word, language, weights) for word in open_choices]
    return open_choices, candidates, _posteriors(candidates, weights)


def considered(alternatives: Alternatives, clear: float) -> list[Prediction]:
    """The alternatives that a shape leaves open; what is no mark does not become one."""
    best = alternatives[0]
    least = clear * best.probability
    return [best] + [
        guess
        for guess in alternatives[1:]
        if guess.probability >= least and kind_of(guess.label) is not None
    ]


def kind_of(label: str) -> int | None:
    """Letter or digit; None for a mark."""
    return LETTER if label.isalpha() else DIGIT if label.isdigit() else None


def _candidates(
    word: Sequence[Sequence[Prediction]],
    language: LanguageModel | None,
    weights: Weights,
) -> list[Candidate]:
    """The likeliest texts of a word; one, without a text, for a word without characters."""
    beam = [NO_TEXT]
    for alternatives in word:
        longer = [
            extended(candidate, alternative, weights)
            for candidate in beam
            for alternative in alternatives
        ]
        beam = sorted(longer, key=lambda candidate: -candidate.score)[:_BEAM]
    if len(word) == 1:
        # A character alone is what its shape and its line say: an I is no likelier a word than a 1.
        return [c._replace(score=c.score + weights.lone_mark * (c.first is None)) for c in beam]
    if language is None or not word:
        return beam
    return [
        candidate._replace(
            score=candidate.score + language_gain("".join(candidate.text), language, weights)
        )
        for candidate in beam
    ]


def extended(candidate: Candidate, guess: Prediction, weights: Weights) -> Candidate:
    """The beginning of a word with one more character."""
    label, probability = guess
    score = candidate.score + weights.shape * math.log(max(probability, LEAST))
    kind = kind_of(label)
    if kind is not None and candidate.last is not None and kind != candidate.last:
        score += weights.change_inside
    if candidate.text:
        before = candidate.text[-1]
        rises = before.islower() and label.isupper()
        falls = before.isupper() and label.islower() and len(candidate.text) > 1
        score += weights.odd_case * (rises or falls)
    first = kind if candidate.first is None else candidate.first
    last = candidate.last if kind is None else kind
    return Candidate((*candidate.text, label), score, first, last)


def language_gain(text: str, language: LanguageModel, weights: Weights) -> float:
    """How much more a language has a text than letters at random, in the units of the scores.

    Args:
        text: without blanks.
        language: what judges it.
        weights: the fitted ones, as a rule.

    Returns:
        0 for what a language says nothing about: numbers, codes, marks.
    """
    if not text.isalpha() and any(map(str.isdigit, text)):
        return 0.0
    gain = 0.0
    for run in _runs(text):
        told = language.log_probability(run)
        if told is None:
            continue
        gain += _against_random(told, len(run) + 1, weights) + weights.letter * len(run)
    return gain


def start_gain(letters: str, language: LanguageModel, weights: Weights) -> float:
    """What :func:`language_gain` may be of words that begin with some letters.

    Args:
        letters: without blanks.
        language: what judges them.
        weights: the fitted ones, as a rule.
    """
    told = language.log_probability_of_start(letters)
    if told is None:
        return 0.0
    return _against_random(told, len(letters), weights) + weights.letter * len(letters)


def _against_random(told: float, symbols: int, weights: Weights) -> float:
    word = math.log1p(-weights.random) + told + symbols * math.log(len(SYMBOLS))
    least = math.log(weights.random)
    high, low = max(word, least), min(word, least)
    return weights.language * (high + math.log1p(math.exp(low - high)))


def _runs(text: str) -> Iterator[str]:
    """The parts of a text between its marks; an apostrophe is part of a word."""
    if text.isalpha():
        yield text
        return
    for part, letters in groupby(text, key=lambda c: c.isalpha() or c in "'’"):
        if part:
            yield "".join(letters)


def _posteriors(
    candidates: Sequence[Sequence[Candidate]], weights: Weights
) -> list[NDArray[np.float64]]:
    """Probability of each candidate of each word, its neighbours in the line considered."""
    ahead = _messages(candidates, weights, backwards=False)
    behind = _messages(candidates[::-1], weights, backwards=True)[::-1]
    posteriors = []
    for own, before, after in zip(candidates, ahead, behind, strict=True):
        scores = np.array([c.score + _met(before, c.first) + _met(after, c.last) for c in own])
        shares = np.exp(scores - scores.max())
        posteriors.append(shares / shares.sum())
    return posteriors


def _messages(
    candidates: Sequence[Sequence[Candidate]], weights: Weights, *, backwards: bool
) -> list[NDArray[np.float64]]:
    """For each word the log-weight (2,) of either kind by what lies to one side of it."""
    told: NDArray[np.float64] | None = None  # of the word before, not yet passed on
    before_alone = False
    messages = []
    for own in candidates:
        alone = _is_alone(own)
        message = np.zeros(2)
        if told is not None:
            change = weights.change_inside if alone and before_alone else weights.change_between
            message = np.logaddexp(told, change + told[::-1])
            message -= message.max()
        messages.append(message)
        # A word of marks alone is of no kind: what came before it holds on behind it.
        if any(candidate.first is None for candidate in own):
            continue
        total = np.full(2, -np.inf)
        for candidate in own:
            near, far = candidate.first, candidate.last
            if backwards:
                near, far = far, near
            assert far is not None
            total[far] = np.logaddexp(total[far], candidate.score + _met(message, near))
        told, before_alone = total, alone
    return messages


def _is_alone(word: Sequence[Candidate]) -> bool:
    """Whether a word is one character."""
    return len(word[0].text) == 1


def _met(message: NDArray[np.float64], kind: int | None) -> float:
    return 0.0 if kind is None else float(message[kind])


def _chosen(
    word: Sequence[Sequence[Prediction]],
    candidates: Sequence[Candidate],
    posterior: NDArray[np.float64],
) -> list[Prediction]:
    """The characters of the most probable candidate, each with the probability of its label."""
    best = candidates[int(np.argmax(posterior))]
    chosen = []
    for place, (label, alternatives) in enumerate(zip(best.text, word, strict=True)):
        agreeing = [c.text[place] == label for c in candidates]
        # What was not considered keeps its share of the doubt.
        open_share = min(sum(guess.probability for guess in alternatives), 1.0)
        chosen.append(Prediction(label, float(posterior @ agreeing) * open_share))
    return chosen
