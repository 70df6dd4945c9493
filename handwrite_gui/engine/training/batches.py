"""The batches of a run: which samples, in which order, changed in which way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.arrays import BatchBuffer, FloatArray
from handwrite_gui.engine.training.training_data import TrainingData

Augmentation: TypeAlias = Callable[[NDArray[np.uint8], np.random.Generator], NDArray[np.float32]]
"""uint8 ``(B, n_in)`` to float32 ``(B, n_in)`` in 0 to 1, changed at random."""


Targets: TypeAlias = NDArray[np.int64] | FloatArray
"""Class indices ``(B,)``, or the share of every class ``(B, K)``."""


class Batch(NamedTuple):
    """What is learned in one step.

    Attributes:
        inputs: float32 ``(B, n_in)``, or their features.
        targets: class indices ``(B,)``, or the share of every class ``(B, K)``.
        among: bool ``(B, K)``, the classes each sample is told apart from, or None for all.
    """

    inputs: FloatArray
    targets: Targets
    among: NDArray[np.bool_] | None


class Stream(IntEnum):
    """Independent random sequences of one seed."""

    ORDER = 0
    DROPOUT = 1
    AUGMENTATION = 2
    WEIGHTS = 3
    MIXING = 4


def generator(seed: int, stream: Stream, index: int) -> np.random.Generator:
    """The generator for one batch or epoch.

    Nothing random is carried from batch to batch: a run resumed anywhere draws the same.
    """
    return np.random.default_rng([seed, stream, index])


@dataclass(frozen=True, slots=True)
class Mixing:
    """x̃ = λ xᵢ + (1 − λ) xⱼ,  q̃ = λ qᵢ + (1 − λ) qⱼ  with λ from Beta(α, α), one for a batch

    Mixup (Zhang et al. 2018): j is i in another order.

    Args:
        alpha: α; the larger, the more even the mixtures.
        classes: how many there are.
    """

    alpha: float
    classes: int

    def __call__(
        self, inputs: FloatArray, targets: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[FloatArray, FloatArray]:
        """New inputs and, for every sample, the share of every class float32 ``(B, K)``."""
        count = len(targets)
        share = np.float32(rng.beta(self.alpha, self.alpha))
        partners = rng.permutation(count)
        mixed: FloatArray = inputs[partners]
        mixed *= 1 - share
        mixed += share * inputs
        shares = np.zeros((count, self.classes), np.float32)
        rows = np.arange(count)
        shares[rows, targets] = share
        shares[rows, targets[partners]] += 1 - share
        return mixed, shares


class Batches:
    """Batch number i of the run, for any i: epochs of shuffled samples one after the other.

    The last batch of an epoch has what is left.  Inputs are gathered as bytes and turned to
    floats; without ``augmenter`` they are scaled to 0…1.

    Args:
        data: the samples.
        batch_size: of every batch but the last of an epoch.
        seed: of the order and of the augmentation.
        augmenter: changes inputs at random; gives a new array each time.
        features: what is made of the inputs then; a new array as well.  Without both, inputs are
            in a buffer that the next batch overwrites.
        mixing: draws pairs together, or None.
    """

    def __init__(
        self,
        data: TrainingData,
        batch_size: int,
        seed: int,
        augmenter: Augmentation | None = None,
        features: Callable[[FloatArray], FloatArray] | None = None,
        mixing: Mixing | None = None,
    ) -> None:
        self._data = data
        self._batch_size = batch_size
        self._seed = seed
        self._augmenter = augmenter
        self._features = features
        self._mixing = mixing
        self.per_epoch = -(-len(data) // batch_size)
        width = data.inputs.shape[1]
        self._bytes = BatchBuffer(width, np.uint8)
        self._floats = BatchBuffer(width, np.float32)
        self._order: NDArray[np.int64] = np.empty(0, np.int64)
        self._order_epoch = -1

    @property
    def take_time(self) -> bool:
        """Whether batches are worth preparing ahead; they are arrays of their own then."""
        makers = (self._augmenter, self._mixing, self._features)
        return any(maker is not None for maker in makers)

    def size(self, step: int) -> int:
        """The number of samples in a batch."""
        start = step % self.per_epoch * self._batch_size
        return min(self._batch_size, len(self._data) - start)

    def batch(self, step: int) -> Batch:
        """Inputs, or their features, and targets; with mixing, shares of the classes."""
        epoch, number = divmod(step, self.per_epoch)
        if epoch != self._order_epoch:
            rng = generator(self._seed, Stream.ORDER, epoch)
            self._order = rng.permutation(len(self._data))
            self._order_epoch = epoch
        start = number * self._batch_size
        rows = self._order[start : start + self._batch_size]
        # The default mode="raise" would go through a buffer of its own.
        raw: NDArray[Any] = np.take(
            self._data.inputs, rows, axis=0, out=self._bytes.rows(len(rows)), mode="clip"
        )
        inputs: FloatArray
        if self._augmenter is None:
            inputs = self._floats.rows(len(rows))
            np.copyto(inputs, raw)
            inputs *= 1 / 255
        else:
            inputs = self._augmenter(raw, generator(self._seed, Stream.AUGMENTATION, step))
        targets: Targets = self._data.targets[rows]
        among = self._data.among(rows)
        if self._mixing is not None:
            # Pairs mix classes of two groups: what is told apart then is all.
            among = None
            rng = generator(self._seed, Stream.MIXING, step)
            inputs, targets = self._mixing(inputs, self._data.targets[rows], rng)
        if self._features is not None:
            inputs = self._features(inputs)
        return Batch(inputs, targets, among)
