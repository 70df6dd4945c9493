"""Strokes come and go, and everything can be taken back."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.draw.drawing import Drawing
from handwrite_gui.draw.stroke import PenPoint, Stroke

FIRST = Stroke((PenPoint(0, 0), PenPoint(10, 10)))
SECOND = Stroke((PenPoint(5, 5),))


@pytest.fixture
def drawing(qtbot: QtBot) -> Drawing:
    return Drawing()


def test_new_drawing_is_empty_and_has_nothing_to_undo(drawing: Drawing) -> None:
    assert drawing.is_empty
    assert not drawing.can_undo
    assert not drawing.can_redo


def test_undo_and_redo_go_stroke_by_stroke(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.add(SECOND)
    drawing.undo()
    assert drawing.strokes == (FIRST,)
    drawing.undo()
    assert drawing.is_empty
    drawing.redo()
    drawing.redo()
    assert drawing.strokes == (FIRST, SECOND)
    assert not drawing.can_redo


def test_clear_can_be_undone(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.add(SECOND)
    drawing.clear()
    assert drawing.is_empty
    drawing.undo()
    assert drawing.strokes == (FIRST, SECOND)


def test_clearing_empty_paper_is_no_step_to_undo(drawing: Drawing) -> None:
    drawing.clear()
    assert not drawing.can_undo


def test_a_new_stroke_ends_what_could_be_redone(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.undo()
    drawing.add(SECOND)
    assert not drawing.can_redo
    assert drawing.strokes == (SECOND,)


def test_growing_by_a_stroke_is_told_apart_from_other_changes(
    qtbot: QtBot, drawing: Drawing
) -> None:
    with (
        qtbot.waitSignals([drawing.stroke_added, drawing.changed]),
        qtbot.assertNotEmitted(drawing.replaced),
    ):
        drawing.add(FIRST)
    with (
        qtbot.waitSignals([drawing.replaced, drawing.changed]),
        qtbot.assertNotEmitted(drawing.stroke_added),
    ):
        drawing.undo()
