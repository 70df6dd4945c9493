"""What a file is, is told by its content; and what is no data set is said in one sentence."""

from __future__ import annotations

import gzip
import io
import shutil
import tarfile
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.errors import DatasetError
from tests.engine.data.readers.characters import make_characters

IMAGES = make_characters(4)
LABELS = np.array(list("ABAB"))


def test_the_name_of_a_file_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    with path.open("wb") as file:
        np.savez(file, images=IMAGES, labels=LABELS)
    assert len(read_dataset(path)) == 4
    shutil.move(path, tmp_path / "data")
    assert len(read_dataset(str(tmp_path / "data"))) == 4


def npy_bytes() -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, IMAGES)
    return buffer.getvalue()


def tar_gz_bytes() -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        archive.addfile(tarfile.TarInfo("A/1.png"))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("empty.npz", b"", r"is empty \(0 bytes\)"),
        ("data.h5", b"\x89HDF\r\n\x1a\n", "HDF5"),
        ("data.npy", npy_bytes(), "single array without labels"),
        ("data.pkl", b"\x80\x04\x95", "pickle, which can run any program"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "is a single image; choose the folder"),
        ("a.jpg", b"\xff\xd8\xff\xe0", "is a single image; choose the folder"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c", "unpack it"),
        ("a.rar", b"Rar!\x1a\x07", "unpack it"),
        ("a.tar.gz", tar_gz_bytes(), "tar archive; unpack it"),
        ("a.zip", b"PK\5\6" + b"\0" * 18, "images"),
        ("a.csv", b"version https://git-lfs.github.com/spec/v1\n", "git lfs pull"),
        ("a.csv", b"<!DOCTYPE html><html>", "web page, not data"),
        ("a.csv", b'{"text": "A", "strokes": []}\n', "JSON"),
        ("a.csv", b"\xff\xfeA\0,\0000\0", "known format"),
        ("a.gz", gzip.compress(b""), "holds nothing, unpacked"),
        ("a.gz", gzip.compress(bytes(1000))[:-12], "cannot be unpacked"),
        ("a.bin", bytes(range(256)) * 10, "known format"),
        ("README.md", b"# Title\n\nWords, and more.\n", "known format"),
    ],
    # Packed bytes say when they were packed: names with them would change from second to second.
    ids=lambda value: "" if isinstance(value, bytes) else value,
)
def test_what_is_no_data_set(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DatasetError, match=message) as caught:
        read_dataset(tmp_path / name)
    assert str(caught.value).startswith(f"{name}: ")
    assert "\n" not in str(caught.value)


def test_a_path_where_nothing_is(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="does not exist"):
        read_dataset(tmp_path / "nothing.npz")
