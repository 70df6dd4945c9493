"""The drawing is read in a worker, as often as it makes sense and never out of date."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from handwrite_gui.draw.reading import DrawingReader
from handwrite_gui.draw.stroke import PenPoint, Stroke
from handwrite_gui.model_store import ModelStore

DOT = Stroke((PenPoint(1, 2, 0.9), PenPoint(3, 4, 0.8)))


class CountingRecognizer:
    """Stands for a recogniser: gives the number of strokes, when it is let."""

    def __init__(self) -> None:
        self.seen: list[list[np.ndarray]] = []
        self.said: list[dict[tuple[int, ...], str]] = []
        self.memories: list[object] = []
        self.threads: set[int] = set()
        self.may_go_on = threading.Event()
        self.may_go_on.set()

    def read_strokes(self, strokes: list[np.ndarray], *, said: Any, memory: Any) -> int:
        self.said.append(said)
        self.memories.append(memory)
        self.threads.add(threading.get_ident())
        self.seen.append(strokes)
        assert self.may_go_on.wait(5)
        if not np.isfinite(strokes[0]).all():
            raise ValueError("no finite strokes")
        return len(strokes)


class Store(ModelStore):
    """A store whose recogniser is given."""

    def __init__(self, recognizer: Any) -> None:
        super().__init__()
        self.given = recognizer

    @property
    def recognizer(self) -> Any:
        return self.given


class Desk:
    """A reader with everything round it."""

    def __init__(self) -> None:
        self.strokes: tuple[Stroke, ...] = ()
        self.said: dict[tuple[int, ...], str] = {}
        self.recognizer = CountingRecognizer()
        self.store = Store(self.recognizer)
        self.reader = DrawingReader(self.store, lambda: self.strokes, said=lambda: self.said)
        self.results: list[object] = []
        self.told_in: set[QThread] = set()
        self.reader.read.connect(self._keep)

    def _keep(self, result: object) -> None:
        self.results.append(result)
        self.told_in.add(QThread.currentThread())


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    desk = Desk()
    yield desk
    desk.recognizer.may_go_on.set()
    desk.reader.shutdown()


def test_points_reach_the_recogniser_without_their_pressure(qtbot: QtBot, desk: Desk) -> None:
    desk.strokes = (DOT,)
    with qtbot.waitSignal(desk.reader.read):
        desk.reader.refresh()
    ((points,),) = desk.recognizer.seen
    assert points.dtype == np.float32
    assert points.tolist() == [[1, 2], [3, 4]]


def test_the_recogniser_is_told_what_the_person_said_and_keeps_what_it_saw(
    qtbot: QtBot, desk: Desk
) -> None:
    desk.strokes, desk.said = (DOT,), {(0,): "i"}
    for _ in range(2):
        with qtbot.waitSignal(desk.reader.read):
            desk.reader.refresh()
    assert desk.recognizer.said == [{(0,): "i"}] * 2
    assert desk.recognizer.memories[0] is desk.recognizer.memories[1] is not None


def test_reading_is_done_in_a_worker_and_told_on_the_gui_thread(qtbot: QtBot, desk: Desk) -> None:
    desk.strokes = (DOT,)
    with qtbot.waitSignal(desk.reader.read):
        desk.reader.refresh()
    assert threading.get_ident() not in desk.recognizer.threads
    assert desk.told_in == {desk.reader.thread()}


def test_an_empty_drawing_is_not_read(qtbot: QtBot, desk: Desk) -> None:
    desk.reader.refresh()
    qtbot.wait(60)
    assert desk.recognizer.seen == []
    assert desk.results == [None]


def test_many_changes_make_few_readings_and_the_last_is_of_the_last(
    qtbot: QtBot, desk: Desk
) -> None:
    for count in range(1, 200):
        desk.strokes = (DOT,) * count
        desk.reader.refresh()
    qtbot.waitUntil(lambda: not desk.reader.is_busy)
    assert desk.results[-1] == 199
    assert len(desk.results) <= 3


def test_a_slow_reading_is_shown_while_the_pen_still_moves(qtbot: QtBot, desk: Desk) -> None:
    desk.recognizer.may_go_on.clear()
    desk.strokes = (DOT,)
    desk.reader.refresh()
    qtbot.waitUntil(lambda: bool(desk.recognizer.seen))
    desk.strokes = (DOT, DOT)
    desk.reader.refresh()
    desk.recognizer.may_go_on.set()
    qtbot.waitUntil(lambda: desk.results == [1, 2])


def test_clearing_drops_the_reading_that_is_under_way(qtbot: QtBot, desk: Desk) -> None:
    desk.recognizer.may_go_on.clear()
    desk.strokes = (DOT,)
    desk.reader.refresh()
    qtbot.waitUntil(lambda: bool(desk.recognizer.seen))
    desk.strokes = ()
    desk.reader.refresh()
    desk.recognizer.may_go_on.set()
    qtbot.wait(60)
    assert desk.results == [None]


def test_another_model_reads_again(qtbot: QtBot, desk: Desk) -> None:
    desk.strokes = (DOT,)
    with qtbot.waitSignal(desk.reader.read):
        desk.reader.refresh()
    with qtbot.waitSignal(desk.reader.read):
        desk.store.changed.emit()
    assert len(desk.recognizer.seen) == 2


def test_without_a_model_it_waits_for_one(qtbot: QtBot, desk: Desk) -> None:
    desk.store.given = None
    desk.strokes = (DOT,)
    desk.reader.refresh()
    assert desk.results == [None]
    desk.store.given = desk.recognizer
    with qtbot.waitSignal(desk.reader.read) as result:
        desk.store.changed.emit()
    assert result.args == [1]


def test_a_failure_is_told_and_the_next_reading_works(qtbot: QtBot, desk: Desk) -> None:
    desk.strokes = (Stroke((PenPoint(float("nan"), 0),)),)
    with qtbot.waitSignal(desk.reader.failed) as failure:
        desk.reader.refresh()
    assert isinstance(failure.args[0], ValueError)
    desk.strokes = (DOT,)
    with qtbot.waitSignal(desk.reader.read) as result:
        desk.reader.refresh()
    assert result.args == [1]


def test_shutdown_waits_for_the_reading(qtbot: QtBot) -> None:
    desk = Desk()
    desk.recognizer.may_go_on.clear()
    desk.strokes = (DOT,)
    desk.reader.refresh()
    qtbot.waitUntil(lambda: bool(desk.recognizer.seen))
    threading.Timer(0.05, desk.recognizer.may_go_on.set).start()
    desk.reader.shutdown()
    assert desk.recognizer.may_go_on.is_set()
    desk.reader.refresh()
    qtbot.wait(20)
    assert desk.results == []
