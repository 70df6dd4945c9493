"""A drawn line comes apart into words where the gaps, and the language, say so."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.drawing.words import gap_features, word_lengths
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.language_model import load_language

Box = tuple[float, float, float, float]


def boxes(gaps: list[float]) -> list[Box]:
    """Letters 60 wide and 100 high with these gaps between them."""
    placed: list[Box] = []
    x = 0.0
    for gap in [0.0, *gaps]:
        x += gap
        placed.append((x, 0, x + 60, 100))
        x += 60
    return placed


def sure(text: str) -> list[tuple[Prediction, ...]]:
    return [(Prediction(letter, 1.0),) for letter in text]


def test_one_character_is_one_word() -> None:
    assert word_lengths(boxes([]), sure("A"), None) == [1]


@pytest.mark.parametrize("language", [None, load_language("en")])
def test_a_gap_far_wider_than_the_others_parts_words(language: object) -> None:
    gaps = [20.0, 25.0, 130.0, 20.0, 15.0]
    lengths = word_lengths(boxes(gaps), sure("THECAT"), language)  # type: ignore[arg-type]
    assert lengths == [3, 3]


@pytest.mark.parametrize("width", [5.0, 30.0, 60.0, 90.0])
def test_gaps_that_are_alike_part_nothing(width: float) -> None:
    assert word_lengths(boxes([width] * 5), sure("LETTER"), None) == [6]


def test_where_the_gap_leaves_it_open_the_language_decides() -> None:
    english = load_language("en")
    gaps = [20.0, 20.0, 75.0, 20.0, 20.0]
    assert word_lengths(boxes(gaps), sure("THECAR"), english) == [3, 3]
    assert word_lengths(boxes(gaps), sure("GARDEN"), english) == [6]


def test_the_size_of_the_writing_does_not_matter() -> None:
    gaps = [20.0, 25.0, 130.0, 20.0]
    small = [tuple(0.1 * edge for edge in box) for box in boxes(gaps)]
    assert np.allclose(gap_features(small), gap_features(boxes(gaps)))  # type: ignore[arg-type]


def test_a_row_of_dots_has_a_size_as_well() -> None:
    dots = [(float(x), 5.0, float(x), 5.0) for x in (0, 10, 20)]
    assert word_lengths(dots, sure("..."), None) == [3]
