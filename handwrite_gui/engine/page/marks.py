"""Full stop, comma, hyphen or apostrophe: by where on the line it stands.

The normaliser makes a full stop and an apostrophe much the same image; on the page the one stands
at the feet of the letters beside it and the other at their heads.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from handwrite_gui.engine.prediction import Prediction

Span = tuple[float, float]
"""The rows of a character's upper and lower edge, downwards, in any unit."""

_PLACES = {"'": 0.1, "-": 0.55, ".": 0.95, ",": 1.05}
"""Where the middle of a mark stands: 0 at the heads of the letters beside it, 1 at their feet."""
_SPREAD = 0.2  # of these, as a standard deviation
_REACH = 3  # characters to either side that are asked where the line runs
_FARTHEST = 4.0  # standard deviations: what is farther off is as unlikely
_EXPECTED = 0.3  # of a mark's shape; less of it speaks against the mark that the place asks for


def settle_marks(
    line: Sequence[Sequence[Prediction]], spans: Sequence[Span]
) -> list[tuple[Prediction, ...]]:
    """Choose between the small marks by where each stands.

    Args:
        line: for each character of a line its alternatives, best first, never empty.
        spans: of their ink.

    Returns:
        The same labels for each character with their new probabilities, best first; as they were
        for what looks like no small mark, or has no letters beside it.
    """
    settled = []
    for index, alternatives in enumerate(line):
        place = None if alternatives[0].label not in _PLACES else _place(index, line, spans)
        settled.append(tuple(alternatives) if place is None else _dealt_out(alternatives, place))
    return settled


def _place(index: int, line: Sequence[Sequence[Prediction]], spans: Sequence[Span]) -> float | None:
    """Where a mark stands between the heads, 0, and the feet, 1, of the letters beside it."""
    near = slice(max(index - _REACH, 0), index + 1 + _REACH)
    beside = [
        span
        for span, other in zip(spans[near], line[near], strict=True)
        if other[0].label not in _PLACES
    ]
    if not beside:
        return None
    # The mean follows a line that climbs as long as there are letters on both sides.
    head = sum(top for top, _ in beside) / len(beside)
    foot = sum(bottom for _, bottom in beside) / len(beside)
    top, bottom = spans[index]
    return ((top + bottom) / 2 - head) / (foot - head) if foot > head else None


def _dealt_out(alternatives: Sequence[Prediction], place: float) -> tuple[Prediction, ...]:
    """Order the marks by shape and place; the best takes the probability that the best had.

    Place tells one mark from another, and not whether a speck is a mark at all: none becomes surer
    by it.  A dot where an apostrophe would be is more often a speck of dirt or the end of a stroke
    than an apostrophe: where shape and place contradict each other all marks become less sure.
    """
    marks = [guess for guess in alternatives if guess.label in _PLACES]
    order = sorted(marks, key=lambda guess: -guess.probability * _fit(guess.label, place))
    share = order[0].probability / max(sum(guess.probability for guess in marks), 1e-9)
    trust = math.sqrt(min(share / _EXPECTED, 1.0))
    dealt = [
        Prediction(guess.label, old.probability * trust)
        for guess, old in zip(order, marks, strict=True)
    ]
    others = [guess for guess in alternatives if guess.label not in _PLACES]
    return tuple(sorted([*dealt, *others], key=lambda guess: -guess.probability))


def _fit(label: str, place: float) -> float:
    """How well a mark belongs at a place, 1 at most."""
    away = min(abs(place - _PLACES[label]) / _SPREAD, _FARTHEST)
    return math.exp(-0.5 * away**2)
