"""The confusion matrix, its most frequent mistakes, and the samples behind a cell."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.data.label_edits import LabelEdit, LabelEdits
from handwrite_gui.engine.evaluation.readings import Readings
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.theme import theme
from handwrite_gui.train.confusion_summary import confusion_summary
from handwrite_gui.train.data_source import PreparedData, SyntheticSource
from handwrite_gui.train.errors_panel import WORST_CLASSES, ErrorsPanel
from handwrite_gui.train.label_store import LabelStore
from handwrite_gui.train.run_buffer import Evaluation
from handwrite_gui.train.sample_desk import SampleDesk
from handwrite_gui.train.session import RunState
from handwrite_gui.train.take_away import as_svg, save_exhibit
from handwrite_gui.train.view import TrainView
from tests.gui.train.conftest import Show

CLASSES = "ABC"
TARGETS = np.repeat([0, 1, 2], 10)
PREDICTIONS = np.array([0] * 10 + [1] * 6 + [2] * 4 + [2] * 9 + [0])


def evaluation(predictions: np.ndarray = PREDICTIONS, epoch: int = 1) -> Evaluation:
    counts = np.zeros((3, 3), dtype=np.int64)
    np.add.at(counts, (TARGETS, predictions), 1)
    confidences = np.linspace(0.5, 1.0, 30, dtype=np.float32)
    own = np.where(predictions == TARGETS, confidences, 1 - confidences).astype(np.float32)
    readings = Readings(predictions.astype(np.int64), confidences, own)
    return Evaluation(confusion_summary(counts, CLASSES, epoch), readings)


@pytest.fixture
def data() -> PreparedData:
    # Each image's first pixel is its number: a sample can be told by it.
    inputs = np.zeros((30, 1024), dtype=np.uint8)
    inputs[:, 0] = np.arange(30)
    samples = TrainingData(inputs, TARGETS)
    return PreparedData(
        "letters", tuple(CLASSES), samples, samples, inputs, SyntheticSource(), 0.5, False
    )


@pytest.fixture
def labels(qapp: QApplication) -> LabelStore:
    return LabelStore()


@pytest.fixture
def panel(qtbot: QtBot, labels: LabelStore, data: PreparedData) -> ErrorsPanel:
    panel = ErrorsPanel(labels)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(420, 560)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.begin_with(data)
    panel.set_evaluation(evaluation())
    return panel


def click_cell(qtbot: QtBot, panel: ErrorsPanel, true: int, predicted: int) -> None:
    with qtbot.waitSignal(panel.samples_shown):
        qtbot.mouseClick(
            panel.matrix,
            Qt.MouseButton.LeftButton,
            pos=panel.matrix.cell_rect(true, predicted).center(),
        )


def test_a_click_on_a_cell_shows_its_samples(qtbot: QtBot, panel: ErrorsPanel) -> None:
    click_cell(qtbot, panel, 1, 2)
    assert panel.samples.title.text() == "B read as C"
    assert panel.samples.detail.text() == "4 of 10 samples, the surest first"
    assert [sample.row for sample in panel.samples.grid.samples] == [19, 18, 17, 16]


def test_a_cell_without_samples_says_so(qtbot: QtBot, panel: ErrorsPanel) -> None:
    click_cell(qtbot, panel, 0, 2)
    assert panel.samples.detail.text() == "None of the 10 validation samples."
    assert panel.samples.grid.count == 0


def test_the_samples_follow_the_next_evaluation(qtbot: QtBot, panel: ErrorsPanel) -> None:
    click_cell(qtbot, panel, 1, 2)
    better = PREDICTIONS.copy()
    better[16:19] = 1
    with qtbot.waitSignal(panel.samples_shown):
        panel.set_evaluation(evaluation(better, epoch=2))
    assert panel.samples.grid.count == 1
    assert panel.summary_label.text() == "Epoch 2: 93.3% right"


def test_mistakes_are_told_in_words_the_most_frequent_first(panel: ErrorsPanel) -> None:
    rows = [panel.mistakes.item(row).text() for row in range(panel.mistakes.count())]
    assert rows == ["B read as C: 4", "C read as A: 1"]
    assert panel.mistakes.item(0).toolTip() == ("4 of the 10 samples of B (40.0%) were read as C")


def test_a_mistake_leads_to_its_cell(qtbot: QtBot, panel: ErrorsPanel) -> None:
    item = panel.mistakes.item(1)
    with qtbot.waitSignal(panel.samples_shown):
        qtbot.mouseClick(
            panel.mistakes.viewport(),
            Qt.MouseButton.LeftButton,
            pos=panel.mistakes.visualItemRect(item).center(),
        )
    assert panel.matrix.current_cell == (2, 0)
    assert panel.samples.title.text() == "C read as A"


def test_without_mistakes_the_list_says_so(panel: ErrorsPanel) -> None:
    panel.set_evaluation(evaluation(TARGETS))
    assert panel.mistakes.item(0).text() == "No mistakes"
    panel.mistakes.itemClicked.emit(panel.mistakes.item(0))


def test_pointing_at_a_cell_reads_it_out(qtbot: QtBot, panel: ErrorsPanel) -> None:
    qtbot.mouseMove(panel.matrix, panel.matrix.cell_rect(1, 2).center())
    qtbot.waitUntil(lambda: panel.read_out.text() == "B read as C: 4 of 10 (40.0%)")


def test_the_keyboard_walks_through_the_cells(qtbot: QtBot, panel: ErrorsPanel) -> None:
    matrix = panel.matrix
    matrix.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(matrix, key)
    assert matrix.current_cell == (1, 2)
    assert panel.read_out.text() == "B read as C: 4 of 10 (40.0%)"
    qtbot.keyClick(matrix, Qt.Key.Key_Home)
    assert matrix.current_cell == (1, 0)
    qtbot.keyClick(matrix, Qt.Key.Key_End)
    with qtbot.waitSignal(panel.samples_shown):
        qtbot.keyClick(matrix, Qt.Key.Key_Return)
    assert panel.samples.grid.count == 4


def test_cells_are_coloured_by_share_or_by_count(qtbot: QtBot, panel: ErrorsPanel) -> None:
    before = panel.matrix.grab().toImage()
    panel.mode_box.setCurrentIndex(2)
    assert panel.matrix.grab().toImage() != before


def test_every_cell_of_36_classes_can_be_hit_in_a_narrow_panel(panel: ErrorsPanel) -> None:
    classes = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    counts = np.diag(np.full(36, 5))
    panel.matrix.set_summary(confusion_summary(counts, classes, 1))
    for width in (300, 420, 900):
        panel.resize(width, 500)
        QApplication.processEvents()
        for true in range(36):
            for predicted in (0, true, 35):
                rect = panel.matrix.cell_rect(true, predicted)
                assert panel.matrix.rect().contains(rect)
                assert panel.matrix.cell_at(rect.center()) == (true, predicted)


def test_the_matrix_follows_the_theme(panel: ErrorsPanel) -> None:
    light = panel.matrix.grab().toImage()
    theme().set_appearance("dark")
    assert panel.matrix.grab().toImage() != light


def test_a_new_run_forgets_the_matrix(panel: ErrorsPanel, data: PreparedData) -> None:
    panel.begin_with(data)
    assert panel.matrix.summary is None
    assert panel.mistakes.count() == 0
    panel.grab()


def test_a_click_during_a_run_shows_validation_samples(qtbot: QtBot, running: TrainView) -> None:
    running.session.pause()
    qtbot.waitUntil(lambda: running.session.state is RunState.PAUSED)
    running.pages.show_page("errors")
    click_cell(qtbot, running.errors, 3, 3)
    summary = running.errors.matrix.summary
    assert summary is not None
    assert running.errors.samples.grid.count == summary.counts[3, 3]


def test_columns_tell_what_a_reading_is_worth(panel: ErrorsPanel) -> None:
    panel.mode_box.setCurrentIndex(1)
    assert panel.matrix.describe(1, 2) == "Read as C, B in truth: 4 of 13 (30.8%)"


def test_confused_classes_stand_together_when_asked(qtbot: QtBot, panel: ErrorsPanel) -> None:
    predictions = np.array([2] * 10 + [1] * 10 + [2] * 10)
    panel.set_evaluation(evaluation(predictions))
    panel.order_box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: panel.matrix.order != (0, 1, 2))
    order = panel.matrix.order
    assert abs(order.index(0) - order.index(2)) == 1
    assert panel.matrix.cell_at(panel.matrix.cell_rect(0, 2).center()) == (0, 2)


def test_only_the_worst_classes_when_asked(qtbot: QtBot, panel: ErrorsPanel) -> None:
    classes = "0123456789ABCDEFGHIJ"
    counts = np.diag(np.full(20, 5))
    counts[3, 15] = 4
    counts[:10, 19] += 1
    everything = Evaluation(confusion_summary(counts, classes, 1), Readings.empty(0))
    panel.set_evaluation(everything)
    panel.extent_box.setCurrentIndex(1)
    qtbot.waitUntil(lambda: len(panel.matrix.order) == WORST_CLASSES)
    assert {3, 15, 19} <= set(panel.matrix.order)
    assert panel.matrix.cell_rect(12, 12).isEmpty()


def test_the_worst_and_the_least_certain_are_shown(qtbot: QtBot, panel: ErrorsPanel) -> None:
    with qtbot.waitSignal(panel.samples_shown):
        panel.worst_button.click()
    rows = [sample.row for sample in panel.samples.grid.samples]
    assert rows == [29, 19, 18, 17, 16]
    assert panel.samples.grid.samples[0].tip == "C read as A, 100.0% sure; 0.00% for C"
    with qtbot.waitSignal(panel.samples_shown):
        panel.least_button.click()
    assert [sample.row for sample in panel.samples.grid.samples] == list(range(30))


def test_the_table_tells_precision_and_recall(qtbot: QtBot, panel: ErrorsPanel) -> None:
    panel.page_buttons.button(1).click()
    rows = {row[0]: row[1:] for row in panel.classes.rows}
    assert rows["B"] == [10, 1.0, 0.6, pytest.approx(0.75), "C (4)"]
    with qtbot.waitSignal(panel.samples_shown):
        panel.classes.class_chosen.emit(1)
    assert panel.samples.title.text() == "B read wrong"
    assert panel.samples.grid.count == 4


def test_calibration_is_told_in_words(qtbot: QtBot, panel: ErrorsPanel) -> None:
    panel.page_buttons.button(2).click()
    qtbot.waitUntil(lambda: bool(panel.calibration.bins))
    assert "right 83.3% of the time" in panel.calibration.words.text()
    assert sum(one.samples for one in panel.calibration.bins) == 30


# Putting labels right


def choose_worst(qtbot: QtBot, panel: ErrorsPanel) -> None:
    with qtbot.waitSignal(panel.samples_shown):
        panel.worst_button.click()
    panel.samples.grid.choose(0)


def test_a_wrong_label_is_put_right_by_typing_it(
    qtbot: QtBot, panel: ErrorsPanel, labels: LabelStore, data: PreparedData
) -> None:
    choose_worst(qtbot, panel)
    qtbot.keyClicks(panel.samples.grid, "a")
    assert list(labels.edits.values()) == [LabelEdit("C", "A")]
    sample = panel.samples.grid.samples[0]
    assert (sample.mark, sample.caption) == ("changed", "→ A")
    changed = data.edited(labels.edits)
    assert changed.validation.targets[29] == 0
    labels.undo()
    assert labels.edits == LabelEdits()
    assert panel.samples.grid.samples[0].caption == "C ▸ A"


def test_a_sample_is_set_aside_and_restored(
    qtbot: QtBot, panel: ErrorsPanel, labels: LabelStore, data: PreparedData
) -> None:
    choose_worst(qtbot, panel)
    panel.samples.aside_button.click()
    assert panel.samples.grid.samples[0].mark == "aside"
    assert len(data.edited(labels.edits).validation) == 29
    panel.samples.restore_button.click()
    assert panel.samples.grid.samples[0].mark == ""
    assert data.edited(labels.edits).validation is data.validation


def test_changed_labels_are_kept_for_the_next_time(
    qtbot: QtBot, panel: ErrorsPanel, labels: LabelStore
) -> None:
    choose_worst(qtbot, panel)
    panel.samples.aside_button.click()
    assert LabelStore().edits == labels.edits
    assert len(labels.edits) == 1


def test_the_label_is_chosen_in_a_box_that_is_seen_whole(
    qtbot: QtBot, show: Show, labels: LabelStore
) -> None:
    desk = SampleDesk(labels)
    show(desk)
    box, button = desk.label_box, desk.aside_button
    for width, is_above in ((600, False), (340, True), (280, True), (600, False)):
        desk.resize(width, 400)
        qtbot.waitUntil(lambda: (box.geometry().bottom() < button.y()) is is_above, timeout=2000)  # noqa: B023
        assert desk.width() == width
        assert box.width() >= box.sizeHint().width()


def test_in_the_run_with_the_new_label_it_can_still_be_restored(
    qtbot: QtBot, panel: ErrorsPanel, labels: LabelStore, data: PreparedData
) -> None:
    choose_worst(qtbot, panel)
    panel.samples.label_box.activated.emit(panel.samples.label_box.findText("A"))
    qtbot.keyClicks(panel.samples.grid, "A")
    panel.begin_with(data.edited(labels.edits))
    panel.set_evaluation(evaluation())
    panel.choose_cell(0, 0)
    qtbot.waitUntil(lambda: panel.samples.grid.count == 11)
    place = [sample.row for sample in panel.samples.grid.samples].index(29)
    assert panel.samples.grid.samples[place].mark == ""
    panel.samples.grid.choose(place)
    panel.samples.restore_button.click()
    assert panel.samples.grid.samples[place].caption == "→ C"
    assert labels.edits == LabelEdits()


def test_a_damaged_file_of_edits_is_told_and_kept(
    qtbot: QtBot, labels: LabelStore, fresh_settings: Path
) -> None:
    labels.path.parent.mkdir(parents=True)
    labels.path.write_text("not json")
    with qtbot.waitSignal(labels.failed):
        assert labels.edits == LabelEdits()
    labels.edit(["0" * 32 + " 5"], "5", "S")
    assert labels.path.read_text() == "not json"


# Taking it along


def test_the_matrix_is_taken_along_in_every_form(panel: ErrorsPanel, tmp_path: Path) -> None:
    (exhibit,) = panel.exhibits()
    for kind, start in (("png", b"\x89PNG"), ("svg", b"<?xml")):
        save_exhibit(exhibit, tmp_path / f"matrix.{kind}", kind)
        assert (tmp_path / f"matrix.{kind}").read_bytes().startswith(start)
    save_exhibit(exhibit, tmp_path / "matrix.csv", "csv")
    rows = (tmp_path / "matrix.csv").read_text().splitlines()
    assert rows == ["true \\ read as,A,B,C", "A,10,0,0", "B,0,6,4", "C,1,0,9"]


def test_a_drawing_keeps_its_texts(panel: ErrorsPanel) -> None:
    assert b"read as" in as_svg(panel.matrix, "matrix")


def test_what_the_matrix_shows_is_chosen_in_two_rows_in_a_small_window(
    qtbot: QtBot, panel: ErrorsPanel
) -> None:
    boxes = (panel.mode_box, panel.order_box, panel.extent_box)
    panel.resize(600, 480)
    qtbot.waitUntil(lambda: panel.mode_box.y() < panel.order_box.y() == panel.extent_box.y())
    assert panel.summary_label.y() > panel.page_buttons.button(0).y()
    panel.resize(1300, 800)
    qtbot.waitUntil(lambda: len({box.y() for box in boxes}) == 1)
