"""Separating writing from paper."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.data.synthesis.photograph import Paper
from handwrite_gui.engine.page.ink import WORKING_SIDE, find_ink, to_grey

HEIGHT, WIDTH = 300, 500


def _written(
    paper: NDArray[np.floating], share: float
) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """A grid of strokes on a sheet, and where they are."""
    ink = np.zeros(paper.shape, bool)
    ink[60:240, 100:104] = True
    ink[60:240, 300:304] = True
    ink[150:154, 100:400] = True
    return np.where(ink, paper * (1 - share), paper).astype(np.uint8), ink


def _agreement(found: NDArray[np.bool_], truth: NDArray[np.bool_]) -> float:
    """Intersection over union."""
    return float((found & truth).sum() / (found | truth).sum())


def test_strokes_are_found_where_they_are() -> None:
    image, truth = _written(np.full((HEIGHT, WIDTH), 240.0), 0.7)
    assert _agreement(find_ink(image).mask, truth) > 0.95


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9], ids=["pencil", "pen", "marker"])
def test_shading_does_not_matter(share: float) -> None:
    x, y = np.meshgrid(np.linspace(0, 1, WIDTH), np.linspace(0, 1, HEIGHT))
    image, truth = _written(250 - 170 * x * y, share)
    assert _agreement(find_ink(image).mask, truth) > 0.9


def test_light_writing_on_a_dark_ground_is_the_same_ink() -> None:
    image, truth = _written(np.full((HEIGHT, WIDTH), 240.0), 0.8)
    assert _agreement(find_ink(255 - image).mask, truth) > 0.95


def test_a_fading_stroke_stays_whole() -> None:
    image = np.full((HEIGHT, WIDTH), 240.0)
    fade = np.linspace(0.8, 0.28, 300)
    image[150:156, 100:400] *= 1 - fade
    image[40:46, 100:400] *= 0.2
    assert find_ink(image.astype(np.uint8)).mask[153, 100:390].all()


@pytest.mark.parametrize(
    "paper", ["coloured", "ruled", "squared", "glare", "shadow", "desk", "show_through"]
)
def test_the_same_ink_is_found_on_any_paper(paper: Paper) -> None:
    text = "MILK BREAD\nAND EGGS\nAPPLES 12"
    plain = find_ink(compose_page(text, 3, cap_height=46, paper="shaded")).mask
    found = find_ink(compose_page(text, 3, cap_height=46, paper=paper)).mask
    # Near the rim there is a table's edge, or a line too short to be told.
    rim = slice(45, -45), slice(45, -45)
    near = ndimage.binary_dilation(plain, iterations=2)
    assert ndimage.binary_dilation(found)[plain].mean() > 0.95
    assert (found & ~near)[rim].sum() < 0.05 * plain.sum()


@pytest.mark.parametrize("paper", ["whiteboard", "show_through"])
def test_what_was_wiped_or_shows_through_is_no_ink(paper: Paper) -> None:
    written = find_ink(compose_page("MILK AND\nBREAD", 3, cap_height=46, paper="shaded")).mask
    found = find_ink(compose_page("MILK AND\nBREAD", 3, cap_height=46, paper=paper)).mask
    near = ndimage.binary_dilation(written, iterations=3)
    assert (found & ~near).sum() < 0.02 * written.sum()


def test_a_weaker_pen_beside_a_strong_one_is_ink() -> None:
    image = np.full((HEIGHT, WIDTH), 240.0)
    image[60:240, 100:104] *= 0.2
    image[60:240, 300:304] *= 0.55
    assert find_ink(image.astype(np.uint8)).mask[100:200, 302].all()


def test_a_sheet_on_a_dark_table_is_not_taken_for_light_writing() -> None:
    image, truth = _written(np.full((HEIGHT, WIDTH), 235.0), 0.7)
    table = np.full((HEIGHT + 80, WIDTH + 80), 60, np.uint8)
    table[40:-40, 40:-40] = image
    found = find_ink(table).mask
    assert _agreement(found[60:-60, 60:-60], truth[20:-20, 20:-20]) > 0.9
    assert not found[:36].any() and not found[:, :36].any()


def test_the_picture_is_kept_in_grey() -> None:
    page = compose_page("AB", 1)
    assert np.array_equal(find_ink(page).grey, to_grey(page))


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_even_sheet_has_no_ink(level: int) -> None:
    assert not find_ink(np.full((HEIGHT, WIDTH), level, np.uint8)).mask.any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (8, 8), (900, 3)])
def test_any_shape_is_taken(shape: tuple[int, int]) -> None:
    ink = find_ink(np.full(shape, 200, np.uint8))
    assert ink.mask.shape == shape


def test_darkness_is_one_in_the_stroke_and_nothing_on_paper() -> None:
    image, truth = _written(np.full((HEIGHT, WIDTH), 240.0), 0.6)
    darkness = find_ink(image).darkness
    assert darkness.dtype == np.float32
    assert darkness[truth].mean() > 0.95
    assert darkness[~truth].mean() < 0.01


def test_a_large_picture_is_reduced_by_a_whole_factor() -> None:
    image = np.full((200, 2 * WORKING_SIDE), 240, np.uint8)
    ink = find_ink(image)
    assert ink.reduction == 2
    assert ink.mask.shape == (100, WORKING_SIDE)


def test_colour_alpha_and_grey_give_the_same() -> None:
    page = compose_page("AB", 1)
    alpha = np.dstack([page, np.full(page.shape[:2], 255, np.uint8)])
    assert np.array_equal(find_ink(page).mask, find_ink(alpha).mask)
    assert np.array_equal(find_ink(page).mask, find_ink(to_grey(page)).mask)


@pytest.mark.parametrize(
    "image",
    [
        np.zeros((4, 4), np.float32),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros(4, np.uint8),
        np.zeros((0, 4), np.uint8),
        np.zeros((4, 0, 3), np.uint8),
    ],
    ids=["dtype", "channels", "dimensions", "no rows", "no columns"],
)
def test_other_arrays_are_refused(image: NDArray[np.generic]) -> None:
    with pytest.raises(ValueError, match="a picture must"):
        find_ink(image)  # type: ignore[arg-type]
