"""The gradient check at a press."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.evaluation.gradient_check import LayerCheck
from handwrite_gui.engine.network.layers import Dense
from handwrite_gui.train.gradient_page import GradientPage, verdict_of
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView


@pytest.fixture
def page(running: TrainView) -> GradientPage:
    """Of a run that goes on."""
    running.pages.show_page("inside")
    running.inside.show_page("check")
    return running.inside.check


def cells(page: GradientPage, column: int) -> list[str]:
    items = [page.table.item(row, column) for row in range(page.table.rowCount())]
    return [item.text() for item in items if item is not None]


@pytest.mark.parametrize("which", [0, 1], ids=["now", "before"])
def test_every_layer_is_checked_while_the_run_goes_on(
    which: int, qtbot: QtBot, running: TrainView, page: GradientPage
) -> None:
    page.which.setCurrentIndex(which)
    with qtbot.waitSignal(page.checked, timeout=60_000):
        page.button.click()
        assert page.progress.isVisible() and not page.button.isEnabled()
    assert cells(page, 0) == ["hidden 1", "output"]
    assert cells(page, 4) == ["right", "right"]
    assert cells(page, 3)[0].endswith("of 65,600")
    assert page.verdict.text().startswith("Right: ")
    assert page.button.isEnabled() and not page.progress.isVisible()
    assert running.session.state is RunState.RUNNING
    head, *rows = page.exhibits()[0].table()  # type: ignore[misc]
    assert head[1] == "largest relative error" and len(rows) == 2


def test_a_wrong_gradient_is_called_wrong_in_its_layer(
    qtbot: QtBot, running: TrainView, page: GradientPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    running.stop()
    qtbot.waitUntil(lambda: running.is_idle, timeout=10_000)
    backward = Dense.backward

    def wrong(self: Dense, gradient: object, input_gradient: bool = True) -> object:
        result = backward(self, gradient, input_gradient)  # type: ignore[arg-type]
        if self.weights.name == "weights_0":
            self.weights.gradient *= 1.5
        return result

    monkeypatch.setattr(Dense, "backward", wrong)
    with qtbot.waitSignal(page.checked, timeout=60_000):
        page.button.click()
    assert cells(page, 4) == ["wrong", "right"]
    assert page.verdict.text().startswith("Wrong in hidden 1")


def test_a_check_can_be_cancelled(qtbot: QtBot, page: GradientPage) -> None:
    page.button.click()
    page.cancel_button.click()
    qtbot.waitUntil(lambda: not page.is_busy, timeout=10_000)
    assert page.table.rowCount() == 0
    assert page.button.isEnabled()


def test_another_run_has_not_been_checked(
    qtbot: QtBot, running: TrainView, page: GradientPage
) -> None:
    with qtbot.waitSignal(page.checked, timeout=60_000):
        page.button.click()
    running.stop()
    qtbot.waitUntil(lambda: running.can_start, timeout=10_000)
    running.start()
    qtbot.waitUntil(lambda: running.session.state is RunState.RUNNING, timeout=10_000)
    assert page.table.rowCount() == 0
    assert page.verdict.text() == ""


def test_the_verdict_names_the_worst_layer() -> None:
    checks = [LayerCheck(0, 1e-9, "weights_0", 0.1, 5, 9), LayerCheck(1, 0.3, "bias_1", 0.1, 2, 3)]
    assert "Wrong in output: the relative error is 3.0e-01" in verdict_of(checks)
    assert "of 5 weights and biases tried" in verdict_of(checks[:1])
    assert verdict_of([]) == ""
