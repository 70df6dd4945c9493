"""The page view on the screen, with a stand-in for the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.message_bar import explain
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, StandInStore, page, write_image


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The platform without a screen remarks on what it leaves out; that is no failure."""
    remarks = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(remarks)


@pytest.fixture
def recognizer() -> StandInRecognizer:
    """Reads DEEP NET / IS ON on every page; its second character is doubtful."""
    return StandInRecognizer(
        page("DEEP NET", "IS ON", sure=lambda index: 0.3 if index == 1 else 0.95)
    )


@pytest.fixture
def store(qtbot: QtBot, recognizer: StandInRecognizer) -> Iterator[StandInStore]:
    store = StandInStore(recognizer)
    yield store
    store.shutdown()


@pytest.fixture
def view(qtbot: QtBot, store: StandInStore) -> Iterator[PageView]:
    view = PageView(store)
    qtbot.addWidget(view)
    view.resize(1000, 700)
    with qtbot.waitExposed(view):
        view.show()
    yield view
    view.shutdown()


@pytest.fixture
def errors(view: PageView) -> list[str]:
    """Every message that the view wanted to be shown."""
    messages: list[str] = []
    view.error_message.connect(messages.append)
    view.error_raised.connect(lambda error: messages.append(explain(error)[0]))
    return messages


@pytest.fixture
def image_file(tmp_path: Path) -> Path:
    return write_image(tmp_path / "page.png")


@pytest.fixture
def settle(qtbot: QtBot, view: PageView) -> Callable[[], None]:
    """Waits until the view has finished its work."""

    def wait() -> None:
        qtbot.waitUntil(lambda: not view.session.is_busy)

    return wait


@pytest.fixture
def open_page(view: PageView, image_file: Path, settle: Callable[[], None]) -> PageView:
    """The view with a page open and read."""
    view.open_path(image_file)
    settle()
    assert view.has_reading()
    return view
