"""Undoing and doing again, and knowing what is saved."""

from __future__ import annotations

from handwrite_gui.engine.page_document import history as module
from handwrite_gui.engine.page_document.history import History


def test_what_is_done_after_undoing_replaces_what_was_undone() -> None:
    history = History("a").after("B", "ab").after("C", "abc").undone()
    assert history.state == "ab"
    assert (history.undo_title, history.redo_title) == ("B", "C")
    other = history.after("D", "abd")
    assert other.redo_title is None
    assert other.undone().undone().state == "a"


def test_what_changes_nothing_is_no_step() -> None:
    history = History("a").after("B", "ab")
    assert history.after("again", "ab") is history


def test_at_the_ends_there_is_nothing_to_undo_or_redo() -> None:
    history = History("a")
    assert history.undone().state == history.redone().state == "a"
    assert history.undo_title is None


def test_steps_with_one_key_are_undone_together() -> None:
    history = History("a").after("B", "b").after("push", "c", key=1).after("push", "d", key=1)
    assert history.undone().state == "b"
    other = history.after("push", "e", key=2)
    assert other.undone().state == "d"


def test_undoing_marks_the_document_changed() -> None:
    history = History("a").after("B", "ab").as_saved("ab")
    assert not history.is_changed
    assert history.undone().is_changed
    assert not history.undone().redone().is_changed


def test_a_saved_state_is_not_pushed_away_by_its_own_key() -> None:
    history = History("a").after("push", "b", key=1).as_saved("b").after("push", "c", key=1)
    assert history.undone().state == "b"


def test_the_oldest_steps_are_forgotten() -> None:
    history = History(0)
    for number in range(1, module.MOST_STEPS + 11):
        history = history.after("count", number)
    assert len(history.steps) == module.MOST_STEPS
    assert history.start == 10
