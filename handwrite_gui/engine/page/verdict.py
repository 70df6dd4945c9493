"""What the page reader asks of a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from handwrite_gui.engine.page.pieces import Glyph
    from handwrite_gui.engine.page.strip import Strip

AT_ONCE = 256  # candidates that a network judges: lines are too short for it to be quick


class Verdict(NamedTuple):
    """What the network says of N candidates.

    Attributes:
        character: float (N,), the probability that each is a character at all.
        probabilities: float (N, K), of each letter or digit, given that it is one.
        marks: float (N, M), of each punctuation mark; M may be 0.
    """

    character: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    marks: NDArray[np.float32]


class Judge(Protocol):
    """A network with an alphabet, as the reader needs it."""

    @property
    def letters(self) -> tuple[str, ...]:
        """Labels of the columns of ``Verdict.probabilities``."""

    @property
    def marks(self) -> tuple[str, ...]:
        """Labels of the columns of ``Verdict.marks``: dots and dashes; may be empty."""

    @property
    def refuses(self) -> bool:
        """Whether it tells characters from what is none; if not, all are characters to it."""

    def judge(self, cuts: Sequence[NDArray[np.uint8]]) -> Verdict:
        """Judge cut-out ink images (h_i, w_i), ink 255 on 0."""


def judge_ink(
    judge: Judge,
    candidates: Sequence[tuple[Strip, Glyph]],
    advance: Callable[[float], None] = lambda share: None,
) -> Verdict:
    """What a judge says of candidates by their own ink, asked for many at a time.

    Args:
        judge: that is asked.
        candidates: each with the line that it stands on.
        advance: told the share done, 0 to 1.
    """
    parts = []
    for start in range(0, max(len(candidates), 1), AT_ONCE):
        advance(start / max(len(candidates), 1))
        chunk = candidates[start : start + AT_ONCE]
        parts.append(judge.judge([strip.cut(glyph) for strip, glyph in chunk]))
    return Verdict(*(np.concatenate(part) for part in zip(*parts, strict=True)))
