"""Scanned or photographed characters turned to ink 255 on a ground of 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import UInt8Array

_FAINTEST = 24
"""Grey levels; a picture with less between its darkest and its lightest pixel has no ink."""

_CLEAR_MAJORITY = 0.65
_NOISE_WIDTH = 3 * 1.4826
"""Median absolute deviations that make three standard deviations of normal noise."""


@dataclass(frozen=True, slots=True)
class ScannedCharacter:
    """A grey picture of one character, and what tells its ink from its ground.

    Attributes:
        grey: uint8 (H, W).
        threshold: grey level between the two (Otsu 1979), or None for a picture without ink.
        light_rim: share of its rim's pixels that are lighter than the threshold.
    """

    grey: UInt8Array
    threshold: int | None
    light_rim: float

    @classmethod
    def of(cls, grey: UInt8Array) -> ScannedCharacter:
        if int(grey.max()) - int(grey.min()) < _FAINTEST:
            return cls(grey, None, 0.5)
        # Imported here as it is slow to import, and only folders of images need it.
        from skimage.filters import threshold_otsu

        threshold = int(threshold_otsu(grey))
        rim = np.concatenate([grey[0], grey[-1], grey[:, 0], grey[:, -1]])
        return cls(grey, threshold, float((rim > threshold).mean()))


def is_light(scans: Sequence[ScannedCharacter]) -> bool:
    """Whether the ground of a collection is light, by those of its pictures that say so clearly."""
    clear = [scan.light_rim for scan in scans if _is_clear(scan.light_rim)]
    return not clear or float(np.median(clear)) > 0.5


def ink_of_scan(scan: ScannedCharacter, usually_light: bool) -> UInt8Array:
    """An ink image uint8 (H, W), 255 on 0, whichever of the two was dark.

    The rim of a picture is mostly ground.  Where the rim is mixed, because the picture was cut
    tightly, its collection decides.

    Args:
        scan: the picture.
        usually_light: what :func:`is_light` says of its collection.
    """
    return _ink(scan, scan.light_rim > 0.5 if _is_clear(scan.light_rim) else usually_light)


def _is_clear(light_rim: float) -> bool:
    return max(light_rim, 1 - light_rim) >= _CLEAR_MAJORITY


def _ink(scan: ScannedCharacter, light_ground: bool) -> UInt8Array:
    if scan.threshold is None:
        return np.zeros_like(scan.grey)
    # From here on ink is bright.
    grey = np.subtract(255, scan.grey) if light_ground else scan.grey
    is_ink = scan.grey <= scan.threshold if light_ground else scan.grey > scan.threshold
    zero = _ground_level(grey[~is_ink])
    full = float(np.percentile(grey[is_ink], 95))
    if full <= zero:
        return np.where(is_ink, np.uint8(255), np.uint8(0))
    stretched = (grey.astype(np.float32) - zero) * (255 / (full - zero))
    inked: UInt8Array = np.rint(stretched.clip(0, 255)).astype(np.uint8)
    return inked


def _ground_level(ground: NDArray[np.uint8]) -> float:
    """The level below which brightness is paper grain and shading: zero for clean pictures."""
    middle = float(np.median(ground))
    noise = float(np.median(np.abs(ground - np.float32(middle))))
    return min(middle + _NOISE_WIDTH * noise, float(ground.max()))
