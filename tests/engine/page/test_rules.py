"""Taking printed lines away."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.page.rules import remove_rules

HEIGHT, WIDTH = 420, 800
Contrast = NDArray[np.float32]


def _grain(seed: int = 0) -> Contrast:
    noise = np.random.default_rng(seed).normal(0, 0.012, (HEIGHT, WIDTH))
    return noise.astype(np.float32)


def _ruled(strength: float, tilt: float, bend: float = 0.0) -> tuple[Contrast, NDArray[np.bool_]]:
    """Lines every 45 pixels, two pixels thick, and where they are."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    level = y - tilt * x - bend * np.sin(np.pi * x / WIDTH)
    lines = np.abs((level + 20) % 45 - 20) < 1.1
    return np.where(lines, np.float32(strength), np.float32(0)) + _grain(), lines


@pytest.mark.parametrize("strength", [0.08, 0.3, 0.7], ids=["faint", "grey", "dark"])
@pytest.mark.parametrize(("tilt", "bend"), [(0, 0), (0.09, 0), (-0.05, 8)])
def test_lines_across_the_page_go(strength: float, tilt: float, bend: float) -> None:
    contrast, lines = _ruled(strength, tilt, bend)
    cleaned = remove_rules(contrast)
    # Within what enters the page only near a corner a line is too short to be told.
    middle = slice(60, -60), slice(100, -100)
    assert np.quantile(cleaned[middle][lines[middle]], 0.97) < 0.05 + 0.03 * strength


def test_upright_lines_go_too() -> None:
    contrast, _ = _ruled(0.3, 0.02)
    square = contrast[:, :HEIGHT]
    both = np.maximum(square, square.T)
    cleaned = remove_rules(both)
    assert (cleaned[40:-40, 40:-40] > 0.15).mean() < 0.003


@pytest.mark.parametrize("strength", [0.15, 0.75], ids=["faint", "as dark as the pen"])
@pytest.mark.parametrize("lean", [0, 0.5], ids=["upright", "slanting"])
def test_a_stroke_across_a_line_stays_whole(strength: float, lean: float) -> None:
    contrast, _ = _ruled(strength, 0.0)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    away = np.where(y % 140 < 80, np.abs((x - lean * y) % 160 - 80), np.inf)
    contrast[away < 2.5] = 0.8
    cleaned = remove_rules(contrast)
    inside = away < 1.5
    assert (cleaned[inside] > 0.4).mean() > 0.97


def test_a_page_without_lines_stays_as_it_is() -> None:
    contrast = _grain()
    contrast[100:105, 200:420] = 0.7
    contrast[80:160, 300:304] = 0.7
    assert remove_rules(contrast) is contrast


def test_the_bars_of_a_large_letter_are_no_lines() -> None:
    contrast = _grain()
    for top in (60, 200, 340):
        contrast[top : top + 6, 100:560] = 0.8
    contrast[60:346, 100:106] = 0.8
    assert remove_rules(contrast) is contrast


def test_rows_of_letters_are_no_lines() -> None:
    contrast = _grain()
    for left in range(40, WIDTH - 60, 60):
        # E, whose bars lie in one row all along the line
        contrast[100:160, left : left + 5] = 0.8
        for top in (100, 128, 155):
            contrast[top : top + 5, left : left + 34] = 0.8
    assert remove_rules(contrast) is contrast


@pytest.mark.parametrize("shape", [(1, 1), (2, 900), (900, 2), (30, 300)])
def test_any_shape_is_taken(shape: tuple[int, int]) -> None:
    contrast = np.zeros(shape, np.float32)
    assert remove_rules(contrast).shape == shape
