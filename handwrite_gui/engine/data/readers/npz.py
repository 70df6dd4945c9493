"""The project's own format, and the ``mnist.npz`` that comes with Keras.

``images`` (N, H, W) and ``labels`` (N,), the characters or numbers for them; ``writer`` (N,)
integers where it is known who wrote, or ``order`` (N,) integers, the places in a scan.
Keras' file has ``x_train`` and ``y_train`` instead, of which the same holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import (
    Dataset,
    IntArray,
    LabelArray,
    OnProgress,
    ShouldStop,
)
from handwrite_gui.engine.data.readers.labels import characters_of_numbers
from handwrite_gui.engine.data.readers.pixels import LARGEST_SIDE, ink_images
from handwrite_gui.engine.errors import Cancelled, DatasetError
from handwrite_gui.engine.npz_container import open_npz

ORDER_BLOCK = 300
"""Neighbours in a scan that are taken as one group: forms of one person lie close together."""

_PAIRS = (("images", "labels"), ("x_train", "y_train"))
_NAMES = (*(name for pair in _PAIRS for name in pair), "writer", "order")
_MOST_BYTES = 1 << 31
_HOW = (
    "it takes “images”, numbers of the shape (N, height, width), and “labels”, N characters; save "
    "them with np.savez_compressed(file, images=…, labels=…)."
)


def read_npz(
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Dataset:
    """Read images, labels and groups from an .npz file.

    Raises:
        DatasetError: the file is damaged, unsafe, or its arrays do not belong together.
        Cancelled: ``should_stop`` became true.
    """
    if should_stop is not None and should_stop():
        raise Cancelled
    arrays = open_npz(path, max_bytes=_MOST_BYTES, error=DatasetError, names=_NAMES)
    pair = next((pair for pair in _PAIRS if set(pair) <= set(arrays)), None)
    if pair is None:
        missing = "labels" if "images" in arrays else "images"
        raise DatasetError(path, f"it has no array “{missing}”; {_HOW}")
    images, labels = arrays[pair[0]], arrays[pair[1]]
    if images.ndim != 3 or max(images.shape[1:]) > LARGEST_SIDE:
        raise DatasetError(path, f"“{pair[0]}” has the shape {images.shape}; {_HOW}")
    if labels.ndim != 1:
        raise DatasetError(path, f"“{pair[1]}” has the shape {labels.shape}; {_HOW}")
    if len(images) != len(labels):
        raise DatasetError(
            path,
            f"it has {len(images)} images, but {len(labels)} labels: each image needs one.",
        )
    if images.size == 0:
        raise DatasetError(path, "it holds no images.")
    return Dataset(
        images=ink_images(images, path, on_progress=on_progress, should_stop=should_stop),
        labels=_characters(labels, pair[1], path),
        name=path.stem,
        groups=_groups(arrays, len(images), path),
    )


def _characters(labels: NDArray[Any], name: str, path: Path) -> LabelArray:
    if labels.dtype.kind in "iu":
        return characters_of_numbers(labels, path)
    if labels.dtype.kind != "U":
        raise DatasetError(path, f"“{name}” are of the type {labels.dtype}; {_HOW}")
    wrong = np.flatnonzero((np.strings.str_len(labels) != 1) | np.strings.isspace(labels))
    if len(wrong):
        raise DatasetError(
            path,
            f"label {wrong[0]} is “{str(labels[wrong[0]])[:20]}”; a label has to be one character.",
        )
    return labels.astype("<U1", copy=False)


def _groups(arrays: dict[str, NDArray[Any]], count: int, path: Path) -> IntArray | None:
    name = next((name for name in ("writer", "order") if name in arrays), None)
    if name is None:
        return None
    numbers = arrays[name]
    if numbers.dtype.kind not in "iu" or numbers.shape != (count,):
        raise DatasetError(
            path,
            f"“{name}” is {numbers.dtype} {numbers.shape}; it has to be an integer for each of "
            f"the {count} images.",
        )
    return numbers // ORDER_BLOCK if name == "order" else numbers
