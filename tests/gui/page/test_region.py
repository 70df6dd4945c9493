"""A rectangle that is dragged into place."""

from __future__ import annotations

import pytest

from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.region import Grip, corners_and_middles, dragged, grip_at

REGION = Bounds(100, 50, 200, 150)
SIZE = (400, 300)


@pytest.mark.parametrize(
    ("point", "grip"),
    [
        ((150, 100), Grip.ALL),
        ((102, 100), Grip.LEFT),
        ((198, 148), Grip.RIGHT | Grip.BOTTOM),
        ((97, 47), Grip.LEFT | Grip.TOP),
        ((150, 155), Grip.BOTTOM),
        ((150, 170), Grip.NONE),
    ],
)
def test_what_is_held_at_a_point(point: tuple[float, float], grip: Grip) -> None:
    assert grip_at(REGION, point, slack=6) == grip


def test_every_handle_holds_what_it_stands_on() -> None:
    grips = {grip_at(REGION, handle, slack=6) for handle in corners_and_middles(REGION)}
    assert len(grips) == 8
    assert Grip.ALL not in grips
    assert Grip.NONE not in grips


def test_the_whole_of_it_stops_at_the_edge_of_the_image() -> None:
    assert dragged(REGION, Grip.ALL, (-500, 20), SIZE) == (0, 70, 100, 170)
    assert dragged(REGION, Grip.ALL, (500, 500), SIZE) == (300, 200, 400, 300)


def test_an_edge_moves_alone() -> None:
    assert dragged(REGION, Grip.LEFT, (-30, 90), SIZE) == (70, 50, 200, 150)
    assert dragged(REGION, Grip.RIGHT | Grip.BOTTOM, (999, 999), SIZE) == (100, 50, 400, 300)


def test_dragging_beyond_the_opposite_edge_turns_it_inside_out() -> None:
    assert dragged(REGION, Grip.LEFT, (150, 0), SIZE) == (200, 50, 250, 150)
