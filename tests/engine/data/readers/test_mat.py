"""MATLAB files of NIST36 and EMNIST, and what else ends in .mat."""

from __future__ import annotations

import struct
import tracemalloc
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.errors import Cancelled, DatasetError
from tests.engine.data.readers.characters import make_characters

IMAGES = make_characters(5, 32, 32)
BY_COLUMNS = IMAGES.transpose(0, 2, 1).reshape(5, 1024)
ONE_HOT = np.eye(36)[[0, 25, 26, 35, 1]]
EMNIST: dict[str, Any] = {
    "train": {
        "images": BY_COLUMNS,
        "labels": np.array([[0.0], [1], [2], [1], [0]]),
        "writers": np.array([[7.0], [7], [3], [3], [9]]),
    },
    "test": {"images": BY_COLUMNS[:2], "labels": np.array([[0], [1]])},
    "mapping": np.array([[0, 48], [1, 65], [2, 97]]),
}


def save(path: Path, packed: bool = True, **variables: Any) -> Path:
    savemat(path, variables, do_compression=packed)
    return path


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("part", ["train", "valid", "test"])
def test_nist36_has_letters_before_digits_and_columns_before_rows(
    tmp_path: Path, part: str, packed: bool
) -> None:
    variables = {f"{part}_data": BY_COLUMNS / 255, f"{part}_labels": ONE_HOT}
    data = read_dataset(save(tmp_path / "nist36.mat", packed, **variables))
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == ["A", "Z", "0", "9", "B"]
    assert data.name == f"nist36 ({part})"


def test_nist36_with_dark_ink(tmp_path: Path) -> None:
    path = save(tmp_path / "a.mat", train_data=1 - BY_COLUMNS / 255, train_labels=ONE_HOT)
    np.testing.assert_array_equal(read_dataset(path).images, IMAGES)


@pytest.mark.parametrize("packed", [True, False])
def test_emnist_has_its_own_mapping_and_writers(tmp_path: Path, packed: bool) -> None:
    data = read_dataset(save(tmp_path / "emnist-byclass.mat", packed, dataset=EMNIST))
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == ["0", "A", "a", "A", "0"]
    assert data.groups is not None
    assert data.groups.tolist() == [7, 7, 3, 3, 9]
    assert data.name == "emnist-byclass (train)"


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"X": IMAGES, "y": 1}, "holds X, y; it takes files with train_data"),
        ({}, "holds no variables"),
        ({"train_data": BY_COLUMNS, "train_labels": ONE_HOT[:4]}, "5 images, but 4 labels"),
        ({"train_data": BY_COLUMNS, "train_labels": ONE_HOT[:, :30]}, "has 30 columns"),
        ({"train_data": BY_COLUMNS, "train_labels": ONE_HOT * 0.5}, "row 1 of train_labels"),
        ({"train_data": BY_COLUMNS[:, :1000], "train_labels": ONE_HOT}, "1000 pixels"),
        ({"train_data": "text", "train_labels": ONE_HOT}, "train_data is no matrix"),
        ({"train_data": BY_COLUMNS * 2.0, "train_labels": ONE_HOT}, "go from 0 to 510"),
        ({"train_data": np.zeros((0, 4)), "train_labels": ONE_HOT}, "train_data is empty"),
        ({"dataset": 5}, "dataset has another layout"),
        ({"dataset": {**EMNIST, "mapping": "x"}}, "dataset.mapping is no matrix"),
        ({"dataset": {**EMNIST, "mapping": [[0, np.nan]]}}, "codes that are no characters"),
        (
            {"dataset": {**EMNIST, "train": {"images": BY_COLUMNS, "labels": [np.nan] * 5}}},
            "label nan stands for no",
        ),
        ({"dataset": {**EMNIST, "mapping": [[0, -5]]}}, "codes that are no characters"),
        ({"dataset": {**EMNIST, "mapping": [[0, 48], [1, 65]]}}, "label 2 stands for no"),
        (
            {"dataset": {**EMNIST, "train": {"images": BY_COLUMNS, "labels": "abcde"}}},
            "labels is no matrix",
        ),
    ],
)
def test_variables_that_are_no_data_set(
    tmp_path: Path, variables: dict[str, Any], message: str
) -> None:
    with pytest.raises(DatasetError, match=message):
        read_dataset(save(tmp_path / "wrong.mat", **variables))


def test_version_7_3_says_how_to_save_it_again(tmp_path: Path) -> None:
    header = b"MATLAB 7.3 MAT-file, Platform: GLNXA64".ljust(512) + b"\x89HDF\r\n\x1a\n"
    (tmp_path / "new.mat").write_bytes(header)
    with pytest.raises(DatasetError, match=r"version 7\.3.*'-v7'"):
        read_dataset(tmp_path / "new.mat")


@pytest.mark.parametrize("packed", [True, False])
def test_cut_short(tmp_path: Path, packed: bool) -> None:
    path = save(tmp_path / "a.mat", packed, train_data=BY_COLUMNS, train_labels=ONE_HOT)
    content = path.read_bytes()
    for length in (60, len(content) // 3, len(content) - 10):
        path.write_bytes(content[:length])
        with pytest.raises(DatasetError, match="again"):
            read_dataset(path)


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("seed", range(20))
def test_damaged_anywhere_is_one_error_or_readable(tmp_path: Path, packed: bool, seed: int) -> None:
    path = save(tmp_path / "a.mat", packed, train_data=BY_COLUMNS, train_labels=ONE_HOT)
    rng = np.random.default_rng(seed)
    content = np.frombuffer(path.read_bytes(), np.uint8).copy()
    content[rng.integers(128, min(len(content), 400), 4)] = rng.integers(0, 256, 4)
    path.write_bytes(content.tobytes())
    try:
        assert len(read_dataset(path)) == 5
    except DatasetError as error:
        assert "\n" not in str(error)


def test_text_by_the_name_of_mat(tmp_path: Path) -> None:
    (tmp_path / "notes.mat").write_text("These are notes, not a matrix. " * 20)
    with pytest.raises(DatasetError, match="no MATLAB file"):
        read_dataset(tmp_path / "notes.mat")


def test_a_packed_variable_of_absurd_size_does_not_allocate(tmp_path: Path) -> None:
    header = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x0100) + b"IM"
    flags = struct.pack("<4I", 6, 8, 9, 0)
    shape = struct.pack("<2I2i", 5, 8, 1 << 22, 1024)
    name = struct.pack("<2I16s", 1, 10, b"train_data")
    body = zlib.compress(struct.pack("<2I", 14, 0xFFFF_FFF0) + flags + shape + name + b"\0" * 1000)
    path = tmp_path / "bomb.mat"
    path.write_bytes(header + struct.pack("<II", 15, len(body)) + body)
    tracemalloc.start()
    try:
        with pytest.raises(DatasetError, match=r"train_data would take 4\.3 GB"):
            read_dataset(path)
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_stopping_before_the_file_is_read(tmp_path: Path) -> None:
    path = save(tmp_path / "a.mat", train_data=BY_COLUMNS, train_labels=ONE_HOT)
    with pytest.raises(Cancelled):
        read_dataset(path, should_stop=lambda: True)
