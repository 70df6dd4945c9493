"""MATLAB files (version 5 to 7) of two published layouts.

* NIST36, of an assignment on reading text in images: ``train_data`` (N, 1024), each row a 32×32
  image column by column, and ``train_labels`` (N, 36), a 1 in the column of the class, A to Z and
  then 0 to 9.  ``valid_…`` and ``test_…`` are taken where ``train_…`` is missing.
* EMNIST: a structure ``dataset`` with ``train.images`` (N, 784) column by column,
  ``train.labels``, ``train.writers`` and ``mapping`` (number, code of the character).

Only arrays and structures are read; functions and objects in such files are passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from string import ascii_uppercase, digits
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import (
    Dataset,
    LabelArray,
    OnProgress,
    ShouldStop,
    UInt8Array,
)
from handwrite_gui.engine.data.readers.labels import apply_numbering
from handwrite_gui.engine.data.readers.matlab5 import (
    MatlabFormatError,
    Value,
    is_matlab5,
    read_matlab5,
)
from handwrite_gui.engine.data.readers.pixels import ink_images, square_side
from handwrite_gui.engine.errors import Cancelled, DatasetError

_ToInk = Callable[[NDArray[Any]], UInt8Array]

_PARTS = ("train", "valid", "test")
_CLASSES_BY_COLUMNS = {36: ascii_uppercase + digits, 26: ascii_uppercase, 10: digits}
_MOST_BYTES = 1 << 31  # EMNIST by class, the largest published one, has 0.7 GB
_AGAIN = "copy or download it again."
_EXPECTED = (
    "it takes files with train_data and train_labels (NIST36), or with dataset.train.images and "
    "dataset.train.labels (EMNIST)."
)


def read_mat(
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Dataset:
    """Read the training part of a NIST36 or EMNIST .mat file.

    EMNIST's writers become the groups.

    Raises:
        DatasetError: the file is of another version, damaged, or has neither layout.
        Cancelled: ``should_stop`` became true.
    """
    if should_stop is not None and should_stop():
        raise Cancelled
    content = _load(path)
    to_ink = partial(ink_images, path=path, on_progress=on_progress, should_stop=should_stop)
    for part in _PARTS:
        if f"{part}_data" in content and f"{part}_labels" in content:
            data, one_hot = content[f"{part}_data"], content[f"{part}_labels"]
            return _nist36(path, part, data, one_hot, to_ink)
    if "dataset" in content:
        return _emnist(path, content["dataset"], to_ink)
    raise DatasetError(path, f"holds only {', '.join(content)}; {_EXPECTED}")


def _nist36(path: Path, part: str, data: Value, one_hot: Value, to_ink: _ToInk) -> Dataset:
    pixels = _matrix(data, f"{part}_data", path)
    columns = _matrix(one_hot, f"{part}_labels", path)
    _check_counts(path, len(pixels), len(columns))
    classes = _CLASSES_BY_COLUMNS.get(columns.shape[1])
    if classes is None:
        raise DatasetError(
            path,
            f"{part}_labels has {columns.shape[1]} columns; it takes 36 (A to Z, 0 to 9), 26 "
            f"(A to Z) or 10 (0 to 9).",
        )
    ones, others = (columns == 1).sum(axis=1), ((columns != 0) & (columns != 1)).sum(axis=1)
    wrong = np.flatnonzero((ones != 1) | (others != 0))
    if len(wrong):
        raise DatasetError(
            path,
            f"row {wrong[0] + 1} of {part}_labels does not have a single 1 and zeros otherwise, "
            f"so it names no class.",
        )
    return Dataset(
        images=to_ink(_upright(pixels, path)),
        labels=np.array(list(classes), dtype="<U1")[columns.argmax(axis=1)],
        name=f"{path.stem} ({part})",
    )


def _emnist(path: Path, dataset: Value, to_ink: _ToInk) -> Dataset:
    fields = dataset if isinstance(dataset, dict) else {}
    part = next((name for name in _PARTS if isinstance(fields.get(name), dict)), "")
    samples = fields.get(part, {})
    if not {"images", "labels"} <= set(samples):
        raise DatasetError(path, f"its variable dataset has another layout; {_EXPECTED}")
    pixels = _matrix(samples["images"], "images", path)
    numbers = _matrix(samples["labels"], "labels", path).ravel()
    _check_counts(path, len(pixels), len(numbers))
    writers = samples.get("writers")
    known = isinstance(writers, np.ndarray) and writers.size == len(pixels)
    return Dataset(
        images=to_ink(_upright(pixels, path)),
        labels=_mapped(numbers, fields.get("mapping"), path),
        name=f"{path.stem} ({part})",
        groups=writers.ravel().astype(np.int64) if known else None,
    )


def _mapped(numbers: NDArray[Any], mapping: Value, path: Path) -> LabelArray:
    table = _matrix(mapping, "dataset.mapping", path)
    if table.shape[1] < 2:
        raise DatasetError(path, "dataset.mapping has no column with the codes of the characters.")
    try:
        numbering = {int(row[0]): chr(int(row[1])) for row in table}
    except (ValueError, OverflowError) as error:
        raise DatasetError(path, "dataset.mapping has codes that are no characters.") from error
    return apply_numbering(numbers, numbering, path)


def _matrix(value: Value, name: str, path: Path) -> NDArray[Any]:
    if not isinstance(value, np.ndarray) or value.ndim != 2:
        raise DatasetError(path, f"{name} is no matrix of numbers with a row for each image.")
    if value.size == 0:
        raise DatasetError(path, f"{name} is empty.")
    return value


def _check_counts(path: Path, images: int, labels: int) -> None:
    if images != labels:
        raise DatasetError(
            path, f"holds {images} images, but {labels} labels: the file is damaged."
        )


def _upright(pixels: NDArray[Any], path: Path) -> NDArray[Any]:
    """Images (N, side, side) from rows that run down the columns, as MATLAB flattens."""
    side = square_side(pixels.shape[1], path)
    return np.ascontiguousarray(pixels.reshape(-1, side, side).transpose(0, 2, 1))


def _load(path: Path) -> dict[str, Value]:
    with path.open("rb") as file:
        header = file.read(128)
    if header.startswith((b"MATLAB 7.3", b"\x89HDF")):
        raise DatasetError(
            path,
            "is a MATLAB file of version 7.3, which cannot be read here; in MATLAB, load it and "
            "save it again with save(file, '-v7').",
        )
    if not is_matlab5(header):
        raise DatasetError(
            path, "is no MATLAB file of version 5 to 7, or ends within its header; " + _AGAIN
        )
    names = [f"{part}_{what}" for part in _PARTS for what in ("data", "labels")]
    try:
        content, found = read_matlab5(path, [*names, "dataset"], _MOST_BYTES)
    except (OSError, MatlabFormatError) as error:
        raise DatasetError(path, f"is damaged ({error}); {_AGAIN}") from error
    if not content:
        holds = f"holds {', '.join(found[:8])}" if found else "holds no variables"
        raise DatasetError(path, f"{holds}; {_EXPECTED}")
    return content
