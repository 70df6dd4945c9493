"""Folders of images: which folder means which character, and whichever way ink was dark."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.data.readers.folder import character_of_folder
from handwrite_gui.engine.errors import Cancelled, DatasetError
from tests.engine.data.readers.characters import make_characters


def bar(height: int = 30, width: int = 20) -> NDArray[np.uint8]:
    """An upright bar of ink, 255 on 0, in the left half."""
    image = np.zeros((height, width), np.uint8)
    image[height // 5 : -height // 5, width // 4 : width // 4 + width // 8] = 255
    return image


def write(root: Path, name: str, image: NDArray[np.uint8]) -> Path:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)
    return path


@pytest.mark.parametrize(
    ("name", "character"),
    [
        ("A", "A"),
        ("a", "a"),
        ("7", "7"),
        ("&", "&"),
        ("é", "é"),
        ("A_upper", "A"),
        ("a_upper", "A"),
        ("upper_b", "B"),
        ("a_lower", "a"),
        ("lower_Q", "q"),
        ("Sample001", "0"),
        ("Sample010", "9"),
        ("Sample011", "A"),
        ("Sample037", "a"),
        ("Sample062", "z"),
        ("Sample063", None),
        ("Sample000", None),
        ("30", "0"),
        ("4a", "J"),
        ("4A", "J"),
        ("7a", "z"),
        ("10", None),
        ("3f", None),
        ("question", "?"),
        ("Period", "."),
        ("alpha", None),
        (" ", None),
    ],
)
def test_the_character_of_a_folder(name: str, character: str | None) -> None:
    assert character_of_folder(name) == character


def test_ink_on_black_is_taken_as_it_is(tmp_path: Path) -> None:
    images = make_characters(3)
    for name, image in zip(("A/1.png", "A/2.png", "b_lower/x.png"), images, strict=True):
        write(tmp_path, name, np.where(image > 127, 255, 0).astype(np.uint8))
    data = read_dataset(tmp_path)
    assert data.labels.tolist() == ["A", "A", "b"]
    assert isinstance(data.images, np.ndarray)
    np.testing.assert_array_equal(data.images, np.where(images > 127, 255, 0))
    assert data.name == tmp_path.name


def test_ink_dark_on_light_becomes_light_on_dark(tmp_path: Path) -> None:
    write(tmp_path, "A/1.png", 255 - bar())
    write(tmp_path, "B/1.bmp", bar())
    data = read_dataset(tmp_path)
    np.testing.assert_array_equal(data.images[0], bar())
    np.testing.assert_array_equal(data.images[1], bar())


def test_mixed_sizes_colours_and_subfolders(tmp_path: Path) -> None:
    write(tmp_path, "A/writer1/1.png", 255 - bar(40, 30))
    colours = np.stack([255 - bar() // 3, 255 - bar(), 255 - bar()], axis=2)
    write(tmp_path, "B/deep/er/2.png", colours)
    data = read_dataset(tmp_path)
    assert isinstance(data.images, list)
    assert [image.shape for image in data.images] == [(40, 30), (30, 20)]
    np.testing.assert_array_equal(data.images[1], bar())


def test_paper_grain_and_shading_are_ground(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    paper = np.linspace(170, 200, 60)[:, None] + rng.normal(0, 4, (60, 50))
    ink = bar(60, 50) > 0
    photo = np.where(ink, 60 + rng.normal(0, 4, (60, 50)), paper).clip(0, 255).astype(np.uint8)
    for name in ("A/1.png", "B/1.png"):
        write(tmp_path, name, photo)
    image = read_dataset(tmp_path).images[0]
    assert np.median(image[ink]) > 230
    assert image[~ink].max() < 0.2 * 255
    assert (image[~ink] == 0).mean() > 0.9


def test_a_tight_crop_follows_the_rest_of_its_collection(tmp_path: Path) -> None:
    tight = np.full((30, 20), 255, np.uint8)
    tight[:, 4:14] = 0  # half of its rim is ink, so that alone it could be either
    write(tmp_path, "I/1.png", tight)
    for number in range(3):
        write(tmp_path, f"A/{number}.png", 255 - bar())
    data = read_dataset(tmp_path)
    np.testing.assert_array_equal(data.images[data.labels.tolist().index("I")], 255 - tight)


def test_large_photographs_are_reduced(tmp_path: Path) -> None:
    for name in ("A/1.png", "B/1.png"):
        write(tmp_path, name, 255 - bar(1200, 900))
    data = read_dataset(tmp_path)
    assert data.images[0].shape == (256, 192)
    assert data.images[0].max() == 255


def test_a_blank_picture_has_no_ink(tmp_path: Path) -> None:
    write(tmp_path, "A/1.png", np.full((30, 20), 240, np.uint8))
    write(tmp_path, "B/1.png", 255 - bar())
    assert not read_dataset(tmp_path).images[0].any()


def test_hidden_and_other_files_are_passed_over(tmp_path: Path) -> None:
    for name in ("A/1.png", "B/1.png"):
        write(tmp_path, name, bar())
    write(tmp_path, "A/.thumbnails/1.png", bar())
    write(tmp_path, ".cache/1.png", bar())
    write(tmp_path, "__MACOSX/A/1.png", bar())
    write(tmp_path, "A/._1.png", bar())
    write(tmp_path, "overview.png", bar())
    (tmp_path / "A" / "Thumbs.db").write_bytes(b"\0")
    assert read_dataset(tmp_path).labels.tolist() == ["A", "B"]


def test_pictures_that_cannot_be_opened_are_left_out_and_counted(tmp_path: Path) -> None:
    for name in ("A/1.png", "B/1.png"):
        write(tmp_path, name, bar())
    (tmp_path / "A" / "2.png").write_text("not a picture")
    (tmp_path / "B" / "2.jpg").touch()
    seen: list[str] = []
    data = read_dataset(tmp_path, on_progress=lambda _, text: seen.append(text))
    assert data.labels.tolist() == ["A", "B"]
    assert seen[-1] == "Read 2 images; left out 2 that cannot be opened"


def test_only_pictures_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "A").mkdir()
    (tmp_path / "A" / "1.png").write_text("not a picture")
    with pytest.raises(DatasetError, match=r"none of its 1 images can be opened.* 1\.png: "):
        read_dataset(tmp_path)


def test_folders_that_are_no_data_set(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="no folders inside"):
        read_dataset(tmp_path)
    (tmp_path / "A").mkdir()
    with pytest.raises(DatasetError, match="no images in its folders"):
        read_dataset(tmp_path)
    write(tmp_path, "A/1.png", bar())
    with pytest.raises(DatasetError, match="all its images are of “A”"):
        read_dataset(tmp_path)
    write(tmp_path, "holiday/1.png", bar())
    with pytest.raises(DatasetError, match="folder “holiday” is no character"):
        read_dataset(tmp_path)


def test_one_level_too_high(tmp_path: Path) -> None:
    for name in ("train/A/1.png", "train/B/1.png", "test/A/1.png"):
        write(tmp_path, name, bar())
    with pytest.raises(DatasetError, match="one level deeper; choose the folder “test”"):
        read_dataset(tmp_path)
    assert len(read_dataset(tmp_path / "train")) == 2


def test_progress_and_stopping(tmp_path: Path) -> None:
    for number in range(5):
        write(tmp_path, f"{'AB'[number % 2]}/{number}.png", bar())
    seen: list[float] = []
    read_dataset(tmp_path, on_progress=lambda share, _: seen.append(share))
    assert seen == [0.2, 0.4, 0.6, 0.8, 1.0]
    with pytest.raises(Cancelled):
        read_dataset(tmp_path, should_stop=lambda: True)
