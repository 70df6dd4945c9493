"""Labels that were changed and samples that were set aside, without touching the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.data.label_edits import (
    LabelEdit,
    LabelEdits,
    read_label_edits,
    sample_key,
    write_label_edits,
)
from handwrite_gui.engine.errors import DatasetError, InputFileError
from handwrite_gui.engine.training.training_data import TrainingData

CLASSES = ("5", "S", "Z")


@pytest.fixture
def data() -> TrainingData:
    inputs = np.arange(4 * 1024).reshape(4, 1024).astype(np.uint8)
    inputs[:, 0] = [1, 2, 3, 4]
    return TrainingData(inputs, np.array([0, 0, 1, 2]), "some")


def key(data: TrainingData, row: int) -> str:
    return sample_key(data.inputs[row], CLASSES[data.targets[row]])


def test_without_edits_the_data_are_the_same_object(data: TrainingData) -> None:
    assert LabelEdits().apply(data, CLASSES) is data
    elsewhere = LabelEdits().with_edit(["0" * 32 + " 5"], "5", "S")
    assert elsewhere.apply(data, CLASSES) is data


def test_a_label_is_changed_and_a_sample_set_aside(data: TrainingData) -> None:
    edits = LabelEdits().with_edit([key(data, 1)], "5", "S").with_edit([key(data, 3)], "Z", None)
    changed = edits.apply(data, CLASSES)
    assert changed.targets.tolist() == [0, 1, 1]
    np.testing.assert_array_equal(changed.inputs, data.inputs[:3])
    assert changed.name == data.name
    assert data.targets.tolist() == [0, 0, 1, 2], "the data themselves stay"
    assert edits.of(data.inputs[1], "5") == LabelEdit("5", "S")
    assert edits.of(data.inputs[0], "5") is None


def test_edits_are_taken_back(data: TrainingData) -> None:
    edits = LabelEdits().with_edit([key(data, 1)], "5", "S")
    assert edits.without([key(data, 1)]) == LabelEdits()
    assert edits.with_edit([key(data, 1)], "5", "5") == LabelEdits()


def test_a_label_that_the_network_has_no_class_for_leaves_the_sample_out(
    data: TrainingData,
) -> None:
    edits = LabelEdits().with_edit([key(data, 0)], "5", "Q")
    assert edits.apply(data, CLASSES).targets.tolist() == [0, 1, 2]


def test_the_original_label_of_an_edited_sample_is_found(data: TrainingData) -> None:
    edits = LabelEdits().with_edit([key(data, 1)], "5", "S")
    assert edits.original(data.inputs[1], "S", CLASSES) == "5"
    assert edits.original(data.inputs[0], "5", CLASSES) == "5"


@given(st.permutations(range(4)))
def test_an_edit_finds_its_sample_in_any_order(order: list[int]) -> None:
    inputs = np.zeros((4, 1024), np.uint8)
    inputs[:, 0] = [1, 2, 3, 4]
    targets = np.array([0, 0, 1, 2])
    edits = LabelEdits().with_edit([sample_key(inputs[1], "5")], "5", "Z")
    changed = edits.apply(TrainingData(inputs[order], targets[order]), CLASSES)
    assert changed.targets[order.index(1)] == 2
    assert np.count_nonzero(changed.targets != targets[order]) == 1


def test_the_same_image_with_another_label_is_another_sample(data: TrainingData) -> None:
    assert sample_key(data.inputs[0], "5") != sample_key(data.inputs[0], "S")


def test_edits_are_kept_in_a_file(tmp_path: Path, data: TrainingData) -> None:
    path = tmp_path / "edits.json"
    assert read_label_edits(path) == LabelEdits()
    edits = LabelEdits().with_edit([key(data, 0), key(data, 1)], "5", "S")
    edits = edits.with_edit([key(data, 3)], "Z", None)
    write_label_edits(path, edits)
    assert read_label_edits(path) == edits
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[1]",
        '{"edits": 3}',
        '{"edits": [{"image": "x", "was": "5", "now": null}]}',
        '{"edits": [{"image": 5, "was": "5", "now": null}]}',
        "[" * 100_000,
    ],
)
def test_a_damaged_file_is_refused_with_what_to_do(tmp_path: Path, text: str) -> None:
    path = tmp_path / "edits.json"
    path.write_text(text)
    with pytest.raises(DatasetError, match=r"edits\.json: it holds no sound label edits"):
        read_label_edits(path)


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="could not be written"):
        write_label_edits(tmp_path / "nowhere" / "edits.json", LabelEdits())
