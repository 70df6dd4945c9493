"""Sample sheets in the My Hand view."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.documents.pages import page_count
from handwrite_gui.engine.handwriting.sample_sheet.layout import make_sheet
from handwrite_gui.engine.model_file import Model
from handwrite_gui.handwriting.sheet.desk import SheetDesk
from handwrite_gui.handwriting.sheet.print_dialog import PrintSheetDialog
from handwrite_gui.handwriting.sheet.read_dialog import ReadSheetDialog
from handwrite_gui.handwriting.view import HandView
from handwrite_gui.model_store import ModelStore
from tests.engine.handwriting.sample_sheet.paper import (
    Cell,
    Strokes,
    filled_in,
    photographed,
    scribble,
    written,
)


@pytest.fixture(scope="module")
def photograph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five characters asked for: a W stands for the L, and the last is scribbled over."""
    folder = tmp_path_factory.mktemp("sheet")

    def write(cell: Cell, rng: np.random.Generator) -> Strokes:
        strokes = written(Cell(1, "W", cell.box, cell.prompt) if cell.number == 4 else cell, rng)
        return strokes + scribble(cell, rng) if cell.number == 5 else strokes

    rng = np.random.default_rng(5)
    picture = filled_in(make_sheet("EHKLU", 1), 1, folder, rng, write=write)
    path = folder / "photograph.png"
    Image.fromarray(photographed(picture, rng, quarters=1, dpi=110)).save(path)
    return path


@pytest.fixture
def view(qtbot: QtBot, shipped_model: Model, monkeypatch: pytest.MonkeyPatch) -> Iterator[HandView]:
    store = ModelStore()
    store.use(shipped_model, "the shipped model")
    hand_view = HandView(store)
    monkeypatch.setattr(hand_view.session, "learn", lambda: None)  # tested elsewhere
    qtbot.addWidget(hand_view)
    hand_view.show()
    hand_view.create_profile("Ada")
    yield hand_view
    hand_view.shutdown()
    store.shutdown()


def opened(qtbot: QtBot, view: HandView, *paths: Path) -> ReadSheetDialog:
    qtbot.waitUntil(lambda: view._store.recognizer is not None)
    dialog = view.sheets.read(paths)
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.pages.currentIndex() == 1, timeout=60_000)
    return dialog


def count(view: HandView) -> int:
    assert view.session.profile is not None
    return len(view.session.profile.samples)


def test_the_dialog_says_how_much_there_is_to_write(qtbot: QtBot) -> None:
    dialog = PrintSheetDialog("alnum")
    qtbot.addWidget(dialog)
    dialog.copies.setValue(5)
    dialog.paper.setCurrentIndex(dialog.paper.findData("a4"))
    assert dialog.extent.text() == "2 pages, 180 boxes"
    dialog.alphabet.setCurrentIndex(dialog.alphabet.findData("digits"))
    assert dialog.extent.text() == "1 page, 50 boxes"


def test_what_was_chosen_is_there_the_next_time(qtbot: QtBot) -> None:
    dialog = PrintSheetDialog("alnum")
    qtbot.addWidget(dialog)
    dialog.copies.setValue(7)
    dialog.paper.setCurrentIndex(dialog.paper.findData("letter"))
    dialog.save_button.click()
    again = PrintSheetDialog("digits")
    qtbot.addWidget(again)
    assert (again.sheet.copies, again.sheet.paper) == (7, "letter")


def test_a_sheet_is_saved_and_opened(
    qtbot: QtBot, view: HandView, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", shown.append)
    path = tmp_path / "sheet.pdf"
    with qtbot.waitSignal(view.status_message):
        view.sheets.save(make_sheet("ab", 2), path, opens=True)
    assert page_count(path) == 1
    assert [Path(url.toLocalFile()) for url in shown] == [path]


def test_a_sheet_that_cannot_be_saved_is_explained(
    qtbot: QtBot, view: HandView, tmp_path: Path
) -> None:
    with qtbot.waitSignal(view.error_raised) as caught:
        view.sheets.save(make_sheet("ab", 2), tmp_path / "missing" / "sheet.pdf")
    assert "could not be written" in str(caught.args[0])


def test_what_was_cut_out_is_looked_through_first(
    qtbot: QtBot, view: HandView, photograph: Path
) -> None:
    dialog = opened(qtbot, view, photograph)
    shown = [(sample.caption, sample.mark) for sample in dialog.grid.samples]
    assert shown == [("L → W", "changed"), ("U", "aside"), ("E", ""), ("H", ""), ("K", "")]
    assert dialog.summary.text() == "4 of 5 samples from 1 page for Ada"
    assert "photograph.png, page 1, box 4" in dialog.grid.samples[0].tip
    assert count(view) == 0
    dialog.grid.choose(0)
    dialog.toggle_button.click()
    assert dialog.keep_button.text() == "&Keep 3"
    with qtbot.waitSignal(view.sheets.kept) as kept:
        dialog.keep_button.click()
    assert len(kept.args[0]) == 3
    assert view.session.profile is not None
    assert view.session.profile.samples.counts() == {"E": 1, "H": 1, "K": 1}


def test_what_came_of_a_sheet_is_taken_back_and_put_back(
    qtbot: QtBot, view: HandView, photograph: Path
) -> None:
    dialog = opened(qtbot, view, photograph)
    with qtbot.waitSignal(view.offered) as offer:
        dialog.keep_button.click()
    assert offer.args[0].startswith("4 samples of the sheet are kept")
    assert count(view) == 4
    offer.args[2]()
    qtbot.waitUntil(lambda: count(view) == 0)
    offer.args[2]()  # a second time there is nothing to take back
    view.tabs.setCurrentWidget(view.samples)
    view.redo()
    qtbot.waitUntil(lambda: count(view) == 4)
    view.undo()
    qtbot.waitUntil(lambda: count(view) == 0)


def test_another_profile_has_nothing_to_take_back(
    qtbot: QtBot, view: HandView, photograph: Path
) -> None:
    dialog = opened(qtbot, view, photograph)
    with qtbot.waitSignal(view.offered) as offer:
        dialog.keep_button.click()
    ada = view.session.profile
    assert ada is not None
    view.create_profile("Bob")
    view.samples.added([1])  # as many steps as Ada had
    offer.args[2]()
    assert view.samples.undo_stack.canUndo()
    assert len(ada.samples) == 4


def test_leaving_keeps_nothing(qtbot: QtBot, view: HandView, photograph: Path) -> None:
    opened(qtbot, view, photograph).cancel_button.click()
    assert count(view) == 0
    assert not view.samples.undo_stack.canUndo()


def test_what_is_no_sheet_is_explained(qtbot: QtBot, view: HandView, tmp_path: Path) -> None:
    path = tmp_path / "other.png"
    Image.fromarray(np.full((300, 200), 255, np.uint8)).save(path)
    dialog = opened(qtbot, view, path, tmp_path / "missing.jpg")
    assert dialog.summary.text() == "No samples were found"
    assert "other.png: There is no sample sheet in this picture" in dialog.problems.text()
    assert "missing.jpg: there is no such file" in dialog.problems.text()
    assert not dialog.keep_button.isEnabled()
    dialog.reject()


def test_closing_the_view_while_it_reads_ends_it(
    qtbot: QtBot, view: HandView, photograph: Path
) -> None:
    assert view.sheets.read([photograph]) is not None
    view.sheets.shutdown()
    assert view.sheets._dialog is None
    view.sheets = SheetDesk(view.session, view._store, view)  # for the view's own end
