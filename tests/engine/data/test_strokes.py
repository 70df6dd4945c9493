from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.data.strokes import (
    iter_stroke_samples,
    render_fitted,
    render_flat,
    render_many,
    render_strokes,
    scale_strokes,
    stroke_bounds,
)

ANGLE = np.linspace(0, 2 * np.pi, 41)
CIRCLE = np.stack([30 + 20 * np.cos(ANGLE), 25 + 20 * np.sin(ANGLE)], axis=1)
CROSS = [np.array([[10.0, 10.0], [30.0, 30.0]]), np.array([[30.0, 10.0], [10.0, 30.0]])]


def centre_of_ink(image: np.ndarray) -> tuple[float, float]:
    rows, columns = np.indices(image.shape) + 0.5
    weight = image / image.sum()
    return float((columns * weight).sum()), float((rows * weight).sum())


def disc_area(image: np.ndarray) -> float:
    return float(image.sum()) / 255


def test_ink_is_255_on_0_and_stands_where_the_coordinates_say() -> None:
    image = render_strokes([np.array([[10.0, 20.0], [40.0, 20.0]])], pen_width=4, size=(32, 64))
    assert image.shape == (32, 64)
    assert image.dtype == np.uint8
    # y = 20 is the border between rows 19 and 20: the line covers rows 18 to 21 in full.
    assert (image[18:22, 12:38] == 255).all()
    assert not image[:17].any()
    assert not image[23:].any()
    assert centre_of_ink(image) == pytest.approx((25, 20), abs=0.01)


def test_a_line_covers_the_area_of_its_capsule_whatever_its_direction() -> None:
    for angle in np.linspace(0, np.pi, 13):
        tip = np.array([32, 32]) + 20 * np.array([np.cos(angle), np.sin(angle)])
        image = render_strokes([np.array([[32.0, 32.0], tip])], pen_width=5, size=(64, 64))
        assert disc_area(image) == pytest.approx(20 * 5 + np.pi * 2.5**2, rel=0.02)


def test_a_stroke_of_one_point_is_a_round_dot() -> None:
    image = render_strokes([np.array([[16.0, 16.0]])], pen_width=10, size=(32, 32))
    assert disc_area(image) == pytest.approx(np.pi * 25, rel=0.02)
    assert (image == image.T).all()
    assert (image == image[::-1, ::-1]).all()


def test_a_stroke_that_stays_where_it_is_is_the_same_dot() -> None:
    once = render_strokes([np.array([[16.0, 16.0]])], pen_width=6, size=(32, 32))
    thrice = render_strokes([np.full((3, 2), 16.0)], pen_width=6, size=(32, 32))
    assert (once == thrice).all()


@given(dx=st.integers(-10, 10), dy=st.integers(-10, 10))
@settings(max_examples=25, deadline=None)
def test_moving_the_strokes_moves_the_ink(dx: int, dy: int) -> None:
    here = render_strokes([CIRCLE], pen_width=3, size=(96, 96))
    there = render_strokes([CIRCLE + np.array([dx + 20, dy + 20])], pen_width=3, size=(96, 96))
    moved = np.roll(here, (dy + 20, dx + 20), axis=(0, 1))
    assert np.abs(there.astype(int) - moved).max() <= 1


def test_without_a_size_the_place_does_not_matter_and_the_ink_is_centred() -> None:
    image = render_strokes([CIRCLE], pen_width=4, margin=3)
    away = render_strokes([CIRCLE + np.array([1000.5, -4000.25])], pen_width=4, margin=3)
    assert np.abs(image.astype(int) - away).max() <= 1
    assert image.shape == (50, 50)
    assert not image[:2].any()
    assert not image[:, -2:].any()
    assert centre_of_ink(image) == pytest.approx((25, 25), abs=0.02)


@given(st.floats(0.2, 12), st.floats(0.1, 4))
@settings(max_examples=25, deadline=None)
def test_a_wider_pen_leaves_more_ink(width: float, more: float) -> None:
    thin = render_strokes([CIRCLE], pen_width=width, size=(64, 64))
    wide = render_strokes([CIRCLE], pen_width=width + more, size=(64, 64))
    assert (wide.astype(int) >= thin.astype(int) - 1).all()
    assert wide.sum() > thin.sum()


def test_ink_outside_of_the_image_is_cut_off() -> None:
    whole = render_strokes([CIRCLE], pen_width=4, size=(64, 64))
    part = render_strokes([CIRCLE], pen_width=4, size=(20, 25))
    assert (part == whole[:20, :25]).all()
    assert not render_strokes([CIRCLE - 500], pen_width=4, size=(64, 64)).any()


def test_crossing_strokes_do_not_add_up() -> None:
    both = render_strokes(CROSS, pen_width=4, size=(40, 40))
    single = [render_strokes([stroke], pen_width=4, size=(40, 40)) for stroke in CROSS]
    assert (both == np.maximum(*single)).all()


def test_nothing_to_draw_is_a_blank_image() -> None:
    assert render_strokes([], pen_width=2, size=(8, 9)).shape == (8, 9)
    assert not render_strokes([np.zeros((0, 2))], pen_width=2).any()
    assert scale_strokes([], 10) == []


def test_fitting_gives_the_longer_side() -> None:
    tall = [np.array([[0.0, 0.0], [1.0, 3.0]]), np.array([[0.5, 1.0]])]
    left, top, right, bottom = stroke_bounds(scale_strokes(tall, 48))
    assert (left, top, bottom) == (0, 0, 48)
    assert right == pytest.approx(16)
    image = render_fitted(tall, longer_side=48, pen_width=4, margin=2)
    assert image.shape == (48 + 4 + 4, 16 + 4 + 4)


def test_a_dot_is_not_scaled() -> None:
    image = render_fitted([np.array([[700.0, 3.0]])], longer_side=48, pen_width=6)
    assert disc_area(image) == pytest.approx(np.pi * 9, rel=0.03)


@pytest.mark.parametrize("pen_width", [0, -1, float("nan"), float("inf")])
def test_a_pen_without_width_is_refused(pen_width: float) -> None:
    with pytest.raises(ValueError, match="pen_width"):
        render_strokes([CIRCLE], pen_width=pen_width)


@pytest.mark.parametrize("size", [(0, 5), (5, -1)])
def test_an_image_without_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="size"):
        render_strokes([CIRCLE], pen_width=1, size=size)


def test_points_that_are_not_points_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        render_strokes([np.array([[0.0, np.nan]])], pen_width=1)
    with pytest.raises(ValueError, match="shape"):
        render_strokes([np.zeros((4, 3))], pen_width=1)
    with pytest.raises(ValueError, match="no points"):
        stroke_bounds([])


def test_flat_arrays_come_apart_into_samples() -> None:
    points = np.arange(20, dtype=np.float32).reshape(10, 2)
    samples = list(iter_stroke_samples(points, np.array([3, 1, 4, 2]), np.array([2, 0, 1, 1])))
    assert [[len(stroke) for stroke in sample] for sample in samples] == [[3, 1], [], [4], [2]]
    assert np.shares_memory(samples[0][0], points)
    assert (samples[3][0] == points[8:]).all()


def test_flat_arrays_whose_counts_do_not_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        list(iter_stroke_samples(np.zeros((10, 2)), np.array([3, 1]), np.array([2])))


def test_many_are_drawn_as_each_is_alone() -> None:
    rng = np.random.default_rng(3)
    samples = [[rng.uniform(0, 900, (rng.integers(1, 9), 2)) for _ in range(3)] for _ in range(300)]
    samples[7] = []
    images = render_many(samples, (0.1, 0.1), rng, box=40, frame=48)
    assert images.shape == (300, 48, 48)
    assert not images[7].any()
    for sample, image in zip(samples[:5], images, strict=False):
        scaled = scale_strokes(sample, 40)
        middle = np.concatenate(scaled).max(axis=0) / 2
        alone = render_strokes(
            [stroke - middle + 24 for stroke in scaled], pen_width=4, size=(48, 48)
        )
        assert np.abs(image.astype(int) - alone).max() <= 1


def test_many_use_pens_of_the_whole_range_each_in_its_own_image() -> None:
    line = [np.array([[0.0, 0.0], [0.0, 7.0]])]
    images = render_many([line] * 600, (0.03, 0.14), np.random.default_rng(0), box=40)
    widths = images[:, images.shape[1] // 2].sum(axis=1) / 255
    drawn = np.random.default_rng(0).uniform(0.03, 0.14, 600) * 40
    assert widths == pytest.approx(drawn, abs=0.2)
    assert not images[:, 0].any()
    assert not images[:, :, 0].any()


def test_flat_arrays_are_drawn_as_each_drawing_is_alone() -> None:
    rng = np.random.default_rng(4)
    drawings = [[rng.uniform(0, 32, (3, 2)) for _ in range(rng.integers(0, 4))] for _ in range(600)]
    strokes = [stroke for drawing in drawings for stroke in drawing]
    pens = rng.uniform(1, 5, len(drawings))
    images = render_flat(
        np.concatenate(strokes),
        np.array([len(stroke) for stroke in strokes]),
        np.array([len(drawing) for drawing in drawings]),
        pen_widths=pens,
        size=(32, 40),
    )
    for drawing, pen, image in zip(drawings, pens, images, strict=True):
        alone = render_strokes(drawing, pen_width=pen, size=(32, 40))
        assert np.abs(image.astype(int) - alone).max() <= 1


def test_a_frame_smaller_than_the_ink_is_refused() -> None:
    with pytest.raises(ValueError, match="frame"):
        render_many([[CIRCLE]], (0.03, 0.14), np.random.default_rng(0), box=40, frame=40)
    with pytest.raises(ValueError, match="pen_widths"):
        render_many([[CIRCLE]], (0.14, 0.03), np.random.default_rng(0))
