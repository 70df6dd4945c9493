"""Getting data ready: made, read or fetched, divided, normalised."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.data import fetch as fetching
from handwrite_gui.engine.errors import Cancelled, DatasetError, HandwriteError
from handwrite_gui.train.data_source import (
    DownloadSource,
    FileSource,
    SyntheticSource,
    prepare_data,
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
