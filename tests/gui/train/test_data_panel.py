"""The browser of the data: classes, parts, duplicates, doubtful labels, augmentation."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.data.augmentation_ranges import AugmentationRanges
from handwrite_gui.engine.data.label_edits import LabelEdit
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.train import data_findings
from handwrite_gui.train.augmentation_preview import variants
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
    texts = [panel.list.item(row).text() for row in range(panel.list.count())]
    assert texts == ["All  9", "A  4", "B  3", "C  2"]
    assert "2 to 4 a class" in panel.balance.text()
    assert rows(panel) == list(range(9))


def test_a_class_and_a_part_are_chosen(panel: DataPanel) -> None:
    panel.list.setCurrentRow(1)
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
    monkeypatch.setattr(data_findings, "cross_probabilities", lambda *_, **__: probabilities)
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


def test_copies_that_differ_a_little_are_found(
    qtbot: QtBot, panel: DataPanel, data: PreparedData
) -> None:
    data.training.inputs[:] = 0
    data.validation.inputs[:] = 0
    for row, image in enumerate([*data.training.inputs, *data.validation.inputs]):
        image[33 * (row + 2)] = image[33 * (row + 3)] = 250
    data.validation.inputs[0] = data.training.inputs[4]  # a B, and now the same, labelled A
    data.validation.inputs[0, 1000] = 9
    with qtbot.waitSignal(panel.shown):
        panel.set_data(data)
    with qtbot.waitSignal(panel.shown):
        panel.near_button.click()
    assert rows(panel) == [4, 6]
    assert panel.desk.detail.text() == (
        "1 group of images is nearly the same; 1 of them with different labels; "
        "1 of them in training and in validation"
    )
    assert panel.desk.grid.samples[1].caption == "A · 1"
    assert "one of 2 that are nearly the same (distance 0." in panel.desk.grid.samples[1].tip


def test_without_writers_there_is_no_list_of_them(panel: DataPanel) -> None:
    assert not panel.by_writer.isVisible()
    assert "held back at random" in panel.balance.text()


def test_writers_are_listed_with_the_part_they_are_in(
    qtbot: QtBot, panel: DataPanel, data: PreparedData
) -> None:
    groups = np.array([5, 5, 5, 7, 7, -1, 2, 2, 2])
    with qtbot.waitSignal(panel.shown):
        panel.set_data(replace(data, by_groups=True, groups=groups))
    panel.by_writer.click()
    texts = [panel.list.item(row).text() for row in range(panel.list.count())]
    assert texts == [
        "All  9",
        "Writer 2  3, val.",
        "Writer 5  3",
        "Writer 7  2",
        "Writer unknown  1",
    ]
    assert panel.balance.text() == (
        "3 writers: 2 to train on, 1 to validate, none in both; 2 to 3 samples each"
    )
    panel.list.setCurrentRow(1)
    assert rows(panel) == [6, 7, 8]
    assert panel.desk.title.text() == "Writer 2, in validation"
    assert panel.desk.grid.samples[0].tip == "A; validation sample, writer 2"
    panel.part.setCurrentIndex(1)
    assert rows(panel) == []
    panel.list.setCurrentRow(4)
    assert rows(panel) == [5]
    assert panel.desk.grid.samples[0].tip == "C; training sample"
    with qtbot.waitSignal(panel.shown):
        panel.set_data(data)  # without writers: classes are listed again
    assert panel.list.item(1).text() == "A  4"


def test_augmentation_is_previewed_at_the_strength_of_the_slider(
    qtbot: QtBot, panel: DataPanel
) -> None:
    preview = panel.augmentation
    with qtbot.waitSignal(preview.previewed, timeout=5000):
        preview.strength.setValue(0)
    calm = preview.images.grab().toImage()
    with qtbot.waitSignal(preview.previewed, timeout=5000):
        preview.strength.setValue(100)
    assert preview.images.grab().toImage() != calm
    assert preview.strength_label.text() == "100 %"
    with qtbot.waitSignal(preview.strength_wanted) as wanted:
        preview.use_button.click()
    assert wanted.args == [1.0]


def test_each_kind_of_change_has_a_slider_and_can_be_seen_alone(
    qtbot: QtBot, panel: DataPanel
) -> None:
    preview = panel.augmentation
    assert set(preview.sliders) == {field.name for field in fields(AugmentationRanges)}
    preview.strength.setValue(100)
    preview.kinds_button.click()
    assert preview._values["rotation"].text() == "±15°"
    preview.sliders["rotation"].setValue(50)
    assert preview._values["rotation"].text() == "±7°"
    with qtbot.waitSignal(preview.previewed, timeout=5000):
        preview.alone["noise"].click()
    assert {name for name, share in preview.shares.items() if share} == {"noise"}
    preview.alone["noise"].click()
    assert set(preview.shares.values()) == {1.0}
    preview.alone["blur"].click()
    preview.kinds_button.click()
    assert set(preview.shares.values()) == {1.0}, "hidden sliders change nothing"


def test_a_kind_without_its_range_changes_nothing() -> None:
    image = samples(0, [0]).inputs[0]
    none = dict.fromkeys((field.name for field in fields(AugmentationRanges)), 0.0)
    for one in variants(image, 1.0, none, seed=1):
        np.testing.assert_allclose(one.reshape(-1), image * (255 / 200), atol=1)
    assert (variants(image, 1.0, none | {"noise": 1.0}, seed=1) != image.reshape(32, 32)).any()


def test_the_samples_make_room_for_the_kinds_in_a_low_window(
    qtbot: QtBot, panel: DataPanel
) -> None:
    panel.resize(700, 420)
    panel.augmentation.kinds_button.click()
    assert not panel.desk.isVisible()
    panel.resize(700, 700)
    qtbot.waitUntil(panel.desk.isVisible)
    panel.resize(700, 420)
    panel.augmentation.kinds_button.click()
    assert panel.desk.isVisible()
