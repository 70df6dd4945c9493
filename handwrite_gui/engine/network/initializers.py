"""First values of the weights of a layer; biases always start at zero."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Weights = NDArray[np.float32]


class Initializer(Protocol):
    """Draws the weights between ``n_in`` and ``n_out`` units: float32 ``(n_in, n_out)``."""

    def __call__(self, n_in: int, n_out: int, rng: np.random.Generator) -> Weights: ...


def _uniform(limit: float, n_in: int, n_out: int, rng: np.random.Generator) -> Weights:
    weights = rng.random((n_in, n_out), dtype=np.float32)
    weights -= 0.5
    weights *= 2 * limit
    return weights


@dataclass(frozen=True, slots=True)
class Constant:
    """Every weight the same.  Units of a layer then learn the same thing for ever."""

    value: float = 0.01

    def __call__(self, n_in: int, n_out: int, rng: np.random.Generator) -> Weights:
        return np.full((n_in, n_out), self.value, np.float32)


@dataclass(frozen=True, slots=True)
class Uniform:
    """U(−limit, limit), whatever the size of the layer."""

    limit: float = 0.05

    def __call__(self, n_in: int, n_out: int, rng: np.random.Generator) -> Weights:
        return _uniform(self.limit, n_in, n_out, rng)


@dataclass(frozen=True, slots=True)
class Xavier:
    """Uniform with variance 2 / (n_in + n_out) (Glorot & Bengio 2010).

    Keeps the variance of activations and of gradients between layers of a net whose activation
    is close to linear around zero: tanh, sigmoid after centring, identity.
    """

    def __call__(self, n_in: int, n_out: int, rng: np.random.Generator) -> Weights:
        # U(−l, l) has the variance l²/3.
        return _uniform(math.sqrt(6 / (n_in + n_out)), n_in, n_out, rng)


@dataclass(frozen=True, slots=True)
class He:
    """Normal with variance 2 / n_in (He et al. 2015), for ReLU, which halves the variance."""

    def __call__(self, n_in: int, n_out: int, rng: np.random.Generator) -> Weights:
        weights = rng.standard_normal((n_in, n_out), dtype=np.float32)
        weights *= math.sqrt(2 / n_in)
        return weights


INITIALIZERS: Mapping[str, Initializer] = MappingProxyType(
    {
        "zero": Constant(0.0),
        "constant": Constant(),
        "uniform": Uniform(),
        "xavier": Xavier(),
        "he": He(),
    }
)
"""Every initialiser by the name that settings use."""
