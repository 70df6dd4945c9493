"""Reading and writing ``.npz`` files that may come from anywhere.

An ``.npz`` file is a zip of ``.npy`` arrays.  NumPy's own reader would run a pickle if it were
allowed to, and allocates what a header claims.  Here the zip directory and every array header
are checked before anything is decompressed or allocated, and everything that can be wrong with
a file becomes one error with a sentence for a person.
"""

from __future__ import annotations

import contextlib
import math
import os
import secrets
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import InputFileError, ModelFileError

MAX_MEMBERS = 10_000
RATIO_CHECKED_ABOVE = 16 << 20
"""Bytes; smaller arrays may be as compressible as they like: sorted labels and zeros are."""
MAX_RATIO = 400
_ALLOWED_KINDS = "biufU"
_ENCRYPTED = 0x1
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
)
"""What zipfile raises when offsets, versions, names or compressed data make no sense."""


def open_npz(
    path: str | os.PathLike[str],
    *,
    max_bytes: int = 1 << 30,
    error: type[InputFileError] = ModelFileError,
    names: Collection[str] | None = None,
) -> dict[str, NDArray[Any]]:
    """Reads the arrays of an ``.npz`` file without trusting it.

    Args:
        path: the file.
        max_bytes: the most that the arrays read may take up in memory together.
        error: what to raise, called with path and reason.
        names: which arrays to read; all of them by default.  The others are checked against
            the zip directory but not decompressed; names the file lacks are just not returned.

    Returns:
        The arrays by name, read-only, in the order of the file.  Only booleans, integers,
        floats and Unicode strings; values are as stored, finite or not.

    Raises:
        error: the file is missing, unreadable, no ``.npz``, damaged, too large, or contains
            anything but plain arrays.
    """
    try:
        with Path(path).open("rb") as file:
            return _read_all(path, file, max_bytes, error, names)
    except FileNotFoundError:
        raise error(path, "there is no such file; check the name.") from None
    except IsADirectoryError:
        raise error(path, "this is a folder; choose an .npz file.") from None
    except OSError as problem:
        raise error(path, f"the file cannot be opened: {problem.strerror}.") from None


def _read_all(
    path: str | os.PathLike[str],
    file: IO[bytes],
    max_bytes: int,
    error: type[InputFileError],
    names: Collection[str] | None,
) -> dict[str, NDArray[Any]]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = _checked_directory(path, archive, max_bytes, error, names)
            return {
                name: _read_array(path, archive, info, name, error)
                for name, info in members.items()
            }
    except _DAMAGE:
        file.seek(0)
        raise error(path, _what_is_wrong(file.read(4))) from None
    except MemoryError:
        raise error(path, "there is not enough memory for its contents.") from None


def _shown(name: str) -> str:
    """A name from a file that may be anything, fit for a message."""
    return "".join(c if c.isprintable() else "?" for c in name[:60])


def _what_is_wrong(start: bytes) -> str:
    """Why a file that begins with these bytes cannot be read."""
    if not start:
        return "the file is empty; get it again."
    if start.startswith(b"PK"):
        return "the file is damaged or cut off; get it again."
    return "this is not an .npz file; choose a file that was saved as .npz."


def _checked_directory(
    path: str | os.PathLike[str],
    archive: zipfile.ZipFile,
    max_bytes: int,
    error: type[InputFileError],
    names: Collection[str] | None,
) -> dict[str, zipfile.ZipInfo]:
    """The members to read by array name, once the zip directory is found to be sane."""
    infos = archive.infolist()
    if len(infos) > MAX_MEMBERS:
        raise error(path, f"it holds {len(infos)} files, more than any file of this kind.")
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        name = info.filename.removesuffix(".npy")
        if name == info.filename:
            raise error(
                path,
                f"it holds “{_shown(info.filename)}”, which is not a NumPy array: this is an "
                "ordinary zip file, not an .npz file.",
            )
        if name in members:
            raise error(path, f"the array “{_shown(name)}” is in it twice; the file is damaged.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise error(path, "it is compressed as .npz files never are; save it again as .npz.")
        if info.flag_bits & _ENCRYPTED:
            raise error(path, "it is protected by a password; save it without one.")
        if info.file_size > RATIO_CHECKED_ABOVE and info.file_size > MAX_RATIO * info.compress_size:
            raise error(
                path,
                f"the array “{_shown(name)}” claims to unpack to {info.file_size >> 20} MB from "
                f"{info.compress_size >> 10} kB; such a file is refused.",
            )
        members[name] = info
        if names is None or name in names:
            total += info.file_size
    if total > max_bytes:
        raise error(
            path,
            f"its arrays take {total >> 20} MB; at most {max_bytes >> 20} MB can be read.",
        )
    return {n: info for n, info in members.items() if names is None or n in names}


def _read_array(
    path: str | os.PathLike[str],
    archive: zipfile.ZipFile,
    info: zipfile.ZipInfo,
    name: str,
    error: type[InputFileError],
) -> NDArray[Any]:
    with archive.open(info) as stream:
        try:
            shape, fortran_order, dtype = _read_header(stream)
        except ValueError:
            raise error(
                path, f"“{_shown(name)}” is not a NumPy array; get the file again."
            ) from None
        if dtype.hasobject:
            raise error(
                path,
                f"the array “{_shown(name)}” contains Python objects (a pickle), which could run "
                "code and are never loaded; save it as plain numbers.",
            )
        if dtype.kind not in _ALLOWED_KINDS:
            raise error(
                path,
                f"the array “{_shown(name)}” is of type {dtype}; it must hold numbers or text.",
            )
        size = dtype.itemsize * math.prod(shape)
        # Never read(): it decompresses all there is, whatever size the directory gives.
        data = stream.read(size) if 0 <= size <= info.file_size else b""
        if min(shape, default=0) < 0 or len(data) != size or stream.read(1):
            raise error(
                path,
                f"the array “{_shown(name)}” says that it is {shape} of {dtype}, and its data do "
                "not fit; the file is damaged.",
            )
    if not data:
        return np.zeros(shape, dtype)
    return np.frombuffer(data, dtype).reshape(shape, order="F" if fortran_order else "C")


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, Fortran order and dtype; raises ValueError if this is no ``.npy`` header."""
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(stream)
    if version == (2, 0):
        return np.lib.format.read_array_header_2_0(stream)
    # Version 3 exists for field names in Unicode; no plain array needs it.
    raise ValueError(f"unknown version {version}")


def write_npz(
    path: str | os.PathLike[str],
    arrays: Mapping[str, NDArray[Any]],
    *,
    error: type[InputFileError] = ModelFileError,
    compressed: bool = False,
) -> None:
    """Writes arrays so that the file is there completely or not at all.

    The same arrays give the same bytes, compressed ones with the same zlib.  They are written to a
    temporary file beside the target, flushed to the disk, and moved over the target; whatever
    fails, an existing file stays as it was.

    Raises:
        error: the file cannot be written.
        ValueError: an array holds Python objects.
    """
    target = Path(path)
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.tmp")
    try:
        with temporary.open("xb") as file:
            with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
                for name, array in arrays.items():
                    # A ZipInfo of our own: its date is 1980, not now.
                    info = zipfile.ZipInfo(f"{name}.npy")
                    info.compress_type = zipfile.ZIP_DEFLATED if compressed else zipfile.ZIP_STORED
                    with archive.open(info, "w", force_zip64=True) as member:
                        np.lib.format.write_array(member, array, allow_pickle=False)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise error(
            target, f"the file cannot be written: {reason}. Choose another place for it."
        ) from None
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
