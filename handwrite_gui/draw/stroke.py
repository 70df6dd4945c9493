"""A pen stroke as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class PenPoint(NamedTuple):
    """Where the pen was, in the canvas's device-independent pixels, y down.

    Attributes:
        x, y: position.
        pressure: 0 to 1; 0.5 for pens that do not measure it.
    """

    x: float
    y: float
    pressure: float = 0.5


@dataclass(frozen=True, slots=True)
class Stroke:
    """The pen's way from touching the paper to leaving it; one point is a dot."""

    points: tuple[PenPoint, ...]
