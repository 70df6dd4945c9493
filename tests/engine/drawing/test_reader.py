"""A drawing is read in lines and words, and only what is new in it is looked at again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.drawing.reader import DrawingMemory, Seen, read_drawing
from handwrite_gui.engine.drawing.result import DrawingResult, Said
from handwrite_gui.engine.prediction import Prediction

Stroke = np.ndarray


def stem(x: float, y: float = 0.0, height: float = 100.0) -> Stroke:
    return np.array([[x, y], [x + 1, y + height]])


def letter(x: float, y: float = 0.0) -> Stroke:
    """A stroke that is a letter, 60 wide."""
    return np.array([[x, y], [x, y + 100], [x + 60, y + 100]])


class Network:
    """Takes every image for an L, or an I where it is narrow, hardly for a character where it is
    wider than high, and counts them."""

    def __init__(self) -> None:
        self.looked_at = 0

    def __call__(self, images: np.ndarray) -> Sequence[Seen]:
        self.looked_at += len(images)
        seen = []
        for image in images:
            width, height = (int((image.max(axis=axis) > 100).sum()) for axis in (0, 1))
            best, other = ("I", "L") if width < 12 else ("L", "I")
            goodness = 0.9 if width <= height else 0.1
            seen.append(Seen((Prediction(best, 0.9), Prediction(other, 0.1)), goodness))
        return seen


def read(
    strokes: list[Stroke], network: Network | None = None, **keywords: object
) -> DrawingResult:
    return read_drawing(strokes, network or Network(), refuses=True, **keywords)  # type: ignore[arg-type]


def described(result: DrawingResult) -> list[tuple[object, ...]]:
    return [(c.label, c.strokes, c.box, c.predictions, c.is_said) for c in result.characters]


PAGE = [*(letter(x) for x in (0, 90, 330, 420)), *(letter(x, 200) for x in (0, 90))]


def test_lines_and_words_are_where_they_were_drawn() -> None:
    result = read(PAGE)
    assert result.text == "LL LL\nLL"
    assert [line.text for line in result.lines] == ["LL LL", "LL"]
    assert [c.strokes for c in result.characters] == [(i,) for i in range(6)]


def test_the_order_of_drawing_does_not_matter() -> None:
    order = [5, 0, 3, 1, 4, 2]
    result = read([PAGE[index] for index in order])
    assert result.text == "LL LL\nLL"
    assert [order[c.strokes[0]] for c in result.characters] == list(range(6))


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 30)), max_size=12), st.integers(0, 99))
@settings(max_examples=30, deadline=None)
def test_what_is_remembered_changes_no_reading(changes: list[tuple[bool, int]], seed: int) -> None:
    rng = np.random.default_rng(seed)
    strokes = list(PAGE)
    memory, network = DrawingMemory(), Network()
    for adds, place in changes:
        if adds or not strokes:
            x, y = 90.0 * (place % 6), 200.0 * (place % 3)
            strokes.append(rng.choice([stem, letter])(x, y))
        else:
            strokes.pop(place % len(strokes))
        remembered = read(strokes, network, memory=memory)
        assert described(remembered) == described(read(strokes))
        assert remembered.text == read(strokes).text


def test_only_what_is_new_is_looked_at() -> None:
    memory, network = DrawingMemory(), Network()
    read(PAGE, network, memory=memory)
    network.looked_at = 0
    read(PAGE, network, memory=memory)
    assert network.looked_at == 0
    read([*PAGE, letter(180, 200)], network, memory=memory)
    assert 0 < network.looked_at <= 3  # alone, and with the one or two before it


def test_a_line_that_nobody_touched_is_not_read_again() -> None:
    memory = DrawingMemory()
    first = read(PAGE, memory=memory)
    lines = len(memory.lines)
    read([*PAGE, letter(180, 200)], memory=memory)
    assert len(memory.lines) == lines + 1
    assert described(read(PAGE, memory=memory)) == described(first)


def test_another_network_is_asked_anew() -> None:
    memory, network = DrawingMemory(), Network()
    memory.belong_to(("one",))
    read(PAGE, network, memory=memory)
    memory.belong_to(("another",))
    assert not memory.looks
    assert not memory.lines


def test_it_does_not_remember_without_end() -> None:
    memory = DrawingMemory()
    for index in range(300):
        read([letter(0.01 * index)], memory=memory)
    assert len(memory.lines) <= 256


# What the person said


def test_what_a_person_said_stands() -> None:
    said: Said = {(1,): "Q"}
    for memory in (None, DrawingMemory()):
        result = read(PAGE, said=said, memory=memory)
        assert result.text == "LQ LL\nLL"
        one = result.characters[1]
        assert one.is_said
        assert one.probability == 1.0
        assert one.predictions[0].label == "L"
        assert not result.characters[0].is_said


def test_saying_something_after_the_line_was_read_is_seen_at_once() -> None:
    memory = DrawingMemory()
    assert read(PAGE, memory=memory).text == "LL LL\nLL"
    assert read(PAGE, memory=memory, said={(5,): "Z"}).text == "LL LL\nLZ"
    assert read(PAGE, memory=memory).text == "LL LL\nLL"


def test_what_is_said_of_no_ink_at_all_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no points"):
        read(PAGE, said={(): "X"})


def test_strokes_said_to_be_one_character_stay_together() -> None:
    stems = [stem(0), stem(40), stem(80)]
    said: Said = {(0, 2): "N"}
    result = read(stems, said=said)
    assert {c.strokes for c in result.characters} == {(0, 2), (1,)}
    assert next(c.label for c in result.characters if c.is_said) == "N"


def test_a_character_over_two_lines_is_on_one_of_them() -> None:
    result = read(PAGE, said={(0, 4): "X"})
    assert len(result.lines) == 2
    assert result.lines[0].characters[0].strokes == (0, 4)
    assert sorted(i for c in result.characters for i in c.strokes) == list(range(6))
