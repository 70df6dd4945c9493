"""Letter or digit, where the shape alone does not say: 0 and O, 1 and I, 5 and S, 2 and Z.

People keep to one kind within a word and mostly within a line.  So the kinds along a line are a
Markov chain that changes seldom, more seldom inside a word than between two, and the
forward-backward algorithm (Baum et al. 1970) says how probable each kind is at each place.  A
clear shape weighs more than a change and stays as it is.  A mark is of neither kind and stands
among both.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.prediction import Prediction

_CHANGE_IN_WORD = 0.1  # probability that a character is of another kind than the one before
_CHANGE_BETWEEN_WORDS = 0.2
_LEAST = 1e-4  # evidence for a kind that is not among the alternatives at all


_KINDS: tuple[Callable[[str], bool], ...] = (str.isalpha, str.isdigit)


def settle_kinds(words: Sequence[Sequence[Sequence[Prediction]]]) -> list[list[Prediction]]:
    """Choose a label for every character of a line.

    Args:
        words: for each word, for each character, the alternatives, best first, never empty.

    Returns:
        For each word and character the best alternative of the kind that is most probable there,
        with its probability after the surroundings were considered.
    """
    characters = [alternatives for word in words for alternatives in word]
    if not characters:
        return [[] for _ in words]
    evidence = np.array([_evidence(guesses) for guesses in characters])
    inside = [position > 0 for word in words for position in range(len(word))]
    posterior = _posterior(evidence, inside)
    settled = iter(
        _settle(guesses, probabilities)
        for guesses, probabilities in zip(characters, posterior, strict=True)
    )
    return [[next(settled) for _ in word] for word in words]


def _is_mark(guess: Prediction) -> bool:
    return not any(kind(guess.label) for kind in _KINDS)


def _evidence(alternatives: Sequence[Prediction]) -> list[float]:
    """How well the shape alone goes with each kind."""
    if _is_mark(alternatives[0]):
        return [1.0] * len(_KINDS)
    return [
        max(sum(guess.probability for guess in alternatives if kind(guess.label)), _LEAST)
        for kind in _KINDS
    ]


def _posterior(evidence: NDArray[np.float64], inside: Sequence[bool]) -> NDArray[np.float64]:
    """Probability (N, 2) of each kind at each place, from the evidence (N, 2) of the shapes.

    Args:
        inside: whether each place follows another one of the same word.
    """
    changes = [_CHANGE_IN_WORD if within else _CHANGE_BETWEEN_WORDS for within in inside]
    transitions = [np.array([[1 - c, c], [c, 1 - c]]) for c in changes]
    forward = [evidence[0] / evidence[0].sum()]
    for shape, transition in zip(evidence[1:], transitions[1:], strict=True):
        reached = (forward[-1] @ transition) * shape
        forward.append(reached / reached.sum())
    backward = [np.ones(len(_KINDS))]
    for shape, transition in zip(evidence[:0:-1], transitions[:0:-1], strict=True):
        reached = transition @ (shape * backward[-1])
        backward.append(reached / reached.sum())
    joint = np.array(forward) * np.array(backward[::-1])
    return np.asarray(joint / joint.sum(axis=1, keepdims=True))


def _settle(alternatives: Sequence[Prediction], kinds: NDArray[np.float64]) -> Prediction:
    """The best alternative of the most probable kind; a mark as it is."""
    if _is_mark(alternatives[0]):
        return alternatives[0]
    for index in np.argsort(-kinds, kind="stable"):
        own = [guess for guess in alternatives if _KINDS[index](guess.label)]
        if own:
            share = own[0].probability / max(sum(guess.probability for guess in own), _LEAST)
            return Prediction(own[0].label, float(kinds[index]) * share)
    raise ValueError("a character needs an alternative")
