"""The confusion matrix, its most frequent mistakes, and the samples behind a cell."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.theme import theme
from handwrite_gui.train.confusion_panel import ConfusionPanel
from handwrite_gui.train.confusion_summary import confusion_summary
from handwrite_gui.train.run_buffer import Evaluation
from handwrite_gui.train.samples_panel import MOST_SHOWN, cell_samples
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView

CLASSES = "ABC"
TARGETS = np.repeat([0, 1, 2], 10)
PREDICTIONS = np.array([0] * 10 + [1] * 6 + [2] * 4 + [2] * 9 + [0])


def evaluation(predictions: np.ndarray = PREDICTIONS, epoch: int = 1) -> Evaluation:
    counts = np.zeros((3, 3), dtype=np.int64)
    np.add.at(counts, (TARGETS, predictions), 1)
    return Evaluation(confusion_summary(counts, CLASSES, epoch), predictions)


@pytest.fixture
def validation() -> TrainingData:
    # Each image's first pixel is its number: a sample can be told by it.
    inputs = np.zeros((30, 1024), dtype=np.uint8)
    inputs[:, 0] = np.arange(30)
    return TrainingData(inputs, TARGETS)


@pytest.fixture
def panel(qtbot: QtBot, validation: TrainingData) -> ConfusionPanel:
    panel = ConfusionPanel()
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(420, 560)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.begin(validation)
    panel.set_evaluation(evaluation())
    return panel


def click_cell(qtbot: QtBot, panel: ConfusionPanel, true: int, predicted: int) -> None:
    with qtbot.waitSignal(panel.samples_shown):
        qtbot.mouseClick(
            panel.matrix,
            Qt.MouseButton.LeftButton,
            pos=panel.matrix.cell_rect(true, predicted).center(),
        )


def test_the_samples_of_a_cell_are_those_that_were_mistaken(validation: TrainingData) -> None:
    found = cell_samples(validation, PREDICTIONS, ("A", "B", "C"), 1, 2)
    assert found.images[:, 0, 0].tolist() == [16, 17, 18, 19]
    assert (found.true, found.predicted, found.total, found.of_class) == ("B", "C", 4, 10)


def test_of_many_samples_the_first_are_shown() -> None:
    data = TrainingData(np.zeros((500, 1024), dtype=np.uint8), np.zeros(500, dtype=np.int64))
    found = cell_samples(data, np.zeros(500, dtype=np.int64), ("A",), 0, 0)
    assert len(found.images) == MOST_SHOWN
    assert found.total == 500


def test_a_click_on_a_cell_shows_its_samples(qtbot: QtBot, panel: ConfusionPanel) -> None:
    click_cell(qtbot, panel, 1, 2)
    assert panel.samples.title.text() == "B read as C"
    assert panel.samples.detail.text() == "4 of 10 samples"
    assert panel.samples.thumbnails.count == 4


def test_a_cell_without_samples_says_so(qtbot: QtBot, panel: ConfusionPanel) -> None:
    click_cell(qtbot, panel, 0, 2)
    assert panel.samples.detail.text() == "None of the 10 validation samples."
    assert panel.samples.thumbnails.count == 0


def test_the_samples_follow_the_next_evaluation(qtbot: QtBot, panel: ConfusionPanel) -> None:
    click_cell(qtbot, panel, 1, 2)
    better = PREDICTIONS.copy()
    better[16:19] = 1
    with qtbot.waitSignal(panel.samples_shown):
        panel.set_evaluation(evaluation(better, epoch=2))
    assert panel.samples.thumbnails.count == 1
    assert panel.summary_label.text() == "Epoch 2: 93.3% right"


def test_mistakes_are_told_in_words_the_most_frequent_first(panel: ConfusionPanel) -> None:
    rows = [panel.mistakes.item(row).text() for row in range(panel.mistakes.count())]
    assert rows == ["B read as C: 4", "C read as A: 1"]
    assert panel.mistakes.item(0).toolTip() == "B read as C: 4 of 10 (40.0%)"


def test_a_mistake_leads_to_its_cell(qtbot: QtBot, panel: ConfusionPanel) -> None:
    item = panel.mistakes.item(1)
    with qtbot.waitSignal(panel.samples_shown):
        qtbot.mouseClick(
            panel.mistakes.viewport(),
            Qt.MouseButton.LeftButton,
            pos=panel.mistakes.visualItemRect(item).center(),
        )
    assert panel.matrix.current_cell == (2, 0)
    assert panel.samples.title.text() == "C read as A"


def test_without_mistakes_the_list_says_so(panel: ConfusionPanel) -> None:
    panel.set_evaluation(evaluation(TARGETS))
    assert panel.mistakes.item(0).text() == "No mistakes"
    panel.mistakes.itemClicked.emit(panel.mistakes.item(0))


def test_pointing_at_a_cell_reads_it_out(qtbot: QtBot, panel: ConfusionPanel) -> None:
    qtbot.mouseMove(panel.matrix, panel.matrix.cell_rect(1, 2).center())
    qtbot.waitUntil(lambda: panel.read_out.text() == "B read as C: 4 of 10 (40.0%)")


def test_the_keyboard_walks_through_the_cells(qtbot: QtBot, panel: ConfusionPanel) -> None:
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
    assert panel.samples.thumbnails.count == 4


def test_cells_are_coloured_by_share_or_by_count(qtbot: QtBot, panel: ConfusionPanel) -> None:
    before = panel.grab().toImage()
    qtbot.mouseClick(panel.count_button, Qt.MouseButton.LeftButton)
    assert panel.grab().toImage() != before


def test_every_cell_of_36_classes_can_be_hit_in_a_narrow_panel(panel: ConfusionPanel) -> None:
    classes = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    counts = np.diag(np.full(36, 5))
    panel.matrix.set_summary(confusion_summary(counts, classes, 1))
    for width in (300, 420, 900):
        panel.resize(width, 500)
        for true in range(36):
            for predicted in (0, true, 35):
                rect = panel.matrix.cell_rect(true, predicted)
                assert panel.matrix.rect().contains(rect)
                assert panel.matrix.cell_at(rect.center()) == (true, predicted)


def test_the_matrix_follows_the_theme(panel: ConfusionPanel) -> None:
    light = panel.matrix.grab().toImage()
    theme().set_appearance("dark")
    assert panel.matrix.grab().toImage() != light


def test_a_new_run_forgets_the_matrix(panel: ConfusionPanel, validation: TrainingData) -> None:
    panel.begin(validation)
    assert panel.matrix.summary is None
    assert panel.mistakes.count() == 0
    panel.grab()


def test_a_click_during_a_run_shows_validation_samples(qtbot: QtBot, running: TrainView) -> None:
    running.session.pause()
    qtbot.waitUntil(lambda: running.session.state is RunState.PAUSED)
    running.pages.show_page("confusion")
    click_cell(qtbot, running.confusion, 3, 3)
    summary = running.confusion.matrix.summary
    assert summary is not None
    assert running.confusion.samples.thumbnails.count == min(summary.counts[3, 3], MOST_SHOWN)
