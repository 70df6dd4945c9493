"""Letter or digit, where the shape alone does not say: 0 and O, 1 and I, 5 and S, 2 and Z.

People keep to one kind within a word and mostly within a line.  So the kinds along a line are a
chain whose every change costs, more inside a word than between two; the cheapest chain is found
by dynamic programming (Viterbi 1967).  A clear shape is worth more than a change costs and stays
as it is.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from handwrite_gui.engine.prediction import Prediction

_CHANGE_IN_WORD = 3.0  # nats: what the network's doubt must outweigh
_CHANGE_BETWEEN_WORDS = 1.0
_LEAST = 1e-6  # probability of a kind that is not among the alternatives at all


def _is_digit(label: str) -> bool:
    return label.isdigit()


def _is_letter(label: str) -> bool:
    return not label.isdigit()


_KINDS: tuple[Callable[[str], bool], ...] = (_is_letter, _is_digit)


def settle_kinds(words: Sequence[Sequence[Sequence[Prediction]]]) -> list[list[str]]:
    """Choose a label for every character of a line.

    Args:
        words: for each word, for each character, the alternatives, best first, never empty.

    Returns:
        For each word the chosen labels; each is the best alternative of the kind chosen there.
    """
    characters = [alternatives for word in words for alternatives in word]
    starts = {sum(map(len, words[:index])) for index in range(len(words))}
    costs = [[_cost(alternatives, kind) for kind in _KINDS] for alternatives in characters]

    totals = [0.0] * len(_KINDS)
    origins: list[list[int]] = []
    for position, emission in enumerate(costs):
        change = _CHANGE_BETWEEN_WORDS if position in starts else _CHANGE_IN_WORD
        origin = [
            min(
                range(len(_KINDS)),
                key=lambda before, kind=kind: totals[before] + change * (before != kind),  # type: ignore[misc]
            )
            for kind in range(len(_KINDS))
        ]
        totals = [
            totals[before] + change * (before != kind) * (position > 0) + emission[kind]
            for kind, before in enumerate(origin)
        ]
        origins.append(origin)

    kind = min(range(len(_KINDS)), key=lambda k: totals[k])
    labels: list[str] = []
    for alternatives, origin in zip(reversed(characters), reversed(origins), strict=True):
        labels.append(_best(alternatives, _KINDS[kind]).label)
        kind = origin[kind]
    labels.reverse()
    chosen = iter(labels)
    return [[next(chosen) for _ in word] for word in words]


def _best(alternatives: Sequence[Prediction], kind: Callable[[str], bool]) -> Prediction:
    """The best alternative of a kind, or the best of all where none is of it."""
    return next((guess for guess in alternatives if kind(guess.label)), alternatives[0])


def _cost(alternatives: Sequence[Prediction], kind: Callable[[str], bool]) -> float:
    probabilities = [guess.probability for guess in alternatives if kind(guess.label)]
    return -math.log(max(max(probabilities, default=0.0), _LEAST))
