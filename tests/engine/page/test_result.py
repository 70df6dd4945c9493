from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError

import pytest

from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.prediction import Prediction


def character(label: str, left: float = 0.0) -> Character:
    return Character(label, 0.9, (Prediction(label, 0.9),), box_quad(left, 0, left + 8, 10))


def page(*lines: str) -> PageResult:
    """A page of these lines; words are parted by spaces."""
    return PageResult(
        200,
        100,
        tuple(
            Line(tuple(Word(tuple(map(character, word))) for word in line.split()))
            for line in lines
        ),
    )


def test_a_box_has_its_corners_clockwise_from_the_top_left() -> None:
    assert box_quad(1, 2, 30, 40) == ((1, 2), (30, 2), (30, 40), (1, 40))


def test_the_text_has_a_line_for_a_line_and_a_space_between_words() -> None:
    result = page("MILK 12 EGGS", "TEA")
    assert result.text == "MILK 12 EGGS\nTEA"
    assert [line.text for line in result.lines] == ["MILK 12 EGGS", "TEA"]
    assert [word.text for word in result.lines[0].words] == ["MILK", "12", "EGGS"]


def test_a_letter_without_ink_of_its_own_was_not_seen() -> None:
    hidden = Character("I", 0.8, (), box_quad(4, 0, 6, 10), "language")
    line = Line((Word((character("F"), hidden, character("N", 10))),))
    assert hidden.is_hidden
    assert (line.text, line.text_seen) == ("FIN", "FN")
    typed = Character("I", 1.0, (), box_quad(4, 0, 6, 10))
    assert not typed.is_hidden
    assert typed.seen == "I"
    assert not character("I").is_hidden


def test_a_page_without_writing_has_no_text() -> None:
    assert page().text == ""
    assert list(page().characters) == []


def test_the_characters_come_in_reading_order_as_often_as_asked() -> None:
    result = page("AB C", "D")
    for _ in range(2):
        assert [one.label for one in result.characters] == ["A", "B", "C", "D"]


def test_what_was_seen_can_be_told_from_what_was_inferred() -> None:
    shape = (Prediction("0", 0.6), Prediction("O", 0.4))
    inferred = Character("O", 0.97, shape, box_quad(0, 0, 8, 10), "language")
    line = Line((Word((character("G"), inferred)), Word((character("2"),))))
    result = PageResult(200, 100, (line, line))
    assert inferred.seen == "0"
    assert (line.words[0].text, line.words[0].text_seen) == ("GO", "G0")
    assert (line.text, line.text_seen) == ("GO 2", "G0 2")
    assert (result.text, result.text_seen) == ("GO 2\nGO 2", "G0 2\nG0 2")
    assert character("A").changed_by is None
    assert Character("A", 1.0, (), box_quad(0, 0, 8, 10)).seen == "A"


def test_results_are_values() -> None:
    assert page("AB C") == page("AB C")
    assert page("AB C") != page("ABC")
    assert len({page("A"), page("A"), page("B")}) == 2
    with pytest.raises(FrozenInstanceError):
        page("A").width = 3  # type: ignore[misc]


def test_results_can_be_sent_to_another_process() -> None:
    result = page("AB C", "D")
    assert pickle.loads(pickle.dumps(result)) == result
