"""The one normaliser: everything the network ever sees comes through here.

Training samples, canvas drawings and page crops are brought to the same frame, so that an
off-centre, small or large character is no other character.  Because size and position are erased
here, whoever needs them (the page reader does) keeps them beside the image.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

INPUT_SIZE = 32
"""Side in pixels of the square image the network is given."""

INK_SIZE = 24
"""The longer side in pixels of the character's ink inside that square, the rest is margin."""

_INK_THRESHOLD = 0.2  # share of the darkest ink from which a pixel counts for the bounding box
_FAINTEST_INK = 24  # of 255: an image whose darkest ink stays below has none
_IMAGES_AT_ONCE = 32  # so few that they and their resampling matrices stay in the cache
_SHAPE_STEP = 16  # images whose sides differ by less go together: calls cost more than pixels
_PIXELS_AT_ONCE = 1 << 22  # bounds that of the images as floats

Ink = NDArray[Any]
Float = NDArray[np.floating[Any]]


def normalize(images: Ink | Sequence[Ink]) -> NDArray[np.uint8]:
    """Bring ink images to the network's frame.

    The ink's bounding box is centred, scaled with its aspect kept so that its longer side takes
    24 of 32 pixels, resampled with a triangle filter as wide as the reduction demands (so thin
    strokes fade instead of breaking), and stretched so that the darkest ink is 255.

    Args:
        images: ink bright on a dark ground, values 0 to 255: an array (N, H, W) of any numeric
            dtype, or a sequence of N arrays (H_i, W_i) of mixed sizes.

    Returns:
        uint8 array (N, 32, 32); an image without ink becomes all zeros.

    Raises:
        ValueError: an image is not two-dimensional.
    """
    if isinstance(images, np.ndarray):
        if images.ndim != 3:
            raise ValueError(f"images must have the shape (N, H, W), not {images.shape}")
        return _normalize_stack(images)
    result = np.zeros((len(images), INPUT_SIZE, INPUT_SIZE), np.uint8)
    by_shape: dict[tuple[int, int], list[int]] = defaultdict(list)
    for index, image in enumerate(images):
        if np.ndim(image) != 2:
            raise ValueError(f"image {index} must be two-dimensional, not {np.shape(image)}")
        height, width = (-(-side // _SHAPE_STEP) * _SHAPE_STEP for side in np.shape(image))
        by_shape[height, width].append(index)
    for shape, indices in by_shape.items():
        at_once = _images_at_once(shape)
        for start in range(0, len(indices), at_once):
            part = indices[start : start + at_once]
            result[part] = _normalize_stack(_stacked([images[index] for index in part], shape))
    return result


def _stacked(images: Sequence[Ink], shape: tuple[int, int]) -> Ink:
    """Images of up to a shape as one array, with nothing beside them: their boxes stay the same."""
    stack = np.zeros((len(images), *shape), np.result_type(*images))
    for place, image in zip(stack, images, strict=True):
        height, width = np.shape(image)
        place[:height, :width] = image
    return stack


def _normalize_stack(images: Ink) -> NDArray[np.uint8]:
    result = np.zeros((len(images), INPUT_SIZE, INPUT_SIZE), np.uint8)
    if images.size == 0:
        return result
    at_once = _images_at_once(images.shape[1:])
    for start in range(0, len(images), at_once):
        chunk = images[start : start + at_once]
        profiles = chunk.max(axis=2), chunk.max(axis=1)
        darkest = profiles[0].max(axis=1)
        inked = np.flatnonzero(darkest >= _FAINTEST_INK)
        if inked.size:
            threshold = (darkest[inked] * _INK_THRESHOLD)[:, None]
            (top, bottom), (left, right) = (
                _extent(np.asarray(profile[inked] >= threshold)) for profile in profiles
            )
            if len(inked) < len(chunk):
                chunk = chunk[inked]
            result[start + inked] = _resample(chunk, top, bottom, left, right)
    return result


def _images_at_once(shape: tuple[int, ...]) -> int:
    return max(1, min(_IMAGES_AT_ONCE, _PIXELS_AT_ONCE // max(1, math.prod(shape))))


def _resample(
    images: Ink, top: Float, bottom: Float, left: Float, right: Float
) -> NDArray[np.uint8]:
    """Centre and scale images (N, H, W), given the boxes (N,) of their ink in pixel edges."""
    # Source pixels one target pixel spans, the same along both axes: the aspect is kept.
    step: Float = np.maximum(bottom - top, right - left) / np.float32(INK_SIZE)
    rows = _resampling_matrix((top + bottom) / 2, step, images.shape[1])
    columns = _resampling_matrix((left + right) / 2, step, images.shape[2])
    # The triangle filter is separable: one matrix for the rows, one for the columns.
    scaled = rows @ images.astype(np.float32) @ columns.transpose(0, 2, 1)
    scaled *= 255 / scaled.max(axis=(1, 2), keepdims=True)
    return np.asarray(np.rint(scaled), np.uint8)


def _extent(profile: NDArray[np.bool_]) -> tuple[Float, Float]:
    """First and one past the last true position of each row of (N, L), in pixel edges."""
    first = profile.argmax(axis=1)
    last = profile.shape[1] - profile[:, ::-1].argmax(axis=1)
    return first.astype(np.float32), last.astype(np.float32)


def _resampling_matrix(centre: Float, step: Float, length: int) -> NDArray[np.float32]:
    """Weights (N, 32, length) that map a source axis to the target axis, up to a factor.

    Args:
        centre: (N,) source position, in pixel edges, that comes to the middle.
        step: (N,) source pixels a target pixel spans.
        length: of the source axis.
    """
    target = np.arange(INPUT_SIZE, dtype=np.float32) - (INPUT_SIZE - 1) / 2
    position = centre[:, None] + target * step[:, None] - 0.5
    # Enlarging interpolates between neighbours; reducing averages over all that is covered.
    radius = np.maximum(step, 1)[:, None, None]
    source = np.arange(length, dtype=np.float32)
    weights = np.abs(source - position[:, :, None])
    weights *= -1 / radius
    weights += 1
    np.maximum(weights, 0, out=weights)
    return weights
