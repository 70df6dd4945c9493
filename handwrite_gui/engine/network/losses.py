"""Softmax and the cross-entropy that trains through it."""

from __future__ import annotations

import numpy as np

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
    """

    def __init__(self, label_smoothing: float = 0.0) -> None:
        if not 0 <= label_smoothing < 1:
            raise ValueError(
                f"label smoothing is {label_smoothing}; it must be at least 0 and below 1"
            )
        self.label_smoothing = label_smoothing
        self._gradient: BatchBuffer | None = None

    def value(self, logits: FloatArray, targets: IntArray | FloatArray) -> float:
        """The mean loss over the batch; safe to call from several threads."""
        shifted = logits - logits.max(axis=1, keepdims=True)
        expected = self._expected_shift(shifted, targets)
        return float(np.mean(np.log(np.exp(shifted).sum(axis=1)) - expected))

    def value_and_gradient(
        self, logits: FloatArray, targets: IntArray | FloatArray
    ) -> tuple[float, FloatArray]:
        """The mean loss and ∂L/∂logits, in a buffer that the next call overwrites."""
        count, classes = logits.shape
        if self._gradient is None:
            self._gradient = BatchBuffer(classes, logits.dtype)
        gradient: FloatArray = self._gradient.rows(count)

        np.subtract(logits, logits.max(axis=1, keepdims=True), out=gradient)
        expected = self._expected_shift(gradient, targets)
        np.exp(gradient, out=gradient)
        total = gradient.sum(axis=1, keepdims=True)
        value = float(np.mean(np.log(total[:, 0]) - expected))

        # (p − (1 − ε) q − ε/K) / B with p = exp / total
        total *= count
        gradient /= total
        smoothing = self.label_smoothing
        if smoothing:
            gradient -= smoothing / (classes * count)
        if targets.ndim == 1:
            gradient[np.arange(count), targets] -= (1 - smoothing) / count
        else:
            gradient -= targets * ((1 - smoothing) / count)
        return value, gradient

    def _expected_shift(self, shifted: FloatArray, targets: IntArray | FloatArray) -> FloatArray:
        """Σₖ qₖ zₖ of every row, with the smoothed q."""
        expected: FloatArray
        if targets.ndim == 1:
            expected = shifted[np.arange(len(shifted)), targets]
        else:
            expected = np.einsum("ik,ik->i", shifted, targets)
        if self.label_smoothing:
            expected = (1 - self.label_smoothing) * expected
            expected += self.label_smoothing * shifted.mean(axis=1)
        return expected
