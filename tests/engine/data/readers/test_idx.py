"""MNIST's and EMNIST's format: pairs of files that may be damaged each on its own."""

from __future__ import annotations

import gzip
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.errors import Cancelled, DatasetError
from tests.engine.data.readers.characters import make_characters

IMAGES = make_characters(12, 10, 8)
SQUARE = make_characters(12)
DIGITS = np.arange(12, dtype=np.uint8) % 10


def idx_bytes(array: NDArray[np.uint8]) -> bytes:
    header = bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape)
    return header + array.tobytes()


def write_pair(
    folder: Path,
    images: NDArray[np.uint8] = IMAGES,
    labels: NDArray[np.uint8] = DIGITS,
    prefix: str = "train",
    packed: bool = True,
) -> tuple[Path, Path]:
    paths = []
    for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
        content = idx_bytes(array)
        path = folder / f"{prefix}-{kind}-ubyte{'.gz' if packed else ''}"
        path.write_bytes(gzip.compress(content) if packed else content)
        paths.append(path)
    return paths[0], paths[1]


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("chosen", [0, 1], ids=["images", "labels"])
def test_either_file_of_a_pair_gives_both(tmp_path: Path, packed: bool, chosen: int) -> None:
    data = read_dataset(write_pair(tmp_path, packed=packed)[chosen])
    np.testing.assert_array_equal(data.images, IMAGES)
    assert "".join(data.labels) == "012345678901"
    assert data.name == "train"


def test_one_file_packed_and_the_other_not(tmp_path: Path) -> None:
    images_path, labels_path = write_pair(tmp_path)
    labels_path.with_suffix("").write_bytes(gzip.decompress(labels_path.read_bytes()))
    labels_path.unlink()
    assert len(read_dataset(images_path)) == 12


def test_names_with_dots_as_some_tools_unpack_them(tmp_path: Path) -> None:
    (tmp_path / "t10k-images.idx3-ubyte").write_bytes(idx_bytes(IMAGES))
    (tmp_path / "t10k-labels.idx1-ubyte").write_bytes(idx_bytes(DIGITS))
    data = read_dataset(tmp_path / "t10k-images.idx3-ubyte")
    assert (len(data), data.name) == (12, "t10k")


def test_emnist_is_turned_upright(tmp_path: Path) -> None:
    lying = np.ascontiguousarray(SQUARE.transpose(0, 2, 1))
    images_path, _ = write_pair(tmp_path, lying, DIGITS, "emnist-digits-train")
    data = read_dataset(images_path)
    np.testing.assert_array_equal(data.images, SQUARE)
    assert data.name == "emnist-digits-train"


@pytest.mark.parametrize(
    ("split", "numbers", "characters"),
    [
        ("digits", [0, 9], "09"),
        ("mnist", [0, 9], "09"),
        ("letters", [1, 3, 26], "ACZ"),
        ("letters", [1, 2], "AB"),
        ("balanced", [0, 9, 10, 35, 36, 37, 38, 40, 41, 46], "09AZabdfgt"),
        ("bymerge", [42, 43, 44, 45], "hnqr"),
        ("byclass", [9, 10, 35, 36, 61], "9AZaz"),
    ],
)
def test_emnist_numbers(tmp_path: Path, split: str, numbers: list[int], characters: str) -> None:
    labels = np.array(numbers, np.uint8)
    images = make_characters(len(numbers))
    path, _ = write_pair(tmp_path, images, labels, f"emnist-{split}-test")
    assert "".join(read_dataset(path).labels) == characters


def test_the_mapping_beside_emnist_files_is_obeyed(tmp_path: Path) -> None:
    (tmp_path / "emnist-letters-mapping.txt").write_text("1 88 120\n2 89 121\n")
    path, _ = write_pair(
        tmp_path, make_characters(3), np.array([1, 2, 1], np.uint8), "emnist-letters-train"
    )
    assert "".join(read_dataset(path).labels) == "XYX"


@pytest.mark.parametrize("content", ["", "one two\n", "1\n", "1 9999999999\n"])
def test_a_damaged_mapping_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "emnist-letters-mapping.txt").write_text(content)
    path, _ = write_pair(tmp_path, SQUARE, DIGITS + np.uint8(1), "emnist-letters-train")
    with pytest.raises(DatasetError, match=r"emnist-letters-mapping\.txt: .*remove it"):
        read_dataset(path)


def test_numbers_that_emnist_does_not_have(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path, SQUARE, DIGITS, "emnist-letters-train")
    with pytest.raises(DatasetError, match="the label 0 stands for no character"):
        read_dataset(path)


def test_missing_partner(tmp_path: Path) -> None:
    images_path, labels_path = write_pair(tmp_path)
    labels_path.unlink()
    with pytest.raises(DatasetError, match=r"labels are missing: put train-labels-idx1-ubyte"):
        read_dataset(images_path)


def test_a_name_that_does_not_lead_to_the_partner(tmp_path: Path) -> None:
    (tmp_path / "digits.idx").write_bytes(idx_bytes(IMAGES))
    with pytest.raises(DatasetError, match="call the files like train-images"):
        read_dataset(tmp_path / "digits.idx")


def test_counts_that_do_not_match(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path, IMAGES, DIGITS[:10])
    with pytest.raises(DatasetError, match=r"holds 12 images, but .* has 10 labels"):
        read_dataset(path)


@pytest.mark.parametrize("packed", [True, False])
def test_images_cut_short(tmp_path: Path, packed: bool) -> None:
    path, _ = write_pair(tmp_path, make_characters(12, 28, 28), packed=packed)
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(DatasetError, match="again"):
        read_dataset(path)


def test_more_than_the_header_announces(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path, packed=False)
    path.write_bytes(path.read_bytes() + b"\0")
    with pytest.raises(DatasetError, match="goes on after the 12 images"):
        read_dataset(path)


@pytest.mark.parametrize("packed", [True, False])
def test_a_header_of_absurd_sizes_does_not_allocate(tmp_path: Path, packed: bool) -> None:
    path, _ = write_pair(tmp_path)
    content = bytes([0, 0, 8, 3]) + struct.pack(">3I", 2**32 - 1, 1000, 1000) + b"\0" * 1000
    path.write_bytes(gzip.compress(content) if packed else content)
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match="cut short"):
            read_dataset(path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (bytes([0, 0, 8, 3]) + struct.pack(">3I", 1, 70_000, 1), "1×70000 pixels"),
        (bytes([0, 0, 8, 3, 0, 0]), "within its header"),
        (bytes([0, 0, 13, 3]) + struct.pack(">3I", 1, 1, 1) + b"\0\0\0\0", "type 0x0d"),
        (bytes([0, 0, 8, 4]) + struct.pack(">4I", 1, 1, 1, 1) + b"\0", "4 dimensions"),
        (bytes([0, 0, 8, 3]) + struct.pack(">3I", 0, 28, 28), "no images|labels"),
    ],
)
def test_headers_that_announce_no_images(tmp_path: Path, content: bytes, message: str) -> None:
    path, _ = write_pair(tmp_path, packed=False)
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=message):
        read_dataset(path)


def test_labels_file_that_is_something_else(tmp_path: Path) -> None:
    path, labels_path = write_pair(tmp_path)
    labels_path.write_bytes(b"<html>not found</html>")
    with pytest.raises(DatasetError, match=r"train-labels-idx1-ubyte\.gz: does not start like"):
        read_dataset(path)


def test_damaged_packing(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path, make_characters(12))
    content = bytearray(path.read_bytes())
    content[5000] ^= 0xFF
    path.write_bytes(content)
    with pytest.raises(DatasetError, match=r"cannot be (read to its end|unpacked)"):
        read_dataset(path)


def test_progress_and_stopping(tmp_path: Path) -> None:
    path, _ = write_pair(tmp_path)
    seen: list[float] = []
    read_dataset(path, on_progress=lambda share, _: seen.append(share))
    assert seen[-1] == 1.0
    with pytest.raises(Cancelled):
        read_dataset(path, should_stop=lambda: True)
