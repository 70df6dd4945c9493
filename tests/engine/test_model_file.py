"""Model files: everything comes back, and nothing that is not a sound model gets in."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.model_file import METADATA, Model, ModelCard, load_model, save_model
from handwrite_gui.engine.network import ACTIVATIONS, MLP
from handwrite_gui.engine.npz_container import open_npz, write_npz

CARD = ModelCard(
    name="Test",
    description="“Quoted”, été, 字",
    created="2025-01-02T03:04:05+00:00",
    data=("one", "two"),
    figures={"validation_accuracy": 0.5, "steps": 7},
    settings={"hidden": [5, 6], "learning_rate": 0.001},
    license="MIT",
)


def make(activation: str = "relu", seed: int = 0) -> Model:
    rng = np.random.default_rng(seed)
    network = MLP([12, 5, 6, 3], activation=activation, rng=rng)
    for dense in network.dense_layers:
        dense.bias.value[:] = rng.normal(size=dense.bias.value.shape)
    return Model(network, ("A", "b", "?"), CARD, (3, 4))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "model.npz"
    save_model(make(), path)
    return path


def refusal(path: Path) -> str:
    with pytest.raises(ModelFileError) as caught:
        load_model(path)
    assert caught.value.path == path
    assert "\n" not in caught.value.reason
    return caught.value.reason


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_a_model_in_float32_comes_back_exactly(activation: str, tmp_path: Path) -> None:
    model = make(activation)
    save_model(model, tmp_path / "m.npz", dtype="float32")
    loaded = load_model(tmp_path / "m.npz")
    assert loaded.classes == model.classes
    assert loaded.card == model.card
    assert loaded.input_shape == model.input_shape
    assert loaded.network.sizes == model.network.sizes
    assert loaded.network.activation == activation
    for before, after in zip(model.network.parameters, loaded.network.parameters, strict=True):
        assert after.value.dtype == np.float32
        np.testing.assert_array_equal(before.value, after.value)


def test_a_model_in_float16_comes_back_nearly(path: Path) -> None:
    x = np.random.default_rng(1).random((20, 12), np.float32)
    before, after = make().network.predict_logits(x), load_model(path).network.predict_logits(x)
    np.testing.assert_allclose(after, before, atol=1e-2)
    assert not np.array_equal(after, before)


def test_temperatures_are_kept(tmp_path: Path) -> None:
    classes = make().classes[:2]
    warm = replace(make(), temperatures={"".join(classes): 1.25})
    save_model(warm, tmp_path / "warm.npz")
    loaded = load_model(tmp_path / "warm.npz")
    assert loaded.temperature(classes) == 1.25
    assert loaded.temperature(loaded.classes) == 1


@pytest.mark.parametrize("wrong", [{"AB": 0}, {"AB": float("nan")}, {"AB": True}, {1: 1.0}])
def test_temperatures_that_are_none_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="temperatures must be numbers above 0"):
        replace(make(), temperatures=wrong)


def headed() -> Model:
    """A model with a head for its first two classes."""
    head = MLP([6, 2], rng=np.random.default_rng(7))
    head.dense_layers[0].bias.value[:] = (0.5, -0.5)
    return replace(make(), heads={"Ab": head})


def test_a_head_decides_where_nothing_but_its_classes_may_be_chosen() -> None:
    model = headed()
    x = np.random.default_rng(1).random((20, 12), np.float32)
    every = model.network.predict_logits(x)
    hidden = model.network.predict_hidden(x)
    (head,) = model.heads.values()
    for allowed, expected in (
        (("A", "b"), head.predict_logits(hidden)),
        (("A", "?"), every[:, [0, 2]]),
        (("A", "b", "?"), every),
    ):
        general, own = model.logits(x, allowed)
        np.testing.assert_allclose(general, every, rtol=1e-6)
        np.testing.assert_allclose(own, expected, rtol=1e-6)
    without = replace(model, heads={})
    np.testing.assert_array_equal(without.logits(x, ("A", "b"))[1], every[:, :2])


def test_heads_are_kept(tmp_path: Path) -> None:
    save_model(headed(), tmp_path / "headed.npz", dtype="float32")
    loaded = load_model(tmp_path / "headed.npz")
    x = np.random.default_rng(1).random((20, 12), np.float32)
    for before, after in zip(headed().logits(x, "Ab"), loaded.logits(x, "Ab"), strict=True):
        np.testing.assert_array_equal(before, after)
    assert list(loaded.heads) == ["Ab"]


@pytest.mark.parametrize(
    ("characters", "sizes", "named"),
    [
        ("Ab", (5, 2), "layers of (5, 2) units; expected (6, 2)"),
        ("Ab", (6, 3), "expected (6, 2)"),
        ("bA", (6, 2), "no classes in their order"),
        ("AB", (6, 2), "no classes in their order"),
    ],
)
def test_heads_that_do_not_fit_are_refused(
    characters: str, sizes: tuple[int, int], named: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(named)):
        replace(make(), heads={characters: MLP(sizes)})


def test_a_loaded_model_can_be_trained_further(path: Path) -> None:
    load_model(path).network.first_layer_weights[...] += 1


def test_the_same_model_gives_the_same_bytes(path: Path, tmp_path: Path) -> None:
    save_model(make(), tmp_path / "again.npz")
    assert (tmp_path / "again.npz").read_bytes() == path.read_bytes()


def test_a_model_of_three_megabytes_loads_within_fifty_milliseconds(tmp_path: Path) -> None:
    classes = tuple("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    save_model(Model(MLP([1024, 1024, 512, 36]), classes, CARD), tmp_path / "m.npz")
    assert (tmp_path / "m.npz").stat().st_size > 3_000_000

    def seconds(load: Callable[[], object]) -> float:
        started = time.perf_counter()
        load()
        return time.perf_counter() - started

    def bare() -> list[NDArray[np.generic]]:
        with np.load(tmp_path / "m.npz", allow_pickle=False) as file:
            return [file[name] for name in file.files]

    # On a machine that is busy with other things nothing is fast: then NumPy alone is the measure.
    fastest = min(seconds(bare) for _ in range(7))
    checked = min(seconds(lambda: load_model(tmp_path / "m.npz")) for _ in range(7))
    assert checked < max(0.05, 4 * fastest)


@pytest.mark.parametrize(
    ("classes", "shape", "named"),
    [
        (("A", "b"), (3, 4), "2 classes for 3 outputs"),
        (("A", "A", "b"), (3, 4), "different"),
        (("A", "", "b"), (3, 4), "empty"),
        (("A", "b", "?"), (32, 32), "12 inputs"),
    ],
)
def test_a_model_whose_parts_do_not_fit_cannot_be_made(
    classes: tuple[str, ...], shape: tuple[int, int], named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        Model(make().network, classes, CARD, shape)


class TestSavingRefuses:
    @pytest.mark.parametrize("value", [np.nan, np.inf])
    def test_weights_that_are_no_numbers(self, value: float, path: Path) -> None:
        before = path.read_bytes()
        model = make()
        model.network.first_layer_weights[0, 0] = value
        with pytest.raises(ModelFileError, match="not finite"):
            save_model(model, path)
        assert path.read_bytes() == before

    def test_weights_too_large_for_half_precision(self, tmp_path: Path) -> None:
        model = make()
        model.network.first_layer_weights[0, 0] = 1e5
        with pytest.raises(ModelFileError, match="use float32"):
            save_model(model, tmp_path / "m.npz")
        save_model(model, tmp_path / "m.npz", dtype="float32")

    def test_a_place_that_cannot_be_written(self, tmp_path: Path) -> None:
        with pytest.raises(ModelFileError, match="Choose another place"):
            save_model(make(), tmp_path / "no" / "m.npz")


class TestLoadingRefuses:
    def test_arrays_that_are_no_model(self, tmp_path: Path) -> None:
        np.savez(tmp_path / "d.npz", images=np.zeros((2, 3)), labels=np.array(["a", "b"]))
        assert "not a model" in refusal(tmp_path / "d.npz")
        np.savez(tmp_path / "e.npz", metadata=np.zeros(3))
        assert "not a model" in refusal(tmp_path / "e.npz")

    @pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": "other"}', "[" * 100_000])
    def test_metadata_that_say_something_else(self, text: str, path: Path) -> None:
        write_npz(path, open_npz(path) | {METADATA: np.array(text)})
        assert "not a model" in refusal(path)

    def test_a_file_of_a_newer_program(self, path: Path) -> None:
        self.change(path, {"version": 2})
        assert "update the program" in refusal(path)

    @staticmethod
    def change(path: Path, change: dict[str, Any]) -> None:
        arrays = open_npz(path)
        metadata = json.loads(str(arrays[METADATA])) | change
        write_npz(path, arrays | {METADATA: np.array(json.dumps(metadata))})

    @pytest.mark.parametrize(
        "change",
        [
            {"sizes": [12, 5, 7, 3]},
            {"sizes": [12, 5, 3]},
            {"sizes": [12]},
            {"sizes": [12, -5, 6, 3]},
            {"sizes": [12, 5.0, 6, 3]},
            {"sizes": [12, True, 6, 3]},
            {"sizes": [12, 10**12, 10**12, 3]},
            {"sizes": "12"},
            {"sizes": [12] * 1000},
            {"activation": "swish"},
            {"activation": ["relu"]},
            {"classes": ["A", "b"]},
            {"classes": ["A", "b", "b"]},
            {"classes": ["A", "b", 3]},
            {"classes": "Ab?"},
            {"input_shape": [32, 32]},
            {"input_shape": [12]},
            {"input_shape": None},
            {"temperatures": [1.0]},
            {"temperatures": {"Ab": -1}},
            {"heads": "Ab"},
            {"heads": [""]},
            {"heads": [2]},
            {"heads": ["bA"]},
            {"heads": ["Ab"]},  # whose layer is missing
            {"card": None},
            {"card": {}},
            {"card": {"name": 5}},
            {"card": {"name": "x", "data": "one"}},
            {"card": {"name": "x", "figures": {"a": "b"}}},
            {"card": {"name": "x", "settings": []}},
        ],
        ids=lambda change: json.dumps(change)[:40],
    )
    def test_a_description_that_is_wrong(self, change: dict[str, Any], path: Path) -> None:
        self.change(path, change)
        assert refusal(path)

    @pytest.mark.parametrize("name", ["sizes", "activation", "classes", "input_shape", "card"])
    def test_a_description_that_lacks_something(self, name: str, path: Path) -> None:
        arrays = open_npz(path)
        metadata = json.loads(str(arrays[METADATA]))
        del metadata[name]
        write_npz(path, arrays | {METADATA: np.array(json.dumps(metadata))})
        assert name in refusal(path)

    @pytest.mark.parametrize(
        ("array", "named"),
        [
            (None, "missing"),
            (np.zeros((5, 12), np.float16), "shape"),
            (np.zeros((12, 5), np.int8), "expected floats"),
            (np.full((12, 5), np.nan, np.float16), "not finite"),
            (np.full((12, 5), np.inf, np.float32), "not finite"),
            (np.full((12, 5), 1e300), "not finite"),
        ],
        ids=["missing", "transposed", "integers", "nan", "infinite", "beyond float32"],
    )
    def test_weights_that_are_wrong(self, array: np.ndarray | None, named: str, path: Path) -> None:
        arrays = open_npz(path)
        del arrays["weights_0"]
        if array is not None:
            arrays["weights_0"] = array
        write_npz(path, arrays)
        reason = refusal(path)
        assert "weights_0" in reason
        assert named in reason

    def test_an_array_that_does_not_belong(self, path: Path) -> None:
        write_npz(path, open_npz(path) | {"extra": np.zeros(3)})
        assert "extra" in refusal(path)

    def test_a_file_that_is_cut_off(self, path: Path) -> None:
        path.write_bytes(path.read_bytes()[:-50])
        assert "cut off" in refusal(path)


def test_a_card_ignores_what_a_newer_program_wrote_into_it() -> None:
    assert ModelCard.from_dict(CARD.to_dict() | {"mood": "good"}) == CARD
