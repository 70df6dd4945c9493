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


def test_removing_strokes_is_one_step_and_only_where_they_are_there(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.add(SECOND)
    assert not drawing.remove((FIRST, Stroke((PenPoint(9, 9),))))
    assert drawing.strokes == (FIRST, SECOND)
    assert drawing.remove((FIRST, SECOND))
    assert drawing.is_empty
    drawing.undo()
    assert drawing.strokes == (FIRST, SECOND)


def test_what_is_said_goes_with_its_strokes_and_comes_back_with_them(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.add(SECOND)
    drawing.say((SECOND,), "i")
    assert drawing.said_groups() == {(1,): "i"}
    drawing.remove((FIRST,))
    assert drawing.said_groups() == {(0,): "i"}
    drawing.remove((SECOND,))
    assert drawing.said_groups() == {}
    drawing.undo()
    drawing.undo()
    assert drawing.said_groups() == {(1,): "i"}


def test_saying_is_told_undone_and_told_again(qtbot: QtBot, drawing: Drawing) -> None:
    told: list[tuple[object, str]] = []
    drawing.said_of.connect(lambda strokes, label: told.append((strokes, label)))
    drawing.add(FIRST)
    drawing.say((FIRST,), "a")
    drawing.say((FIRST,), "a")  # nothing new
    drawing.say((FIRST,), "b")
    drawing.undo()
    drawing.undo()
    drawing.redo()
    one = (FIRST,)
    assert told == [(one, "a"), (one, "b"), (one, "a"), (one, ""), (one, "a")]


def test_one_stroke_is_of_one_character(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.add(SECOND)
    drawing.say((FIRST,), "i")
    drawing.say((FIRST, SECOND), "k")
    assert drawing.said_groups() == {(0, 1): "k"}
    drawing.say((FIRST, SECOND), "")
    assert drawing.said_groups() == {}


def test_undoing_all_gives_the_start_and_redoing_all_the_end(drawing: Drawing) -> None:
    drawing.add(FIRST)
    drawing.say((FIRST,), "a")
    drawing.add(SECOND)
    drawing.remove((FIRST,))
    drawing.clear()
    while drawing.can_undo:
        drawing.undo()
    assert (drawing.strokes, drawing.said) == ((), ())
    while drawing.can_redo:
        drawing.redo()
    assert (drawing.strokes, drawing.said) == ((), ())
    drawing.undo()
    drawing.undo()
    assert drawing.strokes == (FIRST, SECOND)
    assert drawing.said_groups() == {(0,): "a"}
