"""The direction that the lines of writing run in, and turning positions so that they lie level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Positions = NDArray[np.float32] | NDArray[np.float64]

_COARSE_SAMPLES = 5_000  # ink pixels looked at when all directions are tried
_SAMPLES = 20_000  # and around the best: more change the answer by less than a tenth of a degree
_LEAST_PIXELS = 50
_LEVEL = 0.7  # degrees off level or plumb that do no harm: lines climb and fall by as much
_LEAST_GAIN = 1.06  # a direction must be clearer than level or plumb by this factor
_STANDING_OFF = 65  # degrees, from which a direction is across another rather than near it


@dataclass(frozen=True)
class Turn:
    """A rotation of a page about its middle; the frame grows so that nothing is lost.

    Attributes:
        degrees: clockwise as seen, 0 for none.
        before: (h, w) of the page as it lay.
    """

    degrees: float
    before: tuple[int, int]

    @property
    def after(self) -> tuple[float, float]:
        """(h, w) of the frame that holds the turned page."""
        height, width = self.before
        (cosine, sine), _ = np.abs(self._matrix)
        return float(height * cosine + width * sine), float(width * cosine + height * sine)

    def to_turned(self, points: Positions) -> Positions:
        """Positions (..., 2) as x, y on the page as it lay → in the turned frame."""
        if not self.degrees:
            return points
        centred = points - _middle(self.before, points)
        turned = centred @ self._matrix.astype(points.dtype)
        return np.asarray(turned + _middle(self.after, points))

    def to_original(self, points: Positions) -> Positions:
        """Positions (..., 2) as x, y in the turned frame → on the page as it lay."""
        if not self.degrees:
            return points
        centred = points - _middle(self.after, points)
        turned = centred @ self._matrix.T.astype(points.dtype)
        return np.asarray(turned + _middle(self.before, points))

    @property
    def _matrix(self) -> NDArray[np.float64]:
        """Rows of x, y times this are turned; quarter turns are exact."""
        quarters, rest = divmod(self.degrees, 90)
        angle = np.deg2rad(rest)
        matrix = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
        return np.asarray(matrix @ np.linalg.matrix_power(quarter, int(quarters)))


@dataclass(frozen=True)
class Directions:
    """How the lines of writing may run, in degrees, positive where they fall to the right.

    Attributes:
        along: the likeliest direction, −90 to 90; level or plumb where no slant is clear.
        across: the likeliest of those roughly at a right angle to it, −180 to 180.
        contrast: how much clearer ``along`` is than ``across``, at least 1.
    """

    along: float
    across: float
    contrast: float


def line_directions(points: NDArray[np.floating], height: float) -> Directions:
    """The directions in which lines of writing may run.

    Seen along the lines the ink gathers in bands with blank ones between: the direction at which
    the profile of the ink has the largest sum of squares (Postl 1986).

    Args:
        points: (N, 2), x and y of the ink of the writing, in pixels.
        height: of a letter, in pixels.
    """
    if len(points) < _LEAST_PIXELS or height <= 0:
        return Directions(0.0, 90.0, 1.0)
    rng = np.random.default_rng(0)
    few, many = _sample(points, _COARSE_SAMPLES, rng), _sample(points, _SAMPLES, rng)
    directions = np.arange(-90.0, 90.0)
    clarity = _clarity(few, height, directions)
    along = float(directions[np.argmax(clarity)])
    off = np.abs((directions - along + 90) % 180 - 90)
    standing = off >= _STANDING_OFF
    across = float(directions[standing][np.argmax(clarity[standing])])
    along, best = _refine(many, height, along)
    across, other = _refine(many, height, across)
    if other > best:
        along, across, best, other = across, along, other, best
    return Directions((along + 90) % 180 - 90, across, best / other)


def _sample(
    points: NDArray[np.floating], count: int, rng: np.random.Generator
) -> NDArray[np.floating]:
    if len(points) <= count:
        return points
    # With replacement: leaving it out would shuffle all the ink of the page.
    return points[rng.integers(0, len(points), count)]


def _refine(points: NDArray[np.floating], height: float, about: float) -> tuple[float, float]:
    """The clearest direction within a degree, to a tenth, and how clear it is."""
    straight = 90.0 * round(about / 90)
    directions = np.array([straight, *(about + np.arange(-10, 11) / 10)])
    clarity = _clarity(points, height, directions)
    best = int(np.argmax(clarity))
    direction = float(directions[best])
    if abs(direction - straight) < _LEVEL or clarity[best] < _LEAST_GAIN * clarity[0]:
        return straight, float(clarity[0])
    return direction, float(clarity[best])


def _clarity(
    points: NDArray[np.floating], height: float, directions: NDArray[np.float64]
) -> NDArray[np.float64]:
    """How much the ink gathers in bands that run in each of the directions."""
    x, y = points.T.astype(np.float32)
    bin_height = max(height / 6, 1.0)
    angles = np.deg2rad(directions)
    values = []
    for sine, cosine in zip(np.sin(angles), np.cos(angles), strict=True):
        below = y * np.float32(cosine / bin_height) - x * np.float32(sine / bin_height)
        counts = np.bincount((below - below.min()).astype(np.intp)).astype(np.float64)
        # Neighbouring bins share: where a band falls between two bins must not matter.
        counts = np.convolve(counts, (0.25, 0.5, 0.25))
        values.append(float(counts @ counts))
    return np.array(values)


def _middle(size: tuple[float, float], points: Positions) -> Positions:
    """(x, y) of the middle of a frame (h, w), in the precision of some points."""
    height, width = size
    middle: Positions = np.array([width / 2, height / 2], points.dtype)  # type: ignore[assignment]
    return middle
