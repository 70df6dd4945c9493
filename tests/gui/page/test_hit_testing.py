"""What lies under a point of the page, and beside a character."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.page.result import Point, Quad, box_quad
from handwrite_gui.page.framing import Turn, map_result
from handwrite_gui.page.hit_testing import (
    Bounds,
    Direction,
    HitMap,
    neighbour,
    quad_bounds,
    quad_contains,
    union,
)
from handwrite_gui.page.text_map import TextMap
from tests.gui.page.pages import HEIGHT, WIDTH, page

DIAMOND: Quad = ((10, 0), (20, 10), (10, 20), (0, 10))


def test_a_turned_box_does_not_reach_into_the_corners_of_its_bounds() -> None:
    assert quad_contains(DIAMOND, (10, 10))
    assert not quad_contains(DIAMOND, (1, 1))
    assert quad_bounds(DIAMOND) == Bounds(0, 0, 20, 20)


def test_edges_and_corners_belong_to_the_box() -> None:
    assert quad_contains(DIAMOND, (0, 10))
    assert quad_contains(DIAMOND, (5, 5))


@given(st.floats(-math.pi, math.pi), st.floats(-50, 50), st.floats(-50, 50), st.booleans())
def test_turning_box_and_point_together_changes_nothing(
    angle: float, x: float, y: float, mirrored: bool
) -> None:
    def turned(point: Point) -> Point:
        cos, sin = math.cos(angle), math.sin(angle)
        u, v = point
        if mirrored:
            u = -u
        return cos * u - sin * v, sin * u + cos * v

    box = box_quad(-20, -10, 20, 10)
    near_an_edge = min(abs(abs(x) - 20), abs(abs(y) - 10)) < 1e-6
    a, b, c, d = (turned(corner) for corner in box)
    assert near_an_edge or quad_contains((a, b, c, d), turned((x, y))) == quad_contains(box, (x, y))


def test_the_smallest_box_around_the_point_is_hit() -> None:
    hits = HitMap.of([box_quad(0, 0, 100, 100), box_quad(40, 40, 60, 60)])
    assert hits.at((50, 50)) == 1
    assert hits.at((20, 20)) == 0
    assert hits.at((120, 50)) is None


def test_a_near_miss_hits_the_nearest_within_the_slack() -> None:
    hits = HitMap.of([box_quad(0, 0, 10, 10), box_quad(20, 0, 30, 10)])
    assert hits.at((16, 5)) is None
    assert hits.at((16, 5), slack=5) == 1
    assert hits.at((13, 13), slack=4) is None, "the corner is 4.2 away"


def test_nothing_is_hit_on_a_blank_page() -> None:
    assert HitMap.of([]).at((5, 5), slack=100) is None


def test_union_and_distance() -> None:
    around = union([Bounds(0, 5, 10, 10), Bounds(-5, 6, 2, 20)])
    assert around == Bounds(-5, 5, 10, 20)
    assert around.distance((13, 24)) == 5
    assert around.distance((0, 10)) == 0


@pytest.mark.parametrize("degrees", [0, 90, 180, 250])
@pytest.mark.parametrize(
    ("start", "direction", "expected"),
    [
        (0, Direction.BEFORE, 0),
        (0, Direction.AFTER, 1),
        (6, Direction.AFTER, 7),
        (10, Direction.AFTER, 10),
        (1, Direction.DOWN, 8),
        (6, Direction.DOWN, 10),
        (9, Direction.UP, 3),
        (2, Direction.UP, 2),
        (8, Direction.DOWN, 8),
    ],
)
def test_arrow_keys_lead_to_the_neighbour(
    start: int, direction: Direction, expected: int, degrees: float
) -> None:
    """However the page lies: the keys go along the writing."""
    turn = Turn(degrees, (WIDTH, HEIGHT), (500, 500))
    result = map_result(page("DEEP NET", "IS ON"), turn.turned, (500, 500))
    text = TextMap.of(result)
    hits = HitMap.of([c.quad for c in text.characters])
    assert neighbour(start, direction, text, hits) == expected
