"""Functions run off the GUI thread, report on it, stop when asked and are waited for."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.workers import Task, TaskRunner


@pytest.fixture
def runner(qtbot: QtBot) -> Iterator[TaskRunner]:
    runner = TaskRunner()
    yield runner
    runner.shutdown()


def wait_until_stopped(should_stop: Callable[[], bool]) -> str:
    while not should_stop():
        time.sleep(0.001)
    raise Cancelled


def outcomes(task: Task) -> list[tuple[str, object]]:
    seen: list[tuple[str, object]] = []
    task.finished.connect(lambda result: seen.append(("finished", result)))
    task.failed.connect(lambda error: seen.append(("failed", error)))
    task.cancelled.connect(lambda: seen.append(("cancelled", None)))
    return seen


def test_result_arrives_on_the_gui_thread(qtbot: QtBot, runner: TaskRunner) -> None:
    worked_in: list[int] = []
    told_in: list[QThread] = []

    def work(a: int, *, b: int) -> int:
        worked_in.append(threading.get_ident())
        return a + b

    task = runner.run(work, 2, b=3)
    task.finished.connect(lambda _: told_in.append(QThread.currentThread()))
    with qtbot.waitSignal(task.finished) as result:
        pass
    assert result.args == [5]
    assert worked_in != [threading.get_ident()]
    assert told_in == [runner.thread()]


def test_failure_hands_over_the_exception(qtbot: QtBot, runner: TaskRunner) -> None:
    problem = HandwriteError("The page is blank.")

    def work() -> None:
        raise problem

    task = runner.run(work)
    with qtbot.waitSignal(task.failed) as failure:
        pass
    assert failure.args == [problem]


def test_progress_is_merged_and_keeps_the_last_report(qtbot: QtBot, runner: TaskRunner) -> None:
    seen: list[tuple[float, str]] = []

    def work(on_progress: Callable[[float, str], None]) -> None:
        for index in range(10_000):
            on_progress(index / 10_000, "reading")
        on_progress(1.0, "done")

    task = runner.run(work)
    task.progressed.connect(lambda fraction, text: seen.append((fraction, text)))
    with qtbot.waitSignal(task.finished):
        pass
    assert seen[-1] == (1.0, "done")
    assert len(seen) < 1000


def test_cancelled_task_says_so_and_nothing_else(qtbot: QtBot, runner: TaskRunner) -> None:
    task = runner.run(wait_until_stopped)
    seen = outcomes(task)
    with qtbot.waitSignal(task.ended):
        task.cancel()
    assert seen == [("cancelled", None)]


def test_result_that_comes_after_cancel_is_not_delivered(qtbot: QtBot, runner: TaskRunner) -> None:
    release = threading.Event()
    task = runner.run(release.wait)
    seen = outcomes(task)
    with qtbot.waitSignal(task.ended):
        task.cancel()
        release.set()
    assert seen == [("cancelled", None)]


def test_latest_only_drops_what_was_superseded(qtbot: QtBot) -> None:
    runner = TaskRunner(latest_only=True)
    release = threading.Event()
    first = runner.run(lambda: release.wait(5) and "first")
    second = runner.run(lambda: "second")
    third = runner.run(lambda: "third")
    dropped = outcomes(first), outcomes(second)
    with qtbot.waitSignal(third.finished) as result:
        release.set()
    assert result.args == ["third"]
    assert dropped == ([], [])
    runner.shutdown()


def test_shutdown_waits_and_delivers_nothing(qtbot: QtBot) -> None:
    runner = TaskRunner()
    seen = outcomes(runner.run(wait_until_stopped)), outcomes(runner.run(time.sleep, 0.05))
    runner.shutdown()
    qtbot.wait(20)
    assert seen == ([], [])
    with pytest.raises(RuntimeError, match="shut down"):
        runner.run(print)


def test_a_finished_task_keeps_no_arguments(qtbot: QtBot, runner: TaskRunner) -> None:
    class Pixels:
        pass

    pixels = Pixels()
    gone = weakref.ref(pixels)
    task = runner.run(lambda _: None, pixels)
    with qtbot.waitSignal(task.ended):
        pass
    del pixels
    assert gone() is None
