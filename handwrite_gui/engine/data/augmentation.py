"""Random changes that make every presentation of a training sample a new one.

Affine and elastic deformation in one resampling, then pen width, focus and noise.  The elastic
part follows Simard, Steinkraus & Platt (2003): random displacement fields smoothed by a Gaussian.
Smoothing a field for each sample would cost far more than the network itself, so a bank of fields
is made once and a random one, randomly mirrored and scaled, is taken for each sample.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from handwrite_gui.engine.data.augmentation_ranges import AugmentationRanges
from handwrite_gui.engine.data.normalizer import INPUT_SIZE

Float = NDArray[np.float32]

_BANK_SIZE = 256
_SIDE = INPUT_SIZE + 2  # a rim of background: positions outside the image are clipped onto it
_AT_ONCE = 32  # samples whose pixels are looked up together


class Augmenter:
    """Deforms batches of normalised characters.

    Args:
        strength: 0 leaves the samples as they are, 1 goes to the full ranges.
        seed: of the bank of displacement fields.
        ranges: what full strength means.

    Raises:
        ValueError: the strength is outside 0 to 1.
    """

    def __init__(
        self, strength: float, seed: int = 0, ranges: AugmentationRanges | None = None
    ) -> None:
        if not 0 <= strength <= 1:
            raise ValueError(f"augmentation strength must be within 0 and 1, not {strength}")
        self.strength = strength
        self.ranges = ranges or AugmentationRanges()
        if strength:
            self._bank = _displacement_bank(np.random.default_rng(seed))
            self._grid = _centred_grid()

    def __call__(
        self, inputs: NDArray[np.uint8], rng: np.random.Generator, out: Float | None = None
    ) -> Float:
        """Deform a batch.

        Args:
            inputs: uint8 (B, 1024), normalised characters, row after row.
            rng: the only source of chance; the same state gives the same batch.
            out: float32 (B, 1024) to write to, else a new one.

        Returns:
            float32 (B, 1024), ink 1 on 0.
        """
        if out is None:
            out = np.empty(inputs.shape, np.float32)
        if not self.strength:
            return np.multiply(inputs, np.float32(1 / 255), out=out)
        images = self._deform(inputs, rng)
        images = self._change_pen(images, rng)
        self._add_noise(images, rng)
        out[:] = images.reshape(out.shape)
        return out

    def _deform(self, inputs: NDArray[np.uint8], rng: np.random.Generator) -> Float:
        """Affine and elastic deformation, one bilinear look-up a pixel; (B, 32, 32)."""
        count = len(inputs)
        matrix, shift = self._random_affine(count, rng)
        amplitude = rng.random((count, 2, 1), np.float32) * (self.strength * self.ranges.elastic)
        amplitude *= rng.choice(np.array([-1, 1], np.float32), (count, 2, 1))
        fields = rng.integers(len(self._bank), size=count)
        images = np.empty((count, INPUT_SIZE, INPUT_SIZE), np.float32)
        # A few samples at once: their arrays stay in the processor's cache, and in the memory
        # that the process has, while arrays of a megabyte are asked of the system anew each time.
        for start in range(0, count, _AT_ONCE):
            rows = slice(start, start + _AT_ONCE)
            positions = matrix[rows] @ self._grid  # (B, 2, 1024): y, x around the centre
            positions += self._bank[fields[rows]] * amplitude[rows]
            positions += shift[rows, :, None] + np.float32((_SIDE - 1) / 2)
            images[rows] = _looked_up(inputs[rows], positions)
        return images

    def _random_affine(self, count: int, rng: np.random.Generator) -> tuple[Float, Float]:
        """Matrices (B, 2, 2) and shifts (B, 2) from target to source, y before x."""
        ranges = self.ranges
        draw = (rng.random((6, count), np.float32) * 2 - 1) * np.float32(self.strength)
        angle, shear = draw[0] * ranges.rotation, draw[1] * ranges.shear
        size = np.exp(draw[2] * np.float32(np.log1p(ranges.scale)))
        aspect = np.exp(draw[3] * np.float32(np.log1p(ranges.aspect) / 2))
        cosine, sine = np.cos(angle), np.sin(angle)
        height, width = size * aspect, size / aspect
        matrix = np.empty((count, 2, 2), np.float32)
        # rotation · shear · scaling, written out
        matrix[:, 0, 0] = (cosine - sine * shear) * height
        matrix[:, 0, 1] = -sine * width
        matrix[:, 1, 0] = (sine + cosine * shear) * height
        matrix[:, 1, 1] = cosine * width
        return matrix, draw[4:].T * np.float32(ranges.translation)

    def _change_pen(self, images: Float, rng: np.random.Generator) -> Float:
        """Thicken a third of the batch, thin another; then put some out of focus."""
        third = len(images) // 3
        order = rng.permutation(len(images))
        for chosen, limit, extreme in (
            (order[:third], self.ranges.thicken, np.maximum),
            (order[third : 2 * third], self.ranges.thin, np.minimum),
        ):
            changed = images[chosen]
            weight = rng.random((len(chosen), 1, 1), np.float32) * (self.strength * limit)
            images[chosen] += (_over_cross(changed, extreme) - changed) * weight
        chosen = rng.permutation(len(images))[:third]
        changed = images[chosen]
        weight = rng.random((len(chosen), 1, 1), np.float32) * (self.strength * self.ranges.blur)
        images[chosen] += (_box_blur(changed) - changed) * weight
        # The normaliser makes the darkest ink 1; thinned and blurred samples keep to that.
        images /= np.maximum(images.max(axis=(1, 2), keepdims=True), np.float32(0.1))
        return images

    def _add_noise(self, images: Float, rng: np.random.Generator) -> None:
        chosen = rng.permutation(len(images))[: len(images) // 4]
        noise = rng.standard_normal((len(chosen), *images.shape[1:]), np.float32)
        noise *= rng.random((len(chosen), 1, 1), np.float32) * (self.strength * self.ranges.noise)
        images[chosen] = np.clip(images[chosen] + noise, 0, 1)


def _displacement_bank(rng: np.random.Generator) -> Float:
    """Smooth fields (M, 2, 1024) of unit standard deviation, coarse and fine ones."""
    fields = rng.standard_normal((_BANK_SIZE, 2, INPUT_SIZE, INPUT_SIZE)).astype(np.float32)
    for index, sigma in enumerate(np.linspace(3.5, 8, _BANK_SIZE)):
        # Reflection keeps the field's strength at the rim, where serifs and ends are.
        fields[index] = ndimage.gaussian_filter(fields[index], (0, sigma, sigma), mode="reflect")
    fields -= fields.mean(axis=(2, 3), keepdims=True)
    fields /= fields.std(axis=(2, 3), keepdims=True)
    return fields.reshape(_BANK_SIZE, 2, -1)


def _centred_grid() -> Float:
    """Pixel positions (2, 1024), y before x, around the image's centre."""
    axis = np.arange(INPUT_SIZE, dtype=np.float32) - (INPUT_SIZE - 1) / 2
    return np.stack(np.meshgrid(axis, axis, indexing="ij")).reshape(2, -1)


def _looked_up(inputs: NDArray[np.uint8], positions: Float) -> Float:
    """The images' values at positions (B, 2, 1024), which are overwritten; (B, 32, 32)."""
    count = len(inputs)
    padded = np.zeros((count, _SIDE, _SIDE), np.float32)
    np.multiply(
        inputs.reshape(count, INPUT_SIZE, INPUT_SIZE),
        np.float32(1 / 255),
        out=padded[:, 1:-1, 1:-1],
    )
    np.clip(positions, 0, np.float32(_SIDE - 1.001), out=positions)
    corner = positions.astype(np.int32)
    positions -= corner
    fraction_y, fraction_x = positions[:, 0], positions[:, 1]
    index = corner[:, 0] * _SIDE
    index += corner[:, 1]
    index += (np.arange(count, dtype=np.int32) * (_SIDE * _SIDE))[:, None]
    flat = padded.reshape(-1)
    upper = _between(flat, index, fraction_x)
    lower = _between(flat, index + _SIDE, fraction_x)
    lower -= upper
    lower *= fraction_y
    lower += upper
    return lower.reshape(count, INPUT_SIZE, INPUT_SIZE)


def _between(flat: Float, index: NDArray[np.int32], fraction: Float) -> Float:
    """Linear interpolation between each pixel and its right neighbour."""
    left = flat.take(index)
    right = flat.take(index + 1)
    right -= left
    right *= fraction
    right += left
    return right


def _over_cross(images: Float, extreme: np.ufunc) -> Float:
    """Grey dilation (maximum) or erosion (minimum) by the 4-neighbourhood, batch-wise."""
    result = images.copy()
    extreme(result[:, 1:], images[:, :-1], out=result[:, 1:])
    extreme(result[:, :-1], images[:, 1:], out=result[:, :-1])
    extreme(result[:, :, 1:], images[:, :, :-1], out=result[:, :, 1:])
    extreme(result[:, :, :-1], images[:, :, 1:], out=result[:, :, :-1])
    return result


def _box_blur(images: Float) -> Float:
    """Mean over 3 × 3 pixels, separable, batch-wise."""
    return ndimage.uniform_filter(images, (0, 3, 3), mode="constant")
