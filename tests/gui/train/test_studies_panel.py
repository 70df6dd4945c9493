"""A study at a press: curves side by side, stopped, resumed; a rate suggested."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training import study_cluster
from handwrite_gui.train.studies_panel import RANGE_TEST
from handwrite_gui.train.view import TrainView


def press(qtbot: QtBot, view: TrainView, kind: str) -> None:
    view.pages.show_page("studies")
    qtbot.mouseClick(view.studies.buttons[kind], Qt.MouseButton.LeftButton)


def test_three_rates_stand_in_the_same_axes(qtbot: QtBot, view: TrainView) -> None:
    view.form.integers["epochs"].setValue(2)
    press(qtbot, view, "learning-rate")
    with qtbot.waitSignal(view.studies.ended, timeout=30_000):
        pass
    qtbot.waitUntil(lambda: len(view.curves.overlays) == 3, timeout=10_000)
    assert [o.label for o in view.curves.overlays] == ["rate 0.001", "rate 0.01", "rate 0.0001"]
    assert len(view.curves.loss.others) == 3
    assert not view.pages.shows_preview
    assert "was best" in view.studies.state.text()
    assert not view.studies.is_busy


def test_a_study_is_stopped_and_resumed(qtbot: QtBot, view: TrainView) -> None:
    view.form.integers["epochs"].setValue(30)
    press(qtbot, view, "learning-rate")
    qtbot.waitUntil(lambda: view.studies.progress.value() > 0, timeout=30_000)
    assert not view.studies.buttons["width"].isEnabled()
    qtbot.mouseClick(view.studies.stop_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.studies.ended, timeout=30_000):
        pass
    qtbot.waitUntil(view.studies.resume_button.isVisible, timeout=10_000)
    view.form.integers["epochs"].setValue(1)  # the study keeps its own settings
    qtbot.mouseClick(view.studies.resume_button, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(view.studies.ended, timeout=60_000):
        pass
    records = view.runs.store.runs()
    assert len(records) == 3
    assert {(record.state, record.epoch) for record in records} == {("finished", 30)}


def test_the_range_test_suggests_a_rate(qtbot: QtBot, view: TrainView) -> None:
    press(qtbot, view, RANGE_TEST)
    qtbot.waitUntil(view.studies.use_button.isVisible, timeout=30_000)
    qtbot.mouseClick(view.studies.use_button, Qt.MouseButton.LeftButton)
    rate = view.form.numbers["learning_rate"].value()
    assert rate != 0.001
    assert f"{rate:g}" in view.studies.suggestion.text()


def test_closing_stops_a_study(qtbot: QtBot, view: TrainView) -> None:
    press(qtbot, view, "learning-rate")
    qtbot.waitUntil(
        lambda: view.studies.progress.value() > 0 or bool(view.runs.store.runs()), timeout=30_000
    )
    view.shutdown()
    assert all(record.state != "running" for record in view.runs.store.runs())


def test_a_cluster_takes_the_place_of_this_computer(
    qtbot: QtBot, view: TrainView, errors: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")

    def nobody_there(address: str, work: str) -> None:
        raise HandwriteError(f"There is no Dask scheduler at {address}.")

    monkeypatch.setattr(study_cluster, "Cluster", nobody_there)
    view.pages.show_page("studies")
    assert view.studies.processes.isEnabled()
    qtbot.keyClicks(view.studies.cluster, "tcp://127.0.0.1:9")
    assert not view.studies.processes.isEnabled()
    press(qtbot, view, "learning-rate")
    with qtbot.waitSignal(view.studies.ended, timeout=30_000):
        pass
    assert any("no Dask scheduler at tcp://127.0.0.1:9" in error for error in errors)
    assert view.studies.state.text() == "Broken off"
    view.studies.cluster.clear()
    assert view.studies.processes.isEnabled()
