"""Batch normalisation."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from handwrite_gui.engine.network.arrays import BatchBuffer, FloatArray, Parameter

NORMALIZATIONS = ("none", "batch")

EPSILON = 1e-5
_MOMENTUM = 0.05
"""Share of a batch in the running mean and variance: about the last twenty batches count."""


class BatchNormalization:
    """y = γ x̂ + β with x̂ = (x − μ) / √(σ² + ε), for every unit by itself

    While training μ and σ² are those of the batch, otherwise the running ones of the batches seen
    (Ioffe & Szegedy 2015).  With n samples in the batch
    ∂L/∂γ = Σ ∂L/∂y x̂,  ∂L/∂β = Σ ∂L/∂y,
    ∂L/∂x = γ / √(σ² + ε) · (∂L/∂y − (∂L/∂β + x̂ ∂L/∂γ) / n).

    Args:
        scale, shift: γ and β, learned, ``(units,)``.
        mean, variance: the running ones ``(units,)``, changed by every forward pass in training.
    """

    def __init__(
        self, scale: Parameter, shift: Parameter, mean: Parameter, variance: Parameter
    ) -> None:
        self.scale = scale
        self.shift = shift
        self.mean = mean
        self.variance = variance
        self.parameters: tuple[Parameter, ...] = (scale, shift)
        self.statistics: tuple[Parameter, ...] = (mean, variance)
        width, dtype = len(scale.value), scale.value.dtype
        self._normalized = BatchBuffer(width, dtype)
        self._y = BatchBuffer(width, dtype)
        self._scratch = BatchBuffer(width, dtype)
        self._deviation: FloatArray | None = None
        self._of_batch = False

    def forward(self, x: FloatArray, training: bool, rng: np.random.Generator | None) -> FloatArray:
        count = len(x)
        normalized: FloatArray = self._normalized.rows(count)
        mean = x.mean(axis=0) if training else self.mean.value
        np.subtract(x, mean, out=normalized)
        if training:
            variance = np.square(normalized, out=self._scratch.rows(count)).mean(axis=0)
            self._count_in(mean, variance, count)
        else:
            variance = self.variance.value
        self._deviation = np.sqrt(variance + x.dtype.type(EPSILON))
        self._of_batch = training
        normalized /= self._deviation
        y: FloatArray = np.multiply(normalized, self.scale.value, out=self._y.rows(count))
        y += self.shift.value
        return y

    def backward(self, gradient: FloatArray, input_gradient: bool = True) -> FloatArray | None:
        if self._deviation is None:
            raise RuntimeError("backward needs a forward pass before it")
        count = len(gradient)
        normalized: FloatArray = self._normalized.rows(count)
        np.add.reduce(gradient, axis=0, out=self.shift.gradient)
        by_unit = np.multiply(gradient, normalized, out=self._scratch.rows(count))
        np.add.reduce(by_unit, axis=0, out=self.scale.gradient)
        if self._of_batch:
            # The batch's own mean and variance depend on x too.
            normalized *= self.scale.gradient / count
            gradient -= normalized
            gradient -= self.shift.gradient / count
        gradient *= self.scale.value / self._deviation
        return gradient

    def infer(self, x: FloatArray) -> FloatArray:
        factor, offset = self.as_affine()
        y: FloatArray = x * factor
        y += offset
        return y

    def as_affine(self) -> tuple[FloatArray, FloatArray]:
        """The factor and the offset ``(units,)`` that it is when not training."""
        deviation = np.sqrt(self.variance.value + self.variance.value.dtype.type(EPSILON))
        factor = self.scale.value / deviation
        return factor, self.shift.value - self.mean.value * factor

    def _count_in(self, mean: FloatArray, variance: FloatArray, count: int) -> None:
        unbiased = variance * (count / (count - 1)) if count > 1 else variance
        for running, new in ((self.mean.value, mean), (self.variance.value, unbiased)):
            running += running.dtype.type(_MOMENTUM) * (new - running)


def batch_normalization(name: str | int, units: int, dtype: DTypeLike) -> BatchNormalization:
    """One that changes nothing but its input's scale yet.

    Args:
        name: what its arrays' names end with.
        units: that it normalises.
        dtype: of the arrays.
    """
    arrays = {"scale": np.ones, "shift": np.zeros, "mean": np.zeros, "variance": np.ones}
    return BatchNormalization(
        *(
            Parameter(f"{kind}_{name}", make(units, dtype), decays=False)
            for kind, make in arrays.items()
        )
    )
