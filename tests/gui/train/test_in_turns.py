"""Parts of an update: in order, apart from each other, none lost."""

from __future__ import annotations

from collections.abc import Callable

from pytestqt.qtbot import QtBot

from handwrite_gui.train.in_turns import InTurns


def parts(done: list[str], letters: str) -> list[Callable[[], None]]:
    return [lambda letter=letter: done.append(letter) for letter in letters]  # type: ignore[misc]


def test_parts_are_done_one_after_another(qtbot: QtBot) -> None:
    turns, done = InTurns(), list[str]()
    turns.do(parts(done, "abc"))
    assert done == ["a"], "the others wait until the window had its turn"
    qtbot.waitUntil(lambda: done == ["a", "b", "c"])


def test_the_next_update_waits_for_the_one_before(qtbot: QtBot) -> None:
    turns, done = InTurns(), list[str]()
    turns.do(parts(done, "abc"))
    turns.do(parts(done, "xy"))
    assert done == ["a", "b", "c", "x"]
    turns.finish()
    assert "".join(done) == "abcxy"


def test_what_is_dropped_is_never_done(qtbot: QtBot) -> None:
    turns, done = InTurns(), list[str]()
    turns.do(parts(done, "abc"))
    turns.drop()
    qtbot.wait(60)
    assert done == ["a"]
    turns.do(parts(done, "x"))
    assert done == ["a", "x"]
