"""Editing boxes with the mouse."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.page.result import Point, Quad, box_quad
from handwrite_gui.page.box_drag import BoxDrag, held, reshaped
from handwrite_gui.page.region import Grip
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView
from tests.gui.page.test_correcting import run, select, text

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def editing(open_page: PageView) -> PageView:
    open_page.edit_boxes(True)
    return open_page


def drag(
    qtbot: QtBot, view: PageView, start: Point, end: Point, keys: Qt.KeyboardModifier = NONE
) -> None:
    canvas = view.workspace.canvas
    one, other = (QPoint(*map(round, canvas.viewport.to_view(point))) for point in (start, end))
    QTest.mousePress(canvas, LEFT, keys, one)
    QTest.mouseMove(canvas, (one + other) / 2)
    QTest.mouseMove(canvas, other)
    QTest.mouseRelease(canvas, LEFT, keys, other)
    qtbot.waitUntil(lambda: not view.editor.is_busy)


def quad(view: PageView, index: int) -> Quad:
    assert view.workspace.overlay is not None
    return view.workspace.overlay.hits.quads[index]


def near(one: Quad, other: Quad) -> bool:
    corners = zip(one, other, strict=True)
    return all(abs(x - u) < 1.5 and abs(y - v) < 1.5 for (x, y), (u, v) in corners)


def test_the_selected_box_is_moved(qtbot: QtBot, editing: PageView) -> None:
    select(editing, 4)  # the N, from 135 to 155
    drag(qtbot, editing, (145, 20), (155, 32))
    assert near(quad(editing, 4), box_quad(145, 22, 165, 42))
    assert editing.workspace.canvas.selection == CharacterRange(4, 4)
    run(editing, "undo")
    assert quad(editing, 4) == box_quad(135, 10, 155, 30)
    assert text(editing) == "DEEP NET\nIS ON"


def test_the_selected_box_is_sized_by_its_corner(qtbot: QtBot, editing: PageView) -> None:
    select(editing, 4)
    drag(qtbot, editing, (155, 30), (170, 50))
    assert near(quad(editing, 4), box_quad(135, 10, 170, 50))


def test_a_box_is_drawn_on_empty_paper(qtbot: QtBot, editing: PageView) -> None:
    drag(qtbot, editing, (300, 10), (320, 30))
    assert text(editing) == "DEEP NET \N{REPLACEMENT CHARACTER}\nIS ON"
    assert near(quad(editing, 7), box_quad(300, 10, 320, 30))
    QTest.keyClicks(editing.workspace.canvas, "X")
    assert text(editing) == "DEEP NET X\nIS ON"


def test_a_cut_parts_the_character_that_it_crosses(qtbot: QtBot, editing: PageView) -> None:
    drag(qtbot, editing, (145, 5), (145, 36), CONTROL)
    assert near(quad(editing, 4), box_quad(135, 10, 145, 30))
    assert near(quad(editing, 5), box_quad(145, 10, 155, 30))
    assert editing.workspace.canvas.selection == CharacterRange(4, 5)


def test_a_click_still_selects(qtbot: QtBot, editing: PageView) -> None:
    drag(qtbot, editing, (20, 20), (20, 20))
    assert editing.workspace.canvas.selection == CharacterRange(0, 0)
    drag(qtbot, editing, (300, 200), (300, 200))
    assert editing.workspace.canvas.selection is None


def test_keys_move_and_size_the_box_as_one_thing_done(editing: PageView) -> None:
    select(editing, 0)
    canvas = editing.workspace.canvas
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Right, ALT)
    moved = quad(editing, 0)
    assert moved[0][0] > 10
    assert moved[0][1] == 10
    QTest.keyClick(canvas, Qt.Key.Key_Down, ALT | SHIFT)
    assert quad(editing, 0)[2][1] > 30
    run(editing, "undo")
    assert quad(editing, 0) == box_quad(10, 10, 30, 30)
    assert text(editing) == "DEEP NET\nIS ON"


def test_dragging_moves_the_image_again_afterwards(qtbot: QtBot, editing: PageView) -> None:
    editing.edit_boxes(False)
    select(editing, 4)
    drag(qtbot, editing, (145, 20), (165, 40))
    assert quad(editing, 4) == box_quad(135, 10, 155, 30)


def test_a_box_along_slanting_writing_is_held_and_sized_along_it() -> None:
    slanting: Quad = ((0, 0), (8, 6), (2, 14), (-6, 8))  # 10 by 10
    assert held(slanting, (1, 7), 0.5) is Grip.ALL
    assert held(slanting, (5, 10), 0.5) is Grip.RIGHT
    grown = reshaped(slanting, Grip.RIGHT, (8, 6))
    assert near(grown, ((0, 0), (16, 12), (10, 20), (-6, 8)))
    least = reshaped(slanting, Grip.RIGHT, (-80, -60))
    assert near(least, ((0, 0), (1.6, 1.2), (-4.4, 9.2), (-6, 8)))


def test_a_line_is_no_box() -> None:
    assert not BoxDrag((0, 0), (50, 1)).is_box
    assert BoxDrag((50, 40), (0, 0)).is_box
    assert BoxDrag((50, 40), (0, 0)).box == box_quad(0, 0, 50, 40)
