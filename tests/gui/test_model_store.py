"""The model in use: loaded in a worker, replaced, limited to an alphabet, never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.model_file import Model, ModelCard, save_model
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.model_store import SHIPPED, ModelStore
from handwrite_gui.recent_models import LIMIT, recent_models, remember_model


def small_model(classes: str, side: int = 32) -> Model:
    network = MLP([side * side, 4, len(classes)], rng=np.random.default_rng(0))
    return Model(network, tuple(classes), ModelCard("small"), (side, side))


@pytest.fixture
def store(qtbot: QtBot) -> Iterator[ModelStore]:
    store = ModelStore()
    yield store
    store.shutdown()


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.npz"
    save_model(small_model(ALPHABETS["alnum"]), path)
    return path


def test_there_is_no_recogniser_until_a_model_is_loaded(
    qtbot: QtBot, store: ModelStore, model_file: Path
) -> None:
    assert store.recognizer is None
    with qtbot.waitSignal(store.changed):
        store.load_file(model_file)
        assert store.is_loading
        assert store.recognizer is None
    assert store.recognizer is not None
    assert (store.source, store.path, store.is_loading) == ("mine.npz", model_file, False)


def test_the_shipped_model_is_loaded_by_name(
    qtbot: QtBot, store: ModelStore, model_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("handwrite_gui.model_store.default_model_path", lambda: model_file)
    with qtbot.waitSignal(store.changed):
        store.load_default()
    assert (store.source, store.path) == (SHIPPED, None)


def test_a_missing_shipped_model_is_told(
    qtbot: QtBot, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise FileNotFoundError("The installation is incomplete.")

    monkeypatch.setattr("handwrite_gui.model_store.default_model_path", missing)
    with qtbot.waitSignal(store.failed) as failure:
        store.load_default()
    assert isinstance(failure.args[0], HandwriteError)
    assert not store.is_loading


@pytest.mark.parametrize("content", [b"", b"PK rubbish", b"\x80\x04pickle"])
def test_a_wrong_file_is_told_and_the_model_stays(
    qtbot: QtBot, store: ModelStore, tmp_path: Path, content: bytes
) -> None:
    model = small_model("ABC")
    store.use(model, "before")
    path = tmp_path / "wrong.npz"
    path.write_bytes(content)
    with qtbot.waitSignal(store.failed) as failure, qtbot.assertNotEmitted(store.changed):
        store.load_file(path)
    assert isinstance(failure.args[0], ModelFileError)
    assert str(failure.args[0]).startswith("wrong.npz: ")
    assert (store.model, store.source, store.is_loading) == (model, "before", False)


def test_a_model_of_another_input_size_is_told_and_the_model_stays(
    qtbot: QtBot, store: ModelStore, tmp_path: Path
) -> None:
    model = small_model("ABC")
    store.use(model, "before")
    path = tmp_path / "small.npz"
    save_model(small_model("ABC", side=28), path)
    with qtbot.waitSignal(store.failed) as failure:
        store.load_file(path)
    assert "28 × 28" in str(failure.args[0])
    assert store.model is model


def test_a_model_in_memory_takes_the_place_of_one_that_is_being_loaded(
    qtbot: QtBot, store: ModelStore, model_file: Path
) -> None:
    trained = small_model("XYZ")
    store.load_file(model_file)
    store.use(trained, "training")
    qtbot.wait(100)
    assert (store.model, store.source, store.is_loading) == (trained, "training", False)


def test_of_two_files_the_one_asked_for_last_is_used(
    qtbot: QtBot, store: ModelStore, model_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.npz"
    save_model(small_model("ABC"), other)
    store.load_file(model_file)
    store.load_file(other)
    qtbot.waitUntil(lambda: not store.is_loading)
    qtbot.wait(50)
    assert store.source == "other.npz"


def test_the_alphabet_limits_the_recogniser(qtbot: QtBot, store: ModelStore) -> None:
    store.use(small_model(ALPHABETS["alnum"]), "test")
    with qtbot.waitSignal(store.changed):
        store.set_alphabet("digits")
    assert store.recognizer is not None
    assert store.recognizer.classes == tuple("0123456789")
    with qtbot.assertNotEmitted(store.changed):
        store.set_alphabet("digits")


def test_the_alphabet_holds_for_the_next_model_too(store: ModelStore) -> None:
    store.set_alphabet("upper")
    store.use(small_model(ALPHABETS["alnum"]), "test")
    assert store.recognizer is not None
    assert store.recognizer.classes == tuple(ALPHABETS["upper"])


@pytest.mark.parametrize("name", ["klingon", "upper"])
def test_an_alphabet_that_cannot_be_read_is_refused(store: ModelStore, name: str) -> None:
    store.use(small_model("0123456789"), "digits only")
    before = store.recognizer
    with pytest.raises(HandwriteError):
        store.set_alphabet(name)
    assert (store.alphabet, store.recognizer) == ("alnum", before)


def test_a_model_of_other_characters_is_read_with_all_it_knows(store: ModelStore) -> None:
    store.use(small_model("αβγ"), "greek")
    assert store.recognizer is not None
    assert store.recognizer.classes == tuple("αβγ")


def test_recent_models_are_the_latest_first_without_those_that_are_gone(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number}.npz" for number in range(LIMIT + 2)]
    for path in paths:
        path.write_bytes(b"any")
        remember_model(path)
    remember_model(paths[3])
    paths[-1].unlink()
    assert recent_models()[:2] == [paths[3], paths[-2]]
    assert paths[-1] not in recent_models()
    assert len(recent_models()) == LIMIT - 1
