"""Gathering components into lines."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lines import find_lines

USUAL = 50.0


def _letter(left: int, top: int, width: int = 34, height: int = 50) -> Component:
    return Component(left * 10_000 + top, left, top, left + width, top + height, 400)


def _row(top: int, lefts: Sequence[int]) -> list[Component]:
    return [_letter(left, top) for left in lefts]


def test_two_rows_are_two_lines_from_top_to_bottom() -> None:
    upper, lower = _row(100, range(50, 500, 45)), _row(220, range(80, 400, 45))
    assert find_lines([*lower, *upper], USUAL) == [upper, lower]


@pytest.mark.parametrize("climb", [-0.12, 0.12])
def test_lines_may_climb_and_fall(climb: float) -> None:
    rows = [
        [_letter(left, round(top + climb * left)) for left in range(50, 900, 45)]
        for top in (300, 420, 540)
    ]
    assert find_lines([c for row in rows for c in row], USUAL) == rows


def test_letters_of_different_heights_share_a_line() -> None:
    line = [_letter(50, 100), _letter(100, 118, height=32), _letter(150, 95, height=62)]
    assert find_lines(line, USUAL) == [line]


def test_a_dot_goes_to_the_line_it_stands_by() -> None:
    upper, lower = _row(100, range(50, 300, 45)), _row(220, range(50, 300, 45))
    dot = Component(7, 310, 140, 318, 148, 50)
    assert find_lines([*upper, *lower, dot], USUAL) == [[*upper, dot], lower]


def test_a_mark_far_from_every_line_is_left_out() -> None:
    line = _row(100, range(50, 300, 45))
    stain = Component(7, 900, 800, 908, 808, 50)
    assert find_lines([*line, stain], USUAL) == [line]


def test_a_word_that_stands_high_stays_on_its_line() -> None:
    high = [_letter(left, 78) for left in range(340, 600, 45)]
    line = [*_row(100, range(50, 300, 45)), *high, *_row(100, range(650, 900, 45))]
    below = _row(260, range(50, 900, 45))
    assert find_lines([*line, *below], USUAL) == [line, below]


def test_the_two_halves_of_broken_letters_are_one_line() -> None:
    whole = _row(100, range(50, 300, 45))
    upper = [_letter(left, 100, height=22) for left in range(340, 600, 60)]
    lower = [_letter(left + 3, 128, height=22) for left in range(340, 600, 60)]
    (line,) = find_lines([*whole, *upper, *lower], USUAL)
    assert len(line) == len([*whole, *upper, *lower])


def test_dots_high_above_their_letters_are_no_line_of_their_own() -> None:
    stems = [_letter(left, 120, width=8, height=34) for left in (140, 230)]
    line = [_letter(50, 100), *stems, _letter(300, 118, height=34)]
    dots = [_letter(left, 80, width=8, height=20) for left in (142, 232)]
    (found,) = find_lines([*line, *dots], USUAL)
    assert set(found) == {*line, *dots}


def test_columns_are_read_one_after_the_other() -> None:
    left = [_row(top, range(0, 400, 45)) for top in (0, 100, 200)]
    right = [_row(top, range(600, 1000, 45)) for top in (12, 112, 212)]
    letters = [c for line in [*right, *left] for c in line]
    assert find_lines(letters, USUAL) == [*left, *right]


def test_nothing_gives_no_lines() -> None:
    assert find_lines([], USUAL) == []


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 900), st.integers(0, 900), st.integers(20, 80)),
        max_size=25,
        unique=True,
    )
)
def test_every_letter_is_in_one_line(places: list[tuple[int, int, int]]) -> None:
    letters = [_letter(left, top, height=height) for left, top, height in places]
    found = [c for line in find_lines(letters, USUAL) for c in line]
    assert sorted(found, key=repr) == sorted(letters, key=repr)
