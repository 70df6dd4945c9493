from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import LanguageModel, load_language
from handwrite_gui.engine.text.spacing import SpacingWeights, part_line

TWINS = {"0": "O", "1": "I", "2": "Z", "5": "S", "O": "0", "I": "1", "Z": "2", "S": "5"}


@pytest.fixture(scope="module")
def english() -> LanguageModel:
    model = load_language("en")
    assert model is not None
    return model


def clear(text: str) -> list[tuple[Prediction, ...]]:
    return [(Prediction(label, 1.0),) for label in text]


def doubtful(text: str) -> list[tuple[Prediction, ...]]:
    """Shapes that may as well be the letter, or digit, that looks like them."""
    return [
        (Prediction(label, 0.55), Prediction(TWINS[label], 0.45))
        if label in TWINS
        else (Prediction(label, 1.0),)
        for label in text
    ]


def parted(text: str, lengths: list[int]) -> str:
    ends = [sum(lengths[: index + 1]) for index in range(len(lengths))]
    return " ".join(text[end - size : end] for end, size in zip(ends, lengths, strict=True))


def test_without_a_language_the_odds_decide() -> None:
    assert part_line(clear("ABCD"), [-0.1, 0.1, -3.0], None) == ([2, 2], 0.0)


def test_undecided_gaps_part_where_words_come_of_it(english: LanguageModel) -> None:
    text = "THEQUICKBROWNFOX"
    lengths, gain = part_line(clear(text), [0.0] * (len(text) - 1), english)
    assert parted(text, lengths) == "THE QUICK BROWN FOX"
    assert gain > 10


def test_shapes_of_both_kinds_count_as_what_makes_words(english: LanguageModel) -> None:
    text = "B0XF1VE"
    odds = [-1.0, -1.0, 0.3, -1.0, -1.0, -1.0]
    assert parted(text, part_line(doubtful(text), odds, english).lengths) == "B0X F1VE"


def test_numbers_go_by_their_gaps(english: LanguageModel) -> None:
    assert part_line(clear("967205"), [-1.0, -1.0, 1.0, -1.0, -1.0], english) == ([3, 3], 0.0)


def test_marks_belong_to_words(english: LanguageModel) -> None:
    text = "WELL-KNOWN"
    assert part_line(clear(text), [-1.0] * 9, english).lengths == [10]


@pytest.mark.parametrize(("sign", "lengths"), [(1, [3, 5]), (-1, [8])])
def test_a_clear_gap_is_never_overruled(
    english: LanguageModel, sign: int, lengths: list[int]
) -> None:
    clearly = SpacingWeights().clear + 0.1
    text = "SUNSHINE" if sign > 0 else "FOXJUMPS"
    odds = [-clearly, -clearly, sign * clearly, *[-clearly] * 4]
    assert part_line(clear(text), odds, english).lengths == lengths


@given(
    st.lists(st.tuples(st.sampled_from("AEIO01ST5.-"), st.floats(-20, 20)), min_size=1, max_size=70)
)
def test_words_take_every_character_once(line: list[tuple[str, float]]) -> None:
    text = "".join(label for label, _ in line)
    odds = [odd for _, odd in line[1:]]
    for language in (None, load_language("en")):
        lengths = part_line(doubtful(text), odds, language).lengths
        assert sum(lengths) == len(text)
        assert min(lengths) > 0
