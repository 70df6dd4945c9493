"""A network that sees windows of a line of writing.

It gets maps of directions as the network for single characters does.  Layers whose units look at
small windows of these maps, all places sharing their weights (convolutions; LeCun et al. 1989),
stand in front of a multilayer perceptron that may also get measures: what a stroke's end among
others looks like is learned once for all places.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import DTypeLike, NDArray

from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.arrays import FloatArray, Parameter
from handwrite_gui.engine.network.convolution import Convolution, ImageShape
from handwrite_gui.engine.network.features import DIRECTIONS, DirectionMaps
from handwrite_gui.engine.network.initializers import INITIALIZERS
from handwrite_gui.engine.network.layers import ActivationLayer
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.network.normalization import BatchNormalization, batch_normalization

Convolutions = Sequence[tuple[int, int, int]]
"""Layer by layer: units, side of their windows and zones between these."""

_DROPOUT = (0.05, 0.1)  # of what the convolutions give, and of the hidden layer

_INFERRED_AT_ONCE = 32


class WindowLayers(NamedTuple):
    """What a network is made of.

    Attributes:
        window: pictures in a window, P, and their rows and columns in pixels.
        zone_rows: that these are divided into.
        convolutions: layer by layer, the first on the maps of all pictures.
        hidden: units of the layer behind them.
        classes: K.
        measures: M numbers beside the windows.
    """

    window: tuple[int, int, int]
    zone_rows: int
    convolutions: Convolutions
    hidden: int
    classes: int
    measures: int = 0


class WindowNetwork:
    """logits = MLP([relu(… relu(w² ∗ relu(w¹ ∗ maps))), measures])

    Args:
        layers: what it is made of.
        normalized: whether batches are normalised before every activation, to train it; see
            :meth:`folded`.
        rng: draws the weights; zeros without it.
        dtype: float32, or float64 for checking gradients.

    As with :class:`~handwrite_gui.engine.network.mlp.MLP`, training belongs to one thread;
    :meth:`features` and :meth:`probabilities` only read and may run in many.
    """

    def __init__(
        self,
        layers: WindowLayers,
        *,
        normalized: bool = False,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self._layers, self._dtype = layers, dtype
        self._normalized = normalized
        draw, own = ("zero", np.random.default_rng(0)) if rng is None else ("he", rng)
        self._pictures, rows, columns = layers.window
        self._maps = DirectionMaps(rows, dtype, columns, layers.zone_rows)
        shape = ImageShape(*self._maps.zones, self._pictures * DIRECTIONS)
        self._size = shape.size
        self._steps: list[_Step] = []
        for index, (units, side, stride) in enumerate(layers.convolutions):
            inputs = side * side * shape.channels
            convolution = Convolution(
                Parameter(f"kernel_{index}", INITIALIZERS[draw](inputs, units, own).astype(dtype)),
                Parameter(f"kernel_bias_{index}", np.zeros(units, dtype), decays=False),
                shape,
                side,
                stride,
            )
            shape = convolution.made
            self._steps.append(_Step(convolution, index, normalized))
        self._seen = shape.size
        self._head = MLP(
            (shape.size + layers.measures, layers.hidden, layers.classes),
            normalization="batch" if normalized else "none",
            initializer=draw,
            dropout=_DROPOUT,
            rng=own,
            dtype=dtype,
        )
        self.parameters = [p for step in self._steps for p in step.parameters]
        self.parameters += self._head.parameters
        self.state = [p for step in self._steps for p in step.state] + self._head.state
        """All arrays: those that are learned, and the running statistics of normalisation."""

    def features(self, windows: NDArray[Any]) -> FloatArray:
        """Maps of the directions in windows: (N, zones · P · 8), zone by zone.

        Args:
            windows: (N, P, rows, columns), ink bright: floats, or uint8 with 0…255 standing for
                0…1.
        """
        images = windows.reshape(self._pictures * len(windows), -1).astype(self._head.dtype)
        if windows.dtype == np.uint8:
            images *= 1 / 255
        rows, columns = self._maps.zones
        maps = self._maps.infer(images).reshape(-1, self._pictures * DIRECTIONS, rows, columns)
        return np.ascontiguousarray(maps.transpose(0, 2, 3, 1)).reshape(-1, self._size)

    def forward(
        self,
        features: FloatArray,
        measures: FloatArray | None = None,
        training: bool = False,
        rng: np.random.Generator | None = None,
    ) -> FloatArray:
        """The logits (B, K) of what :meth:`features` gave (B, …) and measures (B, M), kept ready
        for :meth:`backward`.  With ``training``, dropout draws from ``rng``.  The result is a
        buffer that the next call overwrites."""
        for step in self._steps:
            features = step.forward(features, training)
        return self._head.forward(_beside(features, measures), training, rng)

    def backward(self, logits_gradient: FloatArray) -> None:
        """Fills the gradients of all parameters, from ∂L/∂logits (B, K) of the last forward."""
        gradient = self._head.backward(logits_gradient, input_gradient=True)
        assert gradient is not None
        gradient = np.ascontiguousarray(gradient[:, : self._seen])
        for step in reversed(self._steps):
            gradient = step.backward(gradient, step is not self._steps[0])
            if gradient is None:
                return

    def probabilities(
        self, windows: NDArray[np.uint8], measures: FloatArray | None = None
    ) -> FloatArray:
        """Of every class, (N, K); every row sums to one.

        Args:
            windows: uint8 (N, P, rows, columns).
            measures: (N, M), if there are any.
        """
        told = np.empty((len(windows), self._head.sizes[-1]), self._head.dtype)
        # What the convolutions see is many times the windows: few at a time stay in the cache.
        for start in range(0, len(windows), _INFERRED_AT_ONCE):
            rows = slice(start, start + _INFERRED_AT_ONCE)
            seen = self.features(windows[rows])
            for step in self._steps:
                seen = step.infer(seen)
            own = None if measures is None else measures[rows]
            told[rows] = self._head.predict_logits(_beside(seen, own))
        return softmax(told, out=told)

    def copy(self) -> WindowNetwork:
        """A network of the same layers and weights, with arrays of its own."""
        twin = self._of_same_layers(self._normalized)
        for its, own in zip(twin.state, self.state, strict=True):
            np.copyto(its.value, own.value)
        return twin

    def folded(self) -> WindowNetwork:
        """A network without normalisation that infers the same, up to rounding; see
        :meth:`~handwrite_gui.engine.network.mlp.MLP.folded`."""
        twin = self._of_same_layers(normalized=False)
        for own, step in zip(twin._steps, self._steps, strict=True):
            step.fold_into(own)
        twin._head.set_weights(self._head.folded().copy_weights())
        return twin

    def _of_same_layers(self, normalized: bool) -> WindowNetwork:
        return WindowNetwork(self._layers, normalized=normalized, dtype=self._dtype)


def _beside(features: FloatArray, measures: FloatArray | None) -> FloatArray:
    return features if measures is None else np.concatenate([features, measures], axis=1)


class _Step:
    """A convolution, its units normalised over all places, and cut off below zero."""

    def __init__(self, convolution: Convolution, index: int, normalized: bool) -> None:
        units, dtype = convolution.made.channels, convolution.bias.value.dtype
        self._convolution = convolution
        self._normalization: BatchNormalization | None = None
        self._activation = ActivationLayer(ACTIVATIONS["relu"], units, dtype)
        self.parameters = list(convolution.parameters)
        self.state = list(convolution.parameters)
        if normalized:
            own = batch_normalization(f"kernel_{index}", units, dtype)
            self._normalization = own
            self.parameters += own.parameters
            self.state += [*own.parameters, *own.statistics]

    def forward(self, x: FloatArray, training: bool) -> FloatArray:
        z = self._convolution.forward(x, training, None).reshape(-1, self._units)
        if self._normalization is not None:
            z = self._normalization.forward(z, training, None)
        return self._activation.forward(z, training, None).reshape(len(x), -1)

    def backward(self, gradient: FloatArray, input_gradient: bool) -> FloatArray | None:
        at_places = self._activation.backward(gradient.reshape(-1, self._units))
        assert at_places is not None
        if self._normalization is not None:
            at_places = self._normalization.backward(at_places)
            assert at_places is not None
        return self._convolution.backward(at_places.reshape(len(gradient), -1), input_gradient)

    def infer(self, x: FloatArray) -> FloatArray:
        z = self._convolution.infer(x).reshape(-1, self._units)
        if self._normalization is not None:
            z = self._normalization.infer(z)
        return self._activation.infer(z).reshape(len(x), -1)

    def fold_into(self, other: _Step) -> None:
        """Give the weights to a step without normalisation: z f + g = x (W f) + (b f + g)."""
        factor: FloatArray | float = 1.0
        offset: FloatArray | float = 0.0
        if self._normalization is not None:
            factor, offset = self._normalization.as_affine()
        own, its = self._convolution, other._convolution
        np.copyto(its.weights.value, own.weights.value * factor)
        np.copyto(its.bias.value, own.bias.value * factor + offset)

    @property
    def _units(self) -> int:
        return self._convolution.made.channels
