"""Least-ink paths through touching letters."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.page.seams import find_seams

USUAL, PEN = 60.0, 5


def _drawn(width: int, *polylines: list[tuple[int, int]]) -> NDArray[np.bool_]:
    canvas = Image.new("1", (width, 60))
    for points in polylines:
        ImageDraw.Draw(canvas).line(points, fill=1, width=PEN, joint="curve")
    mask = np.asarray(canvas)
    inked = np.flatnonzero(mask.any(axis=0))
    return mask[:, inked[0] : inked[-1] + 1].copy()


def _parts(mask: NDArray[np.bool_], seams: NDArray[np.intp]) -> NDArray[np.intp]:
    """Which part of a mask each of its pixels falls into, −1 for no ink."""
    columns = np.arange(mask.shape[1])
    part = (columns[None, None, :] >= seams[:, :, None]).sum(axis=0)
    return np.where(mask, part, -1)


def test_no_component_has_no_seams() -> None:
    assert find_seams([], USUAL, PEN) == []


def test_a_seam_follows_the_slant_between_two_leaning_letters() -> None:
    # No upright cut goes between them; they are joined by a hair.
    mask = _drawn(60, [(5, 57), (25, 3)], [(20, 57), (40, 3)])
    mask[30:32, 12:26] = True
    (seams,) = find_seams([mask], USUAL, PEN)
    best = int(np.argmin(seams.ink))
    assert seams.ink[best] < PEN
    part = _parts(mask, seams.columns[best : best + 1])
    height, width = mask.shape
    y, x = np.mgrid[0:height, 0:width]
    # Right of the line that the feet and tops of both are equally far from, and not in the hair.
    second = x > 11.5 + 20 * (57 - y) / 54 - 2.5
    outside = mask & ((y < 28) | (y > 33))
    assert (part[outside] == second[outside]).mean() > 0.98


def test_an_upright_stroke_that_two_letters_share_is_cut_along_its_middle() -> None:
    bars = [[(x, 3), (x, 57)] for x in (4, 28, 33, 57)]
    mask = _drawn(62, *bars, [(4, 30), (57, 30)])
    (seams,) = find_seams([mask], USUAL, PEN)
    middles = seams.columns[:, 30]
    assert any(abs(int(column) - 30) <= 3 for column in middles)


def test_seams_lie_from_left_to_right_and_never_cross() -> None:
    rng = np.random.default_rng(5)
    for _ in range(10):
        points = [(int(x), int(y)) for x, y in rng.integers([0, 2], [150, 58], (14, 2))]
        (seams,) = find_seams([_drawn(150, points)], USUAL, PEN)
        assert (np.diff(seams.columns, axis=0) >= 0).all()


@pytest.mark.parametrize("neighbours", [1, 4])
def test_what_stands_beside_a_component_does_not_move_its_seams(neighbours: int) -> None:
    mask = _drawn(80, [(5, 57), (35, 3)], [(35, 57), (65, 3)], [(5, 57), (35, 57)])
    (alone,) = find_seams([mask], USUAL, PEN)
    among = find_seams([np.ones((60, 40), np.bool_)] * neighbours + [mask], USUAL, PEN)[-1]
    np.testing.assert_array_equal(among.columns, alone.columns)
