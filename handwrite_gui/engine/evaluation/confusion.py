"""Which class is taken for which."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.network.arrays import IntArray

Confusion = NDArray[np.int64]
"""``(K, K)`` counts: rows are true classes, columns predicted ones."""


def confusion_matrix(targets: IntArray, predictions: IntArray, classes: int) -> Confusion:
    """Counts how often each true class was predicted as each class.

    Args:
        targets, predictions: class indices ``(N,)`` in 0 … classes − 1.
        classes: how many classes there are.

    Raises:
        ValueError: the lengths differ or an index is out of range.
    """
    if targets.shape != predictions.shape or targets.ndim != 1:
        raise ValueError(
            f"targets and predictions have shapes {targets.shape} and {predictions.shape}; "
            "both must be (N,)"
        )
    for name, indices in (("targets", targets), ("predictions", predictions)):
        if indices.size and not 0 <= indices.min() <= indices.max() < classes:
            raise ValueError(f"{name} must be within 0 and {classes - 1}")
    cells = targets.astype(np.int64) * classes + predictions
    return np.bincount(cells, minlength=classes * classes).reshape(classes, classes)


def normalized(confusion: Confusion, by: Literal["row", "column"]) -> NDArray[np.float64]:
    """Shares ``(K, K)``, 0 to 1, instead of counts; 0 where there was nothing to divide by.

    By row a cell is the share of its true class that was read so, and the diagonal is recall; by
    column it is the share of what was read so that is of the true class, and the diagonal is
    precision.
    """
    totals = confusion.sum(axis=1 if by == "row" else 0, keepdims=True)
    return np.asarray(confusion / np.maximum(totals, 1))


def order_by_confusion(confusion: Confusion) -> NDArray[np.int64]:
    """An order ``(K,)`` of the classes in which those that are confused stand together.

    Classes are merged by average linkage, the more of their samples are taken for each other the
    sooner, and the leaves turned so that neighbours are as alike as the tree allows (Bar-Joseph,
    Gifford & Jaakkola 2001): blocks along the diagonal are families of look-alikes.
    """
    from scipy.cluster.hierarchy import leaves_list, linkage  # slow to load, seldom needed
    from scipy.spatial.distance import squareform

    count = len(confusion)
    if count < 3:
        return np.arange(count)
    shares = normalized(confusion, "row")
    alike = np.minimum((shares + shares.T) / 2, 1.0)
    distances = 1.0 - alike
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances, checks=False), "average", optimal_ordering=True)
    return np.asarray(leaves_list(tree), np.int64)


def most_mistaken(confusion: Confusion, limit: int) -> NDArray[np.int64]:
    """The ``limit`` classes with the most mistakes, made of them or into them, most first."""
    errors = confusion.copy()
    np.fill_diagonal(errors, 0)
    mistakes = errors.sum(axis=0) + errors.sum(axis=1)
    return np.asarray(np.argsort(-mistakes, kind="stable")[:limit], np.int64)


class ClassScore(NamedTuple):
    """How well one class is told from the others; NaN where nothing was there to divide by.

    Attributes:
        precision: share of what was read as this class that is of this class.
        recall: share of this class that was read as such.
        samples: how many samples of this class there were.
    """

    precision: float
    recall: float
    samples: int


def per_class(confusion: Confusion) -> list[ClassScore]:
    """Precision and recall of every class, in the order of the matrix."""
    right = confusion.diagonal()
    predicted = confusion.sum(axis=0)
    samples = confusion.sum(axis=1)
    with np.errstate(invalid="ignore"):  # 0/0 is the NaN that is meant
        precision, recall = right / predicted, right / samples
    return [
        ClassScore(float(p), float(r), int(n))
        for p, r, n in zip(precision, recall, samples, strict=True)
    ]


class ConfusedPair(NamedTuple):
    """``samples`` of class ``true`` were read as class ``predicted``."""

    true: int
    predicted: int
    samples: int


def most_confused(confusion: Confusion, limit: int = 10) -> list[ConfusedPair]:
    """The cells off the diagonal that are not zero, largest first, ``limit`` at most.

    Equal counts come in the order of the matrix.
    """
    errors = confusion.copy()
    np.fill_diagonal(errors, 0)
    order = np.argsort(-errors, axis=None, kind="stable")[:limit]
    rows, columns = np.unravel_index(order, errors.shape)
    return [
        ConfusedPair(int(row), int(column), int(errors[row, column]))
        for row, column in zip(rows, columns, strict=True)
        if errors[row, column]
    ]
