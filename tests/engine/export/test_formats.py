"""Every format: one function, what the files are called, and who wrote them."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui import __version__
from handwrite_gui.engine.export.formats import FORMATS, documents, export
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import PageResult
from tests.engine.export.pages import PAGE, RESULT

ONE_FILE = [name for name in FORMATS if name != "folder"]
NAMELESS = {"text"}  # of plain text nothing can be said in it


@pytest.mark.parametrize("name", ONE_FILE)
def test_every_format_writes_a_page(name: str) -> None:
    assert len(export(PAGE, name)) > 20


@pytest.mark.parametrize("name", sorted(set(ONE_FILE) - NAMELESS - {"npz", "pdf"}))
def test_the_file_names_the_engine_and_the_model(name: str) -> None:
    data = export(PAGE, name).decode("utf-8", "replace")
    assert "default" in data
    assert name == "csv" or "Handwrite" in data
    assert name == "csv" or __version__ in data


@pytest.mark.parametrize("name", FORMATS)
def test_a_page_without_writing(name: str) -> None:
    blank = ReadPage(PageResult(40, 30, ()), "blank.png", pixels=np.full((30, 40), 255, np.uint8))
    for _, data in documents([blank], name, "blank"):
        assert data


@pytest.mark.parametrize("name", [one.name for one in FORMATS.values() if one.shows_picture])
def test_a_format_with_the_picture_needs_it(name: str) -> None:
    with pytest.raises(ValueError, match="picture"):
        documents([ReadPage(RESULT, "page.jpg")], name, "page")


@pytest.mark.parametrize("name", FORMATS)
def test_names_that_are_no_text_are_written_all_the_same(name: str) -> None:
    odd = ReadPage(RESULT, "p\udcffge.jpg", pixels=PAGE.pixels)
    assert documents([odd], name, "page")


def test_a_format_that_holds_one_page_gives_a_file_a_page() -> None:
    other = ReadPage(RESULT, PAGE.image_name, 3, pixels=PAGE.pixels)
    names = [name for name, _ in documents([PAGE, other], "pagexml", "scan")]
    assert names == ["scan-2.page.xml", "scan-3.page.xml"]
    assert [name for name, _ in documents([PAGE, other], "alto", "scan")] == ["scan.alto.xml"]
    assert [name for name, _ in documents([PAGE], "pagexml", "scan")] == ["scan.page.xml"]


def test_plain_text_of_two_pages_is_apart_by_an_empty_line() -> None:
    ((_, data),) = documents([PAGE, PAGE], "text", "both")
    assert data.decode() == f"{RESULT.text}\n\n{RESULT.text}\n"
