"""The layers of a multilayer perceptron.

Every layer maps a batch to a batch, rows are samples: ``forward`` keeps what ``backward`` needs,
``backward`` takes ∂L/∂(output), fills the gradients of the layer's parameters and returns
∂L/∂(input).  Both work in buffers of the layer that the next call overwrites, so one thread
trains one network; ``infer`` only reads the parameters and may run in many threads.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import DTypeLike

from handwrite_gui.engine.network.activations import Activation
from handwrite_gui.engine.network.arrays import BatchBuffer, FloatArray, Parameter


class Layer(Protocol):
    """One step of the network."""

    @property
    def parameters(self) -> tuple[Parameter, ...]: ...

    def forward(
        self, x: FloatArray, training: bool, rng: np.random.Generator | None
    ) -> FloatArray: ...

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        """May overwrite ``gradient``; without ``input_gradient`` returns None where that saves
        work."""
        ...

    def infer(self, x: FloatArray) -> FloatArray:
        """The output in a new array; touches no buffer."""
        ...


class Dense:
    """z = x W + b

    ∂L/∂W = xᵀ ∂L/∂z,  ∂L/∂b = Σ ∂L/∂z over the batch,  ∂L/∂x = ∂L/∂z Wᵀ.
    """

    def __init__(self, weights: Parameter, bias: Parameter) -> None:
        n_in, n_out = weights.value.shape
        self.weights = weights
        self.bias = bias
        self.parameters: tuple[Parameter, ...] = (weights, bias)
        self._x: FloatArray | None = None
        self._z = BatchBuffer(n_out, weights.value.dtype)
        self._x_gradient = BatchBuffer(n_in, weights.value.dtype)

    def forward(self, x: FloatArray, training: bool, rng: np.random.Generator | None) -> FloatArray:
        self._x = x
        z: FloatArray = np.matmul(x, self.weights.value, out=self._z.rows(len(x)))
        z += self.bias.value
        return z

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        if self._x is None:
            raise RuntimeError("backward needs a forward pass before it")
        np.matmul(self._x.T, gradient, out=self.weights.gradient)
        np.add.reduce(gradient, axis=0, out=self.bias.gradient)
        if not input_gradient:
            return None
        x_gradient: FloatArray = self._x_gradient.rows(len(gradient))
        return np.matmul(gradient, self.weights.value.T, out=x_gradient)

    def infer(self, x: FloatArray) -> FloatArray:
        z: FloatArray = x @ self.weights.value
        z += self.bias.value
        return z


class ActivationLayer:
    """a = f(z),  ∂L/∂z = ∂L/∂a · f'(z)"""

    parameters: tuple[Parameter, ...] = ()

    def __init__(self, activation: Activation, width: int, dtype: DTypeLike) -> None:
        self.activation = activation
        self._z: FloatArray | None = None
        self._a = BatchBuffer(width, dtype)

    def forward(self, x: FloatArray, training: bool, rng: np.random.Generator | None) -> FloatArray:
        self._z = x
        return self.activation.forward(x, out=self._a.rows(len(x)))

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        if self._z is None:
            raise RuntimeError("backward needs a forward pass before it")
        z, self._z = self._z, None  # used up: the derivative is computed in its memory
        self.activation.multiply_derivative(z, self._a.rows(len(z)), gradient)
        return gradient

    @property
    def last_input(self) -> FloatArray:
        """z of the last forward pass, until the backward pass uses it up."""
        if self._z is None:
            raise RuntimeError("there was no forward pass")
        return self._z

    def infer(self, x: FloatArray) -> FloatArray:
        return self.activation.forward(x, out=np.empty_like(x))


class Dropout:
    """y = x m / (1 − p) with m = 0 with probability p, else 1, while training; y = x otherwise.

    Inverted dropout (Srivastava et al. 2014).  ∂L/∂x = ∂L/∂y m / (1 − p).  The mask compares
    16 random bits an element, so p is met to 1/65536.
    """

    parameters: tuple[Parameter, ...] = ()

    def __init__(self, rate: float, width: int, dtype: DTypeLike) -> None:
        if not 0 <= rate < 1:
            raise ValueError(f"dropout rate is {rate}; it must be at least 0 and below 1")
        self.rate = rate
        self._dropped = round(rate * 65536)
        self._active = False
        self._kept = BatchBuffer(width, np.bool_)
        self._mask = BatchBuffer(width, dtype)
        self._y = BatchBuffer(width, dtype)

    def forward(self, x: FloatArray, training: bool, rng: np.random.Generator | None) -> FloatArray:
        self._active = training and self._dropped > 0
        if not self._active:
            return x
        if rng is None:
            raise ValueError("dropout needs a random generator while training")
        count = len(x)
        # Raw 64-bit words as four 16-bit numbers: a quarter of the time of rng.random(float32).
        words = rng.bit_generator.random_raw((x.size + 3) // 4)
        bits = words.view(np.uint16)[: x.size].reshape(x.shape)
        kept = np.greater_equal(bits, self._dropped, out=self._kept.rows(count))
        mask = np.multiply(kept, 65536 / (65536 - self._dropped), out=self._mask.rows(count))
        y: FloatArray = np.multiply(x, mask, out=self._y.rows(count))
        return y

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        if self._active:
            gradient *= self._mask.rows(len(gradient))
        return gradient

    def infer(self, x: FloatArray) -> FloatArray:
        return x
