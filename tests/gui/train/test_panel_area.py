"""The row of pages: what stands where, with and without a run, and what is remembered."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.training.events import BatchDone, Event, TrainingDone
from handwrite_gui.main_window import MainWindow
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.train.panel import Observer, Panel, PanelRun
from handwrite_gui.train.panel_area import PanelArea
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView
from tests.gui.train.conftest import Show
from tests.gui.train.test_in_the_window import train_view


def area(show: Show, width: int = 900) -> PanelArea:
    area = PanelArea(QLabel("curves"), QLabel("preview"))
    area.add_page("net", "Net", QLabel("net"))
    area.add_page("data", "Data", QLabel("data"), needs_run=False, curves_beside=False)
    area.resize(width, 400)
    show(area)
    return area


def shown(area: PanelArea) -> set[str]:
    return {label.text() for label in area.findChildren(QLabel) if label.isVisible()}


def test_before_a_run_the_preview_stands_for_what_needs_one(show: Show) -> None:
    pages = area(show)
    for key, expected in (("curves", "preview"), ("net", "preview"), ("data", "data")):
        pages.show_page(key)
        assert shown(pages) == {expected}


def test_the_curves_stand_beside_a_page_if_wanted(show: Show) -> None:
    pages = area(show)
    pages.set_has_run()
    for key, expected in (
        ("curves", {"curves"}),
        ("net", {"curves", "net"}),
        ("data", {"data"}),
    ):
        pages.show_page(key)
        assert shown(pages) == expected
    pages.show_page("net")
    pages.beside.setChecked(False)
    assert shown(pages) == {"net"}


def test_in_a_narrow_window_a_page_has_all_the_room(show: Show) -> None:
    pages = area(show, 500)
    pages.set_has_run()
    pages.show_page("net")
    assert shown(pages) == {"net"}
    pages.resize(900, 400)
    assert shown(pages) == {"curves", "net"}


def test_the_page_is_remembered(show: Show) -> None:
    pages, again = area(show), area(show)
    pages.show_page("data")
    pages.beside.setChecked(False)
    store: QSettings = settings()
    pages.save_state(store)
    again.restore_state(settings())
    assert again.page == "data"
    assert not again.beside.isChecked()


class Witness(Panel):
    def __init__(self) -> None:
        super().__init__()
        self.runs: list[PanelRun] = []
        self.events: list[Event] = []
        self.updates: list[RunUpdate] = []
        self.ends: list[TrainingDone | None] = []

    def begin(self, run: PanelRun) -> None:
        self.runs.append(run)

    def observer(self) -> Observer:
        return self.events.append

    def show_update(self, update: RunUpdate) -> None:
        self.updates.append(update)

    def end(self, done: TrainingDone | None) -> None:
        self.ends.append(done)


def test_a_panel_is_told_of_a_run_from_beginning_to_end(qtbot: QtBot, view: TrainView) -> None:
    witness = Witness()
    view._add_panel("witness", "Witness", witness, "Sees everything")
    view.form.integers["epochs"].setValue(2)
    view.start()
    qtbot.waitUntil(lambda: bool(witness.ends), timeout=10_000)
    assert view.session.state is RunState.IDLE
    (run,) = witness.runs
    assert run.trainer is view.session.trainer
    batches = [event for event in witness.events if isinstance(event, BatchDone)]
    assert len(batches) == run.trainer.total_steps
    assert witness.updates
    assert witness.ends == [witness.events[-1]]


def test_no_tab_is_scrolled_to_in_a_small_window(qtbot: QtBot, store: ModelStore) -> None:
    window = MainWindow(store)
    view = train_view(qtbot, window)
    window.resize(1024, 700)
    view.pages.set_has_run()
    tabs = view.pages.tabs
    for key in view.pages.keys:
        view.pages.show_page(key)
        QApplication.processEvents()
        assert window.width() == 1024
        assert tabs.tabRect(tabs.count() - 1).right() <= tabs.width()
    assert "Inside" in [tabs.tabText(index) for index in range(tabs.count())]
    window.resize(1800, 900)
    qtbot.waitUntil(lambda: "Inside the net" in [tabs.tabText(n) for n in range(tabs.count())])
    window.close()
