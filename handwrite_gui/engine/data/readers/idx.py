"""The IDX format of MNIST and EMNIST: images in one file, labels in another beside it.

Layout (LeCun, Cortes & Burges 1998): two zero bytes, a byte for the type of the values, a byte
for the number of dimensions, each size as a big-endian 32-bit integer, the values.
"""

from __future__ import annotations

import gzip
import math
import zlib
from contextlib import closing
from pathlib import Path
from typing import IO, cast

import numpy as np

from handwrite_gui.engine.data.dataset import (
    Dataset,
    LabelArray,
    OnProgress,
    ShouldStop,
    UInt8Array,
)
from handwrite_gui.engine.data.readers.labels import characters_of_numbers, is_transposed
from handwrite_gui.engine.data.readers.pixels import LARGEST_SIDE, ink_images
from handwrite_gui.engine.errors import Cancelled, DatasetError

GZIP_MAGIC = b"\x1f\x8b"

_UNSIGNED_BYTE = 0x08
_TYPES = {0x08, 0x09, 0x0B, 0x0C, 0x0D, 0x0E}
_BLOCK = 1 << 22
_MOST_DEFLATED = 1032  # deflate makes a byte of at most this many
_AGAIN = "copy or download it again."


def looks_like_idx(start: bytes) -> bool:
    """Whether the first four (unpacked) bytes of a file open an IDX array."""
    return len(start) >= 4 and start[:2] == b"\0\0" and start[2] in _TYPES and 1 <= start[3] <= 4


def read_idx(
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Dataset:
    """Read an images file together with its labels file; either of the two may be given.

    The other one has the same name with ``labels`` for ``images`` and ``idx1`` for ``idx3``, and
    may be packed by gzip or not.  Files whose names start with ``emnist-`` are turned upright.

    Raises:
        DatasetError: one of the two is missing, damaged, or does not fit the other.
        Cancelled: ``should_stop`` became true.
    """
    if _dimensions(path) == 1:
        images_path, labels_path = _partner(path, "labels", "images"), path
    else:
        images_path, labels_path = path, _partner(path, "images", "labels")
    labels = _read_labels(labels_path, should_stop)
    images = _read_array(images_path, 3, on_progress, should_stop)
    if len(images) != len(labels):
        raise DatasetError(
            images_path,
            f"holds {len(images)} images, but {labels_path.name} has {len(labels)} labels: they "
            f"are not of the same data set, or one of them is damaged.",
        )
    if images.size == 0:
        raise DatasetError(images_path, "holds no images.")
    if is_transposed(images_path):
        images = np.ascontiguousarray(images.transpose(0, 2, 1))
    return Dataset(
        images=ink_images(images, images_path, on_progress=on_progress, should_stop=should_stop),
        labels=labels,
        name=_data_name(images_path),
    )


def _read_labels(path: Path, should_stop: ShouldStop | None) -> LabelArray:
    numbers = _read_array(path, 1, None, should_stop)
    if numbers.size == 0:
        raise DatasetError(path, "holds no labels.")
    return characters_of_numbers(numbers, path)


def _data_name(images_path: Path) -> str:
    """``emnist-letters-train`` for ``emnist-letters-train-images-idx3-ubyte.gz``."""
    return images_path.name.partition("images")[0].rstrip("-._ ") or images_path.name


def _partner(path: Path, own: str, others: str) -> Path:
    """The file beside ``path`` that holds the other half of the data."""
    if own not in path.name:
        raise DatasetError(
            path,
            f"holds {own}, but its name does not say so, and the {others} are looked for by "
            f"name: call the files like train-images-idx3-ubyte and train-labels-idx1-ubyte.",
        )
    dimension = {"images": "idx3", "labels": "idx1"}
    name = path.name.replace(own, others).replace(dimension[own], dimension[others])
    unpacked = name.removesuffix(".gz")
    for candidate in (name, unpacked, f"{unpacked}.gz"):
        if path.with_name(candidate).is_file():
            return path.with_name(candidate)
    raise DatasetError(path, f"the {others} are missing: put {name} beside it.")


def _open(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        packed = file.read(2) == GZIP_MAGIC
    return cast(IO[bytes], gzip.open(path)) if packed else path.open("rb")


def _dimensions(path: Path) -> int:
    """How many dimensions the array in an IDX file has."""
    try:
        with _open(path) as file:
            return file.read(4)[3]
    except (OSError, EOFError, zlib.error, IndexError) as error:
        raise DatasetError(path, f"cannot be unpacked ({error}); {_AGAIN}") from error


def _read_array(
    path: Path, dimensions: int, on_progress: OnProgress | None, should_stop: ShouldStop | None
) -> UInt8Array:
    try:
        with closing(_open(path)) as file:
            return _read_open_array(file, path, dimensions, on_progress, should_stop)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(path, f"cannot be read to its end ({error}); {_AGAIN}") from error


def _read_open_array(
    file: IO[bytes],
    path: Path,
    dimensions: int,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> UInt8Array:
    what = "images" if dimensions == 3 else "labels"
    header = file.read(4)
    if not looks_like_idx(header):
        raise DatasetError(
            path, f"does not start like an IDX file of {what} (it starts {header.hex(' ')})."
        )
    if header[2] != _UNSIGNED_BYTE:
        raise DatasetError(
            path, f"its values are of the IDX type 0x{header[2]:02x}; only bytes (0x08) are read."
        )
    if header[3] != dimensions:
        raise DatasetError(
            path,
            f"holds an array of {header[3]} dimensions, where {what} have {dimensions}; "
            f"choose the pair of an idx3 file with images and an idx1 file with labels.",
        )
    sizes = file.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise DatasetError(path, f"ends within its header; {_AGAIN}")
    shape = tuple(int(size) for size in np.frombuffer(sizes, ">u4"))
    if any(size > LARGEST_SIDE for size in shape[1:]):
        raise DatasetError(
            path,
            f"says its images are {shape[2]}×{shape[1]} pixels, more than characters have "
            f"({LARGEST_SIDE} a side at most): it is damaged, or holds something else.",
        )
    announced = math.prod(shape)
    # What the header says is believed only as far as the file can hold it, so that a damaged
    # header does not allocate gigabytes.
    file_size = path.stat().st_size
    possible = file_size * _MOST_DEFLATED if isinstance(file, gzip.GzipFile) else file_size
    if announced > possible:
        raise _too_short(path, announced, what, shape)
    data = np.empty(announced, np.uint8)
    view = data.data
    done = 0
    while done < announced:
        if should_stop is not None and should_stop():
            raise Cancelled
        # Both kinds of file have readinto; the type of IO does not declare it.
        count = file.readinto(view[done : done + _BLOCK])  # type: ignore[attr-defined]
        if not count:
            raise _too_short(path, announced, what, shape)
        done += count
        if on_progress is not None:
            on_progress(done / announced, f"Read {done // math.prod(shape[1:])} images")
    if file.read(1):
        raise DatasetError(
            path,
            f"goes on after the {shape[0]} {what} that its header announces: it is damaged; "
            f"{_AGAIN}",
        )
    return data.reshape(shape)


def _too_short(path: Path, announced: int, what: str, shape: tuple[int, ...]) -> DatasetError:
    return DatasetError(
        path,
        f"is cut short: its header announces {shape[0]} {what}, {announced} bytes, and the file "
        f"holds less; {_AGAIN}",
    )
