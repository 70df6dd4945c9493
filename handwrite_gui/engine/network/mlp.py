"""The multilayer perceptron."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.arrays import FloatArray, Parameter
from handwrite_gui.engine.network.features import DirectionMaps, feature_count
from handwrite_gui.engine.network.initializers import INITIALIZERS
from handwrite_gui.engine.network.layers import ActivationLayer, Dense, Dropout, Layer
from handwrite_gui.engine.network.losses import softmax
from handwrite_gui.engine.network.normalization import (
    NORMALIZATIONS,
    BatchNormalization,
    batch_normalization,
)

_STATISTICS = ("mean", "variance")


def parameter_shapes(
    sizes: Sequence[int], features: str = "pixels", normalization: str = "none"
) -> dict[str, tuple[int, ...]]:
    """The shape of every array of a network with these layers, by name; see ``MLP.state``.

    Raises:
        ValueError: the features are unknown or do not go with the number of inputs.
    """
    shapes: dict[str, tuple[int, ...]] = {}
    for index, (n_in, n_out) in enumerate(
        pairwise((feature_count(features, sizes[0]), *sizes[1:]))
    ):
        shapes[f"weights_{index}"] = (n_in, n_out)
        shapes[f"bias_{index}"] = (n_out,)
        if normalization == "batch" and index < len(sizes) - 2:
            shapes |= {f"{name}_{index}": (n_out,) for name in ("scale", "shift", *_STATISTICS)}
    return shapes


class MLP:
    """aˡ = f(aˡ⁻¹ Wˡ + bˡ) for the hidden layers, logits = aᴸ⁻¹ Wᴸ + bᴸ

    Args:
        sizes: units of every layer: inputs, hidden layers, classes; at least two numbers.
        features: what the first dense layer gets, "pixels" as they are or "directions"; see
            :mod:`handwrite_gui.engine.network.features`.
        activation: a name in ``ACTIVATIONS``, for the hidden layers.
        normalization: "none", or "batch" for batch normalisation before every activation.
        initializer: a name in ``INITIALIZERS``.
        dropout: the rate for every hidden layer, or a rate for the inputs and for every hidden
            layer in turn (``len(sizes) − 1`` numbers).
        rng: draws the weights; a generator with seed 0 by default.
        dtype: float32, or float64 for checking gradients.

    Raises:
        ValueError: an argument is out of range; the message names it.

    Training (``forward``, ``backward``) uses buffers of the network and belongs to one thread.
    ``predict_logits`` and ``probabilities`` only read the weights and may run in many.
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        features: str = "pixels",
        activation: str = "relu",
        normalization: str = "none",
        initializer: str = "he",
        dropout: float | Sequence[float] = 0.0,
        rng: np.random.Generator | None = None,
        dtype: DTypeLike = np.float32,
    ) -> None:
        self.sizes = tuple(int(size) for size in sizes)
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes are {self.sizes}; give two or more positive numbers")
        if activation not in ACTIVATIONS:
            raise ValueError(f"activation is {activation!r}; choose {', '.join(ACTIVATIONS)}")
        if normalization not in NORMALIZATIONS:
            raise ValueError(
                f"normalization is {normalization!r}; choose {', '.join(NORMALIZATIONS)}"
            )
        if initializer not in INITIALIZERS:
            raise ValueError(f"initializer is {initializer!r}; choose {', '.join(INITIALIZERS)}")
        self.features = features
        self.activation = activation
        self.normalization = normalization
        self.dropout = self._rates(dropout)
        self.dtype = np.dtype(dtype)
        if rng is None:
            rng = np.random.default_rng(0)

        self.layers: list[Layer] = []
        self.dense_layers: list[Dense] = []
        self.normalization_layers: list[BatchNormalization] = []
        last = len(self.sizes) - 2
        if features != "pixels":
            self.layers.append(DirectionMaps(math.isqrt(self.sizes[0]), self.dtype))
        for index, (n_in, n_out) in enumerate(
            pairwise((feature_count(features, self.sizes[0]), *self.sizes[1:]))
        ):
            if self.dropout[index]:
                self.layers.append(Dropout(self.dropout[index], n_in, self.dtype))
            weights = INITIALIZERS[initializer](n_in, n_out, rng).astype(self.dtype)
            dense = Dense(
                Parameter(f"weights_{index}", weights),
                Parameter(f"bias_{index}", np.zeros(n_out, self.dtype), decays=False),
            )
            self.dense_layers.append(dense)
            self.layers.append(dense)
            if index < last and normalization == "batch":
                self.normalization_layers.append(batch_normalization(index, n_out, self.dtype))
                self.layers.append(self.normalization_layers[-1])
            if index < last:
                self.layers.append(ActivationLayer(ACTIVATIONS[activation], n_out, self.dtype))
        self.parameters = [p for layer in self.layers for p in layer.parameters]
        statistics = [s for layer in self.normalization_layers for s in layer.statistics]
        self.state = [*self.parameters, *statistics]
        """All arrays: those that are learned, and the running statistics of normalisation."""

    def _rates(self, dropout: float | Sequence[float]) -> tuple[float, ...]:
        """A rate for the input of every dense layer."""
        count = len(self.sizes) - 1
        if isinstance(dropout, Sequence):
            rates = tuple(float(rate) for rate in dropout)
            if len(rates) != count:
                raise ValueError(
                    f"dropout has {len(rates)} rates; give {count}: for the inputs and for each "
                    "hidden layer"
                )
        else:
            rates = (0.0, *[float(dropout)] * (count - 1))
        if not all(0 <= rate < 1 for rate in rates):
            raise ValueError(f"dropout is {dropout}; rates must be at least 0 and below 1")
        return rates

    def forward(
        self, x: FloatArray, training: bool = False, rng: np.random.Generator | None = None
    ) -> FloatArray:
        """The logits ``(B, K)`` of inputs ``(B, n_in)``, kept ready for :meth:`backward`.

        ``x`` must stay unchanged until then.  The result is a buffer that the next call
        overwrites.  With ``training``, dropout draws from ``rng``.
        """
        for layer in self.layers:
            x = layer.forward(x, training, rng)
        return x

    @property
    def has_features(self) -> bool:
        """Whether a fixed layer stands before the first dense one."""
        return self.features != "pixels"

    def features_of(self, x: FloatArray) -> FloatArray:
        """What the fixed layer makes of inputs ``(B, n_in)``: ``x`` itself if there is none.

        Touches no buffer, so another thread may prepare batches with it.
        """
        return self.layers[0].infer(x) if self.has_features else x

    def forward_features(
        self, features: FloatArray, training: bool = False, rng: np.random.Generator | None = None
    ) -> FloatArray:
        """As :meth:`forward`, of what :meth:`features_of` gave.

        :meth:`backward` goes back to the weights then, not to the inputs.
        """
        for layer in self.layers[int(self.has_features) :]:
            features = layer.forward(features, training, rng)
        return features

    def backward(
        self, logits_gradient: FloatArray, input_gradient: bool = False
    ) -> FloatArray | None:
        """Fills the gradients of all parameters, from ∂L/∂logits ``(B, K)`` of the last forward.

        Returns:
            ∂L/∂x ``(B, n_in)`` in a buffer if ``input_gradient``, else None: training does not
            need it, and it costs as much as the forward pass of the first layer.
        """
        gradient: FloatArray | None = logits_gradient
        for index in range(len(self.layers) - 1, -1, -1):
            layer = self.layers[index]
            assert gradient is not None
            needed = input_gradient or layer is not self.dense_layers[0]
            gradient = layer.backward(gradient, needed)
            if gradient is None:
                return None
        return gradient if input_gradient else None

    def predict_logits(self, x: NDArray[Any], batch_size: int = 1024) -> FloatArray:
        """The logits of any number of inputs, computed ``batch_size`` rows at a time.

        Args:
            x: ``(N, n_in)``: floats as in training, or uint8 with 0…255 standing for 0…1.
            batch_size: bounds the memory in use.

        Returns:
            floats ``(N, K)``, a new array.

        Raises:
            ValueError: ``x`` has another shape.
        """
        return self._inferred(x, self.layers, self.sizes[-1], batch_size)

    def predict_hidden(self, x: NDArray[Any], batch_size: int = 1024) -> FloatArray:
        """What the last dense layer gets for any number of inputs, floats ``(N, H)``.

        Arguments and errors are those of :meth:`predict_logits`.
        """
        layers = self.layers[: self.layers.index(self.dense_layers[-1])]
        return self._inferred(x, layers, self.hidden_units, batch_size)

    @property
    def hidden_units(self) -> int:
        """How many values the last dense layer gets."""
        return int(self.dense_layers[-1].weights.value.shape[0])

    def logits_of_hidden(self, hidden: FloatArray) -> FloatArray:
        """The logits for what :meth:`predict_hidden` gave."""
        return self.dense_layers[-1].infer(hidden)

    def _inferred(
        self, x: NDArray[Any], layers: Sequence[Layer], width: int, batch_size: int
    ) -> FloatArray:
        """What some of the layers, from the first on, make of inputs: ``(N, width)``."""
        if x.ndim != 2 or x.shape[1] != self.sizes[0]:
            raise ValueError(f"inputs have shape {x.shape}; expected (N, {self.sizes[0]})")
        outputs: FloatArray = np.empty((len(x), width), self.dtype)
        for start in range(0, len(x), batch_size):
            rows = slice(start, start + batch_size)
            a = x[rows].astype(self.dtype)
            if x.dtype == np.uint8:
                a *= 1 / 255
            for layer in layers:
                a = layer.infer(a)
            outputs[rows] = a
        return outputs

    def probabilities(self, x: NDArray[Any], batch_size: int = 1024) -> FloatArray:
        """softmax of :meth:`predict_logits`, ``(N, K)``; every row sums to one."""
        logits = self.predict_logits(x, batch_size)
        return softmax(logits, out=logits)

    @property
    def first_layer_weights(self) -> FloatArray:
        """``(features, units of the first layer)``: a column is what one unit looks for."""
        return self.dense_layers[0].weights.value

    def copy_weights(self) -> list[FloatArray]:
        """Copies of all arrays, in the order of ``state``."""
        return [parameter.value.copy() for parameter in self.state]

    def set_weights(self, weights: Sequence[FloatArray]) -> None:
        """Takes over values in the order of ``state``.

        Raises:
            ValueError: number or shapes differ from this network's; nothing was changed.
        """
        shapes = [parameter.value.shape for parameter in self.state]
        if [array.shape for array in weights] != shapes:
            raise ValueError(
                f"weights have shapes {[array.shape for array in weights]}; expected {shapes}"
            )
        for parameter, array in zip(self.state, weights, strict=True):
            np.copyto(parameter.value, array)

    def copy(self, dtype: DTypeLike | None = None) -> MLP:
        """A network with the same architecture and copied weights, and buffers of its own.

        Args:
            dtype: of the copy; this network's by default.
        """
        twin = self._twin(self.normalization, dtype)
        twin.set_weights([parameter.value for parameter in self.state])
        return twin

    def folded(self) -> MLP:
        """A network without normalisation layers that infers the same, up to rounding.

        Once trained, batch normalisation is one factor and one offset a unit, which the dense
        layer before it takes in: z f + g = x (W f) + (b f + g).
        """
        twin = self._twin("none")
        for dense, source in zip(twin.dense_layers, self.dense_layers, strict=True):
            np.copyto(dense.weights.value, source.weights.value)
            np.copyto(dense.bias.value, source.bias.value)
        for dense, normalization in zip(twin.dense_layers, self.normalization_layers, strict=False):
            factor, offset = normalization.as_affine()
            dense.weights.value *= factor
            dense.bias.value *= factor
            dense.bias.value += offset
        return twin

    def _twin(self, normalization: str, dtype: DTypeLike | None = None) -> MLP:
        return MLP(
            self.sizes,
            features=self.features,
            activation=self.activation,
            normalization=normalization,
            initializer="zero",
            dropout=self.dropout,
            dtype=self.dtype if dtype is None else dtype,
        )


def one_layer(
    weights: NDArray[np.floating], bias: NDArray[np.floating], dtype: DTypeLike = np.float32
) -> MLP:
    """A network of a single dense layer, with copies of its weights.

    Args:
        weights: ``(n_in, K)``.
        bias: ``(K,)``.
        dtype: of the network, whatever that of the arrays is.
    """
    network = MLP(weights.shape, initializer="zero", dtype=dtype)
    network.set_weights([weights, bias])
    return network
