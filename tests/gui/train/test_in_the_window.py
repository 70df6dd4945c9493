"""The view inside the program's window."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from handwrite_gui.main_window import MainWindow
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView


def train_view(qtbot: QtBot, window: MainWindow) -> TrainView:
    qtbot.addWidget(window)
    settings().setValue("window/view", "train")
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: window.current_name == "train", timeout=10_000)
    view = window.view("train")
    assert isinstance(view, TrainView)
    return view


def test_closing_the_window_ends_the_run_and_keeps_the_settings(
    qtbot: QtBot, store: ModelStore
) -> None:
    window = MainWindow(store)
    view = train_view(qtbot, window)
    view.chooser.fields.per_class.setValue(20)
    view.form.hidden.setEditText("48")
    view.start()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=10_000)
    thread = view.session.thread_of_runs
    assert thread is not None
    assert window.close()
    assert thread.isFinished()
    again = train_view(qtbot, MainWindow(ModelStore()))
    assert again.form.hidden.currentText() == "48"
    assert again.chooser.fields.per_class.value() == 20
    again.window().close()


def test_what_goes_wrong_is_told_in_the_message_bar(qtbot: QtBot, store: ModelStore) -> None:
    window = MainWindow(store)
    view = train_view(qtbot, window)
    view.open_path("nowhere.npz")
    qtbot.waitUntil(lambda: window.message_bar.text.startswith("nowhere.npz: "), timeout=10_000)
    window.close()
