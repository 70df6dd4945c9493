"""Which reader a file is for, told by its content first and its name second."""

from __future__ import annotations

import gzip
import os
import zlib
from pathlib import Path

from handwrite_gui.engine.data.dataset import Dataset, OnProgress, ShouldStop
from handwrite_gui.engine.data.readers.csv import read_csv
from handwrite_gui.engine.data.readers.folder import read_folder
from handwrite_gui.engine.data.readers.idx import GZIP_MAGIC, looks_like_idx, read_idx
from handwrite_gui.engine.data.readers.mat import read_mat
from handwrite_gui.engine.data.readers.npz import read_npz
from handwrite_gui.engine.errors import DatasetError

READABLE = (
    "It takes .npz files with “images” and “labels”, the IDX files of MNIST and EMNIST, .mat "
    "files of EMNIST and NIST36, .csv files, and folders with a folder of images for each "
    "character."
)

_START = 4096
_OTHER_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\x89HDF", "is an HDF5 file; export the data as .npz with “images” and “labels”."),
    (b"\x93NUMPY", "is a single array without labels; save both with np.savez(images=, labels=)."),
    (b"\x80", "is a Python pickle, which can run any program when opened; export it as .npz."),
    (b"\x89PNG", "is a single image; choose the folder that has a folder for each character."),
    (b"\xff\xd8\xff", "is a single image; choose the folder that has a folder for each character."),
    (b"7z\xbc\xaf", "is a 7-Zip archive; unpack it and choose what was in it."),
    (b"Rar!", "is a RAR archive; unpack it and choose what was in it."),
    (b"BZh", "is packed by bzip2; unpack it and choose what was in it."),
    (b"\xfd7zXZ", "is packed by xz; unpack it and choose what was in it."),
    (b"version https://git-lfs", "is a Git LFS pointer, not the data; fetch it with git lfs pull."),
)


def read_dataset(
    path: str | os.PathLike[str],
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Dataset:
    """Read labelled images of characters from a file or folder of any known format.

    Args:
        path: an .npz file (``images``, ``labels``, perhaps ``writer`` or ``order``); an IDX file
            with its partner beside it; a .mat file of EMNIST or NIST36; a CSV file; a folder
            with a folder of images for each character.  See the reader of each format.
        on_progress: called with a fraction in 0 to 1 and a short text.
        should_stop: asked now and then.

    Returns:
        At least one image of each of at least two classes; ink is 255 on 0.

    Raises:
        DatasetError: what was given is none of these, or is damaged; the message says what is
            wrong and what to do.
        Cancelled: ``should_stop`` became true.
    """
    path = Path(path)
    if path.is_dir():
        dataset = read_folder(path, on_progress=on_progress, should_stop=should_stop)
    else:
        dataset = _read_file(path, on_progress, should_stop)
    classes = dataset.classes
    if len(classes) < 2:
        raise DatasetError(
            path, f"all its images are of “{classes[0]}”; data has to have at least two classes."
        )
    return dataset


def _read_file(
    path: Path, on_progress: OnProgress | None, should_stop: ShouldStop | None
) -> Dataset:
    start = _start_of(path)
    if start.startswith(b"PK") and start[2:4] in (b"\3\4", b"\5\6", b"\7\10"):
        return read_npz(path, on_progress=on_progress, should_stop=should_stop)
    if start.startswith(b"MATLAB") or path.suffix.lower() == ".mat":
        return read_mat(path, on_progress=on_progress, should_stop=should_stop)
    for magic, reason in _OTHER_FORMATS:
        if start.startswith(magic):
            raise DatasetError(path, reason)
    if path.suffix.lower() == ".npz":
        raise DatasetError(path, "is not an .npz file in spite of its name: it is no zip archive.")
    content = _unpacked_start(path) if start.startswith(GZIP_MAGIC) else start
    if looks_like_idx(content):
        return read_idx(path, on_progress=on_progress, should_stop=should_stop)
    if content[257:262] == b"ustar":
        raise DatasetError(path, "is a tar archive; unpack it and choose what was in it.")
    text = content.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype", b"<html", b"<?xml")):
        raise DatasetError(
            path,
            "is a web page, not data: the download has failed or asks for a sign-in; open its "
            "address in a browser and save the file itself.",
        )
    if text.startswith((b"{", b"[")):
        raise DatasetError(
            path, f"is JSON text, which has no agreed form for images of characters. {READABLE}"
        )
    is_csv_by_name = path.name.lower().removesuffix(".gz").endswith(".csv")
    has_columns = b"," in content.partition(b"\n")[0]
    if b"\0" in content or not (has_columns or is_csv_by_name):
        raise DatasetError(path, f"holds no data in a known format. {READABLE}")
    return read_csv(path, on_progress=on_progress, should_stop=should_stop)


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            start = file.read(_START)
    except FileNotFoundError as error:
        raise DatasetError(path, "does not exist; check the path.") from error
    except OSError as error:
        raise DatasetError(path, f"cannot be opened: {error.strerror}.") from error
    if not start:
        raise DatasetError(path, "is empty (0 bytes); copy or download it again.")
    return start


def _unpacked_start(path: Path) -> bytes:
    try:
        with gzip.open(path) as file:
            start = file.read(_START)
    except (OSError, EOFError, zlib.error) as error:
        raise DatasetError(
            path, f"cannot be unpacked ({error}); copy or download it again."
        ) from error
    if not start:
        raise DatasetError(path, "holds nothing, unpacked; copy or download it again.")
    return start
