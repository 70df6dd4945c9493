"""Batches are prepared ahead by a thread that changes nothing and is gone afterwards."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.training import (
    BatchDone,
    Paused,
    Trainer,
    TrainingData,
    TrainingDone,
    TrainingSettings,
)
from handwrite_gui.engine.training.prefetch import AHEAD, Prefetcher
from tests.engine.training.conftest import CLASSES

SETTINGS = TrainingSettings(
    hidden=(16,), batch_size=32, epochs=3, learning_rate=0.01, dropout=0.2, augmentation=0.8
)


@pytest.fixture
def pictures() -> TrainingData:
    rng = np.random.default_rng(3)
    return TrainingData(rng.integers(0, 256, (250, 1024), np.uint8), rng.integers(0, 4, 250))


def preparing_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "prefetch"]


def weights_after(trainer: Trainer) -> list[np.ndarray]:
    *_, done = trainer.run()
    assert isinstance(done, TrainingDone)
    assert done.reason == "finished"
    return trainer.model().network.copy_weights()


def assert_same(some: list[np.ndarray], others: list[np.ndarray]) -> None:
    for one, other in zip(some, others, strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("features", ["pixels", "directions"])
def test_the_weights_are_those_of_a_run_without_it(pictures: TrainingData, features: str) -> None:
    settings = TrainingSettings.from_dict({**SETTINGS.to_dict(), "features": features})
    ahead = Trainer(settings, pictures, None, CLASSES, prefetch=True)
    plain = Trainer(settings, pictures, None, CLASSES, prefetch=False)
    assert_same(weights_after(ahead), weights_after(plain))


def test_a_stopped_and_resumed_run_gives_the_same_weights(
    pictures: TrainingData, tmp_path: Path
) -> None:
    straight = weights_after(Trainer(SETTINGS, pictures, None, CLASSES, prefetch=False))
    trainer = Trainer(SETTINGS, pictures, None, CLASSES, prefetch=True)
    for event in trainer.run():
        if isinstance(event, BatchDone) and event.step == 11:
            trainer.stop()
    trainer.save_checkpoint(tmp_path / "run.npz")
    resumed = Trainer.from_checkpoint(tmp_path / "run.npz", pictures, None, prefetch=True)
    assert_same(weights_after(trainer), straight)
    assert_same(weights_after(resumed), straight)


def test_its_thread_lives_as_long_as_the_run(pictures: TrainingData) -> None:
    trainer = Trainer(SETTINGS, pictures, None, CLASSES, prefetch=True)
    assert not preparing_threads()
    trainer.step()
    run = trainer.run()
    assert isinstance(next(run), BatchDone)
    assert len(preparing_threads()) == 1
    assert isinstance(next(run), Paused)
    assert len(preparing_threads()) == 1
    trainer.stop()
    assert isinstance(next(run), TrainingDone)
    assert next(run, None) is None
    assert not preparing_threads()

    run = trainer.run()
    next(run)
    run.close()
    assert not preparing_threads()


def test_nothing_is_prepared_where_there_is_nothing_to_do(training: TrainingData) -> None:
    plain = TrainingSettings(hidden=(4,), epochs=1)
    run = Trainer(plain, training, None, CLASSES, prefetch=True).run()
    next(run)
    assert not preparing_threads()
    run.close()


def test_an_error_while_preparing_ends_the_run(pictures: TrainingData) -> None:
    def augmenter(raw: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        raise MemoryError("no room")

    trainer = Trainer(SETTINGS, pictures, None, CLASSES, augmenter=augmenter, prefetch=True)
    with pytest.raises(MemoryError, match="no room"):
        next(trainer.run())
    assert not preparing_threads()


class TestPrefetcher:
    def test_gives_all_items_in_order(self) -> None:
        prefetcher = Prefetcher(str, first=3, stop=7)
        assert [prefetcher.take() for _ in range(4)] == ["3", "4", "5", "6"]
        with pytest.raises(IndexError):
            prefetcher.take()
        prefetcher.close()

    def test_stays_only_a_little_ahead(self) -> None:
        made = []
        enough = threading.Event()

        def make(number: int) -> int:
            made.append(number)
            if len(made) == 1 + AHEAD:
                enough.set()
            return number

        prefetcher = Prefetcher(make, first=0, stop=100)
        prefetcher.take()
        assert enough.wait(10)
        prefetcher.close()
        assert made == list(range(1 + AHEAD))

    def test_items_made_before_an_error_are_still_given(self) -> None:
        prefetcher = Prefetcher(lambda number: 1 // (1 - number), first=0, stop=3)
        assert prefetcher.take() == 1
        for _ in range(2):
            with pytest.raises(ZeroDivisionError):
                prefetcher.take()
        prefetcher.close()
        prefetcher.close()
