"""From the picture of a page to how much ink there is at each pixel, whatever the light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from skimage import filters

Grey = NDArray[np.float32]

WORKING_SIDE = 2400
"""Pictures with a longer side, in pixels, are reduced by a whole factor to at most about this."""

_BACKGROUND_SIDE = 320  # the paper's light changes slowly: it is estimated on a reduced picture
_NOISE_MULTIPLE = 5.0  # ink must stand out of the paper's grain by so many standard deviations
_FAINTEST_CONTRAST = 0.06  # and be darker than the paper by this share of it
_FAINT_SHARE = 0.45  # of the contrast of sure ink, from which ink that goes on from it counts


@dataclass(frozen=True)
class InkMap:
    """Where ink is on a page, at the resolution that the reader works at.

    Attributes:
        darkness: float32 (h, w), how much darker than the paper around it each pixel is, 0 to 1,
            where 1 is the pen's full ink.
        mask: bool (h, w), the pixels that are ink.
        reduction: pixels of the picture for each pixel here, a whole number.
    """

    darkness: Grey
    mask: NDArray[np.bool_]
    reduction: int


def to_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luminance (H, W) of a picture (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), alpha ignored.

    Raises:
        ValueError: the array has another shape or dtype.
    """
    if image.dtype != np.uint8:
        raise ValueError(f"a picture must be uint8, not {image.dtype}")
    if image.ndim == 2:
        return image
    if image.ndim != 3 or image.shape[2] not in {1, 3, 4}:
        raise ValueError(f"a picture must be (H, W) or (H, W, 1, 3 or 4), not {image.shape}")
    if image.shape[2] == 1:
        return image[:, :, 0]
    return np.asarray(Image.fromarray(np.ascontiguousarray(image[:, :, :3])).convert("L"))


def find_ink(image: NDArray[np.uint8]) -> InkMap:
    """Separate writing from paper.

    The paper's brightness is estimated around every pixel, so shading, a coloured sheet and
    gradual shadows cancel; what is darker than it by more than its grain is ink.  The threshold
    is Otsu's (1979) between grain and ink.  Light writing on a dark ground is inverted first.

    Args:
        image: uint8 (H, W) or (H, W, 1, 3 or 4).
    """
    grey = to_grey(image)
    reduction = max(1, round(max(grey.shape) / WORKING_SIDE))
    if reduction > 1:
        grey = np.asarray(Image.fromarray(grey).reduce(reduction))
    light = grey.astype(np.float32)
    if _writing_is_light(light):
        light = 255 - light
    paper = _paper(light)
    contrast = np.asarray(1 - light / np.maximum(paper, 1), np.float32)
    sure, possible = _thresholds(contrast)
    # What is faint is ink where it goes on from ink that is not (Canny 1986): pens fade.
    mask = filters.apply_hysteresis_threshold(contrast, possible, sure)
    if not mask.any():
        return InkMap(np.zeros_like(contrast), mask, reduction)
    # The pen's full ink, from the middle of its strokes; the darkest pixels may be specks.
    full = max(float(np.quantile(contrast[mask], 0.8)), sure)
    # Half of what may be ink is paper for sure: what lies between keeps strokes smooth.
    blank = possible / 2
    darkness = np.clip((contrast - blank) / (full - blank), 0, 1)
    return InkMap(np.asarray(darkness, np.float32), mask, reduction)


def _writing_is_light(light: Grey) -> bool:
    """Whether the fine detail is brighter than its surroundings rather than darker.

    Writing covers little of a page, so it is the long tail of the difference to the local mean:
    the sign of the third moment tells on which side it is.
    """
    detail = light - _slow(light, max(light.shape) / 40)
    return float(np.mean(detail**3)) > 0


def _paper(light: Grey) -> Grey:
    """The brightness of the paper at each pixel, as if nothing were written on it."""
    step = max(1, round(max(light.shape) / _BACKGROUND_SIDE))
    small = np.asarray(Image.fromarray(light).reduce(step)) if step > 1 else light
    # Writing is narrower than the window: its brighter part is paper.  A high percentile, not
    # the maximum, keeps glare and noise out.
    window = max(5, round(max(small.shape) / 16) | 1)
    background = ndimage.percentile_filter(small, 80, size=window, mode="nearest")
    background = ndimage.gaussian_filter(background, window / 4, mode="nearest")
    if step == 1:
        return background
    height, width = light.shape
    return np.asarray(
        Image.fromarray(background).resize((width, height), Image.Resampling.BILINEAR)
    )


def _thresholds(contrast: Grey) -> tuple[float, float]:
    """The contrasts from which a pixel is ink for sure, and from which it may be."""
    # Median absolute deviation: ink covers too little of a page to move it.
    middle = float(np.median(contrast))
    grain = 1.4826 * float(np.median(np.abs(contrast - middle)))
    floor = max(_FAINTEST_CONTRAST, middle + _NOISE_MULTIPLE * grain)
    candidates = contrast[contrast > floor]
    if candidates.size < 16:
        return floor, floor
    # Where the ink is all alike, Otsu's threshold is the ink itself.
    otsu = min(
        float(filters.threshold_otsu(candidates)), 0.75 * float(np.quantile(candidates, 0.8))
    )
    sure = max(otsu, floor)
    return sure, max(_FAINT_SHARE * sure, floor)


def _slow(light: Grey, sigma: float) -> Grey:
    """Gaussian blur; a wide one on a reduced picture, which is as exact and far cheaper."""
    step = max(1, round(sigma / 3))
    height, width = light.shape
    if step == 1 or min(height, width) < 2 * step:
        return ndimage.gaussian_filter(light, sigma, mode="nearest")
    small = np.asarray(Image.fromarray(light).reduce(step))
    small = ndimage.gaussian_filter(small, sigma / step, mode="nearest")
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR))
