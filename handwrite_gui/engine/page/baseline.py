"""How a line of writing runs over the page: level, climbing or curved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.components import Component

_LEAST_SHARE = 0.5  # of the usual letter height, from which a component says where its line runs
_FEWEST_FOR_SLOPE = 4
_FEWEST_FOR_CURVE = 9
_LEAST_SPAN = 3.0  # letter heights that letters must span for a slope to be told from their bounce
_TOLERANCE = 0.08  # letter heights that letters bounce; what is farther off counts for less
_ITERATIONS = 8
_LEAST_SAG = 0.35  # letter heights from the middle of a line to its ends, for it to be curved
_BETTER = 0.8  # of the misfit of a straight line, that a curve must be better than
_FAR = 0.4  # letter heights, from which a misfit is a tail or a dot
_STEEPEST = 0.6  # no line runs steeper: the page has been levelled


@dataclass(frozen=True)
class Run:
    """The course of a line: y = offset + slope · (x − middle) + bend · (x − middle)².

    Attributes:
        middle: x that the course is given from.
        offset: y of the feet of its letters there.
        slope: pixels down for each pixel to the right.
        bend: change of half the slope for each pixel to the right.
        height: from the feet of the letters to their heads, in pixels.
        left, top, right, bottom: the box of the line.
    """

    middle: float
    offset: float
    slope: float
    bend: float
    height: float
    left: float
    top: float
    right: float
    bottom: float

    def at(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """y of the feet of letters at columns x."""
        along = x - self.middle
        return np.asarray(self.offset + self.slope * along + self.bend * along * along)

    def slope_at(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixels down for each pixel to the right, at columns x."""
        return np.asarray(self.slope + 2 * self.bend * (x - self.middle))


def fit_run(line: Sequence[Component], usual: float, *, may_bend: bool = True) -> Run:
    """Fit the course of a line to the heads and feet of its letters.

    Heads and feet run side by side; letters with tails, capitals among small letters and marks
    stand off one of them and count for little (iteratively reweighted least squares with Cauchy
    weights, Holland and Welsch 1977).

    Args:
        line: its components; must not be empty.
        usual: the usual height of a letter in pixels.
        may_bend: whether the line may be curved: not where it is to be carried on beyond its ends.
    """
    box = (
        min(c.left for c in line),
        min(c.top for c in line),
        max(c.right for c in line),
        max(c.bottom for c in line),
    )
    letters = [c for c in line if c.height >= _LEAST_SHARE * usual] or list(line)
    x = np.array([(c.left + c.right) / 2 for c in letters])
    feet = np.array([c.bottom for c in letters], float)
    heads = np.array([c.top for c in letters], float)
    middle = float(x.mean())
    along = (x - middle) / usual
    target = np.concatenate([feet, heads]) / usual
    degree = _degree(x, usual)
    solution, misfit = _fit_polynomial(along, target, min(degree, 1))
    if degree == 2 and may_bend:
        bent, bent_misfit = _fit_polynomial(along, target, 2)
        sag = abs(bent[3]) * (np.ptp(along) / 2) ** 2
        # A line that is a little uneven is not curved: bending it would make it worse.
        if sag >= _LEAST_SAG and bent_misfit < _BETTER * misfit:
            solution = bent
    foot, head, slope, bend = np.pad(solution, (0, 4 - len(solution))).tolist()
    slope = float(np.clip(slope, -_STEEPEST, _STEEPEST))
    return Run(middle, foot * usual, slope, bend / usual, (foot - head) * usual, *box)


def _degree(x: NDArray[np.float64], usual: float) -> int:
    """Of the polynomial that so many letters can tell."""
    if len(x) < _FEWEST_FOR_SLOPE or np.ptp(x) < _LEAST_SPAN * usual:
        return 0
    return 2 if len(x) >= _FEWEST_FOR_CURVE else 1


def _fit_polynomial(
    along: NDArray[np.float64], target: NDArray[np.float64], degree: int
) -> tuple[NDArray[np.float64], float]:
    """Fit feet and heads, the halves of ``target``, as polynomials that differ by a constant.

    Returns:
        The constants of feet and heads with the common coefficients, and the mean misfit; what is
        far off counts as _FAR.
    """
    ones, zeros = np.ones((len(along), 1)), np.zeros((len(along), 1))
    powers = along[:, np.newaxis] ** np.arange(1, degree + 1)
    design = np.block([[ones, zeros, powers], [zeros, ones, powers]])
    solution = _robust_fit(design, target)
    return solution, float(np.minimum(np.abs(target - design @ solution), _FAR).mean())


def _robust_fit(design: NDArray[np.float64], target: NDArray[np.float64]) -> NDArray[np.float64]:
    weights: NDArray[np.float64] = np.ones(len(target))
    # Where all is off at first nothing is an outlier: the tolerance narrows step by step.
    tolerance = 0.5
    solution: NDArray[np.float64] = np.zeros(design.shape[1])
    for _ in range(_ITERATIONS):
        # The normal equations: columns are few and far from alike, and this is much the quicker.
        weighted = design.T * weights
        solution = np.asarray(np.linalg.solve(weighted @ design, weighted @ target), np.float64)
        residual = (target - design @ solution) / tolerance
        weights = 1 / (1 + residual * residual)
        tolerance = max(tolerance / 1.6, _TOLERANCE)
    return solution
