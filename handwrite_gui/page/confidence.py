"""How sure a reading is, in the three steps a person can tell apart at a glance."""

from __future__ import annotations

from enum import Enum


class Confidence(Enum):
    """A step of confidence; colour, outline and underline all follow from it."""

    LOW = "doubtful"
    MEDIUM = "fairly sure"
    HIGH = "sure"


MEDIUM_FROM = 0.5
HIGH_FROM = 0.8
"""Probabilities from which a character counts as medium and as high.

The shipped model is trained with label smoothing, so a clear character scores about 0.9 and not
0.99: stricter steps would mark good readings as doubtful."""


def confidence_of(probability: float) -> Confidence:
    """The step that a probability in 0 to 1 belongs to."""
    if probability >= HIGH_FROM:
        return Confidence.HIGH
    if probability >= MEDIUM_FROM:
        return Confidence.MEDIUM
    return Confidence.LOW


def percent(probability: float) -> str:
    """A probability for people: ``97 %``, and never ``100 %`` for what is not certain.

    Its spaces do not break.
    """
    rounded = round(100 * probability)
    if rounded == 100 and probability < 1:
        return ">\u00a099\u00a0%"
    if rounded == 0 and probability > 0:
        return "<\u00a01\u00a0%"
    return f"{rounded}\u00a0%"
