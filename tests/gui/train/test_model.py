"""Saving the model of a run, and what the window is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.model_file import load_model
from handwrite_gui.message_bar import explain
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView


def save(qtbot: QtBot, view: TrainView, path: Path) -> list[str]:
    """What the view said about it."""
    said: list[str] = []
    view.status_message.connect(said.append)
    view.error_message.connect(said.append)
    view.error_raised.connect(lambda error: said.append(explain(error)[0]))
    view.save_model(path)
    qtbot.waitUntil(lambda: bool(said), timeout=10_000)
    return said


def test_the_model_is_saved_while_training_goes_on(
    qtbot: QtBot, running: TrainView, tmp_path: Path
) -> None:
    path = tmp_path / "digits.npz"
    assert save(qtbot, running, path) == ["Saved digits.npz"]
    model = load_model(path)
    assert model.classes == tuple("0123456789")
    assert model.card.data == ("Synthetic characters (digits)",)
    assert model.card.figures["validation_accuracy"] > 0.1
    assert running.session.state is RunState.RUNNING


def test_a_model_that_cannot_be_saved_leaves_one_message(
    qtbot: QtBot, running: TrainView, tmp_path: Path
) -> None:
    said = save(qtbot, running, tmp_path / "nowhere" / "digits.npz")
    assert len(said) == 1
    assert said[0].startswith("digits.npz: ")
    assert running.session.state is RunState.RUNNING


def test_the_dialog_adds_the_ending(
    qtbot: QtBot, running: TrainView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(dialog: QFileDialog) -> int:
        assert dialog.acceptMode() == QFileDialog.AcceptMode.AcceptSave
        assert dialog.defaultSuffix() == "npz"
        dialog.setDirectory(str(tmp_path))
        dialog.selectFile("mine")
        return 1

    monkeypatch.setattr(QFileDialog, "exec", choose)
    qtbot.mouseClick(running.transport.save_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil((tmp_path / "mine.npz").exists, timeout=10_000)


def test_commands_can_be_used_when_their_buttons_can(qtbot: QtBot, view: TrainView) -> None:
    commands = {command.id: command for command in view.commands()}

    def enabled(name: str) -> bool:
        question = commands[f"train.{name}"].enabled
        assert question is not None
        return question()

    assert enabled("start-or-pause")
    assert enabled("step")
    assert enabled("open-data")
    assert not enabled("stop")
    assert not enabled("use-model")
    with qtbot.waitSignal(view.commands_changed):
        commands["train.start-or-pause"].callback()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=10_000)
    assert enabled("stop")
    assert enabled("use-model")
    assert not enabled("open-data")
    commands["train.start-or-pause"].callback()
    qtbot.waitUntil(lambda: view.session.state is RunState.PAUSED)
    commands["train.stop"].callback()
    qtbot.waitUntil(lambda: view.session.state is RunState.IDLE)
    assert enabled("save-model")
    assert not enabled("stop")
