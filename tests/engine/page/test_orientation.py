"""The direction of lines of writing, and turning positions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.orientation import Directions, Turn, line_directions

TEXT = "SIX BIG DEVILS FROM JAPAN\nQUICKLY FORGOT HOW TO WALTZ\nAND WENT HOME"


def _directions(page: np.ndarray) -> Directions:
    y, x = np.nonzero(find_ink(page).mask)
    return line_directions(np.stack([x, y], 1).astype(np.float32), 40)


@pytest.mark.parametrize("angle", [-88, -60, -40, -12.5, -3, 4, 21, 38, 52, 80])
def test_the_direction_of_lines_is_found_whatever_it_is(angle: float) -> None:
    # compose_page's angle is how far lines rise; a direction says how far they fall.
    found = _directions(compose_page(TEXT, 5, angle=angle, cap_height=40)).along
    assert (found + angle + 90) % 180 - 90 == pytest.approx(0, abs=1.2)


def test_across_is_roughly_at_a_right_angle_and_less_clear() -> None:
    found = _directions(compose_page(TEXT, 5, angle=20, cap_height=40))
    assert 65 <= abs((found.across - found.along + 90) % 180 - 90) <= 90
    assert found.contrast > 1.5


@pytest.mark.parametrize(
    ("quarters", "along"), [(0, {0}), (1, {90, -90}), (2, {0}), (3, {90, -90})]
)
def test_what_lies_straight_is_found_to_lie_straight(quarters: int, along: set[float]) -> None:
    page = compose_page(TEXT, 5, cap_height=40)
    assert _directions(np.rot90(page, quarters).copy()).along in along


def test_too_little_ink_has_no_direction() -> None:
    assert line_directions(np.zeros((0, 2), np.float32), 0) == Directions(0, 90, 1)


shapes = st.tuples(st.integers(1, 900), st.integers(1, 900))


@given(st.floats(-360, 360), shapes)
def test_positions_are_found_again_on_the_page_as_it_lay(
    degrees: float, shape: tuple[int, int]
) -> None:
    turn = Turn(degrees, shape)
    height, width = shape
    points = np.array([[0, 0], [width, 0], [width, height], [0, height], [width / 3, height / 5]])
    turned = turn.to_turned(points)
    assert turn.to_original(turned) == pytest.approx(points, abs=1e-6)
    inside = np.array([turn.after[1], turn.after[0]]) + 1e-6
    assert (turned >= -1e-6).all() and (turned <= inside).all()


def test_a_turn_goes_clockwise_as_seen() -> None:
    # The upper left corner of a page goes to the upper right.
    assert Turn(90, (300, 400)).to_turned(np.array([[0.0, 0.0]])).tolist() == [[300.0, 0.0]]


@pytest.mark.parametrize("quarters", [-1, 1, 2, 3])
def test_quarter_turns_are_exact(quarters: int) -> None:
    turn = Turn(90 * quarters, (7, 4))
    labels = np.arange(28).reshape(7, 4)
    turned = np.rot90(labels, -quarters)
    assert turn.after == turned.shape
    rows, columns = np.indices(turned.shape)
    middles = np.stack([columns.ravel(), rows.ravel()], 1) + 0.5
    x, y = (turn.to_original(middles) - 0.5).T
    assert np.array_equal(labels[y.astype(int), x.astype(int)], turned.ravel())
