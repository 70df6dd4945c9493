"""Kept runs in the window: listed, drawn beside, compared, marked, deleted, continued."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.training import Trainer
from handwrite_gui.engine.training.final_test import Look
from handwrite_gui.engine.training.runs import CHECKPOINT, RunStore
from handwrite_gui.main_window import MainWindow
from handwrite_gui.model_store import ModelStore
from handwrite_gui.train.runs_model import Column
from handwrite_gui.train.runs_panel import RunsPanel
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView
from tests.gui.train.test_in_the_window import train_view


def train(qtbot: QtBot, view: TrainView, rate: float, epochs: int = 2) -> None:
    view.form.numbers["learning_rate"].setValue(rate)
    view.form.integers["epochs"].setValue(epochs)
    view.start()
    with qtbot.waitSignal(view.session.ended, timeout=10_000):
        pass


@pytest.fixture
def panel(qtbot: QtBot, view: TrainView) -> RunsPanel:
    """After two runs of different learning rates."""
    for rate in (0.001, 0.01):
        train(qtbot, view, rate)
    view.pages.show_page("runs")
    qtbot.waitUntil(lambda: len(view.runs.model.records) == 2, timeout=10_000)
    return view.runs


def click(qtbot: QtBot, panel: RunsPanel, row: int, column: Column) -> None:
    place = panel.table.visualRect(panel.model.index(row, column)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def names(panel: RunsPanel) -> list[str]:
    return [record.name for record in panel.model.records]


def test_every_run_is_kept_and_the_last_one_stands_beside(
    qtbot: QtBot, view: TrainView, panel: RunsPanel
) -> None:
    assert names(panel) == ["Run 2", "Run 1"]
    qtbot.waitUntil(lambda: len(view.curves.overlays) == 1, timeout=10_000)
    (overlay,) = view.curves.overlays
    assert overlay.label == "Run 1 (0.001)"
    assert len(overlay.curves.position) == len(view.curves.loss.raw.xData)
    table = panel.differences
    assert [table.verticalHeaderItem(0).text()] == ["Learning rate"]
    assert {table.item(0, 0).text(), table.item(0, 1).text()} == {"0.01", "0.001"}


def test_runs_are_ticked_to_be_drawn(qtbot: QtBot, view: TrainView, panel: RunsPanel) -> None:
    qtbot.waitUntil(lambda: len(view.curves.overlays) == 1, timeout=10_000)
    index = panel.model.index(1, Column.SHOWN)
    panel.model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    qtbot.waitUntil(lambda: not view.curves.overlays, timeout=10_000)


def test_runs_are_named_and_marked(qtbot: QtBot, panel: RunsPanel) -> None:
    panel.model.setData(panel.model.index(1, Column.NAME), "slow one")
    qtbot.waitUntil(lambda: names(panel) == ["Run 2", "slow one"], timeout=10_000)
    click(qtbot, panel, 0, Column.STAR)
    qtbot.waitUntil(lambda: panel.model.record(0).starred, timeout=10_000)


def test_a_deleted_run_is_restored_or_removed_for_good(
    qtbot: QtBot, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel.table.selectRow(1)
    qtbot.mouseClick(panel.delete_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(panel) == ["Run 2"], timeout=10_000)
    panel.deleted.setChecked(True)
    qtbot.waitUntil(lambda: names(panel) == ["Run 1"], timeout=10_000)
    panel.table.selectRow(0)
    qtbot.mouseClick(panel.restore_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(panel) == [], timeout=10_000)
    panel.deleted.setChecked(False)
    qtbot.waitUntil(lambda: names(panel) == ["Run 2", "Run 1"], timeout=10_000)
    panel.table.selectRow(0)
    panel.delete_selected()
    panel.deleted.setChecked(True)
    qtbot.waitUntil(lambda: names(panel) == ["Run 2"], timeout=10_000)
    panel.table.selectRow(0)
    yes = QMessageBox.StandardButton.Yes
    monkeypatch.setattr(QMessageBox, "question", lambda *_: yes)
    qtbot.mouseClick(panel.erase_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(panel) == [], timeout=10_000)
    assert len(list(panel.store.folder.iterdir())) == 1


def test_its_settings_and_its_best_model_can_be_used(
    qtbot: QtBot, view: TrainView, panel: RunsPanel, store: ModelStore
) -> None:
    panel.table.selectRow(1)
    qtbot.mouseClick(panel.settings_button, Qt.MouseButton.LeftButton)
    assert view.form.numbers["learning_rate"].value() == 0.001
    with qtbot.waitSignal(store.changed, timeout=10_000):
        qtbot.mouseClick(panel.model_button, Qt.MouseButton.LeftButton)
    assert store.source == "Run 1"


def stop(qtbot: QtBot, view: TrainView) -> None:
    view.stop()
    qtbot.waitUntil(lambda: view.session.state is RunState.IDLE, timeout=10_000)


def test_a_stopped_run_goes_on_at_a_press(qtbot: QtBot, running: TrainView) -> None:
    stop(qtbot, running)
    first = running.session.trainer
    assert first is not None
    before = first.history.batch_losses.copy()
    assert running.transport.continue_button.isVisible()
    qtbot.mouseClick(running.transport.continue_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: running.session.state is RunState.RUNNING, timeout=10_000)
    trainer = running.session.trainer
    assert trainer is not None
    assert trainer is not first
    qtbot.waitUntil(lambda: trainer.steps_done > len(before) + 3, timeout=10_000)
    np.testing.assert_array_equal(trainer.history.batch_losses[: len(before)], before)

    def are_drawn() -> bool:
        x = running.curves.loss.raw.xData
        return x is not None and len(x) > len(before)

    qtbot.waitUntil(are_drawn, timeout=10_000)
    assert not running.transport.continue_button.isVisible()


def test_what_was_trained_when_the_window_closed_is_offered_and_goes_on(
    qtbot: QtBot, store: ModelStore, fresh_runs: Path
) -> None:
    window = MainWindow(store)
    view = train_view(qtbot, window)
    view.chooser.fields.per_class.setValue(20)
    view.form.integers["epochs"].setValue(100_000)
    view.start()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=10_000)
    trainer = view.session.trainer
    assert trainer is not None
    qtbot.waitUntil(lambda: trainer.steps_done > 5, timeout=10_000)
    window.close()
    kept = RunStore(fresh_runs)
    (record,) = kept.runs()
    assert record.state == "interrupted"
    assert kept.path(record.id, CHECKPOINT).exists()

    again = MainWindow(ModelStore())
    view = train_view(qtbot, again)
    qtbot.waitUntil(lambda: "interrupted" in again.message_bar.text, timeout=10_000)
    qtbot.mouseClick(again.message_bar._action, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=20_000)
    resumed = view.session.trainer
    assert isinstance(resumed, Trainer)
    losses = trainer.history.batch_losses
    assert len(losses) == record.step
    np.testing.assert_array_equal(resumed.history.batch_losses[: len(losses)], losses)
    assert view.runs.current is not None
    assert view.runs.current.id == record.id
    again.close()


def test_who_would_rather_not_resume_is_not_asked_again(
    qtbot: QtBot, running: TrainView, fresh_runs: Path
) -> None:
    running.shutdown()
    window = MainWindow(ModelStore())
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: "interrupted" in window.message_bar.text, timeout=10_000)
    window.message_bar.dismiss()
    qtbot.waitUntil(lambda: RunStore(fresh_runs).runs()[0].state == "stopped", timeout=10_000)
    window.close()


def test_data_that_are_others_now_are_named(
    qtbot: QtBot, running: TrainView, errors: list[str]
) -> None:
    stop(qtbot, running)
    record = running.runs.current
    assert record is not None
    source = {**record.data.source, "per_class": 30}
    running.continue_run(replace(record, data=replace(record.data, source=source)))
    qtbot.waitUntil(lambda: bool(errors), timeout=10_000)
    assert "other training data" in errors[0]
    assert running.is_idle


def test_the_learning_rate_can_be_changed_while_it_runs(qtbot: QtBot, running: TrainView) -> None:
    rate = running.form.numbers["learning_rate"]
    assert rate.isEnabled()
    rate.setValue(0.05)
    trainer = running.session.trainer
    assert trainer is not None
    qtbot.waitUntil(lambda: trainer.learning_rate == 0.05, timeout=10_000)
    stop(qtbot, running)
    assert running.runs.current is not None
    ((_, changed),) = running.runs.current.rate_changes
    assert changed == 0.05


def test_an_epoch_at_a_time(qtbot: QtBot, view: TrainView) -> None:
    for epoch in (1, 2):
        qtbot.mouseClick(view.transport.epoch_button, Qt.MouseButton.LeftButton)

        def is_done(epoch: int = epoch) -> bool:
            trainer = view.session.trainer
            is_paused = view.session.state is RunState.PAUSED
            return is_paused and trainer is not None and len(trainer.history.epochs) == epoch

        qtbot.waitUntil(is_done, timeout=10_000)


# The look at test data


def say(monkeypatch: pytest.MonkeyPatch, answer: QMessageBox.StandardButton) -> list[str]:
    """Answers the question; what was asked is collected."""
    asked: list[str] = []

    def question(parent: object, title: str, text: str) -> QMessageBox.StandardButton:
        asked.append(text)
        return answer

    monkeypatch.setattr(QMessageBox, "question", question)
    return asked


def cell(panel: RunsPanel, row: int, column: Column) -> object:
    return panel.model.data(panel.model.index(row, column))


def test_a_run_is_looked_at_once_with_a_warning_and_the_figure_stays(
    qtbot: QtBot, view: TrainView, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    panel.status_message.connect(told.append)
    asked = say(monkeypatch, QMessageBox.StandardButton.Yes)
    panel.table.selectRow(0)
    # The last run stands in the list a moment before it has ended.
    qtbot.waitUntil(panel.test_button.isEnabled, timeout=10_000)
    assert cell(panel, 0, Column.TEST) == "–"
    began: list[tuple[bool, bool]] = []
    # As it is when the work has begun: it may have ended when the click returns.
    panel.final_test.began.connect(
        lambda: began.append((panel.final_test.isHidden(), panel.test_button.isEnabled()))
    )
    panel.test_button.click()
    assert began == [(False, False)]
    qtbot.waitUntil(lambda: cell(panel, 0, Column.TEST) != "–", timeout=30_000)
    (look,) = panel.store.read(panel.model.record(0).id).looks
    assert look.samples == 1000
    assert cell(panel, 0, Column.TEST) == f"{look.accuracy:.2%}"
    assert "looked at once" in asked[0]
    assert f"{look.accuracy:.2%}" in told[-1]
    # Asked again, the figure is there: nothing is measured, and no look is counted.
    panel.test_button.click()
    assert len(asked) == 1
    assert "measured already" in told[-1]
    assert not panel.final_test.is_busy
    assert view.runs.looks == (look,)


def test_who_does_not_mean_it_has_not_looked(
    qtbot: QtBot, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, QMessageBox.StandardButton.No)
    panel.table.selectRow(0)
    panel.test_button.click()
    assert not panel.final_test.is_busy
    assert not panel.store.runs()[0].looks


def test_a_look_can_be_cancelled(
    qtbot: QtBot, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    say(monkeypatch, QMessageBox.StandardButton.Yes)
    panel.table.selectRow(0)
    panel.test_button.click()
    panel.final_test.cancel_button.click()
    qtbot.waitUntil(lambda: not panel.final_test.is_busy, timeout=30_000)
    assert not panel.store.runs()[0].looks
    qtbot.waitUntil(panel.test_button.isEnabled, timeout=10_000)


def test_another_look_says_how_many_there_were(
    qtbot: QtBot, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_id = panel.model.record(0).id
    look = Look("2026-01-02T03:04:05+00:00", "best", 1, "before", "aa", 10, 0.5, 1.0, 0.1)
    for _ in range(2):
        panel.store.add_look(run_id, look)
    panel.look()
    qtbot.waitUntil(lambda: cell(panel, 0, Column.TEST) == "50.00% (2 looks)", timeout=10_000)
    asked = say(monkeypatch, QMessageBox.StandardButton.No)
    panel.table.selectRow(0)
    panel.test_button.click()
    assert "looked at 2 times before" in asked[0]


def test_a_file_of_which_nothing_was_put_aside_asks_for_test_data(
    qtbot: QtBot, panel: RunsPanel, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    record = panel.model.record(0)
    source = {"kind": "file", "path": str(tmp_path / "own.npz")}
    asked: list[str] = []

    def choose(parent: object, title: str, *_: object) -> tuple[str, str]:
        asked.append(title)
        return "", ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    panel.final_test.ask(replace(record, data=replace(record.data, source=source)))
    assert asked == ["Choose characters that the run never saw"]
    assert not panel.final_test.is_busy
