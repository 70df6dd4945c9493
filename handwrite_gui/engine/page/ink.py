"""From the picture of a page to how much ink there is at each pixel, whatever the light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage
from skimage import filters

from handwrite_gui.engine.page.rules import remove_rules

Grey = NDArray[np.float32]

WORKING_SIDE = 2400
"""Pictures with a longer side, in pixels, are reduced by a whole factor to at most about this."""

_SMALL_SIDE = 400  # pictures with a shorter side are looked at in full
_PAPER_SAMPLES = 200_000  # pixels that tell the grain of the paper
_INK_SAMPLES = 800_000  # and pixels whose dark ones tell the ink
_BAND = 512  # rows of a large picture that are reduced at a time: the rest stays as it is
_FRAME_SPREAD = 4.0  # grey levels within which a line at the rim is all of one colour,
_FRAME_STEP = 40.0  # and from which it is another than the page's: a frame
_WIDEST_FRAME = 1 / 3  # of a side
_BACKGROUND_SIDE = 320  # the paper's light changes slowly: it is estimated on a reduced picture
_WIDEST_STROKE = 1 / 16  # of the longer side: what is wider is another surface, not ink
_OTHER_SURFACE = 0.5  # of the paper's brightness, below which what lies around it is not paper
_SHARP_EDGE = 0.7  # brightness just inside its edge over just outside; shadows are softer
_SURFACE_STEP = 40.0  # grey levels from one surface to another
_WIDEST_GLARE = 0.45  # of the longer side: what is bright and wider is the light itself
_LEAST_VEIL = 0.25  # of the way to white, from which a reflection matters
_WHITE = 275.0  # a little more than a camera tells apart: veiled ink is not quite gone
_MOST_GAIN = 3.0
_VEILED = 1.3  # from this gain on ink lies below a reflection,
_WEAKENED = 0.85  # and has at most this share of the contrast of ink that does not
_NOISE_MULTIPLE = 5.0  # ink must stand out of the paper's grain by so many standard deviations
_FAINTEST_CONTRAST = 0.06  # and be darker than the paper by this share of it
_SURE_SHARE = 0.5  # of the usual contrast of ink, from which it is ink for sure
_FAINT_SHARE = 0.45  # of the contrast of sure ink, from which ink that goes on from it counts
_GHOST_SHARE = 0.45  # of the pen's contrast: what is all fainter than that was wiped, or shows
_GHOST_APART = 2.2  # through; if the two are apart by so many of their standard deviations


@dataclass(frozen=True)
class InkMap:
    """Where ink is on a page, at the resolution that the reader works at.

    Attributes:
        darkness: float32 (h, w), how much darker than the paper around it each pixel is, 0 to 1,
            where 1 is the pen's full ink.
        mask: bool (h, w), the pixels that are ink.
        reduction: pixels of the picture for each pixel here, a whole number.
        grey: uint8 (h, w), the picture's luminance.
    """

    darkness: Grey
    mask: NDArray[np.bool_]
    reduction: int
    grey: NDArray[np.uint8]


def to_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Luminance (H, W) of a picture (H, W), (H, W, 1), (H, W, 3) or (H, W, 4), alpha ignored.

    Raises:
        ValueError: the array has another shape or dtype, or no pixels.
    """
    if image.dtype != np.uint8:
        raise ValueError(f"a picture must be uint8, not {image.dtype}")
    if image.ndim not in {2, 3} or (image.ndim == 3 and image.shape[2] not in {1, 3, 4}):
        raise ValueError(f"a picture must be (H, W) or (H, W, 1, 3 or 4), not {image.shape}")
    if not image.size:
        raise ValueError(f"a picture must have pixels; this one is {image.shape}")
    if image.ndim == 2:
        return image
    if image.shape[2] == 1:
        return image[:, :, 0]
    return np.asarray(Image.fromarray(np.ascontiguousarray(image[:, :, :3])).convert("L"))


def find_ink(image: NDArray[np.uint8]) -> InkMap:
    """Separate writing from paper.

    The paper's brightness is estimated around every pixel, so shading, a coloured sheet and
    shadows cancel; what is darker than it by more than its grain is ink.  Printed lines and what
    lies around the sheet are taken away.  The threshold is Otsu's (1979) between grain and ink.
    Light writing on a dark ground is inverted first.

    Args:
        image: uint8 (H, W) or (H, W, 1, 3 or 4).

    Raises:
        ValueError: the array has another shape or dtype, or no pixels.
    """
    to_grey(image[:1, :1] if image.ndim > 1 and image.size else image)  # refuses other arrays
    reduction = max(1, round(max(image.shape[:2]) / WORKING_SIDE))
    grey = _reduced_grey(image, reduction)
    light = grey.astype(np.float32)
    _take_off_frame(light)
    if _writing_is_light(_halved(light)):
        np.subtract(255, light, out=light)
    contrast = _contrast(light)
    contrast = remove_rules(contrast)
    sure, possible = _thresholds(contrast)
    mask = _connected(contrast, possible, sure)
    if not mask.any():
        return InkMap(np.zeros_like(contrast), mask, reduction, grey)
    # The pen's full ink, from the middle of its strokes; the darkest pixels may be specks.
    full = max(float(np.quantile(contrast[mask], 0.8)), sure)
    # Half of what may be ink is paper for sure: what lies between keeps strokes smooth.
    blank = possible / 2
    contrast -= np.float32(blank)
    contrast /= np.float32(full - blank)
    return InkMap(np.clip(contrast, 0, 1, out=contrast), mask, reduction, grey)


def _reduced_grey(image: NDArray[np.uint8], reduction: int) -> NDArray[np.uint8]:
    """Luminance, every pixel the mean of ``reduction`` × ``reduction`` of the picture's."""
    if reduction == 1:
        return to_grey(image)
    rows = _BAND * reduction
    # Band by band: a scan of 100 megapixels must not be in memory a second time.
    return np.concatenate(
        [
            np.asarray(Image.fromarray(to_grey(image[top : top + rows])).reduce(reduction))
            for top in range(0, len(image), rows)
        ]
    )


def _take_off_frame(light: Grey) -> None:
    """Give a frame of one colour, as scanners and programs put around a page, that of the page
    beside it; in place."""
    usual = float(np.median(light[:: _stride(light, _PAPER_SAMPLES)]))
    sides = (light, light[::-1], light.T, light.T[::-1])
    # All are measured before any is changed: they share their corners.
    for side, wide in [(side, _frame_width(side, usual)) for side in sides]:
        if wide:
            # The frame's last line may be mixed with the page's first.
            side[: wide + 1] = np.median(side[wide + 1])


def _frame_width(side: Grey, usual: float) -> int:
    """How many lines from its rim are a frame; 0 where it would be most of the page."""
    most = int(len(side) * _WIDEST_FRAME)
    wide = 0
    while wide < most and _is_frame(side[wide], usual):
        wide += 1
    return wide if wide < most else 0


def _is_frame(line: Grey, usual: float) -> bool:
    return float(line.std()) < _FRAME_SPREAD and abs(float(line.mean()) - usual) > _FRAME_STEP


def _writing_is_light(light: Grey) -> bool:
    """Whether the fine detail is brighter than its surroundings rather than darker.

    Writing covers little of a page, so it is the long tail of the difference to the local mean:
    the sign of the third moment tells on which side it is.
    """
    edges = _near_an_edge(light)
    detail = light - _slow(light, max(light.shape) / 40)
    if edges is not None:
        detail[edges] = 0
    return float(np.vdot(detail, detail * detail)) > 0


def _halved(light: Grey) -> Grey:
    """At half of the resolution; as it is where strokes would be lost."""
    if min(light.shape) < _SMALL_SIDE:
        return light
    return np.asarray(Image.fromarray(light).reduce(2))


def _near_an_edge(light: Grey) -> NDArray[np.bool_] | None:
    """Where one surface ends and another begins; None where there is only one surface.

    Strokes vanish in a closing or in an opening, depending on whether they are dark or light; the
    edge of a sheet is there in both.
    """
    height, width = light.shape
    step = max(1, round(max(light.shape) / (_BACKGROUND_SIDE / 2)))
    small = np.asarray(Image.fromarray(light).reduce(step)) if step > 1 else light
    window = _window(small)
    fills = (
        ndimage.grey_closing(small, (window, window), mode="nearest"),
        ndimage.grey_opening(small, (window, window), mode="nearest"),
    )
    steps = [
        ndimage.maximum_filter(fill, 5) - ndimage.minimum_filter(fill, 5) > _SURFACE_STEP
        for fill in fills
    ]
    edges = steps[0] & steps[1]
    if not edges.any():
        return None
    edges = ndimage.maximum_filter(edges, window)
    return np.asarray(edges.repeat(step, axis=0)[:height].repeat(step, axis=1)[:, :width])


def _contrast(light: Grey) -> Grey:
    """How much darker than the paper around it each pixel is, as a share; overwrites ``light``."""
    height, width = light.shape
    step = max(1, round(max(light.shape) / _BACKGROUND_SIDE))
    small = np.asarray(Image.fromarray(light).reduce(step)) if step > 1 else light
    paper = _paper(small)
    beside = _beside_the_sheet(paper)
    gain = _glare_gain(paper)
    # The fall at an edge belongs to its bright side: on the dark one it would be ink.
    paper = ndimage.minimum_filter(paper, 3, mode="nearest")
    paper = np.maximum(ndimage.uniform_filter(paper, 3, mode="nearest"), 1)
    contrast = np.divide(light, _stretched(paper, (height, width), step), out=light)
    np.subtract(1, contrast, out=contrast)
    if gain is not None:
        gain = _stretched(gain, (height, width), step)
        if _is_veiled(contrast, gain):
            contrast *= gain
    if beside is not None:
        beside = _stretched(beside.astype(np.float32), (height, width), step) > 0.01
        contrast[beside] = 0
    return contrast


def _paper(small: Grey) -> Grey:
    """The brightness of the paper, as if nothing were written on it.

    A closing (Serra 1982) fills all that is dark and narrower than its window.  Shading and the
    edges of shadows and sheets stay as they are, so that neither turns into ink.
    """
    window = _window(small)
    # As if it went on dark beyond its rim: a strip of desk there is no stroke.
    padded = np.pad(small, window)
    closed = ndimage.minimum_filter(ndimage.maximum_filter(padded, window), window)
    closed = closed[window:-window, window:-window]
    # Bright peaks are glints and the grain.
    return np.asarray(ndimage.grey_opening(closed, (window // 2 | 1,) * 2, mode="nearest"))


def _window(small: Grey) -> int:
    """Wider than any stroke, in pixels of a reduced picture, odd."""
    return max(5, round(float(max(small.shape)) * _WIDEST_STROKE) | 1)


def _glare_gain(paper: Grey) -> Grey | None:
    """By how much to raise the contrast where a lamp's reflection veils the writing.

    The reflection is what is brighter than the sheet around; it lies over paper and ink alike
    and leaves less of the difference the closer it comes to white.

    Returns:
        None where there is no reflection.
    """
    size = round(max(paper.shape) * _WIDEST_GLARE) | 1
    sheet = np.maximum(ndimage.grey_opening(paper, (size, size), mode="nearest"), 1)
    veil = (paper - sheet) / (_WHITE - np.minimum(sheet, _WHITE - 1))
    if float(veil.max()) < _LEAST_VEIL:
        return None
    gain = paper / (sheet * (1 - np.minimum(veil, 0.9)))
    return np.asarray(np.clip(gain, 1, _MOST_GAIN), np.float32)


def _is_veiled(contrast: Grey, gain: Grey) -> bool:
    """Whether the ink is weaker where there seems to be a reflection: it may be a lamp's light."""
    sample, gain = contrast[::2, ::2], gain[::2, ::2]
    ink = sample > _FAINTEST_CONTRAST
    below, beside = sample[ink & (gain > _VEILED)], sample[ink & (gain <= _VEILED)]
    if not below.size or not beside.size:
        return False
    return float(np.quantile(below, 0.9)) < _WEAKENED * float(np.quantile(beside, 0.9))


def _stretched(small: Grey, shape: tuple[int, int], step: int) -> Grey:
    """A picture that was reduced by ``step``, at its former size."""
    if step == 1:
        return small
    height, width = shape
    return np.asarray(
        Image.fromarray(small).resize(
            (width, height), Image.Resampling.BILINEAR, box=(0, 0, width / step, height / step)
        )
    )


def _beside_the_sheet(paper: Grey) -> NDArray[np.bool_] | None:
    """What is much darker than the paper, reaches the rim, and begins at a sharp edge."""
    bright = float(np.quantile(paper, 0.9))
    dark = paper < _OTHER_SURFACE * bright
    if not dark.any() or dark.all():
        return None
    labels, _ = ndimage.label(dark)
    rim = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    beside = np.zeros(paper.shape, bool)
    for label in rim[rim > 0]:
        own = labels == label
        outside = ndimage.binary_dilation(own, iterations=4) & ~ndimage.binary_dilation(
            own, iterations=2
        )
        inside = own & ~ndimage.binary_erosion(own, iterations=4, border_value=1)
        if (
            outside.any()
            and inside.any()
            and np.median(paper[inside]) < _SHARP_EDGE * np.median(paper[outside])
        ):
            beside |= own
    return ndimage.binary_dilation(beside, iterations=2) if beside.any() else None


def _thresholds(contrast: Grey) -> tuple[float, float]:
    """The contrasts from which a pixel is ink for sure, and from which it may be."""
    # Median absolute deviation: ink covers too little of a page to move it.
    stride = _stride(contrast, _PAPER_SAMPLES)
    sample = contrast[::stride, ::stride]
    middle = float(np.median(sample))
    grain = 1.4826 * float(np.median(np.abs(sample - middle)))
    floor = max(_FAINTEST_CONTRAST, middle + _NOISE_MULTIPLE * grain)
    stride = _stride(contrast, _INK_SAMPLES)
    sample = contrast[::stride, ::stride]
    candidates = sample[sample > floor]
    if candidates.size < 16:
        return floor, floor
    # Where the ink is all alike, or of two pens, Otsu's threshold lies in the ink itself.
    otsu = min(
        float(filters.threshold_otsu(candidates)), _SURE_SHARE * float(np.quantile(candidates, 0.8))
    )
    sure = max(otsu, floor)
    possible = max(_FAINT_SHARE * sure, floor)
    ghost = _ghost_threshold(contrast, floor)
    return max(sure, ghost), max(possible, ghost)


def _stride(contrast: Grey, samples: int) -> int:
    """Of how many rows, and columns, one is enough to have about so many samples."""
    return max(1, int((contrast.size / samples) ** 0.5))


def _ghost_threshold(contrast: Grey, floor: float) -> float:
    """Where there is old writing below the new, the contrast that parts them; or else 0.

    It is told by the middles of the strokes: their edges have every contrast.
    """
    middles = _ridges(_halved(contrast), floor)
    if middles.size < 64:
        return 0.0
    threshold = float(filters.threshold_otsu(middles))
    faint, strong = middles[middles <= threshold], middles[middles > threshold]
    if not faint.size or not strong.size:
        return 0.0
    apart = float(strong.mean() - faint.mean()) / max(float(strong.std() + faint.std()), 1e-6)
    if apart < _GHOST_APART or float(faint.mean()) > _GHOST_SHARE * float(strong.mean()):
        return 0.0
    return threshold


def _ridges(contrast: Grey, floor: float) -> Grey:
    """What is above the floor, and no lower than any of its eight neighbours, as (N,)."""
    width = contrast.shape[1] + 2
    padded = np.pad(contrast, 1, constant_values=-np.inf).reshape(-1)
    # Ink is little of a page: its neighbours are looked up rather than those of every pixel.
    at = np.flatnonzero(padded > floor)
    values = padded[at]
    highest = np.ones(len(at), bool)
    for offset in (-width - 1, -width, 1 - width, -1, 1, width - 1, width, width + 1):
        highest &= values >= padded[at + offset]
    return np.asarray(values[highest])


def _connected(contrast: Grey, possible: float, sure: float) -> NDArray[np.bool_]:
    """What is faint is ink where it goes on from ink that is not (Canny 1986): pens fade."""
    mask = contrast > possible
    if sure <= possible:
        return np.asarray(mask)
    labels, count = ndimage.label(mask)
    holds = np.zeros(count + 1, bool)
    holds[labels[contrast > sure]] = True
    mask[mask] = holds[labels[mask]]
    return np.asarray(mask)


def _slow(light: Grey, sigma: float) -> Grey:
    """Gaussian blur; a wide one on a reduced picture, which is as exact and far cheaper."""
    step = max(1, round(sigma / 3))
    height, width = light.shape
    if step == 1 or min(height, width) < 2 * step:
        return ndimage.gaussian_filter(light, sigma, mode="nearest")
    small = np.asarray(Image.fromarray(light).reduce(step))
    small = ndimage.gaussian_filter(small, sigma / step, mode="nearest")
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BILINEAR))
