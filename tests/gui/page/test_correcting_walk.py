"""Correcting all errors of a page by keyboard alone, and how many keys that takes.

The pages are read by the program as it ships, without a language.  The person who corrects knows
the keys, and the page; what is counted is every key pressed, those on the way included.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.resources import default_model_path
from handwrite_gui.main_window import MainWindow
from handwrite_gui.model_store import ModelStore
from handwrite_gui.page.reading import ReadingOptions
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, StandInStore, page

ROOT = Path(__file__).parents[3]
LIST = ROOT.parent / "shared" / "pages" / "01_list.jpg"
MOST_STOPS = 60


class Walker:
    """Presses keys in the window, and counts them."""

    def __init__(self, window: MainWindow, view: PageView) -> None:
        self.window, self.view = window, view
        self.pressed = 0

    def press(self, key: Qt.Key) -> None:
        self.pressed += 1
        QTest.keyClick(self._focused(), key)

    def type(self, letter: str) -> None:
        self.pressed += 1
        QTest.keyClicks(self._focused(), letter)

    def _focused(self) -> QWidget:
        return QApplication.focusWidget() or self.view.workspace.canvas

    @property
    def text(self) -> str:
        return self.view.workspace.panel.text_pane.toPlainText()

    @property
    def selected(self) -> tuple[int, int]:
        """Offsets of what is selected, in the text."""
        overlay, selection = self.view.workspace.overlay, self.view.workspace.canvas.selection
        assert overlay is not None
        assert selection is not None
        return overlay.text.span(selection)


def errors(text: str, truth: str) -> int:
    """How many letters are wrong, missing or too many."""
    return sum(
        max(op[2] - op[1], op[4] - op[3])
        for op in SequenceMatcher(None, text, truth, autojunk=False).get_opcodes()
        if op[0] != "equal"
    )


def correct(walker: Walker, truth: str) -> None:
    """Go from doubtful to doubtful, the most doubtful first, and put right what is wrong."""
    stops = 0
    while walker.text != truth and stops < MOST_STOPS:
        walker.press(Qt.Key.Key_F9)
        stops += 1
        start, end = walker.selected
        for tag, i, j, k, m in SequenceMatcher(
            None, walker.text, truth, autojunk=False
        ).get_opcodes():
            if tag == "equal" or not i <= start < j:
                continue
            if tag == "delete":
                walker.press(Qt.Key.Key_Delete)
            elif tag == "replace" and j - i == m - k:
                walker.type(truth[k + start - i : k + end - i])


@pytest.fixture
def walker(qtbot: QtBot) -> Iterator[Walker]:
    try:
        default_model_path()
    except FileNotFoundError:
        pytest.skip("there is no trained model in resources yet")
    store = ModelStore()
    store.set_alphabet("full")
    window = MainWindow(store)
    qtbot.addWidget(window, before_close_func=lambda window: window.close_at_once())
    with qtbot.waitExposed(window):
        window.show()
    window.show_view("page")
    view = window.view("page")
    assert isinstance(view, PageView)
    store.load_default()
    qtbot.waitUntil(lambda: store.recognizer is not None, timeout=30_000)
    view.session.set_options(ReadingOptions(language=None))
    qtbot.waitActive(window)
    return Walker(window, view)


def read(qtbot: QtBot, walker: Walker, path: Path) -> None:
    view = walker.view
    with qtbot.waitSignal(view.session.file_opened, timeout=30_000):
        view.open_path(path)
    qtbot.waitUntil(view.has_reading, timeout=60_000)
    view.workspace.canvas.setFocus()


@pytest.mark.skipif(not LIST.is_file(), reason="the photographed pages are not on this machine")
def test_every_error_of_a_photographed_list_takes_at_most_two_keys(
    qtbot: QtBot, walker: Walker
) -> None:
    read(qtbot, walker, LIST)
    truth = LIST.with_suffix("").with_suffix(".gt.txt").read_text(encoding="utf-8").strip()
    wrong = errors(walker.text, truth)
    correct(walker, truth)
    assert walker.text == truth
    assert walker.pressed <= 2 * wrong


def test_every_error_of_a_page_made_by_hand_takes_at_most_two_keys(
    qtbot: QtBot, store: StandInStore, image_file: Path
) -> None:
    """Where the photographed pages are not: wrong letters and one too many, all of them doubtful,
    and two that are doubtful and right."""
    doubts = {1: 0.4, 4: 0.3, 6: 0.45, 8: 0.6, 10: 0.7}
    store.put(
        StandInRecognizer(page("DFEP WE.T", "IS ON", sure=lambda index: doubts.get(index, 0.95)))
    )
    window = MainWindow(store)
    qtbot.addWidget(window, before_close_func=lambda window: window.close_at_once())
    with qtbot.waitExposed(window):
        window.show()
    window.show_view("page")
    view = window.view("page")
    assert isinstance(view, PageView)
    qtbot.waitActive(window)
    walker = Walker(window, view)
    read(qtbot, walker, image_file)
    truth = "DEEP NET\nIS ON"
    wrong = errors(walker.text, truth)
    correct(walker, truth)
    assert walker.text == truth
    assert walker.pressed == 2 * wrong == 6
