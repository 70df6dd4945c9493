"""What the person says that characters are, and which characters that is said of."""

from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QApplication

from handwrite_gui.engine.page.result import Quad, box_quad
from handwrite_gui.page.corrections import Correction, Corrections, match


@pytest.fixture
def corrections(qapp: QApplication) -> Corrections:
    return Corrections()


def turned(quad: Quad, degrees: float) -> Quad:
    """A box that was found with the page turned: around the same middle, in another direction."""
    x = sum(corner[0] for corner in quad) / 4
    y = sum(corner[1] for corner in quad) / 4
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    a, b, d, e = (
        (x + (px - x) * c - (py - y) * s, y + (px - x) * s + (py - y) * c) for px, py in quad
    )
    return a, b, d, e


HERE = box_quad(100, 100, 120, 130)
BESIDE = box_quad(122, 100, 142, 130)


@pytest.mark.parametrize(
    ("there", "same"),
    [
        (HERE, True),
        (box_quad(98, 99, 123, 131), True),
        (box_quad(100, 108, 120, 130), True),  # without its upper part
        (turned(HERE, 10), True),
        (turned(HERE, 180), True),
        (turned(HERE, 45), True),
        (BESIDE, False),
        (box_quad(100, 100, 142, 130), False),  # grown together with the one beside it
        (box_quad(100, 120, 120, 150), False),
        (box_quad(105, 105, 109, 110), False),  # a dot in it
    ],
)
def test_the_same_place_is_recognised(qapp: QApplication, there: Quad, same: bool) -> None:
    assert bool(match([there], [Correction(HERE, "X")])) is same


def test_a_dot_may_lie_a_pixel_beside(qapp: QApplication) -> None:
    found = match([box_quad(51, 51, 55, 55)], [Correction(box_quad(50, 50, 54, 54), ".")])
    assert found[0].label == "."


def test_the_best_overlap_has_the_correction(qapp: QApplication) -> None:
    quads = [box_quad(92, 100, 112, 130), box_quad(101, 100, 121, 130)]
    found = match(quads, [Correction(HERE, "X")])
    assert list(found) == [1]


def test_a_character_has_one_correction(qapp: QApplication) -> None:
    near = box_quad(101, 100, 121, 130)
    found = match([HERE], [Correction(near, "Y"), Correction(HERE, "X")])
    assert found == {0: Correction(HERE, "X")}


def test_every_change_can_be_undone(corrections: Corrections) -> None:
    corrections.relabel(HERE, "X")
    corrections.relabel(BESIDE, "Y")
    corrections.relabel(HERE, "Z")
    assert {c.label for c in corrections.all} == {"Y", "Z"}
    corrections.withdraw(BESIDE)
    assert [c.label for c in corrections.all] == ["Z"]
    states = []
    while corrections.can_undo:
        corrections.undo()
        states.append({c.label for c in corrections.all})
    assert states == [{"Y", "Z"}, {"X", "Y"}, {"X"}, set()]
    corrections.redo()
    assert [c.label for c in corrections.all] == ["X"]


def test_saying_the_same_again_is_no_change(corrections: Corrections) -> None:
    corrections.relabel(HERE, "X")
    corrections.relabel(HERE, "X")
    corrections.undo()
    assert not corrections.can_undo


def test_withdrawing_nothing_is_no_change(corrections: Corrections) -> None:
    corrections.withdraw(HERE)
    assert not corrections.can_undo
