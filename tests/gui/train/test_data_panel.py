"""The browser of the data: classes, parts, duplicates, doubtful labels, augmentation."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.data.label_edits import LabelEdit
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.train import data_panel
from handwrite_gui.train.data_panel import DataPanel
from handwrite_gui.train.data_source import PreparedData, SyntheticSource
from handwrite_gui.train.label_store import LabelStore
from tests.gui.train.conftest import Show


def samples(first: int, targets: list[int]) -> TrainingData:
    inputs = np.zeros((len(targets), 1024), np.uint8)
    inputs[:, 500] = 200
    inputs[:, 0] = first + np.arange(len(targets))
    return TrainingData(inputs, np.array(targets))


@pytest.fixture
def data() -> PreparedData:
    training, validation = samples(0, [0, 0, 0, 1, 1, 2]), samples(100, [0, 1, 2])
    validation.inputs[1] = training.inputs[2]  # an A of the training data, labelled B
    return PreparedData(
        "letters", ("A", "B", "C"), training, validation, training.inputs, SyntheticSource(), 0.3,
        False,
    )  # fmt: skip


@pytest.fixture
def labels(qtbot: QtBot) -> LabelStore:
    return LabelStore()


@pytest.fixture
def panel(qtbot: QtBot, show: Show, labels: LabelStore, data: PreparedData) -> DataPanel:
    panel = DataPanel(labels)
    qtbot.addWidget(panel, before_close_func=lambda panel: panel.shutdown())
    panel.resize(700, 480)
    with qtbot.waitExposed(panel):
        panel.show()
    with qtbot.waitSignal(panel.shown):
        panel.set_data(data)
    return panel


def rows(panel: DataPanel) -> list[int]:
    return [sample.row for sample in panel.desk.grid.samples]


def test_classes_tell_how_many_samples_they_have(panel: DataPanel) -> None:
    texts = [panel.classes.item(row).text() for row in range(panel.classes.count())]
    assert texts == ["All  9", "A  4", "B  3", "C  2"]
    assert "2 to 4 a class" in panel.balance.text()
    assert rows(panel) == list(range(9))


def test_a_class_and_a_part_are_chosen(panel: DataPanel) -> None:
    panel.classes.setCurrentRow(1)
    assert rows(panel) == [0, 1, 2, 6]
    panel.part.setCurrentIndex(1)
    assert rows(panel) == [0, 1, 2]
    panel.part.setCurrentIndex(2)
    assert rows(panel) == [6]
    assert panel.desk.grid.samples[0].tip == "A; validation sample"


def test_duplicates_tell_what_is_wrong_with_them(qtbot: QtBot, panel: DataPanel) -> None:
    with qtbot.waitSignal(panel.shown):
        panel.duplicates_button.click()
    assert rows(panel) == [2, 7]
    assert panel.desk.detail.text() == (
        "1 image occurs more than once; 1 of them with different labels; "
        "1 of them in training and in validation"
    )


def test_doubtful_labels_are_shown_with_what_they_were_judged(
    qtbot: QtBot, panel: DataPanel, monkeypatch: pytest.MonkeyPatch
) -> None:
    probabilities = np.full((9, 3), 0.05, np.float32)
    probabilities[np.arange(9), [0, 0, 0, 1, 1, 2, 0, 0, 2]] = 0.9
    monkeypatch.setattr(data_panel, "cross_probabilities", lambda *_, **__: probabilities)
    with qtbot.waitSignal(panel.shown):
        panel.doubtful_button.click()
    assert rows(panel) == [7]
    assert panel.desk.grid.samples[0].caption == "B ▸ A"
    qtbot.waitUntil(lambda: panel.doubtful_button.isVisible())


def test_changed_labels_are_listed_and_restored(panel: DataPanel, labels: LabelStore) -> None:
    panel.desk.grid.choose(4)
    panel.desk.aside_button.click()
    assert list(labels.edits.values()) == [LabelEdit("B", None)]
    panel.part.setCurrentIndex(3)
    assert rows(panel) == [4]
    panel.desk.grid.choose(0)
    panel.desk.restore_button.click()
    assert not labels.edits


def test_augmentation_is_previewed_at_the_strength_of_the_slider(
    qtbot: QtBot, panel: DataPanel
) -> None:
    with qtbot.waitSignal(panel.previewed, timeout=5000):
        panel.strength.setValue(0)
    calm = panel.variants.grab().toImage()
    with qtbot.waitSignal(panel.previewed, timeout=5000):
        panel.strength.setValue(100)
    assert panel.variants.grab().toImage() != calm
    assert panel.strength_label.text() == "1.00"
