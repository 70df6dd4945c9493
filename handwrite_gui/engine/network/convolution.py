"""A layer whose units look at small windows of an image, all places sharing the same weights.

What a stroke looks like does not depend on where it is: a dense layer has to learn it anew at every
place, a shared-weight perceptron learns it once (LeCun et al. 1989, “Backpropagation applied to
handwritten zip code recognition”).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from handwrite_gui.engine.network.arrays import FloatArray, Parameter


@dataclass(frozen=True, slots=True)
class ImageShape:
    """Of the images that go into or come out of a layer; channels lie next to one another."""

    height: int
    width: int
    channels: int

    @property
    def size(self) -> int:
        return self.height * self.width * self.channels


class Convolution:
    """z = w ∗ x + b: every output pixel is a dense layer on the window around its place

    The windows of ``side`` × ``side`` pixels stand ``stride`` pixels apart; outside of the image is
    zero, so that the output has 1/stride of its height and width.

    Args:
        weights: (side · side · channels, units), window row by row, channels innermost.
        bias: (units,).
        given: the shape of the inputs, whose sides are multiples of the stride.
        side: of the window in pixels, odd.
        stride: between windows in pixels.

    Inputs are ``(B, given.size)`` and outputs ``(B, made.size)``, images row by row, channels
    innermost.

    Raises:
        ValueError: shapes do not go together.
    """

    def __init__(
        self, weights: Parameter, bias: Parameter, given: ImageShape, side: int, stride: int = 1
    ) -> None:
        if side % 2 == 0 or given.height % stride or given.width % stride:
            raise ValueError(
                f"windows of {side} pixels, {stride} apart, do not cover {given.height} × "
                f"{given.width} pixels; choose an odd side and a stride that divides both"
            )
        expected = side * side * given.channels
        if weights.value.shape != (expected, *bias.value.shape):
            raise ValueError(
                f"weights have shape {weights.value.shape}; expected ({expected}, "
                f"{bias.value.size})"
            )
        self.weights, self.bias = weights, bias
        self.parameters: tuple[Parameter, ...] = (weights, bias)
        self.given = given
        self.made = ImageShape(given.height // stride, given.width // stride, bias.value.size)
        self._side, self._stride = side, stride
        self._windows: FloatArray | None = None

    def forward(self, x: FloatArray, training: bool, rng: np.random.Generator | None) -> FloatArray:
        self._windows = self._windows_of(x)
        return self._weighed(self._windows)

    def infer(self, x: FloatArray) -> FloatArray:
        return self._weighed(self._windows_of(x))

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        if self._windows is None:
            raise RuntimeError("backward needs a forward pass before it")
        at_places = gradient.reshape(-1, self.made.channels)
        np.matmul(self._windows.T, at_places, out=self.weights.gradient)
        np.add.reduce(at_places, axis=0, out=self.bias.gradient)
        if not input_gradient:
            return None
        side, stride, given, made = self._side, self._stride, self.given, self.made
        windows = (at_places @ self.weights.value.T).reshape(
            len(gradient), made.height, made.width, side, side, given.channels
        )
        padded = self._padded(len(gradient))
        for row in range(side):
            for column in range(side):
                padded[
                    :,
                    row : row + stride * made.height : stride,
                    column : column + stride * made.width : stride,
                ] += windows[:, :, :, row, column]
        edge = side // 2
        inside = padded[:, edge : edge + given.height, edge : edge + given.width]
        return np.ascontiguousarray(inside).reshape(len(gradient), given.size)

    def _padded(self, count: int) -> FloatArray:
        """Zeros for images and an edge around them: (B, height + …, width + …, channels)."""
        edge = self._side - 1
        shape = (self.given.height + edge, self.given.width + edge, self.given.channels)
        return np.zeros((count, *shape), self.weights.value.dtype)

    def _windows_of(self, x: FloatArray) -> FloatArray:
        """What each output pixel sees: (B · places, side · side · channels)."""
        side, stride, given = self._side, self._stride, self.given
        edge = side // 2
        padded = self._padded(len(x))
        padded[:, edge : edge + given.height, edge : edge + given.width] = x.reshape(
            len(x), given.height, given.width, given.channels
        )
        windows = sliding_window_view(padded, (side, side), axis=(1, 2))[:, ::stride, ::stride]
        return windows.transpose(0, 1, 2, 4, 5, 3).reshape(-1, side * side * given.channels)

    def _weighed(self, windows: FloatArray) -> FloatArray:
        z: FloatArray = windows @ self.weights.value
        z += self.bias.value
        return z.reshape(-1, self.made.size)
