"""Telling words from letters by the gaps between them, and by what words come of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.words import space_odds, split_words
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import LanguageModel, load_language

USUAL = 50.0
WIDTH = 30


def _line(gaps: Sequence[float]) -> list[Glyph]:
    """Letters with the given gaps, in letter heights, before each but the first."""
    lefts = np.cumsum([0, *(WIDTH + gap * USUAL for gap in gaps)]).round().astype(int).tolist()
    return [Glyph((Component(1, left, 0, left + WIDTH, 50, 99),)) for left in lefts]


def _shape(label: str) -> tuple[Prediction, ...]:
    return (Prediction(label, 0.97), Prediction("Q", 0.001))


def _lengths(
    lines: Sequence[Sequence[float]],
    texts: Sequence[str] | None = None,
    language: LanguageModel | None = None,
) -> list[list[int]]:
    """Of the words of a page with these gaps; of letters without meaning unless given."""
    texts = texts or ["H" * (len(gaps) + 1) for gaps in lines]
    shapes = [[_shape(label) for label in text] for text in texts]
    parted = split_words(list(map(_line, lines)), shapes, USUAL, language)
    return [line.lengths for line in parted]


@pytest.fixture(scope="module")
def english() -> LanguageModel:
    model = load_language("en")
    assert model is not None
    return model


def test_wide_gaps_part_words() -> None:
    assert _lengths([[0.2, 0.3, 1.2, 0.2, 0.25, 1.3, 0.3]]) == [[3, 3, 2]]


def test_widely_spaced_letters_stay_one_word() -> None:
    assert _lengths([[0.7, 0.6, 1.8, 0.5, 0.7, 0.6], [0.6, 0.7, 0.5]]) == [[3, 4], [4]]


def test_a_line_is_judged_by_its_own_letters_too() -> None:
    page = [[0.1, 0.1, 0.9, 0.1, 0.15, 0.1] * 2, [0.7, 0.8, 0.75, 0.7, 2.0, 0.8, 0.7]]
    assert _lengths(page)[1] == [5, 3]


def test_a_line_of_one_word_is_judged_by_the_page() -> None:
    page = [[0.2, 0.1, 1.4, 0.2, 0.3, 1.3, 0.2], [0.1, 0.3, 0.2, 0.35, 0.15]]
    assert _lengths(page)[1] == [6]


@pytest.mark.parametrize("text", ["HLKXRT", "ABCDEF", "123456"])
def test_a_page_of_single_spaced_characters_is_all_words_of_one(
    english: LanguageModel, text: str
) -> None:
    gaps = [[0.8, 0.9, 0.75, 1.0, 0.85], [0.9, 0.8, 0.95, 1.0, 0.8]]
    assert _lengths(gaps, [text, text]) == [[1] * 6] * 2
    assert _lengths(gaps, [text, text], english) == [[1] * 6] * 2


def test_words_of_widely_spaced_letters_are_known_by_the_language(english: LanguageModel) -> None:
    gaps = [[0.8, 0.9, 0.75, 1.0, 0.85], [0.9, 0.8, 0.95, 1.0, 0.8]]
    assert _lengths(gaps, ["GARDEN", "SUMMER"], english) == [[6], [6]]


def test_the_language_decides_about_doubtful_gaps(english: LanguageModel) -> None:
    usual = [0.2, 0.2, 1.3, 0.2, 0.2, 0.2, 1.3, 0.2, 0.2]
    doubtful = [0.2, 0.2, 0.68, 0.2, 0.2, 0.2, 0.2]
    page = [usual, doubtful]
    assert _lengths(page, ["THEGOLDCAN", "FOXJUMPS"], english)[1] == [3, 5]
    assert _lengths(page, ["THEGOLDCAN", "SUNSHINE"], english)[1] == [8]


def test_the_language_leaves_clear_gaps_alone(english: LanguageModel) -> None:
    page = [[0.1, 0.1, 1.6, 0.1, 0.1, 0.1, 0.1]]
    assert _lengths(page, ["SUNSHINE"], english) == [[3, 5]]


@pytest.mark.parametrize(("gap", "lengths"), [(0.3, [2]), (1.4, [1, 1])])
def test_two_letters_alone_go_by_the_usual_space(gap: float, lengths: list[int]) -> None:
    assert _lengths([[gap]]) == [lengths]


def test_one_letter_is_one_word_and_no_lines_are_none() -> None:
    assert _lengths([[]]) == [[1]]
    assert split_words([], [], USUAL, None) == []


def test_no_letter_is_lost(english: LanguageModel) -> None:
    rng = np.random.default_rng(1)
    page = [rng.gamma(1.5, 0.4, 60).tolist() for _ in range(6)]
    for language in (None, english):
        assert [sum(lengths) for lengths in _lengths(page, None, language)] == [61] * 6


def test_the_odds_of_any_gap_are_told_as_those_between_characters_were() -> None:
    page = [[0.2, 0.3, 1.2, 0.2, 0.26, 1.3, 0.3], [0.7, 0.6, 1.8, 0.5]]
    gaps = [np.array(line) for line in page]
    shapes = [[_shape("H")] * (len(line) + 1) for line in page]
    parted = split_words(list(map(_line, page)), shapes, USUAL, None)
    for line, own, expected in zip(parted, gaps, space_odds(gaps), strict=True):
        assert line.odds(own) == pytest.approx(expected)


def test_single_spaced_characters_stay_apart_for_sure() -> None:
    gaps = [0.8, 0.9, 0.75, 1.0, 0.85]
    (line,) = split_words([_line(gaps)], [[_shape("H")] * 6], USUAL, None)
    assert np.isposinf(line.odds(np.array(gaps))).all()


def test_what_is_too_long_for_words_may_part_wherever_letters_touch(english: LanguageModel) -> None:
    texts = ["OVERTHELAZYDOG", "ONTHEVELVETQUILT"]
    shapes = [[_shape(label) for label in text] for text in texts]
    lines = [_line([-0.05] * (len(text) - 1)) for text in texts]
    gaps = np.array([-0.4, -0.05, 0.0, 0.05, 2.0])
    for line in split_words(lines, shapes, USUAL, english):
        touching, apart = np.split(line.odds(gaps), [3])
        assert touching.tolist() == [-1, -1, -1]
        assert apart[0] < -2 < 2 < apart[1]


def test_words_that_others_stand_apart_from_do_not_part_where_letters_touch(
    english: LanguageModel,
) -> None:
    text = "ADOGANDOPTOELECTRONICCAT"
    gaps = [2.0 if place in (1, 4, 7, 21) else -0.05 for place in range(1, len(text))]
    shapes = [[_shape(label) for label in text]]
    (line,) = split_words([_line(gaps)], shapes, USUAL, english)
    assert line.lengths == [1, 3, 3, 14, 3]
    assert line.odds(np.array([-0.05])) < -3
