"""The models that the program knows."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.handwriting.profiles import Adaptation, ProfileStore
from handwrite_gui.engine.model_file import Model, ModelCard, load_model, save_model
from handwrite_gui.engine.model_library import (
    ModelLibrary,
    export_model,
    find_entry,
    known_models,
    read_entry,
)
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.training.runs import RunStore


def make_model(name: str = "Digits", figures: dict[str, float] | None = None) -> Model:
    network = MLP((1024, 10), rng=np.random.default_rng(0))
    card = ModelCard(
        name, created="2026-01-02T03:04:05+00:00", data=("made up",), figures=figures or {}
    )
    return Model(network, tuple("0123456789"), card)


@pytest.fixture
def library(tmp_path: Path) -> ModelLibrary:
    return ModelLibrary(tmp_path / "models")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "digits.npz"
    save_model(make_model(figures={"merged accuracy": 0.99, "digits of others": 0.9}), path)
    return path


def test_an_entry_says_what_the_card_says(file: Path) -> None:
    entry = read_entry(file)
    assert (entry.name, entry.alphabet, entry.accuracy) == ("Digits", "digits", 0.9)
    assert entry.measured_on == "digits of others"
    assert entry.bytes == file.stat().st_size
    assert not entry.problem


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04cut off", b"something else"])
def test_a_file_that_is_no_model_is_listed_with_what_is_wrong(
    tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "odd.npz"
    path.write_bytes(content)
    entry = read_entry(path)
    assert entry.name == "odd"
    assert entry.problem
    assert entry.card is None


def test_what_is_imported_is_a_copy_bit_for_bit(library: ModelLibrary, file: Path) -> None:
    entry = library.add_file(file)
    assert entry.path.read_bytes() == file.read_bytes()
    file.unlink()
    assert [one.name for one in library.entries()] == ["Digits"]


def test_the_same_model_is_not_imported_twice(library: ModelLibrary, file: Path) -> None:
    library.add_file(file)
    with pytest.raises(HandwriteError, match="already, as “Digits”"):
        library.add_file(file)


def test_a_damaged_file_is_not_imported(library: ModelLibrary, file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: len(data) // 2])
    with pytest.raises(ModelFileError, match="damaged"):
        library.add_file(file)
    assert not library.entries()


def test_a_duplicate_has_a_name_of_its_own_and_the_same_weights(
    library: ModelLibrary, file: Path
) -> None:
    first = library.duplicate(read_entry(file))
    second = library.duplicate(read_entry(file))
    assert [first.name, second.name] == ["Digits copy", "Digits copy 2"]
    original, copy = load_model(file), load_model(second.path)
    for mine, its in zip(copy.network.parameters, original.network.parameters, strict=True):
        np.testing.assert_array_equal(mine.value, its.value)
    assert copy.card.figures == original.card.figures


def test_a_model_is_renamed(library: ModelLibrary, file: Path) -> None:
    assert library.rename(library.add_file(file), " Mine  now ").name == "Mine now"
    with pytest.raises(HandwriteError, match="needs a name"):
        library.rename(library.entries()[0], " ")


def test_a_deleted_model_can_be_restored(library: ModelLibrary, file: Path) -> None:
    library.delete(library.add_file(file))
    assert not library.entries()
    library.add_file(file)  # another of the name meanwhile
    library.restore(library.entries(deleted=True)[0])
    assert [entry.name for entry in library.entries()] == ["Digits", "Digits"]


def test_only_models_of_the_library_are_changed(library: ModelLibrary, file: Path) -> None:
    with pytest.raises(HandwriteError, match="duplicate it"):
        library.delete(read_entry(file))
    with pytest.raises(HandwriteError, match="duplicate it"):
        library.rename(read_entry(file), "Other")
    assert file.exists()


def test_any_model_is_exported(library: ModelLibrary, file: Path, tmp_path: Path) -> None:
    export_model(read_entry(file), tmp_path / "copy.npz")
    assert (tmp_path / "copy.npz").read_bytes() == file.read_bytes()
    file.unlink()
    with pytest.raises(ModelFileError, match="cannot be read"):
        export_model(read_entry(file), tmp_path / "copy.npz")


def test_all_that_is_known_is_listed(library: ModelLibrary, file: Path, tmp_path: Path) -> None:
    profiles = ProfileStore(tmp_path / "profiles")
    ada = profiles.create("Ada")
    ada.keep(make_model(), Adaptation(0, "", "base", 9, 0.8, 0.95, 0.95, 0.95, 1.0))
    profiles.create("Bob")  # without an adaptation
    library.add_file(file)
    entries = known_models(
        library, runs=RunStore(tmp_path / "runs"), profiles=profiles, files=[file]
    )
    kinds = [entry.kind for entry in entries]
    assert kinds[-3:] == ["library", "profile", "file"]
    assert (entries[-2].name, entries[-2].accuracy) == ("Adapted to Ada", 0.95)


def test_a_model_is_found_by_name_or_file(library: ModelLibrary, file: Path) -> None:
    entry = library.add_file(file, "Mine")
    assert find_entry(library.entries(), "Mine") == entry
    assert find_entry(library.entries(), str(file)).kind == "file"
    with pytest.raises(HandwriteError, match=r"no model “Other”.* there is “Mine”"):
        find_entry(library.entries(), "Other")
    library.add_file(file, "Mine")
    with pytest.raises(HandwriteError, match="Several"):
        find_entry(library.entries(), "Mine")
