"""Batch normalisation: standardised in training, a factor and an offset afterwards."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.evaluation import gradient_check
from handwrite_gui.engine.model_file import Model, ModelCard, load_model, save_model
from handwrite_gui.engine.network import MLP, SoftmaxCrossEntropy
from handwrite_gui.engine.network.arrays import Parameter
from handwrite_gui.engine.network.normalization import EPSILON, BatchNormalization

UNITS = 3


def layer(scale: float = 1.0, shift: float = 0.0) -> BatchNormalization:
    values = {"scale": scale, "shift": shift, "mean": 0.0, "variance": 1.0}
    return BatchNormalization(
        *(Parameter(n, np.full(UNITS, v, np.float64)) for n, v in values.items())
    )


def network(seed: int = 0, *, dtype: type = np.float64, dropout: float = 0.0) -> MLP:
    """A network whose normalisation layers are no identity."""
    rng = np.random.default_rng(seed)
    made = MLP(
        (6, 5, 4, 3),
        activation="tanh",
        normalization="batch",
        dropout=dropout,
        rng=rng,
        dtype=dtype,
    )
    for parameter in made.state:
        if parameter.name.startswith(("scale", "variance")):
            parameter.value[:] = rng.uniform(0.5, 2, parameter.value.shape)
        if parameter.name.startswith(("shift", "mean", "bias")):
            parameter.value[:] = rng.normal(0, 1, parameter.value.shape)
    return made


def test_a_training_batch_comes_out_with_the_mean_and_deviation_that_were_learned() -> None:
    x = np.random.default_rng(1).normal(5, 3, (200, UNITS))
    y = layer(scale=2, shift=-1).forward(x, training=True, rng=None)
    np.testing.assert_allclose(y.mean(axis=0), -1, atol=1e-9)
    np.testing.assert_allclose(y.std(axis=0), 2, rtol=1e-4)


def test_the_running_statistics_approach_those_of_the_data() -> None:
    rng = np.random.default_rng(1)
    normalization = layer()
    for _ in range(300):
        normalization.forward(rng.normal([5, -2, 0], [3, 1, 0.5], (64, UNITS)), True, None)
    np.testing.assert_allclose(normalization.mean.value, [5, -2, 0], atol=0.3)
    np.testing.assert_allclose(normalization.variance.value, [9, 1, 0.25], rtol=0.15)


def test_afterwards_samples_do_not_depend_on_each_other() -> None:
    normalization = layer()
    normalization.mean.value[:] = 4
    normalization.variance.value[:] = 9
    x = np.random.default_rng(1).normal(0, 1, (7, UNITS))
    expected = (x - 4) / np.sqrt(9 + EPSILON)
    np.testing.assert_allclose(normalization.infer(x), expected)
    np.testing.assert_allclose(normalization.forward(x, False, None), expected)
    np.testing.assert_allclose(normalization.infer(x[:1]), expected[:1])
    assert (normalization.mean.value == 4).all()


@pytest.mark.parametrize("dropout_seed", [None, 5], ids=["inference", "training"])
def test_gradients(dropout_seed: int | None) -> None:
    rng = np.random.default_rng(2)
    inputs, targets = rng.normal(0, 1, (8, 6)), rng.integers(0, 3, 8)
    dropout = 0.3 if dropout_seed else 0.0
    errors = gradient_check(
        network(dropout=dropout), inputs, targets, SoftmaxCrossEntropy(), dropout_seed=dropout_seed
    )
    assert {"scale_0", "shift_0", "scale_1", "shift_1", "weights_2"} <= set(errors)
    assert max(errors.values()) < 1e-6, errors


def test_scale_and_shift_are_learned_and_the_statistics_are_not() -> None:
    made = network()
    assert [p.name for p in made.parameters if "2" not in p.name] == [
        f"{name}_{index}" for index in (0, 1) for name in ("weights", "bias", "scale", "shift")
    ]
    extra = {p.name for p in made.state} - {p.name for p in made.parameters}
    assert extra == {"mean_0", "variance_0", "mean_1", "variance_1"}
    assert not any(p.decays for p in made.state if not p.name.startswith("weights"))


def test_a_folded_network_reads_the_same_without_the_layers() -> None:
    made = network()
    folded = made.folded()
    x = np.random.default_rng(3).normal(0, 1, (20, 6))
    np.testing.assert_allclose(folded.predict_logits(x), made.predict_logits(x), rtol=1e-9)
    assert not folded.normalization_layers
    assert [p.name for p in folded.state] == [
        f"{n}_{i}" for i in range(3) for n in ("weights", "bias")
    ]


def test_a_copy_has_the_statistics_too() -> None:
    made = network()
    twin = made.copy()
    made.forward(np.ones((4, 6)), training=True)
    assert not np.array_equal(twin.state[-1].value, made.state[-1].value)
    x = np.random.default_rng(3).normal(0, 1, (20, 6))
    twin.set_weights(made.copy_weights())
    np.testing.assert_array_equal(twin.predict_logits(x), made.predict_logits(x))


def test_a_model_file_is_plain(tmp_path: Path) -> None:
    made = network(dtype=np.float32)
    model = Model(made, ("a", "b", "c"), ModelCard("m"), (2, 3))
    save_model(model, tmp_path / "m.npz", dtype="float32")
    x = np.random.default_rng(3).normal(0, 1, (20, 6)).astype(np.float32)
    loaded = load_model(tmp_path / "m.npz").network
    np.testing.assert_allclose(
        loaded.predict_logits(x), made.predict_logits(x), rtol=1e-4, atol=1e-5
    )


def test_an_unknown_normalization_is_refused() -> None:
    with pytest.raises(ValueError, match="choose none, batch"):
        MLP((2, 3, 2), normalization="layer")
