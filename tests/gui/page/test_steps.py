"""The steps of a reading can be looked at: found when asked for, once a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.steps import StepName
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, StandInStore

Settle = Callable[[], None]


@pytest.fixture
def wait(qtbot: QtBot, view: PageView) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not view.is_busy)


def picture(view: PageView) -> object:
    return view.workspace.canvas.grab().toImage()


def test_they_are_found_only_when_they_are_asked_for(
    open_page: PageView, recognizer: StandInRecognizer, wait: Settle
) -> None:
    assert len(recognizer.seen) == 1
    open_page.tools.steps.show_step(StepName.INK)
    wait()
    assert len(recognizer.seen) == 2
    for name in (StepName.LINES, StepName.GREY, StepName.PHOTOGRAPH, StepName.CUTS):
        open_page.tools.steps.show_step(name)
        wait()
    assert len(recognizer.seen) == 2, "once a page"


def test_every_step_looks_another_way(open_page: PageView, wait: Settle) -> None:
    photograph = picture(open_page)
    shown = [photograph]
    for name in (StepName.INK, StepName.LINES, StepName.CUTS):
        open_page.tools.steps.show_step(name)
        wait()
        shown.append(picture(open_page))
    for index, one in enumerate(shown):
        assert all(one != other for other in shown[index + 1 :])
    open_page.tools.steps.show_step(StepName.PHOTOGRAPH)
    assert picture(open_page) == photograph


def test_the_text_and_its_selection_stay(open_page: PageView, wait: Settle) -> None:
    open_page.go_to_doubtful(1)
    before = open_page.workspace.canvas.selection
    open_page.tools.steps.go(1)
    wait()
    assert open_page.workspace.canvas.selection == before
    assert open_page.has_text()


def test_a_page_that_is_read_anew_has_its_own(
    open_page: PageView, recognizer: StandInRecognizer, wait: Settle
) -> None:
    open_page.tools.steps.show_step(StepName.LINES)
    wait()
    open_page.session.read_region(Bounds(100, 50, 300, 150))
    wait()
    wait()
    steps = open_page.step_loader.steps_of(open_page.session.page)  # type: ignore[arg-type]
    assert steps is not None
    step = steps[StepName.LINES]
    assert step.picture.origin == (100, 50)
    assert step.picture.size == (200, 100)
    assert step.outlines[0].boundingRect().topLeft().toTuple() == (110, 60)


def test_cancel_goes_back_to_the_photograph(
    qtbot: QtBot, open_page: PageView, recognizer: StandInRecognizer
) -> None:
    recognizer.hold = True
    open_page.tools.steps.show_step(StepName.INK)
    qtbot.waitUntil(recognizer.waiting.is_set)
    assert open_page.is_busy
    open_page.cancel()
    assert not open_page.is_busy
    assert open_page.tools.steps.step is StepName.PHOTOGRAPH
    assert open_page.has_reading()


def test_a_failure_is_explained(
    open_page: PageView, store: StandInStore, errors: list[str], wait: Settle
) -> None:
    store.recognizer._results[:] = [ZeroDivisionError("by zero")]  # type: ignore[union-attr]
    open_page.tools.steps.show_step(StepName.CUTS)
    wait()
    assert len(errors) == 1
    assert "Something went wrong" in errors[0]
