"""Which picture a reading is of, and whether it fits one."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.errors import TranscriptError
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.transcripts.fitting import (
    fitted,
    picture_of,
    pictures_beside,
)

READING = Path("folder/Scan.alto.xml")


def result(width: int, height: int) -> PageResult:
    """A reading of two characters."""
    boxes = [box_quad(1, 2, 4, 8), box_quad(5, 2, 8, 8)]
    characters = tuple(Character("A", 1.0, (), box) for box in boxes)
    return PageResult(width, height, (Line((Word(characters),)),))


def page(width: int, height: int, name: str = "") -> ReadPage:
    return ReadPage(result(width, height), name)


@given(st.integers(20, 4000), st.integers(20, 4000), st.sampled_from([1, 2, 3, 10]))
def test_a_picture_of_the_same_shape_takes_the_places_in_its_size(
    width: int, height: int, times: int
) -> None:
    found = fitted(READING, page(width, height), times * width, times * height)
    assert (found.width, found.height) == (times * width, times * height)
    first = next(found.characters)
    assert first.quad == box_quad(times * 1, times * 2, times * 4, times * 8)


def test_a_row_of_pixels_that_was_cut_off_is_no_other_shape() -> None:
    assert fitted(READING, page(1000, 700), 998, 700).width == 998


@pytest.mark.parametrize("size", [(700, 1000), (1000, 600), (500, 700)])
def test_another_shape_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TranscriptError, match="does not fit one of") as caught:
        fitted(READING, page(1000, 700, "scan.png"), *size)
    assert "scan.png" in str(caught.value)


def test_a_reading_that_does_not_say_its_size_is_taken_as_it_is() -> None:
    """Readers give such a page the size of its text."""
    found = fitted(READING, page(8, 8), 1000, 20)
    assert next(found.characters).quad == box_quad(1, 2, 4, 8)


def test_an_empty_page_fits_every_picture() -> None:
    empty = ReadPage(PageResult(10, 10, ()), "")
    assert fitted(READING, empty, 300, 20) == PageResult(300, 20, ())


def test_the_named_picture_comes_before_the_one_that_is_called_like_the_reading() -> None:
    pictures = [Path("a/scan.png"), Path("a/Letter.PNG")]
    assert picture_of(page(9, 9, "letter.png"), READING, pictures) == pictures[1]
    assert picture_of(page(9, 9, "gone.png"), READING, pictures) == pictures[0]
    assert picture_of(page(9, 9), READING, pictures) == pictures[0]
    assert picture_of(page(9, 9), Path("other.hocr"), pictures) is None


def test_only_pictures_are_found_beside_a_reading(tmp_path: Path) -> None:
    for name in ("b.tif", "a.png", "notes.txt"):
        (tmp_path / name).write_bytes(b"any")
    assert [path.name for path in pictures_beside(tmp_path / "x.hocr")] == ["a.png", "b.tif"]
    with pytest.raises(TranscriptError, match="cannot be searched"):
        pictures_beside(tmp_path / "missing" / "x.hocr")
