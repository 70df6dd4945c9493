"""Which character to look at next, of those that are not sure."""

from __future__ import annotations

import math

from handwrite_gui.page.confidence import Confidence, confidence_of
from handwrite_gui.page.text_map import TextMap


def next_doubtful(text: TextMap, start: float | None, step: int) -> int | None:
    """The next character that is not sure, in reading order.

    Args:
        start: the index where to go on from, or between two; None for the beginning.
        step: 1 for forwards, -1 for backwards; beyond the last one the search goes round.

    Returns:
        its index, that of ``start`` where no other is doubtful; None where all are sure.
    """
    count = len(text.characters)
    if start is None:
        start = -1 if step > 0 else 0
    origin = math.floor(start) if step > 0 else math.ceil(start)
    for distance in range(1, count + 1):
        index = (origin + step * distance) % count
        if is_doubtful(text, index):
            return index
    return None


def most_doubtful(text: TextMap, after: tuple[float, int] | None) -> tuple[float, int] | None:
    """The least sure character of those that are surer than one that was looked at.

    Args:
        after: the probability and the index of that one; None to begin with the least sure.

    Returns:
        its probability and its index; of the least sure of all where none is left; None where
        all are sure.
    """
    doubtful = sorted(
        (character.probability, index)
        for index, character in enumerate(text.characters)
        if is_doubtful(text, index)
    )
    left = doubtful if after is None else [one for one in doubtful if one > after]
    return next(iter(left or doubtful), None)


def is_doubtful(text: TextMap, index: int) -> bool:
    """Whether a character is not sure."""
    return confidence_of(text.characters[index].probability) is not Confidence.HIGH
