"""What shapes leave open, the neighbours and the language decide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import Weights, decode_line
from handwrite_gui.engine.text.language_model import LanguageModel, load_language

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


@pytest.fixture(scope="module")
def english() -> LanguageModel:
    model = load_language("en")
    assert model is not None
    return model


def texts(*words: list[Guesses], language: LanguageModel | None = None) -> list[str]:
    decided = decode_line(words, language)
    return ["".join(character.label for character in word) for word in decided]


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


def test_characters_one_by_one_lean_on_one_another_as_in_a_word() -> None:
    shape = doubtful("O", 0.7)
    row = [[clear(label)] for label in "789"]
    assert texts(*row, [shape])[-1] == "0"
    assert texts(word("789"), [shape])[-1] == "O"


def test_a_doubtful_mark_alone_is_rather_a_digit() -> None:
    stroke = (Prediction("/", 0.6), Prediction("1", 0.4))
    assert texts([stroke]) == ["1"]
    assert texts([*word("12"), stroke, *word("45")]) == ["12/45"]
    assert texts([(Prediction("/", 0.95), Prediction("1", 0.05))]) == ["/"]


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
    assert decode_line([]) == []
    assert decode_line([[], []]) == [[], []]
    assert texts([], word("A"), []) == ["", "A", ""]


def test_a_guess_becomes_surer_by_its_neighbours() -> None:
    ((alone,),) = decode_line([[doubtful("O", 0.7)]])
    ((_, among, _),) = decode_line([[*word("B"), doubtful("O", 0.7), *word("X")]])
    assert (alone.label, alone.probability) == ("O", pytest.approx(0.7, abs=0.05))
    assert among.label == "O"
    assert among.probability > 0.9


def test_a_mark_among_digits_stays() -> None:
    mark = (Prediction("-", 0.8), Prediction("T", 0.15), Prediction("1", 0.05))
    assert decode_line([[*word("12"), mark]])[0][2] == ("-", pytest.approx(0.9, abs=0.1), None)


def test_what_is_no_mark_does_not_become_one() -> None:
    letter = (Prediction("T", 0.6), Prediction("-", 0.3), Prediction("7", 0.1))
    assert texts([*word("12"), letter, *word("34")]) == ["12734"]
    assert texts([*word("AB"), letter, *word("CD")]) == ["ABTCD"]


@pytest.mark.parametrize("label", ["½", "Ⅷ", "tick mark", "€"])
def test_what_is_neither_letter_nor_digit_stays(label: str) -> None:
    guesses = (Prediction(label, 0.5), Prediction("A", 0.4))
    ((_, chosen),) = decode_line([[clear("4"), guesses]])
    assert (chosen.label, chosen.changed_by) == (label, None)


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
    settled = decode_line(line)
    assert [len(chosen) for chosen in settled] == [len(guesses) for guesses in line]
    for chosen, guesses in zip(settled, line, strict=True):
        for prediction, own in zip(chosen, guesses, strict=True):
            assert prediction.label in {guess.label for guess in own}
            assert 0 <= prediction.probability <= 1 + 1e-9


@given(st.lists(alternatives, min_size=2, max_size=6))
def test_of_each_kind_the_best_alternative_is_chosen(line: list[Guesses]) -> None:
    (settled,) = decode_line([line])
    for chosen, own in zip(settled, line, strict=True):
        if not own[0].label.isalnum():
            assert (chosen.label, chosen.changed_by) == (own[0].label, None)
        elif chosen.label != own[0].label:
            assert chosen.label.isdigit() != own[0].label.isdigit()
            others = [guess for guess in own if guess.label.isalnum()]
            of_its_kind = [g for g in others if g.label.isdigit() == chosen.label.isdigit()]
            assert of_its_kind[0].label == chosen.label


def test_a_long_line_does_not_underflow() -> None:
    (settled,) = decode_line([[doubtful("O", 0.51)] * 3000])
    assert {guess.label for guess in settled} == {"O"}


@pytest.mark.parametrize(
    ("text", "meant"), [("hoUse", "house"), ("House", "House"), ("HOuSE", "HOUSE")]
)
def test_a_word_keeps_to_one_case_after_its_first_letter(text: str, meant: str) -> None:
    either = [
        (Prediction(c, 0.5), Prediction(c.swapcase(), 0.4)) if c in "uU" else clear(c) for c in text
    ]
    assert texts(either) == [meant]


class TestLanguage:
    @pytest.mark.parametrize(
        ("seen", "meant"),
        [("1S", "IS"), ("512E", "SIZE"), ("0N", "ON"), ("2ER0", "ZERO"), ("S0S", "SOS")],
    )
    def test_makes_words_of_doubtful_letters(
        self, english: LanguageModel, seen: str, meant: str
    ) -> None:
        assert texts(word(seen, doubt="0125SOIZ"), language=english) == [meant]

    def test_chooses_between_letters(self, english: LanguageModel) -> None:
        seen = [*word("TAB"), (Prediction("I", 0.5), Prediction("L", 0.4)), *word("E")]
        assert texts(seen) == ["TABIE"]
        assert texts(seen, language=english) == ["TABLE"]

    @pytest.mark.parametrize(
        "text", ["TBALE", "XKJD", "QZ", "ROOM", "A7X", "101", "R2D2", "ZIMZOCH"]
    )
    def test_a_clear_shape_stays(self, english: LanguageModel, text: str) -> None:
        assert texts(word(text), language=english) == [text]

    @pytest.mark.parametrize("text", ["100", "1505", "2012", "55", "705"])
    def test_numbers_stay_numbers(self, english: LanguageModel, text: str) -> None:
        # Each digit is a little more probable than the letter of its shape.
        assert texts(word(text, doubt="0125"), language=english) == [text]

    @pytest.mark.parametrize("text", ["A7X", "B12", "4TH", "MP3"])
    def test_codes_stay_as_they_look(self, english: LanguageModel, text: str) -> None:
        assert texts(word("ROOM"), word(text), language=english) == ["ROOM", text]

    def test_says_what_changed_a_character(self, english: LanguageModel) -> None:
        digit_in_word = word("B0X", doubt="0")
        letter_in_word = [*word("TAB"), (Prediction("I", 0.5), Prediction("L", 0.4)), *word("E")]
        (first, second) = decode_line([digit_in_word, letter_in_word], english)
        assert [character.changed_by for character in first] == [None, "context", None]
        assert [character.changed_by for character in second] == [None] * 3 + ["language", None]

    def test_is_blind_to_case(self, english: LanguageModel) -> None:
        zero = (Prediction("0", 0.5), Prediction("O", 0.3), Prediction("o", 0.2))
        assert texts([*word("B"), zero, *word("X")], language=english) == ["BOX"]
        assert texts([*word("b"), zero, *word("x")], language=english) == ["box"]
        seen = [*word("tab"), (Prediction("i", 0.5), Prediction("l", 0.4)), *word("e")]
        assert texts(seen, language=english) == ["table"]

    def test_judges_what_stands_between_marks(self, english: LanguageModel) -> None:
        mark = (Prediction("-", 1.0),)
        choice = (Prediction("I", 0.5), Prediction("L", 0.4))
        seen = [*word("TAB"), choice, *word("E"), mark, *word("BED")]
        assert texts(seen, language=english) == ["TABLE-BED"]

    def test_what_looks_like_a_mark_may_be_a_letter_of_a_word(self, english: LanguageModel) -> None:
        mark = (Prediction("/", 0.6), Prediction("l", 0.3))
        seen = [*word("hi"), mark, mark, *word("top")]
        assert texts(seen) == ["hi//top"]
        assert texts(seen, language=english) == ["hilltop"]
        assert texts([*word("12"), mark, *word("45")], language=english) == ["12/45"]

    def test_a_shape_far_behind_the_best_is_never_chosen(self, english: LanguageModel) -> None:
        least = Weights().clear
        behind = (Prediction("I", 0.9), Prediction("L", 0.9 * least * 0.99))
        assert texts([*word("TAB"), behind, *word("E")], language=english) == ["TABIE"]

    @pytest.mark.parametrize("label", list("I1O0"))
    def test_a_character_alone_is_what_its_shape_says(
        self, english: LanguageModel, label: str
    ) -> None:
        assert texts([doubtful(label, 0.55)], language=english) == [label]

    def test_a_long_doubtful_word_is_decided(self, english: LanguageModel) -> None:
        letters = [
            (Prediction(c, 0.4), *(Prediction(o, 0.2) for o in "XQJ")) for c in "UNBELIEVABLE"
        ]
        assert texts(letters, language=english) == ["UNBELIEVABLE"]


@given(st.lists(st.lists(alternatives, max_size=4), max_size=3))
def test_the_language_chooses_among_the_alternatives_too(line: list[list[Guesses]]) -> None:
    english = load_language("en")
    for chosen, guesses in zip(decode_line(line, english), line, strict=True):
        for decided, own in zip(chosen, guesses, strict=True):
            assert decided.label in {guess.label for guess in own}
            assert 0 <= decided.probability <= 1 + 1e-9
            assert (decided.changed_by is None) == (decided.label == own[0].label)
