"""What may be wrong with a data set: images that occur twice, and labels that are doubtful."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.network.arrays import FloatArray, IntArray
from handwrite_gui.engine.training.events import BatchDone
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

FOLDS = 3
_JUDGE = TrainingSettings(hidden=(128,), features="directions", epochs=8, batch_size=64)
"""Small and quick: it need not be the best reader, only one that did not see the sample."""


def duplicates(inputs: NDArray[np.uint8]) -> list[NDArray[np.int64]]:
    """Groups of rows of ``inputs (N, n)`` that are equal byte for byte, two or more in each.

    Groups come in the order of their first row, rows in their own.
    """
    if not len(inputs):
        return []
    rows = np.ascontiguousarray(inputs)
    keys = rows.view(np.dtype((np.void, rows.shape[1]))).reshape(-1)
    _, group, counts = np.unique(keys, return_inverse=True, return_counts=True)
    order = np.argsort(group, kind="stable")
    ends = np.cumsum(counts)
    found = [
        order[end - count : end].astype(np.int64)
        for end, count in zip(ends, counts, strict=True)
        if count > 1
    ]
    return sorted(found, key=lambda members: int(members[0]))


def doubtful_labels(probabilities: FloatArray, targets: IntArray) -> NDArray[np.int64]:
    """Samples whose label is probably wrong, the most doubtful first.

    Confident learning (Northcutt, Jiang & Chuang 2021): a class is claimed for a sample where its
    probability reaches the mean that samples labelled so have.  A sample is doubtful where the
    most probable of the claimed classes is another than its label.  They are ranked by the
    probability of their label.

    Args:
        probabilities: ``(N, K)`` by networks that did not learn from the samples they judge.
        targets: the labels, class indices ``(N,)``.

    Returns:
        Indices ``(n,)``.
    """
    classes = probabilities.shape[1]
    own = probabilities[np.arange(len(targets)), targets]
    sums = np.bincount(targets, weights=own, minlength=classes)
    counts = np.bincount(targets, minlength=classes)
    # A class without samples claims none.
    thresholds = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    claimed = np.where(probabilities >= thresholds, probabilities, -1.0)
    best = claimed.argmax(axis=1)
    doubtful = np.flatnonzero((claimed.max(axis=1) > 0) & (best != targets))
    return np.asarray(doubtful[np.argsort(own[doubtful], kind="stable")], np.int64)


def cross_probabilities(
    data: TrainingData,
    classes: Sequence[str],
    *,
    seed: int = 0,
    on_progress: Callable[[float, str], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> NDArray[np.float32]:
    """Probabilities ``(N, K)`` of every sample, by a network that did not learn from it.

    The samples are dealt into :data:`FOLDS` parts, and a small network learns from all but one
    of them in turn.

    Raises:
        HandwriteError: there are fewer samples than parts.
        Cancelled: ``should_stop`` became true.
    """
    if len(data) < FOLDS:
        raise HandwriteError(
            f"There are {len(data)} samples; at least {FOLDS} are needed to judge their labels."
        )
    part = np.random.default_rng(seed).permutation(len(data)) % FOLDS
    probabilities = np.zeros((len(data), len(classes)), np.float32)
    for fold in range(FOLDS):
        rest, own = np.flatnonzero(part != fold), np.flatnonzero(part == fold)
        trainer = Trainer(
            _JUDGE, TrainingData(data.inputs[rest], data.targets[rest]), None, classes
        )
        for event in trainer.run():
            if should_stop is not None and should_stop():
                raise Cancelled
            if on_progress is not None and isinstance(event, BatchDone):
                share = (fold + event.step / trainer.total_steps) / FOLDS
                on_progress(share, f"Judge {fold + 1} of {FOLDS} learns")
        probabilities[own] = trainer.model().network.probabilities(data.inputs[own])
    return probabilities
