"""What the page reader asks of a network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


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
