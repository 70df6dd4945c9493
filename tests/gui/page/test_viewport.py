"""Zoom, pan and fit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.viewport import KEPT_IN_VIEW, MAXIMUM_SCALE, Viewport

IMAGE = (4000, 3000)
VIEW = (800, 600)
SIDES = st.integers(1, 20_000)
SIZES = st.tuples(SIDES, SIDES)
VIEWPORTS = st.builds(lambda image, view: Viewport(image, view).fitted(), SIZES, SIZES)


def test_fit_shows_all_of_the_image_in_the_middle() -> None:
    fitted = Viewport(IMAGE, VIEW).fitted(margin=20)
    assert fitted.visible == Bounds(0, 0, *IMAGE)
    assert fitted.to_view((2000, 1500)) == pytest.approx((400, 300))
    assert 3000 * fitted.scale == pytest.approx(600 - 2 * 20)


def test_fit_enlarges_a_small_image_only_so_far() -> None:
    assert Viewport((10, 10), VIEW).fitted(largest=4).scale == 4


@given(VIEWPORTS, st.floats(0.1, 10), st.floats(0, 1), st.floats(0, 1))
def test_zoom_keeps_the_point_under_the_pointer(
    viewport: Viewport, factor: float, across: float, down: float
) -> None:
    width, height = viewport.image
    point = (across * width, down * height)
    at = viewport.to_view(point)
    # A pointer outside of the view zooms nothing; inside, its point may not move a hair.
    if 0 <= at[0] <= viewport.view[0] and 0 <= at[1] <= viewport.view[1]:
        zoomed = viewport.zoomed(factor, at)
        if min(viewport.view) >= 2 * KEPT_IN_VIEW:
            assert zoomed.to_view(point) == pytest.approx(at, abs=1e-3)


def test_zoom_has_limits() -> None:
    viewport = Viewport(IMAGE, VIEW).fitted()
    assert viewport.zoomed(1e9, (400, 300)).scale == MAXIMUM_SCALE
    smallest = viewport.zoomed(1e-9, (400, 300))
    assert smallest.scale < viewport.scale
    assert smallest.zoomed(0.5, (400, 300)).scale == smallest.scale


@given(VIEWPORTS, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_image_cannot_be_lost(viewport: Viewport, dx: float, dy: float) -> None:
    panned = viewport.panned(dx, dy)
    for low, length, view in (
        (panned.x, panned.image[0] * panned.scale, panned.view[0]),
        (panned.y, panned.image[1] * panned.scale, panned.view[1]),
    ):
        shown = min(low + length, view) - max(low, 0)
        assert shown >= min(KEPT_IN_VIEW, length, view) - 1e-3


def test_a_resized_view_keeps_its_middle() -> None:
    viewport = Viewport(IMAGE, VIEW).fitted().zoomed(3, (200, 200))
    middle = viewport.to_image((400, 300))
    assert viewport.resized((1000, 500)).to_image((500, 250)) == pytest.approx(middle)


def test_what_is_in_view_already_is_not_moved() -> None:
    viewport = Viewport(IMAGE, VIEW).fitted()
    assert viewport.revealing(Bounds(1900, 1400, 2000, 1500)) == viewport


@pytest.mark.parametrize(
    "part", [Bounds(0, 0, 50, 50), Bounds(3900, 2900, 4000, 3000), Bounds(0, 2900, 30, 3000)]
)
def test_what_is_out_of_view_is_brought_into_it(part: Bounds) -> None:
    viewport = Viewport(IMAGE, VIEW).fitted().zoomed(8, (400, 300))
    shown = viewport.revealing(part)
    assert shown.scale == viewport.scale
    left, top = shown.to_view((part.left, part.top))
    right, bottom = shown.to_view((part.right, part.bottom))
    assert left >= 0
    assert top >= 0
    assert right <= VIEW[0]
    assert bottom <= VIEW[1]


def test_of_a_part_larger_than_the_view_the_beginning_is_shown() -> None:
    viewport = Viewport(IMAGE, VIEW, scale=1.0, x=-3000, y=-100)
    shown = viewport.revealing(Bounds(500, 200, 2500, 300))
    assert shown.to_view((500, 200))[0] == pytest.approx(0)
