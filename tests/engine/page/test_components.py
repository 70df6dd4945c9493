"""Connected components, and which of them can be writing."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.page.components import (
    Component,
    find_components,
    letter_height,
    stroke_width,
    writing,
)

SHEET = (1000, 1500)
PEN = 5.0


def _component(left: int, top: int, width: int, height: int, area: int | None = None) -> Component:
    area = 2 * int(PEN) * (width + height) // 2 if area is None else area
    return Component(1, left, top, left + width, top + height, area)


LETTERS = [_component(100 + 60 * i, 300, 35, 50) for i in range(8)]


def test_components_touching_at_a_corner_are_one() -> None:
    mask = np.zeros((6, 8), bool)
    mask[1, 1] = mask[2, 2] = True
    mask[4:6, 5:8] = True
    labels, components = find_components(mask)
    assert components == [Component(1, 1, 1, 3, 3, 2), Component(2, 5, 4, 8, 6, 6)]
    assert labels.dtype == np.int32
    assert (labels[4:6, 5:8] == 2).all()


@pytest.mark.parametrize("width", [3, 6, 11])
def test_the_stroke_width_of_a_line_is_its_width(width: int) -> None:
    mask = np.zeros((60, 400), bool)
    mask[20 : 20 + width, 20:380] = True
    assert stroke_width(mask) == pytest.approx(width, rel=0.05)


def test_an_empty_page_has_no_stroke_width_and_no_letter_height() -> None:
    assert stroke_width(np.zeros((9, 9), bool)) == 0
    assert letter_height([], 0) == 0


def test_dots_do_not_lower_the_letter_height() -> None:
    dots = [_component(100 + 30 * i, 340, 6, 6, 30) for i in range(20)]
    assert letter_height([*LETTERS, *dots], PEN) == 50


@pytest.mark.parametrize(
    "foreign",
    [
        _component(700, 700, 2, 2, 4),
        _component(0, 0, 1500, 20, 20_000),
        _component(200, 600, 1000, 4, 4_000),
        _component(500, 500, 400, 300, 110_000),
        _component(500, 500, 400, 60, 22_000),
        _component(60, 300, 6, 180, 1_000),
        _component(60, 300, 1, 30, 30),
        _component(60, 300, 90, 230, 1_700),
    ],
    ids=["speck", "edge of the sheet", "ruled line", "shadow", "bar", "margin", "hair", "bracket"],
)
def test_what_is_no_writing_is_left_out(foreign: Component) -> None:
    assert writing([*LETTERS, foreign], SHEET, PEN) == LETTERS


def test_a_word_in_marker_is_writing() -> None:
    """Its letters touch, and more than half of its box is ink."""
    word = _component(300, 600, 250, 55, 8_700)
    assert word in writing([*LETTERS, word], SHEET, PEN)


@pytest.mark.parametrize("width", [3, 6])
def test_an_upright_stroke_is_writing(width: int) -> None:
    """By a thinner pen too."""
    stem = _component(600, 300, width, 55, 55 * width)
    assert stem in writing([*LETTERS, stem], SHEET, PEN)


def test_a_full_stop_is_writing() -> None:
    stop = _component(600, 344, 6, 6, 30)
    assert stop in writing([*LETTERS, stop], SHEET, PEN)


def test_grain_is_no_writing() -> None:
    grain = [_component(20 * i, 30 * i, 4, 4, 9) for i in range(20)]
    assert writing(grain, SHEET, 2.0) == []
