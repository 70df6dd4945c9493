"""The train view on the screen, with data that are made in a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from handwrite_gui.message_bar import explain
from handwrite_gui.model_store import ModelStore
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen remarks on what it leaves out; that is no failure."""
    remarks = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(remarks)


Show = Callable[[QWidget], None]


@pytest.fixture
def show(qtbot: QtBot) -> Show:
    """Puts a widget on the screen."""

    def show_widget(widget: QWidget) -> None:
        qtbot.addWidget(widget)
        with qtbot.waitExposed(widget):
            widget.show()

    return show_widget


@pytest.fixture
def store(qtbot: QtBot) -> Iterator[ModelStore]:
    store = ModelStore()
    yield store
    store.shutdown()


@pytest.fixture
def view(qtbot: QtBot, store: ModelStore) -> TrainView:
    """Set to learn ten synthetic digits for a long time."""
    view = TrainView(store)
    qtbot.addWidget(view, before_close_func=lambda view: view.shutdown())
    view.resize(1180, 740)
    with qtbot.waitExposed(view):
        view.show()
    view.chooser.fields.alphabet.setCurrentIndex(view.chooser.fields.alphabet.findData("digits"))
    view.chooser.fields.per_class.setValue(40)
    view.form.integers["epochs"].setValue(100_000)
    view.form.integers["batch_size"].setValue(32)
    return view


@pytest.fixture
def errors(view: TrainView) -> list[str]:
    """Every message that the view wanted to be shown."""
    messages: list[str] = []
    view.error_message.connect(messages.append)
    view.error_raised.connect(lambda error: messages.append(explain(error)[0]))
    return messages


@pytest.fixture
def running(qtbot: QtBot, view: TrainView) -> TrainView:
    """The view in the middle of a run, after its first evaluation."""
    view.start()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=10_000)
    qtbot.waitUntil(lambda: view.errors.matrix.summary is not None, timeout=10_000)
    return view
