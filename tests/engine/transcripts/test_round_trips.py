"""What is written and read again has the same lines, words, places and text."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from handwrite_gui.engine.export.formats import documents, export
from handwrite_gui.engine.export.geometry import bounds
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.transcripts.reading import parse_transcript
from tests.engine.export.pages import PAGE, labels, line, results, xml_labels

some_examples = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def read_back(result: PageResult, format_name: str) -> ReadPage:
    (page,) = parse_transcript(export(ReadPage(result, "page.jpg", 3, "m", 200.0), format_name))
    return page


def texts(result: PageResult) -> list[list[str]]:
    return [[word.text for word in line.words] for line in result.lines]


def assert_same_places(one: PageResult, other: PageResult, within: float) -> None:
    for a, b in zip(one.characters, other.characters, strict=True):
        for (x, y), (u, v) in zip(a.quad, b.quad, strict=True):
            assert abs(x - u) <= within
            assert abs(y - v) <= within


@some_examples
@given(results(labels))
def test_json_loses_nothing(result: PageResult) -> None:
    assert read_back(result, "json").result == result


@some_examples
@given(results(xml_labels))
def test_hocr(result: PageResult) -> None:
    page = read_back(result, "hocr")
    assert texts(page.result) == texts(result)
    assert [c.label for c in page.result.characters] == [c.label for c in result.characters]
    assert_same_places(result, page.result, 0.6)


@some_examples
@given(results(xml_labels))
def test_page_xml(result: PageResult) -> None:
    page = read_back(result, "pagexml")
    assert texts(page.result) == texts(result)
    assert_same_places(result, page.result, 0.6)
    for a, b in zip(result.characters, page.result.characters, strict=True):
        assert (a.label, a.probability, a.alternatives) == (b.label, b.probability, b.alternatives)


@some_examples
@given(results(xml_labels))
def test_alto(result: PageResult) -> None:
    page = read_back(result, "alto")
    assert texts(page.result) == texts(result)
    for a, b in zip(words(result), words(page.result), strict=True):
        for one, other in zip(a, b, strict=True):
            assert abs(one - other) <= 0.2
    if all(len(c.label) == 1 for c in result.characters):
        assert_same_places(result, page.result, 0.11)


def words(result: PageResult) -> list[tuple[float, ...]]:
    """The box of every word."""
    return [
        tuple(bounds(p for c in word.characters for p in c.quad))
        for line in result.lines
        for word in line.words
    ]


@pytest.mark.parametrize("format_name", ["json", "hocr", "alto", "pagexml"])
def test_where_it_comes_from(format_name: str) -> None:
    (page,) = parse_transcript(export(PAGE, format_name))
    assert page.result.text == PAGE.result.text
    assert (page.result.width, page.result.height) == (800, 600)
    assert page.image_name == PAGE.image_name
    assert page.model == "default"
    if format_name != "pagexml":
        assert page.page_number == 2
    if format_name in {"hocr", "pagexml"}:
        assert page.dpi == 150


@pytest.mark.parametrize("format_name", ["json", "hocr", "alto"])
def test_several_pages_stay_several(format_name: str) -> None:
    other = ReadPage(PageResult(10, 20, ()), "page.tif", 5)
    ((_, data),) = documents([PAGE, other], format_name, "both")
    pages = parse_transcript(data)
    assert [page.result.text for page in pages] == [PAGE.result.text, ""]
    assert (pages[1].result.width, pages[1].page_number) == (10, 5)


@pytest.mark.parametrize("format_name", ["hocr", "alto", "pagexml"])
def test_characters_that_xml_cannot_hold_become_the_replacement_character(format_name: str) -> None:
    result = PageResult(300, 300, (line("a\x00b\x01c\ufffe", 100),))
    assert read_back(result, format_name).result.text == "a\ufffdb\ufffdc\ufffd"
