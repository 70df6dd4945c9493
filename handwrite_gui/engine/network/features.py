"""What the first dense layer sees of an image: its pixels, or the directions of its strokes.

A perceptron that sees pixels has to learn again at every place what a stroke is.  Maps of the
gradient's direction say so from the start: how much edge there is that faces each of eight ways,
in each of 8 × 8 soft-edged zones.  A stroke that moves by a pixel or grows thicker hardly changes
them.  They are the features of choice for perceptrons on characters (Liu, Nakashima, Sako &
Fujisawa 2003, “Handwritten digit recognition: benchmarking of state-of-the-art techniques”), and
are plain arithmetic on the pixels: a fixed layer in front of those that learn.
"""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import DTypeLike, NDArray

from handwrite_gui.engine.network.arrays import FloatArray, Parameter

FeatureKind = Literal["pixels", "directions"]
FEATURES: tuple[str, ...] = get_args(FeatureKind)

DIRECTIONS = 8
_ZONES = 8  # along each side of the image
_ZONE_SIGMA = 0.55  # zone widths: neighbouring zones overlap, so that small shifts change little
_LEAST_WEIGHT = 1e-12  # of a pixel in a zone, below which it counts as none
_ROOT_OFFSET = 1e-6  # keeps the root's slope finite where there is no edge
_LEAST_SIDE = 16
_INFERRED_AT_ONCE = 16


def feature_count(kind: str, inputs: int) -> int:
    """How many numbers the first dense layer gets for images of this many pixels.

    Raises:
        ValueError: the kind is unknown, or needs a square image of at least 16 × 16 pixels.
    """
    if kind == "pixels":
        return inputs
    if kind != "directions":
        raise ValueError(f"features is {kind!r}; choose {', '.join(FEATURES)}")
    side = math.isqrt(inputs)
    if side * side != inputs or side < _LEAST_SIDE:
        raise ValueError(
            f"directions need square images of at least {_LEAST_SIDE} × {_LEAST_SIDE} pixels, "
            f"not {inputs} inputs; choose pixels"
        )
    return DIRECTIONS * _ZONES * _ZONES


class DirectionMaps:
    """y = √(zones of the gradient's parts along eight directions)

    The gradient of each pixel (Sobel) is split into its parts along the two nearest of eight
    directions, by the parallelogram rule; each direction's map is blurred and sampled at 8 × 8
    zones; the square root evens out strong and weak edges (Liu et al. 2003).

    Args:
        height: of the images, in pixels.
        width: the same, by default square ones; zones are as wide as they are high.
        dtype: of the arithmetic.
        zone_rows: how many zones there are from top to bottom.

    Attributes:
        zones: rows and columns of them.

    Inputs are ``(B, height · width)``, outputs ``(B, 512)`` of square images: direction by
    direction, each 8 × 8 row by row.  The directions are +x, −x, +y, −y, +x+y, +x−y, −x+y, −x−y,
    with y down.
    """

    parameters: tuple[Parameter, ...] = ()

    def __init__(
        self,
        height: int,
        dtype: DTypeLike,
        width: int | None = None,
        zone_rows: int = _ZONES,
    ) -> None:
        self._shape = height, width or height
        self.zones = zone_rows, round(zone_rows * self._shape[1] / height)
        self._down, self._across = (
            _pooling(side, zones).astype(dtype)
            for side, zones in zip(self._shape, self.zones, strict=True)
        )
        self._kept: tuple[FloatArray, FloatArray, FloatArray] | None = None

    @property
    def outputs(self) -> int:
        """How many numbers come of an image."""
        return DIRECTIONS * self.zones[0] * self.zones[1]

    def forward(self, x: FloatArray, training: bool, rng: np.random.Generator | None) -> FloatArray:
        gx, gy = self._gradient(x)
        roots = self._roots(gx, gy)
        self._kept = gx, gy, roots
        return roots - roots.dtype.type(math.sqrt(_ROOT_OFFSET))

    def infer(self, x: FloatArray) -> FloatArray:
        y = np.empty((len(x), self.outputs), self._down.dtype)
        # The maps are eight times the images: few rows at a time stay in the cache.
        for start in range(0, len(x), _INFERRED_AT_ONCE):
            rows = slice(start, start + _INFERRED_AT_ONCE)
            y[rows] = self._roots(*self._gradient(x[rows]))
        y -= y.dtype.type(math.sqrt(_ROOT_OFFSET))
        return y

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        if not input_gradient:
            return None
        if self._kept is None:
            raise RuntimeError("backward needs a forward pass before it")
        gx, gy, roots = self._kept
        count = len(roots)
        zones = (gradient / (2 * roots)).reshape(count, DIRECTIONS, *self.zones)
        zones[:, _DIAGONALS] *= zones.dtype.type(math.sqrt(2))
        rows = zones.transpose(2, 1, 0, 3) @ self._across.T
        maps = (self._down @ rows.reshape(len(rows), -1)).reshape(-1, *rows.shape[1:])
        pixels = _gradient_adjoint(*_parts_adjoint(gx, gy, maps))
        return pixels.transpose(1, 0, 2).reshape(count, -1)

    def _gradient(self, x: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Sobel's derivatives along x and y, each ``(height, B, width)``; outside is no ink.

        Rows come first: then sums over rows and over columns are both products of large matrices.
        """
        height, width = self._shape
        padded = np.zeros((height + 2, len(x), width + 2), self._down.dtype)
        images = x.reshape(len(x), height, width).transpose(1, 0, 2)
        np.multiply(images, 0.25, out=padded[1:-1, :, 1:-1])
        middle = padded[1:-1] * 2
        middle += padded[:-2]
        middle += padded[2:]
        gx = middle[:, :, 2:] - middle[:, :, :-2]
        middle = padded[:, :, 1:-1] * 2
        middle += padded[:, :, :-2]
        middle += padded[:, :, 2:]
        gy = middle[2:] - middle[:-2]
        return gx, gy

    def _roots(self, gx: FloatArray, gy: FloatArray) -> FloatArray:
        maps = _parts(gx, gy)
        height, count, width = gx.shape
        rows = self._down.T @ maps.reshape(height, -1)
        zones: FloatArray = rows.reshape(-1, width) @ self._across
        zones = zones.reshape(-1, DIRECTIONS, count, self.zones[1])
        zones[:, _DIAGONALS] *= zones.dtype.type(math.sqrt(2))
        zones += zones.dtype.type(_ROOT_OFFSET)
        np.sqrt(zones, out=zones)
        return zones.transpose(2, 1, 0, 3).reshape(count, -1)


def _pooling(side: int, zones: int) -> NDArray[np.float64]:
    """What each pixel counts for each zone: ``(side, zones)``, columns sum to one."""
    step = side / zones
    centres = (np.arange(zones) + 0.5) * step - 0.5
    distance = np.arange(side)[:, None] - centres
    weights = np.exp(-(distance**2) / (2 * (_ZONE_SIGMA * step) ** 2))
    # Numbers next to nothing become denormal, and processors multiply those many times slower.
    weights[weights < _LEAST_WEIGHT] = 0
    return np.asarray(weights / weights.sum(axis=0))


_DIAGONALS = slice(4, DIRECTIONS)
_SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))  # of x and y, for the four diagonals


def _parts(gx: FloatArray, gy: FloatArray) -> FloatArray:
    """The parts of vectors along eight directions, ``(height, 8, B, width)``; none is negative.

    The diagonal ones are still to be multiplied by √2, which costs less once they are zones.
    """
    parts = np.empty((len(gx), DIRECTIONS, *gx.shape[1:]), gx.dtype)
    width, height = np.abs(gx), np.abs(gy)
    right, down = np.maximum(gx, 0), np.maximum(gy, 0)
    left, up = right - gx, down - gy
    for index, (along, across) in enumerate(
        ((right, height), (left, height), (down, width), (up, width))
    ):
        np.subtract(along, across, out=parts[:, index])
    for index, (x_sign, y_sign) in enumerate(_SIGNS, start=4):
        np.minimum(right if x_sign > 0 else left, down if y_sign > 0 else up, out=parts[:, index])
    np.maximum(parts[:, :4], 0, out=parts[:, :4])
    return parts


def _parts_adjoint(
    gx: FloatArray, gy: FloatArray, parts_gradient: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """∂L/∂gx and ∂L/∂gy from ∂L/∂parts."""
    width, height = np.abs(gx), np.abs(gy)
    x_sign, y_sign = np.sign(gx), np.sign(gy)
    by_x, by_y = np.zeros_like(gx), np.zeros_like(gy)
    for index, sign in ((0, 1), (1, -1)):
        active = parts_gradient[:, index] * (sign * gx > height)
        by_x += sign * active
        by_y -= y_sign * active
    for index, sign in ((2, 1), (3, -1)):
        active = parts_gradient[:, index] * (sign * gy > width)
        by_y += sign * active
        by_x -= x_sign * active
    for index, (sx, sy) in enumerate(_SIGNS, start=4):
        inside = parts_gradient[:, index] * ((sx * gx > 0) & (sy * gy > 0))
        by_x += sx * inside * (width <= height)
        by_y += sy * inside * (width > height)
    return by_x, by_y


def _gradient_adjoint(by_x: FloatArray, by_y: FloatArray) -> FloatArray:
    """∂L/∂image ``(height, B, width)`` from ∂L/∂gx and ∂L/∂gy: Sobel's operators transposed."""
    height, count, width = by_x.shape
    padded = np.zeros((height + 2, count, width + 2), by_x.dtype)
    for offset, weight in ((0, 0.25), (1, 0.5), (2, 0.25)):
        padded[offset : offset + height, :, 2:] += weight * by_x
        padded[offset : offset + height, :, :-2] -= weight * by_x
        padded[2:, :, offset : offset + width] += weight * by_y
        padded[:-2, :, offset : offset + width] -= weight * by_y
    return padded[1:-1, :, 1:-1]


_COMPASS = {3: (0, 1), 5: (0, 2), 0: (1, 2), 4: (2, 2), 2: (2, 1), 6: (2, 0), 1: (1, 0), 7: (0, 0)}
"""Where each direction's map stands among 3 × 3: an edge facing right on the right."""


def weights_as_images(weights: FloatArray, features: str) -> FloatArray:
    """The weights into each unit of the first layer as an image to look at.

    Args:
        weights: ``(n, units)``, a network's ``first_layer_weights``.
        features: what the network gets.

    Returns:
        ``(units, height, width)``: pixels as they lie on the image; the maps of directions
        around a compass, 3 × 3 of 8 × 8, its middle empty.

    Raises:
        ValueError: the weights do not make square images.
    """
    inputs, units = weights.shape
    if features == "directions":
        compass = np.zeros((units, 3, _ZONES, 3, _ZONES), weights.dtype)
        maps = weights.T.reshape(units, DIRECTIONS, _ZONES, _ZONES)
        for direction, (row, column) in _COMPASS.items():
            compass[:, row, :, column] = maps[:, direction]
        return compass.reshape(units, 3 * _ZONES, 3 * _ZONES)
    side = math.isqrt(inputs)
    if side * side != inputs:
        raise ValueError(f"{inputs} weights to a unit do not make a square image")
    images: FloatArray = weights.T.reshape(units, side, side)
    return images
