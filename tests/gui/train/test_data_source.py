"""Getting data ready: made, read or fetched, divided, normalised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.data import fetch as fetching
from handwrite_gui.engine.errors import Cancelled, DatasetError, HandwriteError
from handwrite_gui.engine.training.training_data import TrainingData
from handwrite_gui.train.data_source import (
    TEST_PER_CLASS,
    DownloadSource,
    FileSource,
    SyntheticSource,
    has_test_data,
    prepare_data,
    prepare_test_data,
    source_from_dict,
    source_to_dict,
)


def write_npz(path: Path, labels: str, *, size: int = 16) -> Path:
    rng = np.random.default_rng(0)
    images = np.zeros((len(labels), size, size), dtype=np.uint8)
    images[:, 4:12, 4:12] = rng.integers(0, 2, (len(labels), 8, 8)) * 255
    np.savez(path, images=images, labels=np.array(list(labels), dtype="<U1"))
    return path


def test_synthetic_characters_need_no_file() -> None:
    data = prepare_data(SyntheticSource("digits", 20), validation_share=0.2)
    assert data.classes == tuple("0123456789")
    assert data.training_count + data.validation_count == 200
    assert data.training.inputs.shape[1] == 1024
    assert data.by_groups
    assert data.preview.shape == (10, 32, 32)


def test_both_parts_have_every_class() -> None:
    data = prepare_data(SyntheticSource("upper", 20), validation_share=0.2)
    for part in (data.training, data.validation):
        assert set(part.targets.tolist()) == set(range(26))


def test_a_file_is_divided_into_training_and_validation(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "own.npz", "AB" * 50)
    data = prepare_data(FileSource(path), validation_share=0.3)
    assert data.classes == ("A", "B")
    assert (data.training_count, data.validation_count) == (70, 30)
    assert not data.by_groups
    assert data.training.name == data.name


def test_progress_runs_from_nothing_to_everything() -> None:
    reports: list[float] = []
    prepare_data(
        SyntheticSource("digits", 10),
        validation_share=0.2,
        on_progress=lambda fraction, text: reports.append(fraction),
    )
    assert reports == sorted(reports)
    assert 0.0 <= reports[0] < 0.5
    assert reports[-1] == pytest.approx(1.0)


def test_it_can_be_cancelled() -> None:
    with pytest.raises(Cancelled):
        prepare_data(SyntheticSource("digits", 10), validation_share=0.2, should_stop=lambda: True)


def test_what_is_no_data_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "notes.npz"
    path.write_text("these are notes")
    with pytest.raises(DatasetError, match="notes"):
        prepare_data(FileSource(path), validation_share=0.2)


def test_a_single_image_of_each_class_is_too_little(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "few.npz", "AB")
    with pytest.raises(HandwriteError, match="too few"):
        prepare_data(FileSource(path), validation_share=0.2)


def test_a_collection_is_fetched_and_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write_npz(tmp_path / "mnist.npz", "01" * 20)
    asked: list[str] = []

    def fetch(name: str, **_: object) -> Path:
        asked.append(name)
        return path

    monkeypatch.setattr(fetching, "fetch", fetch)
    data = prepare_data(DownloadSource("mnist"), validation_share=0.25)
    assert asked == ["mnist"]
    assert data.name == "MNIST"
    assert data.validation_count == 10


# Characters for the end


def samples_of(data: TrainingData) -> set[bytes]:
    return {row.tobytes() for row in data.inputs}


def test_a_part_of_a_file_is_put_aside_for_the_end(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "own.npz", "AB" * 100)
    whole = prepare_data(FileSource(path), validation_share=0.2)
    data = prepare_data(FileSource(path, 0.25), validation_share=0.2)
    final = prepare_test_data(FileSource(path, 0.25), data.classes)
    assert len(final) == 50
    assert final.name == "own.npz, test"
    assert (data.training_count, data.validation_count) == (120, 30)
    parts = [samples_of(part) for part in (data.training, data.validation, final)]
    assert not (parts[0] | parts[1]) & parts[2]
    assert parts[0] | parts[1] | parts[2] == samples_of(whole.training) | samples_of(
        whole.validation
    )
    again = prepare_test_data(FileSource(path, 0.25), data.classes)
    assert again.fingerprint == final.fingerprint


def test_synthetic_test_characters_are_of_other_writers_and_always_the_same() -> None:
    source = SyntheticSource("digits", 20)
    data = prepare_data(source, validation_share=0.2)
    final = prepare_test_data(source, data.classes)
    assert np.bincount(final.targets).tolist() == [TEST_PER_CLASS] * 10
    assert not samples_of(final) & (samples_of(data.training) | samples_of(data.validation))
    assert final.fingerprint == prepare_test_data(source, data.classes).fingerprint


def test_a_file_without_the_classes_of_the_run_cannot_test_it(tmp_path: Path) -> None:
    path = write_npz(tmp_path / "own.npz", "AB" * 10)
    with pytest.raises(HandwriteError, match="none of the characters"):
        prepare_test_data(FileSource(path), ("0", "1"))


def test_what_is_put_aside_is_remembered_with_the_source(tmp_path: Path) -> None:
    for source in (FileSource(tmp_path / "a.npz", 0.1), FileSource(tmp_path / "a.npz")):
        assert source_from_dict(source_to_dict(source)) == source
        assert has_test_data(source) == bool(source.test_share)
    assert has_test_data(SyntheticSource()) and has_test_data(DownloadSource("mnist"))
    damaged = {"kind": "file", "path": "a.npz", "test_share": 2}
    with pytest.raises(HandwriteError):
        source_from_dict(damaged)
