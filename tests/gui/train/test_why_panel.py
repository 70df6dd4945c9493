"""Why a character is read as it is: of a sample, of a drawing, with and without a run."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.model_file import Model
from handwrite_gui.model_store import ModelStore
from handwrite_gui.train.session import RunState
from handwrite_gui.train.take_away import save_exhibit
from handwrite_gui.train.view import TrainView
from handwrite_gui.train.why_panel import WhyPanel


@pytest.fixture
def paused(qtbot: QtBot, running: TrainView) -> TrainView:
    running.session.pause()
    qtbot.waitUntil(lambda: running.session.state is RunState.PAUSED)
    return running


def draw_stroke(qtbot: QtBot, panel: WhyPanel) -> None:
    canvas = panel.canvas
    middle = canvas.rect().center()
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=middle - QPoint(0, 50))
    for y in range(-40, 60, 10):
        qtbot.mouseMove(canvas, middle + QPoint(0, y))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=middle + QPoint(0, 50))


def test_a_mistake_leads_to_its_explanation(qtbot: QtBot, paused: TrainView) -> None:
    with qtbot.waitSignal(paused.why.answered, timeout=5000):
        paused.errors.why_wanted.emit(3)
    why = paused.why
    assert paused.pages.page == "why"
    assert why.verdict.text().startswith("0, read as ")
    assert why.nearest.count > 10
    assert why.bars.bars[-1][0] == "bias"
    total = sum(value for _, value in why.bars.bars)
    lead = why._answer.explanation.lead  # type: ignore[union-attr]
    assert total == pytest.approx(lead, rel=1e-3, abs=1e-3)


def test_another_pair_of_classes_can_be_compared(qtbot: QtBot, paused: TrainView) -> None:
    why = paused.why
    with qtbot.waitSignal(why.answered, timeout=5000):
        paused.explain_sample(3)
    with qtbot.waitSignal(why.answered, timeout=5000):
        why.rival.setCurrentText("7" if why.favoured.currentText() != "7" else "4")
        why.rival.activated.emit(why.rival.currentIndex())
    assert why.rival.currentText() in ("7", "4")
    assert f"over {why.rival.currentText()} is" in why.lead.text()


def test_the_shipped_model_explains_a_drawing_without_a_run(
    qtbot: QtBot, view: TrainView, store: ModelStore, shipped_model: Model
) -> None:
    store.use(shipped_model, "the shipped model")
    view.pages.show_page("why")
    why = view.why
    with qtbot.waitSignal(why.answered, timeout=10_000):
        draw_stroke(qtbot, why)
    assert why.verdict.text().startswith("Read as ")
    assert "no training samples" in why.nearest_words.text()
    why.clear_button.click()
    qtbot.waitUntil(lambda: why.verdict.text() == "")


def test_the_evidence_is_taken_along(qtbot: QtBot, paused: TrainView, tmp_path: Path) -> None:
    with qtbot.waitSignal(paused.why.answered, timeout=5000):
        paused.explain_sample(0)
    evidence, contributions = paused.why.exhibits()
    save_exhibit(evidence, tmp_path / "evidence.csv", "csv")
    assert len((tmp_path / "evidence.csv").read_text().splitlines()) == 1 + 1024
    save_exhibit(evidence, tmp_path / "evidence.svg", "svg")
    save_exhibit(contributions, tmp_path / "contributions.csv", "csv")
    assert len((tmp_path / "contributions.csv").read_text().splitlines()) == 1 + 64 + 1


def test_what_is_in_view_can_be_taken_along(qtbot: QtBot, paused: TrainView) -> None:
    menu = paused.take_away.menu
    for page, expected in (
        ("curves", ["Loss", "Accuracy"]),
        ("inside", ["Weights before and after", "Weights"]),
    ):
        paused.pages.show_page(page)
        menu.aboutToShow.emit()
        *texts, report = [action.text() for action in menu.actions() if action.text()]
        assert texts == expected
        assert report == "Report of the Run (HTML)…"
    paused.pages.show_page("errors")
    menu.aboutToShow.emit()
    texts = [action.text() for action in menu.actions() if action.text()]
    assert texts[:4] == ["Picture (PNG)…", "Drawing (SVG)…", "Data (CSV)…", "Copy Picture"]


def test_a_report_of_the_run_is_written(qtbot: QtBot, paused: TrainView, tmp_path: Path) -> None:
    with qtbot.waitSignal(paused.take_away.done, timeout=10_000):
        paused.take_away.save_report(tmp_path / "run.html")
    page = (tmp_path / "run.html").read_text(encoding="utf-8")
    for part in ("Summary", "Settings", "Curves", "First layer", "Where it errs", "Examples"):
        assert f"<h2>{part}</h2>" in page
    with qtbot.waitSignal(paused.take_away.failed, timeout=10_000):
        paused.take_away.save_report(tmp_path / "nowhere" / "run.html")


def test_before_a_run_there_is_nothing_to_take_along(view: TrainView) -> None:
    view.take_away.menu.aboutToShow.emit()
    assert [action.isEnabled() for action in view.take_away.menu.actions()] == [False]
