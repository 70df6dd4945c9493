"""Softmax and the cross-entropy that trains through it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.arrays import BatchBuffer, FloatArray, IntArray


def softmax(logits: FloatArray, out: FloatArray | None = None) -> FloatArray:
    """pₖ = e^(zₖ − max z) / Σⱼ e^(zⱼ − max z) along the last axis.

    The shift by the maximum changes nothing, since softmax(z + c) = softmax(z), and keeps the
    exponential from overflowing.

    Args:
        logits: floats ``(…, K)``.
        out: where to write, may be ``logits`` itself; a new array by default.
    """
    shifted: FloatArray = np.subtract(logits, logits.max(axis=-1, keepdims=True), out=out)
    np.exp(shifted, out=shifted)
    shifted /= shifted.sum(axis=-1, keepdims=True)
    return shifted


class SoftmaxCrossEntropy:
    """L = −1/B Σᵢ Σₖ qᵢₖ log softmax(zᵢ)ₖ,  ∂L/∂z = (softmax(z) − q) / B

    Fused, so that neither log 0 nor a product of Jacobians is ever formed.  The targets are
    class indices ``(B,)`` or distributions q ``(B, K)`` with rows that sum to one.  With label
    smoothing ε (Szegedy et al. 2016) q becomes (1 − ε) q + ε/K.

    ``among``, booleans ``(B, K)``, says which classes a sample is told apart from: softmax and
    smoothing are over those alone, and the others' logits are neither raised nor lowered by it.
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                f"label smoothing is {label_smoothing}; it must be at least 0 and below 1"
            )
        self.label_smoothing = label_smoothing
        self._gradient: BatchBuffer | None = None

    def value(
        self,
        logits: FloatArray,
        targets: IntArray | FloatArray,
        among: NDArray[np.bool_] | None = None,
    ) -> float:
        """The mean loss over the batch; safe to call from several threads."""
        if among is not None:
            logits = only_among(logits, among)
        shifted = logits - logits.max(axis=1, keepdims=True)
        expected = self._expected_shift(shifted, targets, among)
        return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - expected))

    def value_and_gradient(
        self,
        logits: FloatArray,
        targets: IntArray | FloatArray,
        among: NDArray[np.bool_] | None = None,
    ) -> tuple[float, FloatArray]:
        """The mean loss and ∂L/∂logits, in a buffer that the next call overwrites.

        What is a target must be among ``among``.
        """
        count, classes = logits.shape
        if self._gradient is None:
            self._gradient = BatchBuffer(classes, logits.dtype)
        gradient: FloatArray = self._gradient.rows(count)

        if among is not None:
            logits = only_among(logits, among)
        np.subtract(logits, logits.max(axis=1, keepdims=True), out=gradient)
        expected = self._expected_shift(gradient, targets, among)
        np.exp(gradient, out=gradient)
        total = gradient.sum(axis=1, keepdims=True)
        value = float(np.mean(np.log(total[:, 0]) - expected))

        # (p − (1 − ε) q − ε/K) / B with p = exp / total
        total *= count
        gradient /= total
        smoothing = self.label_smoothing
        if smoothing:
            if among is None:
                gradient -= smoothing / (classes * count)
            else:
                gradient -= among * _per_class(among, smoothing / count, gradient)
        if targets.ndim == 1:
            gradient[np.arange(count), targets] -= (1 - smoothing) / count
        else:
            gradient -= targets * ((1 - smoothing) / count)
        return value, gradient

    def _expected_shift(
        self,
        shifted: FloatArray,
        targets: IntArray | FloatArray,
        among: NDArray[np.bool_] | None = None,
    ) -> FloatArray:
        """Σₖ qₖ zₖ of every row, with the smoothed q."""
        expected: FloatArray
        if targets.ndim == 1:
            expected = shifted[np.arange(len(shifted)), targets]
        else:
            expected = np.einsum("ik,ik->i", shifted, targets)
        if self.label_smoothing:
            expected = (1 - self.label_smoothing) * expected
            if among is None:
                expected += self.label_smoothing * shifted.mean(axis=1)
            else:
                share = _per_class(among, self.label_smoothing, shifted)
                expected += (shifted * among * share).sum(axis=1)
        return expected


_NEVER = -1e4
"""A logit whose probability is 0; finite, since a share of 0 times it must be 0."""


def only_among(logits: FloatArray, among: NDArray[np.bool_]) -> FloatArray:
    """The logits with those of other classes so low that they are never chosen."""
    return np.where(among, logits, logits.dtype.type(_NEVER))


def _per_class(among: NDArray[np.bool_], total: float, like: FloatArray) -> FloatArray:
    """``total`` shared out to the classes that each row is among, ``(B, 1)``."""
    share: FloatArray = (total / among.sum(axis=1, keepdims=True)).astype(like.dtype)
    return share
