"""Capital or small, where both have one shape: C and c, O and o, S and s.

The normaliser makes them the same image, but on the page a small letter is lower than the tall
letters beside it, and people keep to one case for a while.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handwrite_gui.engine.prediction import Prediction

_TAILED = "PY"  # their small twins are as high as they are, for the tail that hangs down
_ALIKE = "CKOSUVWXZ" + _TAILED
_TWINS = {letter: letter.swapcase() for letter in _ALIKE + _ALIKE.lower()}
_TALL = frozenset("ABDEFGHIJLMNQRT0123456789bdfhkl&?!")
_LOW = frozenset("acemnr") - _TWINS.keys()
_LOW_SHARE = 0.66  # height of a small letter against a tall one
_BETWEEN = 0.8  # height against a tall letter's at which both are as likely
_SHARPNESS = 14.0  # change of the log-odds for each tall letter's height
_REACH = 4  # characters to either side that are asked for their case
_LEAST_SURE = 0.5  # probability from which a letter is taken as a measure for the others


def settle_case(
    line: Sequence[Sequence[Prediction]], heights: Sequence[float]
) -> list[tuple[Prediction, ...]]:
    """Share the probability of a capital and its small twin out by what the line tells.

    Args:
        line: for each character of a line its alternatives, best first, never empty.
        heights: of their ink, in any unit.

    Returns:
        The same labels for each character with their new probabilities, best first; as they were
        where the line has no letter whose height is known.
    """
    tall = _tall_height(line, heights)
    if tall is None:
        return [tuple(alternatives) for alternatives in line]
    cases = [_case(alternatives[0].label) for alternatives in line]
    settled = []
    for index, (alternatives, height) in enumerate(zip(line, heights, strict=True)):
        around = [c for c in cases[max(index - _REACH, 0) : index + 1 + _REACH] if c is not None]
        lean = (sum(around) + 0.5) / (len(around) + 1)
        odds = np.log(lean / (1 - lean))
        if alternatives[0].label.upper() not in _TAILED:
            odds += _SHARPNESS * (height / tall - _BETWEEN)
        settled.append(_shared_out(alternatives, float(1 / (1 + np.exp(-odds)))))
    return settled


def _case(label: str) -> bool | None:
    """Whether a letter is a capital; None for what has a twin, or no case."""
    return None if label in _TWINS or not label.isalpha() else label.isupper()


def _tall_height(line: Sequence[Sequence[Prediction]], heights: Sequence[float]) -> float | None:
    """The height of a tall letter on this line, from those that have no twin."""
    measures = []
    for alternatives, height in zip(line, heights, strict=True):
        best = alternatives[0]
        # A dot drawn with a pen at rest has no height at all.
        if best.probability < _LEAST_SURE or height <= 0:
            continue
        if best.label in _TALL:
            measures.append(height)
        elif best.label in _LOW:
            measures.append(height / _LOW_SHARE)
    return float(np.median(measures)) if measures else None


def _shared_out(alternatives: Sequence[Prediction], capital: float) -> tuple[Prediction, ...]:
    """Give a capital this share of what it and its twin have together, and its twin the rest."""
    before = dict(alternatives)
    after = []
    for label, probability in alternatives:
        twin = _TWINS.get(label)
        if twin in before:
            share = capital if label.isupper() else 1 - capital
            probability = share * (probability + before[twin])
        after.append(Prediction(label, probability))
    return tuple(sorted(after, key=lambda guess: -guess.probability))
