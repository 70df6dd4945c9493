"""Telling words from letters by the gaps between them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.words import split_words

USUAL = 50.0
WIDTH = 30


def _line(gaps: Sequence[float]) -> list[Glyph]:
    """Letters with the given gaps, in letter heights, before each but the first."""
    lefts = np.cumsum([0, *(WIDTH + gap * USUAL for gap in gaps)]).round().astype(int).tolist()
    return [Glyph((Component(1, left, 0, left + WIDTH, 50, 99),)) for left in lefts]


def _lengths(lines: Sequence[Sequence[float]]) -> list[list[int]]:
    return [[len(word) for word in words] for words in split_words(list(map(_line, lines)), USUAL)]


def test_wide_gaps_part_words() -> None:
    assert _lengths([[0.2, 0.3, 1.2, 0.2, 0.25, 1.3, 0.3]]) == [[3, 3, 2]]


def test_widely_spaced_letters_stay_one_word() -> None:
    assert _lengths([[0.7, 0.6, 1.8, 0.5, 0.7, 0.6], [0.6, 0.7, 0.5]]) == [[3, 4], [4]]


def test_a_line_of_one_word_is_judged_by_the_page() -> None:
    page = [[0.2, 0.1, 1.4, 0.2, 0.3, 1.3, 0.2], [0.1, 0.3, 0.2, 0.35, 0.15]]
    assert _lengths(page)[1] == [6]


def test_a_page_of_single_spaced_letters_is_all_words_of_one() -> None:
    assert _lengths([[0.8, 0.9, 0.75, 1.0, 0.85], [0.9, 0.8, 0.95]]) == [[1] * 6, [1] * 4]


@pytest.mark.parametrize(("gap", "lengths"), [(0.3, [2]), (1.4, [1, 1])])
def test_two_letters_alone_go_by_the_usual_space(gap: float, lengths: list[int]) -> None:
    assert _lengths([[gap]]) == [lengths]


def test_one_letter_is_one_word_and_no_lines_are_none() -> None:
    assert _lengths([[]]) == [[1]]
    assert split_words([], USUAL) == []


def test_no_letter_is_lost() -> None:
    rng = np.random.default_rng(1)
    page = [rng.gamma(1.5, 0.4, 12).tolist() for _ in range(6)]
    assert [sum(lengths) for lengths in _lengths(page)] == [13] * 6
