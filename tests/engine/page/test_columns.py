"""Columns are read one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.page.columns import in_reading_order
from handwrite_gui.engine.page.components import Component

USUAL = 50.0
Letters = list[Component]


def _row(top: int, lefts: Sequence[int]) -> Letters:
    return [Component(left * 10_000 + top, left, top, left + 34, top + 50, 400) for left in lefts]


def _across(left: Letters, right: Letters) -> Letters:
    return [*left, *right]


LEFT = [_row(top, range(0, 400, 45)) for top in (0, 100, 200)]
RIGHT = [_row(top, range(600, 1000, 45)) for top in (0, 100, 200)]
THROUGH = [_across(left, right) for left, right in zip(LEFT, RIGHT, strict=True)]


def test_two_columns_are_read_one_after_the_other() -> None:
    assert in_reading_order(THROUGH, USUAL) == [*LEFT, *RIGHT]


def test_columns_need_not_be_level_with_each_other() -> None:
    right = [_row(top + 50, range(600, 1000, 45)) for top in (0, 100, 200)]
    mixed = [line for pair in zip(right, LEFT, strict=True) for line in pair]
    assert in_reading_order(mixed, USUAL) == [*LEFT, *right]


def test_a_heading_is_read_before_the_columns_and_a_footer_after_them() -> None:
    heading, footer = _row(-120, range(100, 900, 45)), _row(320, range(100, 900, 45))
    found = in_reading_order([footer, *THROUGH, heading], USUAL)
    assert found == [heading, *LEFT, *RIGHT, footer]


def test_three_columns() -> None:
    third = [_row(top, range(1200, 1600, 45)) for top in (0, 100, 200)]
    lines = [_across(line, end) for line, end in zip(THROUGH, third, strict=True)]
    assert in_reading_order(lines, USUAL) == [*LEFT, *RIGHT, *third]


def test_figures_at_the_end_of_lines_stay_in_their_lines() -> None:
    figures = [_row(top, [600, 645]) for top in (0, 100, 200)]
    lines = [_across(line, end) for line, end in zip(LEFT, figures, strict=True)]
    assert in_reading_order(lines, USUAL) == lines


@pytest.mark.parametrize("step", [60, 120, 200])
def test_spaced_letters_are_no_columns(step: int) -> None:
    lines = [_row(top, range(0, 12 * step, step)) for top in (0, 120, 240, 360)]
    assert in_reading_order(lines, USUAL) == lines


def test_words_that_part_at_the_same_place_are_no_columns() -> None:
    words = [(0, 200), (270, 470), (540, 740)]
    lines = [_row(top, [x for a, b in words for x in range(a, b, 40)]) for top in (0, 100, 200)]
    assert in_reading_order(lines, USUAL) == lines


def test_one_wide_gap_makes_no_columns() -> None:
    lines = [*LEFT[:2], THROUGH[2]]
    assert in_reading_order(lines, USUAL) == lines


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), max_size=25, unique=True))
def test_every_letter_is_kept_once(places: list[tuple[int, int]]) -> None:
    letters = [_row(top, [left])[0] for left, top in places]
    bounds = [0, *range(3, len(letters), 3), len(letters)]
    lines = [letters[a:b] for a, b in pairwise(bounds) if b > a]
    found = [c for line in in_reading_order(lines, USUAL) for c in line]
    assert sorted(found, key=repr) == sorted(letters, key=repr)
