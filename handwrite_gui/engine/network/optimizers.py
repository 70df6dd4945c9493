"""Gradient descent and its relatives, in place.

A step goes through the parameters in pieces small enough that a piece, its gradient and its
state stay in the processor's cache: the handful of passes of Adam over millions of weights then
costs about one pass over memory.  One scratch buffer of that size is all that is allocated.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, NamedTuple

import numpy as np

from handwrite_gui.engine.network.arrays import FloatArray, Parameter

PIECE_SIZE = 32768
"""Numbers handled at a time: five float32 arrays of this length fit a 1 MiB cache."""


class _Piece(NamedTuple):
    """A run of a parameter's numbers with their gradient and state: 1-D views."""

    value: FloatArray
    gradient: FloatArray
    state: tuple[FloatArray, ...]
    scratch: FloatArray
    decay: float


class Optimizer(ABC):
    """Moves parameters against their gradients.

    Args:
        parameters: what to learn; the arrays in them must stay the same objects.
        weight_decay: λ, applied to the parameters that decay.  All optimisers but AdamW add
            λ w to the gradient, that is they minimise L + λ/2 ‖w‖².
    """

    name: ClassVar[str]
    state_names: ClassVar[tuple[str, ...]] = ()
    """One array of the parameter's shape is kept for each."""

    def __init__(self, parameters: Sequence[Parameter], *, weight_decay: float = 0.0) -> None:
        self.steps = 0
        self._state = {
            f"{name}.{parameter.name}": np.zeros_like(parameter.value)
            for parameter in parameters
            for name in self.state_names
        }
        scratch = np.empty(PIECE_SIZE, parameters[0].value.dtype if parameters else np.float32)
        self._pieces: list[_Piece] = []
        for parameter in parameters:
            value, gradient = parameter.value.reshape(-1), parameter.gradient.reshape(-1)
            states = [self._state[f"{n}.{parameter.name}"].reshape(-1) for n in self.state_names]
            for start in range(0, value.size, PIECE_SIZE):
                run = slice(start, min(start + PIECE_SIZE, value.size))
                self._pieces.append(
                    _Piece(
                        value[run],
                        gradient[run],
                        tuple(state[run] for state in states),
                        scratch[: run.stop - run.start],
                        weight_decay if parameter.decays else 0.0,
                    )
                )

    def step(self, learning_rate: float) -> None:
        """One update from the gradients now in the parameters; it may overwrite them."""
        self.steps += 1
        for piece in self._pieces:
            self._update(piece, learning_rate)

    @abstractmethod
    def _update(self, piece: _Piece, rate: float) -> None: ...

    @staticmethod
    def _add_decay(piece: _Piece) -> None:
        """g ← g + λ w"""
        if piece.decay:
            np.multiply(piece.value, piece.decay, out=piece.scratch)
            np.add(piece.gradient, piece.scratch, out=piece.gradient)

    def state_dict(self) -> dict[str, FloatArray]:
        """Copies of all that the next step depends on, by name."""
        state = {name: array.copy() for name, array in self._state.items()}
        state["steps"] = np.array(self.steps, np.float64)
        return state

    def load_state_dict(self, state: Mapping[str, FloatArray]) -> None:
        """Continues from what :meth:`state_dict` gave.

        Raises:
            ValueError: names or shapes are not those of this optimiser and its parameters;
                nothing was changed.
        """
        if set(state) != {*self._state, "steps"} or state["steps"].shape != ():
            raise ValueError(f"this is not the state of the optimiser {self.name}")
        for name, array in self._state.items():
            if state[name].shape != array.shape:
                raise ValueError(f"{name} has shape {state[name].shape}, expected {array.shape}")
        for name, array in self._state.items():
            np.copyto(array, state[name])
        self.steps = int(state["steps"])


class SGD(Optimizer):
    """w ← w − η g"""

    name = "sgd"

    def _update(self, piece: _Piece, rate: float) -> None:
        self._add_decay(piece)
        np.multiply(piece.gradient, rate, out=piece.scratch)
        np.subtract(piece.value, piece.scratch, out=piece.value)


class Momentum(Optimizer):
    """v ← μ v + g,  w ← w − η v  (Polyak 1964)"""

    name = "momentum"
    state_names = ("velocity",)

    def __init__(
        self,
        parameters: Sequence[Parameter],
        *,
        momentum: float = 0.9,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, weight_decay=weight_decay)
        self.momentum = momentum

    def _update(self, piece: _Piece, rate: float) -> None:
        self._add_decay(piece)
        self._accelerate(piece)
        np.multiply(piece.state[0], rate, out=piece.scratch)
        np.subtract(piece.value, piece.scratch, out=piece.value)

    def _accelerate(self, piece: _Piece) -> None:
        """v ← μ v + g"""
        (velocity,) = piece.state
        velocity *= self.momentum
        velocity += piece.gradient


class Nesterov(Momentum):
    """v ← μ v + g,  w ← w − η (g + μ v)

    Nesterov's accelerated gradient (1983) in the form of Sutskever et al. (2013), written for
    the parameters at the point that the momentum looks ahead to.
    """

    name = "nesterov"

    def _update(self, piece: _Piece, rate: float) -> None:
        self._add_decay(piece)
        self._accelerate(piece)
        np.multiply(piece.state[0], self.momentum, out=piece.scratch)
        np.add(piece.scratch, piece.gradient, out=piece.scratch)
        np.multiply(piece.scratch, rate, out=piece.scratch)
        np.subtract(piece.value, piece.scratch, out=piece.value)


class Adam(Optimizer):
    """m ← β₁ m + (1 − β₁) g,  v ← β₂ v + (1 − β₂) g²,  w ← w − η m̂ / (√v̂ + ε)

    With m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) in step t (Kingma & Ba 2015).
    """

    name = "adam"
    state_names = ("gradient_sum", "square_sum")

    def __init__(
        self,
        parameters: Sequence[Parameter],
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        weight_decay: float = 0.0,
    ) -> None:
        super().__init__(parameters, weight_decay=weight_decay)
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon

    def _update(self, piece: _Piece, rate: float) -> None:
        self._add_decay(piece)
        self._descend(piece, rate)

    def _descend(self, piece: _Piece, rate: float) -> None:
        # The sums are kept without the factors (1 − β), which saves two passes:
        # m = (1 − β₁) s with s ← β₁ s + g,  v = (1 − β₂) q with q ← β₂ q + g²
        gradient_sum, square_sum = piece.state
        gradient, scratch = piece.gradient, piece.scratch
        gradient_sum *= self.beta1
        gradient_sum += gradient
        np.multiply(gradient, gradient, out=scratch)
        square_sum *= self.beta2
        square_sum += scratch
        # η m̂ / (√v̂ + ε) = (η a / b) s / (√q + ε / b)
        a = (1 - self.beta1) / (1 - self.beta1**self.steps)
        b = math.sqrt((1 - self.beta2) / (1 - self.beta2**self.steps))
        np.sqrt(square_sum, out=scratch)
        scratch += self.epsilon / b
        np.divide(gradient_sum, scratch, out=scratch)
        scratch *= rate * a / b
        np.subtract(piece.value, scratch, out=piece.value)


class AdamW(Adam):
    """Adam with the decay taken off the weights themselves: w ← w − η λ w before its step

    (Loshchilov & Hutter 2019).
    """

    name = "adamw"

    def _update(self, piece: _Piece, rate: float) -> None:
        if piece.decay:
            np.multiply(piece.value, 1 - rate * piece.decay, out=piece.value)
        self._descend(piece, rate)


OPTIMIZERS: Mapping[str, type[Optimizer]] = MappingProxyType(
    {optimizer.name: optimizer for optimizer in (SGD, Momentum, Nesterov, Adam, AdamW)}
)
"""Every optimiser by the name that settings use."""
