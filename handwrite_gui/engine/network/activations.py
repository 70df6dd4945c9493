"""Activation functions and their derivatives, in place on whole batches.

``multiply_derivative`` turns ∂L/∂a into ∂L/∂z = ∂L/∂a · f'(z).  It may use ``z`` and ``a`` as
scratch space, so a training step needs no temporary arrays; both are undefined afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Protocol

import numpy as np

from handwrite_gui.engine.network.arrays import FloatArray


class Activation(Protocol):
    """An element-wise function a = f(z)."""

    @property
    def name(self) -> str: ...

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        """Writes f(z) into ``out``, which must not overlap ``z``, and returns ``out``."""
        ...

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        """Multiplies ``gradient`` by f'(z) in place, given a = f(z); destroys ``z`` and ``a``."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """f(z) = z"""

    name: ClassVar[str] = "identity"

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        np.copyto(out, z)
        return out

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Sigmoid:
    """f(z) = 1 / (1 + e⁻ᶻ),  f' = f (1 − f)"""

    name: ClassVar[str] = "sigmoid"

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        # σ(z) = (1 + tanh(z/2)) / 2: nothing overflows, however large |z| is.
        np.multiply(z, 0.5, out=out)
        np.tanh(out, out=out)
        out += 1
        out *= 0.5
        return out

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        gradient *= a
        np.subtract(1, a, out=a)
        gradient *= a


@dataclass(frozen=True, slots=True)
class Tanh:
    """f(z) = tanh z,  f' = 1 − f²"""

    name: ClassVar[str] = "tanh"

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        np.tanh(z, out=out)
        return out

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        a *= a
        np.subtract(1, a, out=a)
        gradient *= a


@dataclass(frozen=True, slots=True)
class ReLU:
    """f(z) = max(z, 0),  f' = 1 where z > 0, else 0 (at the kink too)"""

    name: ClassVar[str] = "relu"

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        np.maximum(z, 0, out=out)
        return out

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        np.greater(z, 0, out=z, casting="unsafe")
        gradient *= z


@dataclass(frozen=True, slots=True)
class LeakyReLU:
    """f(z) = max(z, s z) with slope s = 0.01,  f' = 1 where z > 0, else s (Maas et al. 2013)"""

    name: ClassVar[str] = "leaky_relu"
    slope: float = 0.01

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        np.multiply(z, self.slope, out=out)
        np.maximum(z, out, out=out)
        return out

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        np.greater(z, 0, out=z, casting="unsafe")
        z *= 1 - self.slope
        z += self.slope
        gradient *= z


@dataclass(frozen=True, slots=True)
class GELU:
    """f(z) = z/2 · (1 + tanh u),  u = c (z + k z³),  c = √(2/π),  k = 0.044715

    The tanh approximation of the Gaussian error linear unit z Φ(z) (Hendrycks & Gimpel 2016);
    it stays within 5·10⁻⁴ of the exact one.  f' = ½ (1 + t) (1 + (1 − t) z u'),  t = tanh u.
    """

    name: ClassVar[str] = "gelu"
    _C: ClassVar[float] = math.sqrt(2 / math.pi)
    _K: ClassVar[float] = 0.044715

    def _inner(self, z: FloatArray, out: FloatArray) -> None:
        np.multiply(z, z, out=out)
        out *= self._K
        out += 1
        out *= z
        out *= self._C

    def forward(self, z: FloatArray, out: FloatArray) -> FloatArray:
        self._inner(z, out)
        np.tanh(out, out=out)
        out += 1
        out *= z
        out *= 0.5
        return out

    def multiply_derivative(self, z: FloatArray, a: FloatArray, gradient: FloatArray) -> None:
        u = a
        self._inner(z, out=u)
        # z u' = c z + 3 c k z³ = 3 u − 2 c z, which needs no further array.
        z *= -2 / 3 * self._C
        z += u
        z *= 3
        t = np.tanh(u, out=u)
        t += 1
        gradient *= t
        np.subtract(2, t, out=t)
        z *= t
        z += 1
        gradient *= z
        gradient *= 0.5


ACTIVATIONS: Mapping[str, Activation] = MappingProxyType(
    {
        activation.name: activation
        for activation in (Identity(), Sigmoid(), Tanh(), ReLU(), LeakyReLU(), GELU())
    }
)
"""Every activation by the name that settings and model files use."""
