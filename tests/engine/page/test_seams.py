"""Least-ink paths through a line of writing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.page.seams import least_ink, straight

PEN = 5


def _drawn(width: int, *polylines: list[tuple[int, int]]) -> NDArray[np.float32]:
    canvas = Image.new("1", (width, 60))
    for points in polylines:
        ImageDraw.Draw(canvas).line(points, fill=1, width=PEN, joint="curve")
    return np.asarray(canvas).astype(np.float32)


def _crossed(ink: NDArray[np.float32], paths: NDArray[np.intp]) -> NDArray[np.float64]:
    return np.asarray(ink[np.arange(len(ink)), paths].sum(axis=1), np.float64)


def test_a_straight_path_goes_through_every_column() -> None:
    paths = straight(5, 7)
    assert paths.shape == (5, 7)
    assert (paths == np.arange(5)[:, np.newaxis]).all()


def test_a_leaning_path_leans_about_the_middle_row_and_stays_on_the_picture() -> None:
    paths = straight(40, 41, 0.2)
    np.testing.assert_array_equal(paths[:, 20], np.arange(40))
    np.testing.assert_array_equal(paths[20, [0, 40]], [24, 16])
    assert paths.min() == 0
    assert paths.max() == 40


def test_every_column_of_the_middle_row_has_its_path() -> None:
    ink = _drawn(60, [(5, 57), (25, 3)])
    np.testing.assert_array_equal(least_ink(ink)[:, len(ink) // 2], np.arange(60))


def test_a_path_follows_the_slant_between_two_leaning_letters() -> None:
    # No upright cut goes between them; they are joined by a hair.
    ink = _drawn(60, [(5, 57), (25, 3)], [(20, 57), (40, 3)])
    ink[30:32, 12:26] = 1
    between = least_ink(ink)[17:28]
    path = between[np.argmin(_crossed(ink, between))]
    assert _crossed(ink, path[np.newaxis])[0] < PEN
    # It lies between the two at their tops and their feet alike.
    assert 25 < path[5] < 40
    assert 5 < path[55] < 20


def test_no_path_crosses_more_ink_than_the_straight_one() -> None:
    rng = np.random.default_rng(3)
    points = [(int(x), int(y)) for x, y in rng.integers([0, 2], [150, 58], (14, 2))]
    ink = _drawn(150, points)
    leaning = _crossed(ink, least_ink(ink))
    assert (leaning <= _crossed(ink, straight(150, 60)) + 1e-3).all()


def test_paths_lie_from_left_to_right_and_never_cross() -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        points = [(int(x), int(y)) for x, y in rng.integers([0, 2], [150, 58], (14, 2))]
        assert (np.diff(least_ink(_drawn(150, points)), axis=0) >= 0).all()
