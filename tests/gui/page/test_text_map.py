"""The text and the characters of a page point at each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.page.text_map import CharacterRange, TextMap
from tests.gui.page.pages import BLANK, page

DEEP = TextMap.of(page("DEEP NET", "IS ON"))


def test_text_is_that_of_the_page() -> None:
    assert DEEP.text == "DEEP NET\nIS ON"
    assert [c.label for c in DEEP.characters] == list("DEEPNETISON")


@pytest.mark.parametrize(("index", "span"), [(0, (0, 1)), (3, (3, 4)), (4, (5, 6)), (7, (9, 10))])
def test_a_character_has_its_place_in_the_text(index: int, span: tuple[int, int]) -> None:
    assert DEEP.span(CharacterRange(index, index)) == span


def test_a_range_spans_the_gaps_inside_it() -> None:
    assert DEEP.span(CharacterRange(2, 8)) == (2, 11)
    assert DEEP.text_of(CharacterRange(2, 8)) == "EP NET\nIS"


def test_lines_and_words_are_known() -> None:
    assert DEEP.line_of == (0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1)
    assert DEEP.word_at(5) == CharacterRange(4, 6)
    assert DEEP.word_at(10) == CharacterRange(9, 10)


@pytest.mark.parametrize(
    ("offset", "index"),
    [(0, 0), (1, 1), (4, 3), (5, 4), (8, 6), (9, 7), (13, 10), (14, 10)],
    ids=["start", "inside", "before space", "after space", "line end", "line start", "in", "end"],
)
def test_the_caret_stands_at_a_character(offset: int, index: int) -> None:
    assert DEEP.at_caret(offset) == index


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 1, CharacterRange(0, 0)),
        (0, 14, CharacterRange(0, 10)),
        (3, 6, CharacterRange(3, 4)),
        (4, 6, CharacterRange(4, 4)),
        (4, 5, None),
        (8, 9, None),
    ],
    ids=["one", "all", "over a space", "from a space", "a space", "a line break"],
)
def test_selected_text_gives_its_characters(
    start: int, end: int, expected: CharacterRange | None
) -> None:
    assert DEEP.in_selection(start, end) == expected


def test_a_blank_page_has_an_empty_text() -> None:
    blank = TextMap.of(BLANK)
    assert blank.text == ""
    assert blank.at_caret(0) is None


def test_offsets_count_as_qt_counts() -> None:
    # Outside of the first 65,536 characters Unicode needs two of QTextCursor's positions.
    text = TextMap.of(page("A𝔹C"))
    assert (text.starts, text.ends) == ((0, 1, 3), (1, 3, 4))
    assert text.text_of(CharacterRange(1, 2)) == "𝔹C"
    assert text.in_selection(1, 3) == CharacterRange(1, 1)


WORDS = st.text(st.sampled_from("AB𝔹7"), min_size=1, max_size=4)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" ".join), min_size=1, max_size=4)


@given(LINES, st.data())
def test_range_to_text_and_back_is_the_same_range(lines: list[str], data: st.DataObject) -> None:
    text = TextMap.of(page(*lines))
    ends = st.integers(0, len(text.characters) - 1)
    characters = CharacterRange.between(data.draw(ends), data.draw(ends))
    assert text.in_selection(*text.span(characters)) == characters
    assert text.at_caret(text.span(characters)[0]) == characters.first
    assert (characters.last in characters) and len(characters) >= 1
