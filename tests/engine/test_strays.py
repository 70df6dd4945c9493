"""What lies beside a character on its crop is proposed to be left out, and the character is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import render_strokes
from handwrite_gui.engine.strays import without_strays

Image = np.ndarray


def letter(*strokes: list[tuple[float, float]]) -> Image:
    """Ink of strokes within 10 × 10 units of 6 pixels, with a margin of 30 pixels all around."""
    return render_strokes([6 * np.array(own, float) for own in strokes], pen_width=6, margin=30)


V = letter([(0, 0), (5, 10), (10, 0)])
T = letter([(0, 0), (10, 0)], [(5, 0), (5, 10)])
Z = letter([(0, 0), (10, 0), (0, 10), (10, 10)])


def extent(image: Image) -> tuple[int, int, int, int]:
    """Top, bottom, left and right of the ink, the latter of each one past it."""
    rows, columns = np.flatnonzero(image.max(axis=1)), np.flatnonzero(image.max(axis=0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


def rests(image: Image) -> list[Image]:
    crops, images = without_strays(normalize(image[np.newaxis]))
    assert not crops.any()
    return list(images)


def alike(one: Image, other: Image) -> bool:
    """Whether normalised images show the same; leaving something out blurs them a little."""
    return float(np.abs(one.astype(int) - other).mean()) < 12


def is_found(crop: Image, own: Image) -> bool:
    return any(alike(rest, normalize(own[np.newaxis])[0]) for rest in rests(crop))


def ruled(own: Image, below: int) -> Image:
    """A line across the whole crop, so many pixels below the letter."""
    crop = own.copy()
    bottom = extent(own)[1]
    crop[bottom + below : bottom + below + 3, 10:-10] = 200
    return crop


@pytest.mark.parametrize("below", [10, 4, -2])
def test_a_ruled_line_below_the_letter_or_touching_it(below: int) -> None:
    assert is_found(ruled(V, below), V)


@pytest.mark.parametrize("turns", range(4))
def test_a_side_of_a_box(turns: int) -> None:
    crop = V[20:-20, 20:-20].copy()
    np.rot90(crop, turns)[:2] = 255
    assert is_found(crop, V)


def test_a_speck_and_a_line_at_once() -> None:
    crop = ruled(V, 10)
    crop[25:29, 12:16] = 255
    assert is_found(crop, V)


def test_the_end_of_a_neighbour() -> None:
    crop = V.copy()
    top, bottom, left, _ = extent(V)
    crop[top:bottom, left - 14 : left - 9] = 255
    assert is_found(crop, V)


@pytest.mark.parametrize("own", [V, T, Z], ids="VTZ")
def test_strokes_of_the_letter_are_no_strays(own: Image) -> None:
    assert not rests(own)


def test_what_is_larger_than_the_rest_is_no_stray() -> None:
    crop = np.hstack([V, V])
    assert not rests(crop)


def test_noise_is_left_as_it_is() -> None:
    crop = np.zeros((32, 32), np.uint8)
    crop[::4] = 255
    assert not rests(crop)


def test_crops_are_told_apart() -> None:
    crops, images = without_strays(normalize([V, ruled(V, 10), T, ruled(V, -2)]))
    assert set(crops.tolist()) == {1, 3}
    assert crops.tolist() == sorted(crops.tolist())
    assert images.shape == (len(crops), 32, 32)
    assert images.dtype == np.uint8


def test_nothing_comes_of_nothing() -> None:
    for crops in (np.zeros((0, 32, 32), np.uint8), np.zeros((3, 32, 32), np.uint8)):
        which, images = without_strays(crops)
        assert which.shape == (0,)
        assert images.shape == (0, 32, 32)


@given(arrays(np.uint8, (2, 32, 32), elements=st.sampled_from([0, 30, 255]), fill=st.just(0)))
def test_any_image_is_taken_and_none_changed(images: Image) -> None:
    before = images.copy()
    crops, found = without_strays(images)
    np.testing.assert_array_equal(images, before)
    assert len(crops) == len(found)
    assert found.any(axis=(1, 2)).all()
