"""Arrays and structures in MATLAB files of version 5 to 7.

The format (The MathWorks, “MAT-File Format”, Level 5) is a row of elements, each a tag of type
and size followed by data; a variable is an element that contains others, and may be a zlib stream.

SciPy's reader is not used for files that may come from anywhere: its compiled part trusts the
sizes and types in a file, and a single changed byte can end the program with a segmentation
fault (found by changing random bytes, SciPy 1.17).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Value = NDArray[Any] | dict[str, Any] | None
"""Numbers (in their stored type, of at least two dimensions), a 1×1 structure by its fields, or
None for anything else."""

_HEADER_BYTES = 128
_NUMBER_TYPES = {
    1: "i1",
    2: "u1",
    3: "i2",
    4: "u2",
    5: "i4",
    6: "u4",
    7: "f4",
    9: "f8",
    12: "i8",
    13: "u8",
}
_MATRIX, _COMPRESSED = 14, 15
_STRUCT_CLASS = 2
_NUMBER_CLASSES = range(6, 16)
_COMPLEX_FLAG = 0x0800
_DEEPEST = 8
_ENOUGH_FOR_NAME = 1024


class MatlabFormatError(ValueError):
    """A file breaks the format; the message says how, in a few words."""


def is_matlab5(header: bytes) -> bool:
    """Whether the first 128 bytes of a file open a MATLAB file of version 5 to 7."""
    return len(header) >= _HEADER_BYTES and header[126:128] in (b"IM", b"MI")


def read_matlab5(
    path: Path, wanted: Collection[str], most_bytes: int
) -> tuple[dict[str, Value], list[str]]:
    """Read some variables.

    Args:
        path: a file for which :func:`is_matlab5` holds.
        wanted: the names of the variables to read.
        most_bytes: the most that the wanted variables may take up together.

    Returns:
        The wanted variables that the file has, and the names of all variables.

    Raises:
        MatlabFormatError: the file is damaged, or the wanted variables are too large.
        OSError: the file cannot be read.
    """
    content = memoryview(path.read_bytes())
    order = "<" if bytes(content[126:128]) == b"IM" else ">"
    values: dict[str, Value] = {}
    names: list[str] = []
    left = most_bytes
    try:
        for kind, data in _elements(content[_HEADER_BYTES:], order):
            start, size = _peeked(kind, data, order)
            name = _name(start, order)
            if name:  # functions leave data without a name
                names.append(name)
            if name in wanted:
                left -= size
                if left < 0:
                    raise MatlabFormatError(
                        f"{name} would take {size / 1e9:.1f} GB of memory, more than any "
                        f"published set of characters"
                    )
                matrix = _unpacked(data, size) if kind == _COMPRESSED else data
                values[name] = _matrix(matrix, order, _DEEPEST)
    except (zlib.error, struct.error) as error:
        raise MatlabFormatError(str(error)) from error
    return values, names


def _elements(data: memoryview, order: str) -> Iterator[tuple[int, memoryview]]:
    """Type and data of each element."""
    position = 0
    while position < len(data):
        (tag,) = struct.unpack_from(f"{order}I", data, position)
        if tag >> 16:  # a small element: its size shares the tag, its data take the size's place
            kind, size, start, end = tag & 0xFFFF, tag >> 16, position + 4, position + 8
            if size > 4:
                raise MatlabFormatError("a small element is too large")
        else:
            kind, size = struct.unpack_from(f"{order}II", data, position)
            start = position + 8
            end = start + size if kind == _COMPRESSED else start + (size + 7) // 8 * 8
        if start + size > len(data):
            raise MatlabFormatError("it is cut short")
        yield kind, data[start : start + size]
        position = end


def _peeked(kind: int, data: memoryview, order: str) -> tuple[memoryview, int]:
    """The first bytes inside a variable, and the bytes it takes up unpacked."""
    if kind == _MATRIX:
        return data, len(data)
    if kind != _COMPRESSED:
        raise MatlabFormatError(f"it has an element of the type {kind} in place of a variable")
    start = zlib.decompressobj().decompress(data[: 4 * _ENOUGH_FOR_NAME], _ENOUGH_FOR_NAME)
    inner_kind, size = struct.unpack_from(f"{order}II", start)
    if inner_kind != _MATRIX:
        raise MatlabFormatError(
            f"it has an element of the type {inner_kind} in place of a variable"
        )
    return memoryview(start)[8 : 8 + size], size


def _unpacked(data: memoryview, size: int) -> memoryview:
    unpacked = zlib.decompressobj().decompress(data, size + 8)
    if len(unpacked) != size + 8:
        raise MatlabFormatError("it is cut short")
    return memoryview(unpacked)[8:]


def _name(start: memoryview, order: str) -> str:
    """The name of a variable, from the third element inside it."""
    elements = _elements(start, order)
    for _ in range(2):
        next(elements, None)
    _, name = next(elements, (0, memoryview(b"")))
    return bytes(name).decode("ascii", "replace")


def _matrix(data: memoryview, order: str, depth: int) -> Value:
    """The value of a variable, of a field, or of a cell."""
    if not len(data):
        return np.zeros((0, 0))
    if depth == 0:
        raise MatlabFormatError("its structures are nested too deep")
    elements = _elements(data, order)
    flags = _first_number(elements, order)
    shape = tuple(int(size) for size in _numbers(*_next(elements), order))
    _next(elements)  # the name
    if len(shape) < 2 or min(shape) < 0:
        raise MatlabFormatError(f"it has an array of the shape {shape}")
    array_class = flags & 0xFF
    if array_class == _STRUCT_CLASS and shape == (1, 1):
        return _fields(elements, order, depth)
    if array_class not in _NUMBER_CLASSES or flags & _COMPLEX_FLAG:
        return None
    numbers = _numbers(*_next(elements), order)
    count = int(np.prod(shape, dtype=object))
    if len(numbers) != count:
        raise MatlabFormatError(f"an array of the shape {shape} has {len(numbers)} values")
    return numbers.reshape(shape, order="F")


def _fields(elements: Iterator[tuple[int, memoryview]], order: str, depth: int) -> dict[str, Any]:
    length = _first_number(elements, order)
    _, names = _next(elements)
    if length <= 0 or len(names) % length:
        raise MatlabFormatError("a structure has no names of fields")
    fields: dict[str, Any] = {}
    for start in range(0, len(names), length):
        name = bytes(names[start : start + length]).partition(b"\0")[0].decode("ascii", "replace")
        kind, data = _next(elements)
        if kind != _MATRIX:
            raise MatlabFormatError(f"the field {name} is of the type {kind}")
        fields[name] = _matrix(data, order, depth - 1)
    return fields


def _next(elements: Iterator[tuple[int, memoryview]]) -> tuple[int, memoryview]:
    element = next(elements, None)
    if element is None:
        raise MatlabFormatError("a variable is incomplete")
    return element


def _first_number(elements: Iterator[tuple[int, memoryview]], order: str) -> int:
    numbers = _numbers(*_next(elements), order)
    if not len(numbers):
        raise MatlabFormatError("a variable is incomplete")
    return int(numbers[0])


def _numbers(kind: int, data: memoryview, order: str) -> NDArray[Any]:
    if kind not in _NUMBER_TYPES:
        raise MatlabFormatError(f"it has values of the unknown type {kind}")
    dtype = np.dtype(order + _NUMBER_TYPES[kind])
    if len(data) % dtype.itemsize:
        raise MatlabFormatError("an array ends within a value")
    return np.frombuffer(data, dtype)
