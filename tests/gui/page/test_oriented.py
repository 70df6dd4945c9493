"""Boxes, labels and lines follow the writing whichever way it runs."""

from __future__ import annotations

import math

import pytest

from handwrite_gui.engine.page.result import Point, Quad, box_quad
from handwrite_gui.page.label_layout import Chip, ChipMetrics, lay_out_chips
from handwrite_gui.page.oriented import WordBox, degrees, direction
from handwrite_gui.page.text_map import TextMap
from handwrite_gui.page.viewport import Viewport
from tests.gui.page.pages import page

METRICS = ChipMetrics(advance=lambda text: 7.0 * len(text), height=14.0, padding=3.0)
ANGLES = [0, 20, 45, 90, -90, 135, 180]


def about(point: Point, angle: float) -> Point:
    """Turned clockwise about (200, 200)."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    x, y = point[0] - 200, point[1] - 200
    return 200 + x * c - y * s, 200 + x * s + y * c


def written(text: str, angle: float) -> list[Quad]:
    """A word whose characters are 20 wide and 24 high, on a line at some angle."""
    quads = []
    for index in range(len(text)):
        left = 150 + 25 * index
        a, b, c, d = (about(p, angle) for p in box_quad(left, 188, left + 20, 212))
        quads.append((a, b, c, d))
    return quads


def chips(text: str, angle: float, scale: float = 1.0) -> list[Chip]:
    quads = written(text, angle)
    boxes = [WordBox.around(quads)]
    viewport = Viewport((400, 400), (400 * scale, 400 * scale), scale=scale)
    return list(lay_out_chips(TextMap.of(page(text)), quads, boxes, viewport, METRICS))


@pytest.mark.parametrize("angle", ANGLES)
def test_a_word_lies_along_its_writing(angle: float) -> None:
    quads = written("HAND", angle)
    box = WordBox.around(quads)
    assert math.cos(math.radians(degrees(box.along) - angle)) == pytest.approx(1)
    assert (box.width, box.height) == pytest.approx((95, 24))
    assert box.top == pytest.approx(about((197.5, 188), angle))
    assert box.baseline[0] == pytest.approx(about((150, 212), angle))
    assert box.baseline[1] == pytest.approx(about((245, 212), angle))


def test_a_letter_that_hangs_down_does_not_move_the_line() -> None:
    quads = [box_quad(x, 100, x + 20, 130 + (15 if x == 50 else 0)) for x in (0, 25, 50, 75)]
    (_, start), (_, end) = WordBox.around(quads).baseline
    assert (start, end) == (130, 130)


@pytest.mark.parametrize("angle", ANGLES)
def test_labels_stand_above_their_characters_as_one_reads(angle: float) -> None:
    quads = written("HAND", angle)
    for chip, quad in zip(chips("HAND", angle), quads, strict=True):
        ux, uy = direction(quad)
        up = (uy, -ux)
        x, y = (sum(corner[i] for corner in quad) / 4 for i in (0, 1))
        dx, dy = chip.bounds.centre[0] - x, chip.bounds.centre[1] - y
        assert dx * up[0] + dy * up[1] >= 12 + METRICS.height / 2 - 1, "clear of the writing"
        assert abs(dx * ux + dy * uy) < 1, "over its middle"


@pytest.mark.parametrize(
    ("angle", "turned"), [(0, 0), (2, 0), (20, 20), (-30, -30), (90, 0), (135, 0), (180, 0)]
)
def test_the_label_of_a_letter_is_never_read_sideways(angle: float, turned: float) -> None:
    assert {chip.degrees for chip in chips("NZ", angle)} == {turned}


@pytest.mark.parametrize(
    ("angle", "turned"), [(0, 0), (20, 20), (90, 90), (-90, -90), (135, -45), (180, 0)]
)
def test_the_label_of_a_word_follows_it_but_never_upside_down(angle: float, turned: float) -> None:
    (chip,) = chips("HAND", angle, scale=0.5)
    assert chip.text == "HAND"
    assert chip.degrees == turned
