"""Turning a page and choosing a part of it: the places on it stay where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.page.framing import Turn, map_result, turned_region, whole_pixels
from handwrite_gui.page.hit_testing import Bounds
from tests.gui.page.pages import page

SIZE = (400, 300)


@given(
    st.floats(-180, 360),
    st.tuples(st.floats(0, 400), st.floats(0, 300)),
)
def test_turning_back_leads_to_where_one_was(degrees: float, point: tuple[float, float]) -> None:
    turn = Turn(degrees, SIZE, (520, 480))
    assert turn.original(turn.turned(point)) == pytest.approx(point, abs=1e-6)


@pytest.mark.parametrize(
    ("degrees", "after", "corner"),
    [(90, (300, 400), (300, 0)), (180, SIZE, (400, 300)), (270, (300, 400), (0, 400))],
)
def test_a_quarter_turn_carries_corners_to_corners(
    degrees: float, after: tuple[int, int], corner: tuple[int, int]
) -> None:
    assert Turn(degrees, SIZE, after).turned((0, 0)) == corner


def test_a_region_turns_with_its_writing() -> None:
    upright, sideways = Turn(0, SIZE, SIZE), Turn(90, SIZE, (300, 400))
    region = Bounds(10, 20, 110, 60)
    turned = turned_region(region, upright, sideways)
    assert turned == Bounds(240, 10, 280, 110)
    assert turned_region(turned, sideways, upright) == region


def test_turning_to_and_fro_does_not_let_a_region_grow() -> None:
    upright, slanted = Turn(0, SIZE, SIZE), Turn(10, SIZE, (446, 365))
    region = Bounds(100, 100, 220, 160)
    for _ in range(5):
        there = turned_region(region, upright, slanted)
        assert there is not None
        back = turned_region(there, slanted, upright)
        assert back is not None
        assert abs(back.width - 120) <= 2 * 5
        region = back
    assert region.width <= 130


def test_a_region_is_cut_to_whole_pixels_of_the_image() -> None:
    assert whole_pixels(Bounds(-5.5, 10.2, 50.1, 400), SIZE) == (0, 10, 51, 300)


@pytest.mark.parametrize(
    "region", [Bounds(0, 0, 400, 300), Bounds(-9, -9, 900, 900), Bounds(5, 5, 9, 200)]
)
def test_all_of_the_image_and_hardly_any_of_it_are_no_region(region: Bounds) -> None:
    assert whole_pixels(region, SIZE) is None


def test_only_the_places_of_a_reading_are_moved() -> None:
    result = page("DEEP NET", "IS")
    moved = map_result(result, lambda point: (point[0] + 7, point[1] + 9), (500, 600))
    assert moved.text == result.text
    assert (moved.width, moved.height) == (500, 600)
    first = next(moved.characters)
    assert first.quad == ((17, 19), (37, 19), (37, 39), (17, 39))
