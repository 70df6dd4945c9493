"""The film of a network that learns."""

from __future__ import annotations

import math

import numpy as np
import pytest

from handwrite_gui.engine.insight import recorder as module
from handwrite_gui.engine.insight.recorder import Frame, Recorder
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

RNG = np.random.default_rng(3)


@pytest.fixture
def data() -> TrainingData:
    targets = np.tile(np.arange(2), 40)
    inputs = RNG.integers(0, 100, (80, 64)).astype(np.uint8)
    inputs[targets == 1, :8] += 100
    return TrainingData(inputs, targets)


def film(data: TrainingData, *, epochs: int, **settings: object) -> tuple[Frame, ...]:
    values = {"hidden": (6,), "epochs": epochs, "batch_size": 20} | settings
    trainer = Trainer(TrainingSettings(**values), data, data, "ab")  # type: ignore[arg-type]
    recorder = Recorder(trainer, data)
    recorder.observe(None)
    for event in trainer.run():
        recorder.observe(event)
    return recorder.frames


@pytest.fixture
def every_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_LEAST_SECONDS", 0.0)
    monkeypatch.setattr(module, "_COST", math.inf)


def test_the_first_frame_is_before_the_first_batch_and_the_last_at_the_end(
    data: TrainingData,
) -> None:
    frames = film(data, epochs=3)
    assert (frames[0].step, frames[-1].step) == (0, 12)
    assert frames[-1].position == 3.0
    initial = Trainer(
        TrainingSettings(hidden=(6,), epochs=3, batch_size=20), data, data, "ab"
    ).first_layer_weights()
    np.testing.assert_array_equal(frames[0].first_layer, initial.astype(np.float16))


@pytest.mark.usefixtures("every_batch")
def test_an_update_is_measured_against_the_weights(data: TrainingData) -> None:
    frames = film(data, epochs=1, optimizer="sgd", learning_rate=0.1)
    before, after = frames[1], frames[2]
    assert after.step == before.step + 1
    first = [frame.first_layer.astype(np.float64) for frame in (before, after)]
    change = np.linalg.norm(first[1] - first[0]) / np.linalg.norm(first[0])
    assert before.update_ratios[0] == pytest.approx(change, rel=0.05)
    assert all(math.isnan(ratio) for ratio in frames[-1].update_ratios)


@pytest.mark.usefixtures("every_batch")
def test_a_long_film_is_thinned_evenly(data: TrainingData) -> None:
    frames = film(data, epochs=100)
    steps = [frame.step for frame in frames]
    assert len(steps) <= module.MOST_FRAMES + 1
    assert steps == sorted(set(steps))
    assert (steps[0], steps[-1]) == (0, 400)
    assert np.diff(steps).max() <= 4 * 400 / len(steps)


@pytest.mark.usefixtures("every_batch")
def test_large_weights_make_a_shorter_film(
    data: TrainingData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 10 * 64 * 6 * 2)
    assert len(film(data, epochs=30)) <= 11


def test_zeros_for_weights_have_a_finite_ratio(data: TrainingData) -> None:
    frames = film(data, epochs=1, initializer="zero")
    assert all(math.isfinite(ratio) for ratio in frames[0].update_ratios)


def test_watching_changes_nothing(data: TrainingData) -> None:
    settings = TrainingSettings(hidden=(6,), epochs=2, batch_size=20, dropout=0.2)
    plain, watched = (Trainer(settings, data, data, "ab") for _ in range(2))
    for _ in plain.run():
        pass
    recorder = Recorder(watched, data)
    recorder.observe(None)
    for event in watched.run():
        recorder.observe(event)
    for one, other in zip(plain.layer_weights(), watched.layer_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
