"""Comma-separated text, packed by gzip or not: on each line the label, then the pixels.

The images are square and written row by row (columns first in files named ``emnist-…``, as these
are published).  A first line that is not made of numbers behind its first comma is a header.
Labels are the characters themselves, in double quotes where they need it (``","``), or numbers by
the rule in :mod:`handwrite_gui.engine.data.readers.labels`.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import Dataset, LabelArray, OnProgress, ShouldStop
from handwrite_gui.engine.data.readers.idx import GZIP_MAGIC
from handwrite_gui.engine.data.readers.labels import characters_of_numbers, is_transposed
from handwrite_gui.engine.data.readers.pixels import LARGEST_SIDE, ink_images, square_side
from handwrite_gui.engine.errors import Cancelled, DatasetError

_BLOCK = 1 << 23
_LONGEST_LINE = 8 * LARGEST_SIDE**2
_NUMBER = re.compile(r"\d+(\.0*)?")
_INTEGER_ROW_BYTES = b"0123456789, \t\r\n"
_HOW = "a line has to be a label and then the pixels, separated by commas."


def read_csv(
    path: Path,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Dataset:
    """Read labels and square images from lines of text.

    Raises:
        DatasetError: a line cannot be understood (it is named by its number, counted from 1 and
            with the header), or the file is damaged.
        Cancelled: ``should_stop`` became true.
    """
    labels: list[str] = []
    rows: list[int] = []
    blocks: list[NDArray[Any]] = []
    try:
        with path.open("rb") as raw:
            size = max(path.stat().st_size, 1)
            for first_row, lines in _blocks_of_lines(raw, path):
                if should_stop is not None and should_stop():
                    raise Cancelled
                kept = [(row, line) for row, line in enumerate(lines, first_row) if line.strip()]
                block_labels, pixels = _split_labels(kept, path)
                labels += block_labels
                rows += [row for row, _ in kept]
                if kept:
                    blocks.append(_numbers(pixels, [row for row, _ in kept], path))
                if blocks and blocks[-1].shape[1] != blocks[0].shape[1]:
                    raise _uneven(path, rows[-1], blocks[-1].shape[1], blocks[0].shape[1])
                if on_progress is not None:
                    on_progress(raw.tell() / size, f"Read {len(labels)} images")
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            path, f"cannot be read to its end ({error}); copy or download it again."
        ) from error
    if not blocks:
        raise DatasetError(path, f"holds no images; {_HOW}")
    table = np.concatenate(blocks)
    side = square_side(table.shape[1], path)
    images = table.reshape(-1, side, side)
    if is_transposed(path):
        images = np.ascontiguousarray(images.transpose(0, 2, 1))
    name = path.name.removesuffix(".gz").removesuffix(".csv")
    return Dataset(
        images=ink_images(images, path, on_progress=on_progress, should_stop=should_stop),
        labels=_characters(labels, rows, path),
        name=name,
    )


def _blocks_of_lines(raw: BinaryIO, path: Path) -> Iterator[tuple[int, list[bytes]]]:
    """The number of the first line of each block, and the block's lines, without the header."""
    packed = raw.read(2) == GZIP_MAGIC
    raw.seek(0)
    file = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if packed else raw
    first = file.readline(_LONGEST_LINE).removeprefix(b"\xef\xbb\xbf")
    if not first.strip():
        raise DatasetError(path, f"its first line is empty; {_HOW}")
    if b"," not in first:
        raise DatasetError(path, f"its first line has no comma; {_HOW}")
    if not _is_header(first):
        yield 1, [first]
    row = 2
    while lines := file.readlines(_BLOCK):
        yield row, lines
        row += len(lines)


def _is_header(line: bytes) -> bool:
    _, pixels = _label_and_pixels(line)
    return not any(_is_number(field) for field in pixels.split(b","))


def _label_and_pixels(line: bytes) -> tuple[bytes, bytes]:
    """A line at its first comma, or at the comma behind a quoted label."""
    if line.startswith(b'"'):
        quoted = re.match(rb'"((?:[^"]|"")*)"\s*,', line)
        if quoted is not None:
            return quoted[1].replace(b'""', b'"'), line[quoted.end() :]
    label, _, pixels = line.partition(b",")
    return label.strip(), pixels


def _split_labels(lines: list[tuple[int, bytes]], path: Path) -> tuple[list[str], list[bytes]]:
    labels: list[str] = []
    pixels: list[bytes] = []
    for row, line in lines:
        label, rest = _label_and_pixels(line)
        try:
            labels.append(label.decode("utf-8"))
        except UnicodeDecodeError as error:
            raise DatasetError(
                path, f"the label in line {row} is not in UTF-8; save the file as UTF-8 text."
            ) from error
        pixels.append(rest)
    return labels, pixels


def _numbers(pixels: list[bytes], rows: list[int], path: Path) -> NDArray[Any]:
    """The pixels of some lines as uint8 (N, M) where they are small integers, else float32."""
    if not all(line.strip() for line in pixels):
        # loadtxt would skip such a line, and the labels below it would move up by one.
        raise _first_fault(pixels, rows, path)
    text = b"\n".join(line.rstrip(b"\r\n") for line in pixels)
    # Integers are read five times as fast, but only from text that is made of nothing else:
    # loadtxt would cut decimals off.
    types = [np.float32] if text.translate(None, _INTEGER_ROW_BYTES) else [np.uint8, np.float32]
    for dtype in types:
        try:
            return np.loadtxt(io.BytesIO(text), dtype, delimiter=",", comments=None, ndmin=2)
        except ValueError:
            continue
    raise _first_fault(pixels, rows, path)


def _first_fault(pixels: list[bytes], rows: list[int], path: Path) -> DatasetError:
    expected = pixels[0].count(b",") + 1
    for row, line in zip(rows, pixels, strict=True):
        fields = line.split(b",")
        if len(fields) != expected:
            return _uneven(path, row, len(fields), expected)
        for column, field in enumerate(fields, start=2):
            if not _is_number(field):
                text = field.strip().decode("utf-8", "replace")[:20]
                return DatasetError(
                    path, f"line {row}, value {column}: “{text}” is not a number; {_HOW}"
                )
    return DatasetError(path, f"lines {rows[0]} to {rows[-1]} cannot be read as numbers; {_HOW}")


def _is_number(field: bytes) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _uneven(path: Path, row: int, count: int, expected: int) -> DatasetError:
    return DatasetError(
        path,
        f"line {row} has {count} pixels, where the lines before it have {expected}: the file is "
        f"cut short or damaged there.",
    )


def _characters(labels: list[str], rows: list[int], path: Path) -> LabelArray:
    used = set(labels)
    if all(_NUMBER.fullmatch(label) and len(label) < 10 for label in used):
        return characters_of_numbers(np.array(labels, dtype=np.float64).astype(np.int64), path)
    faults = {label for label in used if len(label) != 1 or label.isspace()}
    if faults:
        at = next(index for index, label in enumerate(labels) if label in faults)
        raise DatasetError(
            path,
            f"the label in line {rows[at]} is “{labels[at][:20]}”; a label has to be one "
            f"character (or all of them numbers).",
        )
    return np.array(labels, dtype="<U1")
