"""The project's own format, and what may come under its name."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.data.readers.npz import ORDER_BLOCK
from handwrite_gui.engine.errors import Cancelled, DatasetError
from tests.engine.data.readers.characters import make_characters

IMAGES = make_characters(6, 20, 18)
LABELS = np.array(list("ABCABC"))


def save(path: Path, **arrays: Any) -> Path:
    np.savez_compressed(path, **arrays)
    return path


def test_images_labels_and_name(tmp_path: Path) -> None:
    data = read_dataset(save(tmp_path / "mine.npz", images=IMAGES, labels=LABELS))
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == list("ABCABC")
    assert data.labels.dtype == np.dtype("<U1")
    assert data.name == "mine"
    assert data.groups is None


def test_writers_are_the_groups(tmp_path: Path) -> None:
    writer = np.array([5, 5, 9, 9, 2, 2], np.int32)
    data = read_dataset(save(tmp_path / "a.npz", images=IMAGES, labels=LABELS, writer=writer))
    assert data.groups is not None
    assert data.groups.tolist() == [5, 5, 9, 9, 2, 2]


def test_neighbours_in_the_order_of_a_scan_are_a_group(tmp_path: Path) -> None:
    order = np.array([0, 1, ORDER_BLOCK - 1, ORDER_BLOCK, ORDER_BLOCK + 1, 3 * ORDER_BLOCK])
    data = read_dataset(save(tmp_path / "a.npz", images=IMAGES, labels=LABELS, order=order))
    assert data.groups is not None
    assert data.groups.tolist() == [0, 0, 0, 1, 1, 3]


def test_other_arrays_are_passed_over(tmp_path: Path) -> None:
    points = np.zeros((100, 2), np.float32)
    path = save(tmp_path / "a.npz", images=IMAGES, labels=LABELS, points=points)
    assert len(read_dataset(path)) == 6


def test_the_mnist_file_of_keras(tmp_path: Path) -> None:
    path = save(
        tmp_path / "mnist.npz",
        x_train=IMAGES,
        y_train=np.array([5, 0, 4, 1, 9, 2], np.uint8),
        x_test=IMAGES[:2],
        y_test=np.array([7, 2], np.uint8),
    )
    data = read_dataset(path)
    assert data.labels.tolist() == list("504192")
    np.testing.assert_array_equal(data.images, IMAGES)


@pytest.mark.parametrize(
    "images",
    [255 - IMAGES, IMAGES / 255.0, 1 - IMAGES / np.float32(255), IMAGES.astype(np.int64)],
    ids=["dark ink", "0 to 1", "dark ink 0 to 1", "wide integers"],
)
def test_other_conventions_of_ink_come_out_the_same(tmp_path: Path, images: Any) -> None:
    data = read_dataset(save(tmp_path / "a.npz", images=images, labels=LABELS))
    np.testing.assert_array_equal(data.images, IMAGES)


@pytest.mark.parametrize("dark", [False, True], ids=["bright ink", "dark ink"])
def test_the_grey_ground_of_photographs_is_taken_away(tmp_path: Path, dark: bool) -> None:
    clean = np.stack([np.pad(np.full((16, 6), 255, np.uint8), ((8, 8), (13, 13)))] * 6)
    shaded = np.linspace(60, 90, 32)[np.newaxis, :] + clean * (110 / 255)
    images = np.rint(255 - shaded if dark else shaded).astype(np.uint8)
    data = read_dataset(save(tmp_path / "a.npz", images=images, labels=LABELS))
    np.testing.assert_array_equal(np.asarray(data.images) > 100, clean > 100)
    assert not np.asarray(data.images)[clean == 0].any()


def test_turning_photographs_to_ink_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", images=IMAGES // 2 + np.uint8(60), labels=LABELS)
    told: list[float] = []
    read_dataset(path, on_progress=lambda fraction, _: told.append(fraction))
    assert told == pytest.approx(np.arange(1, 7) / 6)
    answers = iter([False, False, False, True])  # before the file, and before three images
    with pytest.raises(Cancelled):
        read_dataset(path, should_stop=lambda: next(answers))


def test_what_compression_leaves_on_a_ground_is_no_grey(tmp_path: Path) -> None:
    images = IMAGES | np.uint8(7)
    data = read_dataset(save(tmp_path / "a.npz", images=images, labels=LABELS))
    np.testing.assert_array_equal(data.images, images)


def test_bilevel_images(tmp_path: Path) -> None:
    data = read_dataset(save(tmp_path / "a.npz", images=IMAGES > 127, labels=LABELS))
    np.testing.assert_array_equal(data.images, np.where(IMAGES > 127, 255, 0))


@pytest.mark.parametrize(
    ("arrays", "message"),
    [
        ({"images": IMAGES}, "no array “labels”"),
        ({"labels": LABELS}, "no array “images”"),
        ({"images": IMAGES.reshape(6, -1), "labels": LABELS}, r"shape \(6, 360\)"),
        ({"images": IMAGES, "labels": LABELS[:5]}, "6 images, but 5 labels"),
        ({"images": IMAGES, "labels": np.array(["A", "BC"] * 3)}, "label 1 is “BC”"),
        ({"images": IMAGES, "labels": np.array(["A", ""] * 3)}, "label 1 is “”"),
        ({"images": IMAGES, "labels": np.arange(6) / 2}, "labels” are of the type float64"),
        ({"images": IMAGES, "labels": np.arange(6) + 95}, "up to 100, for which there is no"),
        ({"images": IMAGES[:0], "labels": LABELS[:0]}, "no images"),
        ({"images": IMAGES * 2.0, "labels": LABELS}, "go from 0 to 510"),
        ({"images": IMAGES * np.nan, "labels": LABELS}, "go from nan"),
        ({"images": np.zeros((2, 1, 1025), np.uint8), "labels": LABELS[:2]}, "1025"),
        ({"images": IMAGES, "labels": LABELS, "writer": np.arange(5)}, "“writer” is int64"),
        ({"images": IMAGES, "labels": np.array(["Q"] * 6)}, "all its images are of “Q”"),
    ],
)
def test_arrays_that_are_no_data_set(tmp_path: Path, arrays: Any, message: str) -> None:
    with pytest.raises(DatasetError, match=message) as caught:
        read_dataset(save(tmp_path / "wrong.npz", **arrays))
    assert str(caught.value).startswith("wrong.npz: ")


def test_a_pickle_inside_is_never_opened(tmp_path: Path) -> None:
    opened = tmp_path / "opened"

    class Trap:
        def __reduce__(self) -> tuple[Any, ...]:
            return Path.touch, (opened,)

    labels = np.array([Trap()] * 6, dtype=object)
    path = save(tmp_path / "trap.npz", images=IMAGES, labels=labels)
    with pytest.raises(DatasetError, match="pickle"):
        read_dataset(path)
    path.write_bytes(pickle.dumps(Trap()))
    with pytest.raises(DatasetError, match="pickle"):
        read_dataset(path)
    assert not opened.exists()


def test_a_plain_zip_by_the_name_of_npz(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "images.npz", "w") as archive:
        archive.writestr("A/1.png", b"")
    with pytest.raises(DatasetError, match=r"not an \.npz file"):
        read_dataset(tmp_path / "images.npz")


def test_text_by_the_name_of_npz(tmp_path: Path) -> None:
    (tmp_path / "notes.npz").write_text("just, some, words")
    with pytest.raises(DatasetError, match=r"not an \.npz file"):
        read_dataset(tmp_path / "notes.npz")


def test_a_file_cut_short(tmp_path: Path) -> None:
    path = save(tmp_path / "short.npz", images=IMAGES, labels=LABELS)
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(DatasetError, match="damaged or cut"):
        read_dataset(path)


def test_stopping_before_the_file_is_read(tmp_path: Path) -> None:
    path = save(tmp_path / "a.npz", images=IMAGES, labels=LABELS)
    with pytest.raises(Cancelled):
        read_dataset(path, should_stop=lambda: True)
