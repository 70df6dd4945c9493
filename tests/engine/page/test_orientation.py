"""The slant of lines, and levelling it."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.orientation import level, line_slant

TEXT = "SIX BIG DEVILS FROM JAPAN\nQUICKLY FORGOT HOW TO WALTZ\nAND WENT HOME"


@pytest.mark.parametrize("angle", [-40, -12.5, -3, 4, 21, 38])
def test_the_slant_of_a_page_is_found(angle: float) -> None:
    ink = find_ink(compose_page(TEXT, 5, angle=angle, cap_height=40))
    # compose_page's angle is how far lines rise; the slant is how far they fall.
    assert line_slant(ink.mask, 40) == pytest.approx(-angle, abs=1.2)


def test_a_level_page_is_left_alone() -> None:
    ink = find_ink(compose_page(TEXT, 5, cap_height=40))
    slant = line_slant(ink.mask, 40)
    assert slant == 0
    same, turn = level(ink, slant)
    assert same is ink
    assert turn.degrees == 0


def test_a_blank_page_has_no_slant() -> None:
    assert line_slant(np.zeros((200, 200), bool), 0) == 0


@pytest.mark.parametrize("slant", [-30.0, 7.0, 45.0])
def test_positions_are_found_again_on_the_page_as_it_was(slant: float) -> None:
    mask = np.full((300, 400), 255, np.uint8)
    mask[80:100, 250:270] = 0
    ink = find_ink(mask)
    turned, turn = level(ink, slant)
    rows, columns = np.nonzero(turned.mask)
    middle = np.array([[columns.mean() + 0.5, rows.mean() + 0.5]])
    assert turn.to_original(middle)[0] == pytest.approx([260, 90], abs=1.0)


def test_levelling_keeps_the_ink() -> None:
    ink = find_ink(compose_page(TEXT, 5, angle=20, cap_height=40))
    turned, _ = level(ink, line_slant(ink.mask, 40))
    assert turned.mask.sum() == pytest.approx(ink.mask.sum(), rel=0.05)
