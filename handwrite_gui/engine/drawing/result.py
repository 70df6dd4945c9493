"""What a drawing was read as: plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.prediction import Prediction

Group = tuple[int, ...]
"""Indices of strokes in a drawing, ascending."""

Said = Mapping[Group, str]
"""What a person said that some groups of strokes are: one character each."""


@dataclass(frozen=True, eq=False, slots=True)
class DrawnCharacter:
    """One character of a drawing.

    Attributes:
        label: the character read, or what the person said that it is.
        predictions: the network's guesses, best first; ``label`` is among them unless the person
            gave it.
        box: left, top, right, bottom of its points, in the units of the strokes.
        strokes: indices of its strokes in the drawing.
        network_input: uint8 (32, 32), what the network is shown, ink 255 on 0.
        is_said: whether the person gave the label.
    """

    label: str
    predictions: tuple[Prediction, ...]
    box: tuple[float, float, float, float]
    strokes: Group
    network_input: NDArray[np.uint8]
    is_said: bool = False

    @property
    def probability(self) -> float:
        """Of the label, 0 to 1; 1 where the person gave it."""
        if self.is_said:
            return 1.0
        return next((p for label, p in self.predictions if label == self.label), 0.0)


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of a drawing: its words from left to right, each with its characters."""

    words: tuple[tuple[DrawnCharacter, ...], ...]

    @property
    def characters(self) -> tuple[DrawnCharacter, ...]:
        return tuple(chain.from_iterable(self.words))

    @property
    def text(self) -> str:
        return " ".join("".join(c.label for c in word) for word in self.words)


@dataclass(frozen=True, slots=True)
class DrawingResult:
    """A drawing as it was read: its lines from top to bottom; none if it is empty."""

    lines: tuple[DrawnLine, ...] = ()

    @property
    def characters(self) -> tuple[DrawnCharacter, ...]:
        """Line after line, each from left to right."""
        return tuple(chain.from_iterable(line.characters for line in self.lines))

    @property
    def text(self) -> str:
        """With spaces between words and a line break between lines."""
        return "\n".join(line.text for line in self.lines)
