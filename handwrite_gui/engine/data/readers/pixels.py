"""From the pixel values of all sorts of files to ink 255 on a ground of 0."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled, DatasetError

if TYPE_CHECKING:
    from handwrite_gui.engine.data.dataset import OnProgress, ShouldStop, UInt8Array

LARGEST_SIDE = 1024
"""Pixels; a file whose images are said to be larger is damaged or no set of characters."""

_SAMPLE = 2000  # images looked at to tell how bright the ground is, and whether ink is darker
_NOISE = 12  # grey levels that a ground may be from black or white, as compression leaves it


def ink_images(
    pixels: NDArray[Any],
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> UInt8Array:
    """Bring pixel values of any convention to uint8 ink.

    Values up to 1 are taken as 0 to 1, others as 0 to 255.  The rims of the images of a collection
    are mostly ground: where it is bright, the ink is dark and all images are inverted; where it is
    grey, they are photographs, and of each the ground with its shading is taken away.

    Args:
        pixels: booleans, integers or floats (N, H, W), N > 0; may be changed.
        path: the file, for messages.
        on_progress: called with a fraction in 0 to 1 and a short text while photographs are turned
            to ink, which takes a while.
        should_stop: asked between them.

    Returns:
        uint8 (N, H, W), ink 255 on 0.

    Raises:
        DatasetError: a value lies outside of 0 to 255 or is not a number.
        Cancelled: ``should_stop`` became true.
    """
    images = _as_bytes(pixels, path)
    ground = _ground_level(images)
    if _NOISE < ground < 255 - _NOISE:
        # Imported here: whoever classifies clean characters does not wait for it.
        from handwrite_gui.engine.data.readers.scans import ScannedCharacter, ink_of_scan, is_light

        usually_light = is_light([ScannedCharacter.of(image) for image in _some(images)])
        inks: list[UInt8Array] = []
        for number, image in enumerate(images, start=1):
            if should_stop is not None and should_stop():
                raise Cancelled
            inks.append(ink_of_scan(ScannedCharacter.of(image), usually_light))
            if on_progress is not None:
                on_progress(number / len(images), f"Looked at {number} of {len(images)} images")
        return np.stack(inks)
    if ground < 128:
        return images
    return np.subtract(255, images, out=images if images.flags.writeable else None)


def _ground_level(images: UInt8Array) -> float:
    """How bright the ground of a collection's images (N, H, W) is, by their rims."""
    some = _some(images)
    rim = [some[:, 0], some[:, -1], some[:, :, 0], some[:, :, -1]]
    return float(np.median(np.concatenate([side.ravel() for side in rim])))


def _some(images: UInt8Array) -> UInt8Array:
    """About so many images of a collection that all of it can be told by them."""
    return images[:: max(1, len(images) // _SAMPLE)]


def square_side(pixel_count: int, path: Path) -> int:
    """Side of the square images that are written as rows of ``pixel_count`` values.

    Raises:
        DatasetError: no square has that many pixels.
    """
    side = math.isqrt(pixel_count)
    if side * side != pixel_count or side == 0:
        raise DatasetError(
            path,
            f"an image has {pixel_count} pixels, which make no square; it takes square images, "
            f"28×28 = 784 values for example.",
        )
    return side


def _as_bytes(pixels: NDArray[Any], path: Path) -> UInt8Array:
    if pixels.dtype.kind not in "buif":
        raise DatasetError(
            path, f"the pixels are of the type {pixels.dtype}; they have to be numbers 0 to 255."
        )
    if pixels.dtype.kind == "b":
        return pixels.astype(np.uint8) * np.uint8(255)
    smallest, largest = pixels.min(), pixels.max()
    # A comparison with NaN is false, so this refuses it too.
    if not (smallest >= 0 and largest <= 255):
        raise DatasetError(
            path,
            f"the pixels go from {smallest:g} to {largest:g}; they have to be numbers 0 to 255 "
            f"(or 0 to 1).",
        )
    if 0 < largest <= 1:
        pixels = pixels * np.float32(255)
    if pixels.dtype.kind == "f":
        pixels = np.rint(pixels)
    return pixels.astype(np.uint8, copy=False)
