"""Where a shape is that of a letter and of a digit, its neighbours decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.page.context import settle_kinds
from handwrite_gui.engine.prediction import Prediction

TWINS = {"0": "O", "1": "I", "2": "Z", "5": "S"}
TWINS |= {letter: digit for digit, letter in TWINS.items()}
Guesses = tuple[Prediction, ...]


def clear(label: str) -> Guesses:
    """A shape that hardly leaves a doubt."""
    other = TWINS.get(label, "E" if label.isdigit() else "8")
    return (Prediction(label, 0.998), Prediction(other, 0.002))


def doubtful(label: str, probability: float = 0.6) -> Guesses:
    """A shape that is nearly as well its twin."""
    return (Prediction(label, probability), Prediction(TWINS[label], 1 - probability))


def texts(*words: list[Guesses]) -> list[str]:
    return ["".join(guess.label for guess in word) for word in settle_kinds(words)]


def word(text: str, doubt: str = "") -> list[Guesses]:
    """A word whose characters are clear but for those in ``doubt``."""
    return [doubtful(label) if label in doubt else clear(label) for label in text]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("B0X", "BOX"),
        ("0N", "ON"),
        ("L1NE", "LINE"),
        ("S1ZE", "SIZE"),
        ("7O8", "708"),
        ("4S", "45"),
    ],
)
def test_neighbours_decide_what_the_shape_does_not_say(seen: str, meant: str) -> None:
    assert texts(word(seen, doubt="01ISO")) == [meant]


@pytest.mark.parametrize("text", ["R2D2", "4X4", "A1", "7UP", "H2O"])
def test_clear_shapes_stay(text: str) -> None:
    assert texts(word(text)) == [text]


def test_the_words_of_a_line_lean_on_one_another() -> None:
    assert texts(word("12"), word("O", doubt="O"), word("34")) == ["12", "0", "34"]
    assert texts(word("AB"), word("0", doubt="0"), word("CD")) == ["AB", "O", "CD"]


def test_neighbours_in_the_word_count_more_than_those_beyond() -> None:
    assert texts(word("748"), word("0N", doubt="0")) == ["748", "ON"]
    assert texts(word("NEW"), word("7O", doubt="O")) == ["NEW", "70"]


@pytest.mark.parametrize("label", list("AO0575"))
def test_a_character_alone_is_what_its_shape_says(label: str) -> None:
    guesses = doubtful(label) if label in TWINS else clear(label)
    assert texts([guesses]) == [label]


@pytest.mark.parametrize("text", ["3.0", "10/20", "5-0", "5,0,2"])
def test_marks_stand_among_digits(text: str) -> None:
    # Every digit is doubtful; the mark between them does not make letters of them.
    guesses = [doubtful(c) if c in TWINS else clear(c) for c in text]
    guesses = [
        (Prediction(c, 0.9), Prediction("A", 0.1)) if not c.isalnum() else g
        for c, g in zip(text, guesses, strict=True)
    ]
    assert texts(guesses) == [text]


def test_marks_stand_among_letters() -> None:
    mark = (Prediction("-", 0.9), Prediction("1", 0.1))
    assert texts([*word("A"), mark, *word("0N", doubt="0")]) == ["A-ON"]


def test_what_holds_on_both_sides_of_a_mark_is_one_run() -> None:
    mark = (Prediction("/", 1.0),)
    assert texts([*word("78"), mark, doubtful("O", 0.7)]) == ["78/0"]


def test_a_kind_without_alternatives_is_passed_over() -> None:
    only_a_letter = (Prediction("Q", 1.0),)
    assert texts([*word("12"), only_a_letter, *word("34")]) == ["12Q34"]


def test_nothing_gives_nothing() -> None:
    assert settle_kinds([]) == []
    assert settle_kinds([[], []]) == [[], []]
    assert texts([], word("A"), []) == ["", "A", ""]


def test_a_guess_becomes_surer_by_its_neighbours() -> None:
    ((alone,),) = settle_kinds([[doubtful("O", 0.7)]])
    ((_, among, _),) = settle_kinds([[*word("B"), doubtful("O", 0.7), *word("X")]])
    assert alone == ("O", pytest.approx(0.7, abs=0.01))
    assert among.label == "O"
    assert among.probability > 0.9


def test_a_mark_keeps_its_probability() -> None:
    mark = (Prediction("-", 0.8), Prediction("T", 0.15), Prediction("1", 0.05))
    assert settle_kinds([[*word("12"), mark]])[0][2] == ("-", 0.8)


def test_what_is_no_mark_does_not_become_one() -> None:
    letter = (Prediction("T", 0.6), Prediction("-", 0.3), Prediction("7", 0.1))
    assert texts([*word("12"), letter, *word("34")]) == ["12734"]
    assert texts([*word("AB"), letter, *word("CD")]) == ["ABTCD"]


@pytest.mark.parametrize("label", ["½", "Ⅷ", "tick mark", "€"])
def test_what_is_neither_letter_nor_digit_stays(label: str) -> None:
    guesses = (Prediction(label, 0.5), Prediction("A", 0.4))
    ((_, chosen),) = settle_kinds([[clear("4"), guesses]])
    assert chosen == guesses[0]


alternatives = st.lists(
    st.tuples(st.sampled_from("AO0127Z-.?"), st.floats(0, 1)),
    min_size=1,
    max_size=5,
    unique_by=lambda guess: guess[0],
).map(lambda guesses: tuple(Prediction(*g) for g in sorted(guesses, key=lambda g: -g[1])))


@given(st.lists(st.lists(alternatives, max_size=4), max_size=4))
def test_one_of_the_alternatives_is_chosen_with_a_probability(
    line: list[list[Guesses]],
) -> None:
    settled = settle_kinds(line)
    assert [len(chosen) for chosen in settled] == [len(guesses) for guesses in line]
    for chosen, guesses in zip(settled, line, strict=True):
        for prediction, own in zip(chosen, guesses, strict=True):
            assert prediction.label in {guess.label for guess in own}
            assert 0 <= prediction.probability <= 1 + 1e-9


@given(st.lists(alternatives, min_size=1, max_size=6))
def test_of_each_kind_the_best_alternative_is_chosen(line: list[Guesses]) -> None:
    (settled,) = settle_kinds([line])
    for chosen, own in zip(settled, line, strict=True):
        if not own[0].label.isalnum():
            assert chosen == own[0]
        elif chosen.label != own[0].label:
            assert chosen.label.isdigit() != own[0].label.isdigit()
            others = [guess for guess in own if guess.label.isalnum()]
            of_its_kind = [g for g in others if g.label.isdigit() == chosen.label.isdigit()]
            assert of_its_kind[0].label == chosen.label


def test_a_long_line_does_not_underflow() -> None:
    (settled,) = settle_kinds([[doubtful("O", 0.51)] * 3000])
    assert {guess.label for guess in settled} == {"O"}
