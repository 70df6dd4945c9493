"""The slant of the lines of writing, and turning the page so that they lie level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.page.ink import InkMap

MAX_SLANT = 45.0
"""Degrees either way that are searched; beyond, the page is lying on its side."""

_SAMPLES = 20_000  # ink pixels looked at: more change the answer by less than a tenth of a degree
_LEAST_GAIN = 1.06  # a turn must make the lines clearer by this factor
_LEVEL = 0.7  # degrees that do no harm: the lines' own climbing is of that size


@dataclass(frozen=True)
class Turn:
    """A rotation of the page about its middle that has been applied to an ink map.

    Attributes:
        degrees: clockwise as seen, 0 for none.
        before: (h, w) of the map that was turned.
        after: (h, w) of the turned map.
    """

    degrees: float
    before: tuple[int, int]
    after: tuple[int, int]

    def to_original(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Positions (N, 2) as x, y on the turned map → on the map before."""
        if not self.degrees:
            return points
        angle = np.deg2rad(self.degrees)
        cosine, sine = np.cos(angle), np.sin(angle)
        centred = points - np.array(self.after[::-1]) / 2
        turned = centred @ np.array([[cosine, -sine], [sine, cosine]])
        return np.asarray(turned + np.array(self.before[::-1]) / 2)


def line_slant(mask: NDArray[np.bool_], height: float) -> float:
    """The angle of the lines of writing, in degrees, positive where they fall to the right.

    Seen along the lines the ink gathers in bands with blank ones between: the angle at which
    the profile of the ink has the largest sum of squares (Postl 1986).

    Args:
        mask: bool (h, w), the ink of the writing.
        height: of a letter, in pixels.

    Returns:
        Within ±45, and 0 where no angle is clearly better than level.
    """
    rows, columns = np.nonzero(mask)
    if len(rows) < 50 or height <= 0:
        return 0.0
    if len(rows) > _SAMPLES:
        chosen = np.random.default_rng(0).choice(len(rows), _SAMPLES, replace=False)
        rows, columns = rows[chosen], columns[chosen]
    y, x = rows.astype(np.float64), columns.astype(np.float64)
    bin_height = max(height / 6, 1.0)

    def clarity(degrees: float) -> float:
        angle = np.deg2rad(degrees)
        across = (y * np.cos(angle) - x * np.sin(angle)) / bin_height
        counts = np.bincount((across - across.min()).astype(np.intp)).astype(np.float64)
        # Neighbouring bins share: where a band falls between two bins must not matter.
        counts = np.convolve(counts, (0.25, 0.5, 0.25))
        return float(counts @ counts)

    coarse = np.arange(-MAX_SLANT, MAX_SLANT + 1)
    best = float(coarse[int(np.argmax([clarity(angle) for angle in coarse]))])
    fine = np.arange(best - 1, best + 1.01, 0.1)
    values = [clarity(angle) for angle in fine]
    best = float(fine[int(np.argmax(values))])
    if abs(best) < _LEVEL or max(values) < _LEAST_GAIN * clarity(0.0):
        return 0.0
    return best


def level(ink: InkMap, slant: float) -> tuple[InkMap, Turn]:
    """Turn an ink map against the slant of its lines; the frame grows so that nothing is lost."""
    before = ink.mask.shape
    shape = (int(before[0]), int(before[1]))
    if not slant:
        return ink, Turn(0.0, shape, shape)
    # Pillow turns counter-clockwise for positive angles: lines that fall are lifted.
    darkness = np.asarray(
        Image.fromarray(ink.darkness).rotate(slant, Image.Resampling.BILINEAR, expand=True)
    )
    mask = np.asarray(
        Image.fromarray(ink.mask.astype(np.float32)).rotate(
            slant, Image.Resampling.BILINEAR, expand=True
        )
    )
    turned = InkMap(darkness, mask > 0.5, ink.reduction)
    return turned, Turn(-slant, shape, (int(darkness.shape[0]), int(darkness.shape[1])))
