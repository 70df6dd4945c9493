"""Comma-separated text in its published shapes, and lines that went wrong."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.data.readers import read_dataset
from handwrite_gui.engine.errors import Cancelled, DatasetError
from tests.engine.data.readers.characters import make_characters

IMAGES = make_characters(4, 12, 12)


def lines_of(labels: list[str], images: NDArray[np.uint8] = IMAGES) -> list[str]:
    return [
        f"{label},{','.join(str(value) for value in image.ravel())}"
        for label, image in zip(labels, images, strict=True)
    ]


def write(path: Path, lines: list[str]) -> Path:
    content = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


HEADER = "label," + ",".join(f"{row}x{column}" for row in range(12) for column in range(12))


@pytest.mark.parametrize("name", ["a.csv", "a.csv.gz", "a.txt"])
@pytest.mark.parametrize("header", [[], [HEADER]], ids=["no header", "header"])
def test_labels_and_pixels(tmp_path: Path, name: str, header: list[str]) -> None:
    data = read_dataset(write(tmp_path / name, header + lines_of(list("Ab7&"))))
    np.testing.assert_array_equal(data.images, IMAGES)
    assert data.labels.tolist() == ["A", "b", "7", "&"]


def test_windows_line_ends_byte_order_mark_and_blank_lines(tmp_path: Path) -> None:
    lines = [HEADER, *lines_of(list("ABCD")), "", ""]
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + "\r\n".join(lines).encode())
    data = read_dataset(tmp_path / "a.csv")
    assert data.labels.tolist() == list("ABCD")
    np.testing.assert_array_equal(data.images, IMAGES)


def test_labels_in_quotes(tmp_path: Path) -> None:
    lines = lines_of(['"A"', '","', '""""', "'"])
    assert read_dataset(write(tmp_path / "a.csv", lines)).labels.tolist() == ["A", ",", '"', "'"]


@pytest.mark.parametrize(
    ("name", "labels", "characters"),
    [
        ("train.csv", ["0", "3", "9", "1"], "0391"),
        ("A_Z.csv", ["0", "3", "25", "1"], "ADZB"),
        ("letters.csv", ["1", "3", "26", "2"], "ACZB"),
        ("alnum.csv", ["0", "10", "35", "9"], "0AZ9"),
        ("balanced.csv", ["0", "10", "36", "46"], "0Aat"),
        ("byclass.csv", ["0", "10", "36", "61"], "0Aaz"),
        ("floats.csv", ["0.0", "3.0", "9", "1."], "0391"),
        ("emnist-letters-train.csv", ["1", "2", "3", "4"], "ABCD"),
        ("emnist-balanced-train.csv", ["10", "11", "12", "3"], "ABC3"),
    ],
)
def test_numbers_as_labels(tmp_path: Path, name: str, labels: list[str], characters: str) -> None:
    data = read_dataset(write(tmp_path / name, lines_of(labels)))
    assert "".join(data.labels) == characters


def test_emnist_is_turned_upright(tmp_path: Path) -> None:
    lying = np.ascontiguousarray(IMAGES.transpose(0, 2, 1))
    path = write(tmp_path / "emnist-digits-test.csv", lines_of(list("0123"), lying))
    np.testing.assert_array_equal(read_dataset(path).images, IMAGES)


def test_pixels_between_0_and_1(tmp_path: Path) -> None:
    lines = [
        f"{label},{','.join(repr(float(value)) for value in image.ravel() / 255)}"
        for label, image in zip("ABCD", IMAGES, strict=True)
    ]
    np.testing.assert_array_equal(read_dataset(write(tmp_path / "a.csv", lines)).images, IMAGES)


def test_dark_ink(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", lines_of(list("ABCD"), 255 - IMAGES))
    np.testing.assert_array_equal(read_dataset(path).images, IMAGES)


def with_line(number: int, line: str) -> list[str]:
    lines = [HEADER, *lines_of(list("ABCD"))]
    lines[number - 1] = line
    return lines


SHORT = "B," + ",".join(["0"] * 143)
WORD = "B,0,0,oops," + ",".join(["0"] * 141)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (with_line(3, SHORT), "line 3 has 143 pixels, where the lines before it have 144"),
        (with_line(2, SHORT), "line 3 has 144 pixels, where the lines before it have 143"),
        (with_line(4, WORD), "line 4, value 4: “oops” is not a number"),
        (with_line(5, "AB" + lines_of(["A"], IMAGES[:1])[0]), "label in line 5 is “ABA”"),
        (with_line(3, "10" + lines_of([""], IMAGES[:1])[0]), "label in line 3 is “10”"),
        (with_line(3, lines_of([""], IMAGES[:1])[0]), "label in line 3 is “”"),
        (with_line(3, lines_of(["A"], IMAGES[:1])[0] + ",256"), "line 3 has 145 pixels"),
        ([line.replace("255", "256") for line in lines_of(list("ABCD"))], "go from 0 to 256"),
        ([line.replace("255", "-1") for line in lines_of(list("ABCD"))], "go from -1"),
        ([line.replace("255", "nan") for line in lines_of(list("ABCD"))], "go from nan"),
        (["A,0,0,1", "B,1,0,0"], "3 pixels, which make no square"),
        (["A,0", "B,"], "line 2, value 2: “” is not a number"),
        (with_line(3, "B,"), "line 3 has 1 pixels, where the lines before it have 144"),
        ([HEADER], "holds no images"),
        (lines_of(["A"] * 4), "all its images are of “A”"),
        (lines_of(["0", "30", "1", "2"]), "numbers up to 30, for which there is no agreed"),
        (["A;0;0;0;0", "B;0;0;0;0"], "first line has no comma"),
        (["", "A,0"], "first line is empty"),
    ],
)
def test_lines_that_cannot_be_understood(tmp_path: Path, lines: list[str], message: str) -> None:
    with pytest.raises(DatasetError, match=message) as caught:
        read_dataset(write(tmp_path / "wrong.csv", lines))
    assert str(caught.value).startswith("wrong.csv: ")


def test_a_label_that_is_not_in_utf_8(tmp_path: Path) -> None:
    lines = [line.encode() for line in [HEADER, *lines_of(list("ABCD"))]]
    lines[2] = b"\xe9" + lines[2][1:]
    (tmp_path / "a.csv").write_bytes(b"\n".join(lines))
    with pytest.raises(DatasetError, match="label in line 3 is not in UTF-8"):
        read_dataset(tmp_path / "a.csv")


def test_a_fault_far_down_is_named_by_its_own_line(tmp_path: Path) -> None:
    lines = lines_of(list("ABCD")) * 6000
    lines[20_000] = lines[20_000].removesuffix(",0") + ",?"
    with pytest.raises(DatasetError, match="line 20001, value 145: “\\?”"):
        read_dataset(write(tmp_path / "a.csv", lines))


def test_packing_cut_short(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    path = write(
        tmp_path / "a.csv.gz",
        lines_of(["A", "B"] * 50, rng.integers(0, 256, (100, 12, 12)).astype(np.uint8)),
    )
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DatasetError, match="cannot be read to its end"):
        read_dataset(path)


def test_progress_and_stopping(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", lines_of(list("ABCD")) * 20_000)
    seen: list[float] = []
    assert len(read_dataset(path, on_progress=lambda share, _: seen.append(share))) == 80_000
    assert len(seen) > 2
    assert seen == sorted(seen)
    assert seen[-1] == 1.0
    with pytest.raises(Cancelled):
        read_dataset(path, should_stop=lambda: len(seen) > 0)
