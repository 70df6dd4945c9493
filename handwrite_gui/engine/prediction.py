"""One guess of the network."""

from __future__ import annotations

from typing import NamedTuple


class Prediction(NamedTuple):
    """A character and how probable the network holds it, in 0 to 1."""

    label: str
    probability: float
