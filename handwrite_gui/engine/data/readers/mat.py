"""MATLAB files (up to version 7) of two published layouts.

* NIST36, of an assignment on reading text in images: ``train_data`` (N, 1024), each row a 32×32
  image column by column, and ``train_labels`` (N, 36), a 1 in the column of the class, A to Z and
  then 0 to 9.  ``valid_…`` and ``test_…`` are taken where ``train_…`` is missing.
* EMNIST: a structure ``dataset`` with ``train.images`` (N, 784) column by column,
  ``train.labels``, ``train.writers`` and ``mapping`` (number, code of the character).

Only arrays and structures are read; functions and objects in such files are passed over.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from string import ascii_uppercase, digits
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import Dataset, IntArray, LabelArray, ShouldStop
from handwrite_gui.engine.data.readers.labels import apply_numbering
from handwrite_gui.engine.data.readers.pixels import ink_images, square_side
from handwrite_gui.engine.errors import Cancelled, DatasetError

_PARTS = ("train", "valid", "test")
_CLASSES_BY_COLUMNS = {36: ascii_uppercase + digits, 26: ascii_uppercase, 10: digits}
_COMPRESSED = 15
_MOST_BYTES = 1 << 31  # EMNIST by class, the largest published one, has 0.7 GB
_AGAIN = "copy or download it again."
_EXPECTED = (
    "it takes files with train_data and train_labels (NIST36), or with dataset.train.images and "
    "dataset.train.labels (EMNIST)."
)


def read_mat(path: Path, *, should_stop: ShouldStop | None = None) -> Dataset:
    """Read the training part of a NIST36 or EMNIST .mat file.

    EMNIST's writers become the groups.

    Raises:
        DatasetError: the file is of a newer version, damaged, or has neither layout.
        Cancelled: ``should_stop`` became true before the file was read.
    """
    _check_file(path)
    if should_stop is not None and should_stop():
        raise Cancelled
    content = _load(path)
    for part in _PARTS:
        if f"{part}_data" in content and f"{part}_labels" in content:
            return _nist36(path, part, content[f"{part}_data"], content[f"{part}_labels"])
    if "dataset" in content:
        return _emnist(path, content["dataset"])
    names = [name for name in content if not name.startswith("__")]
    found = f"holds {', '.join(names[:8])}" if names else "holds no variables"
    raise DatasetError(path, f"{found}; {_EXPECTED}")


def _nist36(path: Path, part: str, data: Any, one_hot: Any) -> Dataset:
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
        images=ink_images(_upright(pixels, path), path),
        labels=np.array(list(classes), dtype="<U1")[columns.argmax(axis=1)],
        name=f"{path.stem} ({part})",
    )


def _emnist(path: Path, dataset: Any) -> Dataset:
    part = next((name for name in _PARTS if hasattr(dataset, name)), "")
    samples: Any = getattr(dataset, part, None)
    if not (hasattr(samples, "images") and hasattr(samples, "labels")):
        raise DatasetError(path, f"its variable dataset has another layout; {_EXPECTED}")
    pixels = _matrix(samples.images, "images", path)
    numbers = np.atleast_1d(samples.labels)
    if numbers.dtype.kind not in "iuf" or numbers.ndim != 1:
        raise DatasetError(path, f"its labels are no list of numbers; {_EXPECTED}")
    _check_counts(path, len(pixels), len(numbers))
    return Dataset(
        images=ink_images(_upright(pixels, path), path),
        labels=_mapped(numbers, getattr(dataset, "mapping", None), path),
        name=f"{path.stem} ({part})",
        groups=_writers(getattr(samples, "writers", None), len(pixels)),
    )


def _mapped(numbers: NDArray[Any], mapping: Any, path: Path) -> LabelArray:
    table = np.atleast_2d(mapping)
    if table.dtype.kind not in "iuf" or table.shape[1] < 2:
        raise DatasetError(path, "has no mapping of its labels to characters in dataset.mapping.")
    try:
        numbering = {int(row[0]): chr(int(row[1])) for row in table}
    except (ValueError, OverflowError) as error:
        raise DatasetError(path, "dataset.mapping has codes that are no characters.") from error
    return apply_numbering(numbers, numbering, path)


def _writers(writers: Any, count: int) -> IntArray | None:
    groups = np.atleast_1d(writers)
    if groups.dtype.kind not in "iuf" or groups.shape != (count,):
        return None
    return groups.astype(np.int64)


def _matrix(value: Any, name: str, path: Path) -> NDArray[Any]:
    array = np.atleast_2d(np.asarray(value))
    if array.dtype.kind not in "buif" or array.ndim != 2:
        raise DatasetError(path, f"{name} is no matrix of numbers with a row for each image.")
    if array.size == 0:
        raise DatasetError(path, f"{name} is empty.")
    return array


def _check_counts(path: Path, images: int, labels: int) -> None:
    if images != labels:
        raise DatasetError(
            path, f"holds {images} images, but {labels} labels: the file is damaged."
        )


def _upright(pixels: NDArray[Any], path: Path) -> NDArray[Any]:
    """Images (N, side, side) from rows that run down the columns, as MATLAB flattens."""
    side = square_side(pixels.shape[1], path)
    return np.ascontiguousarray(pixels.reshape(-1, side, side).transpose(0, 2, 1))


def _load(path: Path) -> dict[str, Any]:
    from scipy.io import loadmat

    names = [f"{part}_{what}" for part in _PARTS for what in ("data", "labels")]
    try:
        content: dict[str, Any] = loadmat(
            path, squeeze_me=True, struct_as_record=False, variable_names=[*names, "dataset"]
        )
        if set(content) <= {"__header__", "__version__", "__globals__"}:
            from scipy.io import whosmat

            content |= {name: None for name, _, _ in whosmat(path)}
    # A damaged file makes the parser stumble anywhere: over sizes, types, names, the checksum.
    except Exception as error:
        raise DatasetError(
            path, f"is damaged, or no MATLAB file ({str(error).strip('. ')}); {_AGAIN}"
        ) from error
    return content


def _check_file(path: Path) -> None:
    """Refuse what cannot be read, and sizes that would exhaust the memory, before reading."""
    size = path.stat().st_size
    with path.open("rb") as file:
        header = file.read(128)
        if header.startswith((b"MATLAB 7.3", b"\x89HDF")):
            raise DatasetError(
                path,
                "is a MATLAB file of version 7.3, which cannot be read here; in MATLAB, load it "
                "and save it again with save(file, '-v7').",
            )
        if not header.startswith(b"MATLAB 5.0"):
            # Version 4 has no mark of its own; its arrays are not packed and cannot grow.
            return
        if len(header) < 128:
            raise DatasetError(path, f"ends within its header; {_AGAIN}")
        byte_order = "<" if header[126:128] == b"IM" else ">"
        unpacked = 0
        for end, unpacked_size in _elements(file, byte_order):
            if end > size:
                raise DatasetError(path, f"is cut short; {_AGAIN}")
            unpacked += unpacked_size
    if unpacked > _MOST_BYTES:
        raise DatasetError(
            path,
            f"would take {unpacked / 1e9:.1f} GB of memory, more than any published set of "
            f"characters: it is damaged, or holds something else.",
        )


def _elements(file: BinaryIO, byte_order: str) -> Iterator[tuple[int, int]]:
    """Where each variable ends, and its size once unpacked, both in bytes.

    A MATLAB 5 file is a row of elements with an 8-byte tag, type and size; an element of the
    type 15 is a zlib stream of one element.
    """
    while len(tag := file.read(8)) == 8:
        kind, size = struct.unpack(f"{byte_order}II", tag)
        start = file.tell()
        unpacked = size
        if kind == _COMPRESSED:
            try:
                inner = zlib.decompressobj().decompress(file.read(min(size, 1024)), 8)
            except zlib.error:
                inner = b""
            if len(inner) == 8:
                unpacked = struct.unpack(f"{byte_order}II", inner)[1]
        yield start + size, unpacked
        file.seek(start + size)
