"""Which characters are the same, and where a cut parts one."""

from __future__ import annotations

import math

import pytest

from handwrite_gui.engine.page.result import Quad, box_quad
from handwrite_gui.engine.page_document.places import (
    area,
    common_area,
    cut,
    divided,
    extent,
    likeness,
    matched,
)

HERE = box_quad(100, 100, 120, 130)
BESIDE = box_quad(122, 100, 142, 130)


def turned(quad: Quad, degrees: float) -> Quad:
    """A box that was found with the page turned: around the same middle, in another direction."""
    x = sum(corner[0] for corner in quad) / 4
    y = sum(corner[1] for corner in quad) / 4
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b, d, e = (
        (x + (px - x) * c - (py - y) * s, y + (px - x) * s + (py - y) * c) for px, py in quad
    )
    return a, b, d, e


@pytest.mark.parametrize(
    ("there", "same"),
    [
        (HERE, True),
        (box_quad(98, 99, 123, 131), True),
        (box_quad(100, 108, 120, 130), True),  # without its upper part
        (turned(HERE, 10), True),
        (turned(HERE, 180), True),
        (turned(HERE, 45), True),
        (BESIDE, False),
        (box_quad(100, 100, 142, 130), False),  # grown together with the one beside it
        (box_quad(100, 120, 120, 150), False),
        (box_quad(105, 105, 109, 110), False),  # a dot in it
    ],
)
def test_the_same_place_is_recognised(there: Quad, same: bool) -> None:
    assert bool(matched([there], [HERE])) is same
    assert bool(likeness(there, HERE)) is same


def test_a_dot_may_lie_a_pixel_beside() -> None:
    assert matched([box_quad(51, 51, 55, 55)], [box_quad(50, 50, 54, 54)]) == {0: 0}


def test_the_best_overlap_has_the_place() -> None:
    quads = [box_quad(92, 100, 112, 130), box_quad(101, 100, 121, 130)]
    assert matched(quads, [HERE]) == {1: 0}


def test_a_place_is_one_of_those_sought() -> None:
    assert matched([HERE], [box_quad(101, 100, 121, 130), HERE]) == {0: 1}


def test_common_areas() -> None:
    assert common_area(HERE, HERE) == pytest.approx(600)
    assert common_area(HERE, turned(HERE, 180)) == pytest.approx(600)
    assert common_area(HERE, BESIDE) == 0
    assert common_area(HERE, box_quad(110, 90, 130, 110)) == pytest.approx(100)
    square = box_quad(0, 0, 2, 2)
    assert common_area(square, turned(square, 45)) == pytest.approx(8 * (math.sqrt(2) - 1))
    assert area(turned(HERE, 30)) == pytest.approx(600)


@pytest.mark.parametrize("degrees", [0, 20, 90, 180])
def test_a_cut_parts_a_place_in_reading_order(degrees: float) -> None:
    quad = turned(HERE, degrees)
    (left, top), (right, _), _, (_, bottom) = HERE
    ends = turned(((108, top - 5), (right, top), (right, bottom), (108, bottom + 5)), 0)
    centre = (110.0, 115.0)
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))

    def around_centre(x: float, y: float) -> tuple[float, float]:
        dx, dy = x - centre[0], y - centre[1]
        return centre[0] + dx * c - dy * s, centre[1] + dx * s + dy * c

    halves = cut(quad, around_centre(108, ends[0][1]), around_centre(108, ends[3][1]))
    assert halves is not None
    assert area(halves[0]) == pytest.approx(600 * 0.4)
    assert area(halves[1]) == pytest.approx(600 * 0.6)
    assert left == 100


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((90, 115), (130, 116)),  # along the writing
        ((150, 90), (150, 140)),  # beside it
        ((110, 50), (110, 80)),  # above it
    ],
)
def test_a_line_elsewhere_parts_nothing(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert cut(HERE, one, other) is None


def test_equal_parts() -> None:
    first, second, third = divided(box_quad(0, 0, 30, 10), 3)
    assert extent(first, (1, 0)) == (0, 10, 0, 10)
    assert extent(second, (1, 0)) == (10, 20, 0, 10)
    assert extent(third, (1, 0)) == (20, 30, 0, 10)
