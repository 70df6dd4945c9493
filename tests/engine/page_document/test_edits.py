"""What each edit does to a writing."""

from __future__ import annotations

import pytest

from handwrite_gui.engine.page.result import box_quad
from handwrite_gui.engine.page_document.edits import (
    Confirm,
    Draw,
    Erase,
    Merge,
    MoveLine,
    Part,
    Relabel,
    Reshape,
    Shift,
    Split,
    Withdraw,
)
from handwrite_gui.engine.page_document.places import around, divided
from handwrite_gui.engine.page_document.writing import Gap, Writing, unread
from tests.engine.page_document.pages import SIDE, character, read, written


def test_writing_says_what_the_reading_said() -> None:
    result = read("DEEP NET", "IS ON")
    writing = Writing.of(result)
    assert writing.result() == result
    assert writing.text == result.text == "DEEP NET\nIS ON"
    assert not writing.has_decisions


def test_a_label_is_the_persons_until_it_is_withdrawn() -> None:
    writing = Relabel(4, "H").applied(written("DEEP NET"))
    assert writing.text == "DEEP HET"
    assert writing.characters[4].shown.probability == 1
    assert writing.characters[4].shown.alternatives[0].label == "N"
    assert Withdraw(4).applied(writing) == written("DEEP NET")


def test_confirming_keeps_the_label_and_makes_it_the_persons() -> None:
    writing = Confirm(0, 1).applied(written("AB"))
    assert writing.text == "AB"
    assert [c.corrected for c in writing.characters] == ["A", "B"]


@pytest.mark.parametrize(
    ("first", "last", "left"),
    [(0, 0, "B C\nD"), (1, 1, "A C\nD"), (2, 2, "AB\nD"), (0, 2, "D"), (1, 3, "A"), (0, 3, "")],
)
def test_what_parted_the_rest_stays(first: int, last: int, left: str) -> None:
    writing = Erase(first, last).applied(written("AB C", "D"))
    assert writing.text == left
    assert len(writing.erased) == last - first + 1


@pytest.mark.parametrize(
    ("left", "top", "text"),
    [
        (35, 10, "ANB\nCD"),  # in the room between two letters
        (60, 12, "A BN\nCD"),  # right behind the last
        (120, 10, "A B N\nCD"),  # on the same line, farther off
        (10, 200, "A B\nCD\nN"),  # below all
        (72, 60, "A B\nCD N"),
        (10, -60, "N\nA B\nCD"),
    ],
)
def test_a_drawn_box_finds_its_place_in_the_text(left: float, top: float, text: str) -> None:
    writing = written("A B", "CD")
    assert Draw(character("N", left, top)).applied(writing).text == text


def test_a_box_before_a_line_begins_it() -> None:
    writing = written("AB", "CD")
    assert Draw(character("N", -14, 10)).applied(writing).text == "NAB\nCD"
    assert Draw(character("N", -14, 60)).applied(writing).text == "AB\nNCD"


def test_the_first_box_of_a_blank_page_is_a_line() -> None:
    assert Draw(character("N", 5, 5), "M").applied(Writing(100, 100)).text == "M"


def test_a_box_is_moved_and_what_is_read_there_taken() -> None:
    writing = Reshape(1, character("X", 300, 10)).applied(written("AB"))
    assert writing.text == "AX"
    assert writing.characters[1].is_placed


def test_cutting_parts_a_box_and_joining_makes_it_whole() -> None:
    writing = written("OM")
    quad = writing.characters[1].quad
    halves = divided(quad, 2)
    parted = Split(1, (character("r", 0, 0), unread(halves[1]))).applied(writing)
    assert len(parted.characters) == 3
    whole = Merge(1, 2, character("M", 35, 10), "M").applied(parted)
    assert whole.text == "OM"


def test_two_letters_in_one_box_are_one_each_when_it_is_cut() -> None:
    writing = Relabel(1, "RN").applied(written("OM"))
    halves = divided(writing.characters[1].quad, 2)
    parted = Split(1, tuple(unread(half) for half in halves)).applied(writing)
    assert [c.label for c in parted.characters] == ["O", "R", "N"]
    assert around(halves) == writing.characters[1].quad


def test_words_and_lines_are_parted_and_joined() -> None:
    writing = written("DEEP", "NET")
    assert Part(2, Gap.SPACE).applied(writing).text == "DE EP\nNET"
    assert Part(2, Gap.LINE).applied(writing).text == "DE\nEP\nNET"
    assert Part(4, Gap.NONE).applied(writing).text == "DEEPNET"
    assert Part(0, Gap.NONE).applied(writing) is writing, "a page begins with a line"


def test_a_character_goes_through_the_text_place_by_place() -> None:
    writing = written("AB C", "D")
    texts = []
    for first in (3, 3, 2, 2, 1, 0):
        writing = Shift(first, first, -1).applied(writing)
        texts.append(writing.text)
    assert texts == ["AB CD", "AB DC", "ABD C", "ADB C", "DAB C", "DAB C"]
    for first in (0, 1, 2, 2):
        writing = Shift(first, first, 1).applied(writing)
    assert writing.text == "AB CD"


def test_lines_change_places() -> None:
    writing = written("AB", "C D", "E")
    assert MoveLine(2, -1).applied(writing).text == "C D\nAB\nE"
    assert MoveLine(0, 1).applied(writing).text == "C D\nAB\nE"
    assert MoveLine(4, 1).applied(writing) is writing
    assert MoveLine(0, -1).applied(writing) is writing


@pytest.mark.parametrize("edit", [Relabel(9, "X"), Erase(0, 9), Confirm(1, 0), Shift(5, 5, 1)])
def test_an_edit_of_characters_that_are_not_there_is_refused(edit: Relabel) -> None:
    with pytest.raises(IndexError):
        edit.applied(written("AB"))


def test_a_drawn_box_may_lie_anywhere() -> None:
    place = character("N", 0, 0)
    assert place.quad == box_quad(0, 0, SIDE, SIDE)
    with pytest.raises(IndexError):
        Draw(place, at=3).applied(written("AB"))
