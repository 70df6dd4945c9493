"""A run saved anywhere and resumed ends in the same bits; a bad file changes nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.model_file import METADATA, load_model
from handwrite_gui.engine.npz_container import open_npz, write_npz
from handwrite_gui.engine.training import (
    BatchDone,
    EpochDone,
    Trainer,
    TrainingData,
    TrainingDone,
    TrainingSettings,
)
from tests.engine.training.conftest import CLASSES, clusters

FULL = {
    "hidden": (12, 8),
    "batch_size": 32,
    "epochs": 3,
    "learning_rate": 0.01,
    "weight_decay": 0.01,
    "dropout": 0.3,
    "input_dropout": 0.1,
    "label_smoothing": 0.1,
    "schedule": "cosine",
    "warmup_steps": 5,
    "seed": 7,
}


def finish(trainer: Trainer) -> Trainer:
    for _ in trainer.run():
        pass
    return trainer


def learn(trainer: Trainer, batches: int) -> Trainer:
    for event in trainer.run():
        if isinstance(event, BatchDone) and event.step == batches:
            break
    return trainer


def saved_state(trainer: Trainer, path: Path) -> tuple[dict[str, bytes], dict[str, Any]]:
    """All that a checkpoint holds, without the times, which differ from run to run."""
    trainer.save_checkpoint(path)
    arrays = open_npz(path)
    metadata = json.loads(str(arrays.pop(METADATA)))
    del metadata["seconds"], metadata["epoch_seconds"]
    for row in metadata["epochs"]:
        del row["seconds"], row["samples_per_second"]
    return {name: array.tobytes() for name, array in arrays.items()}, metadata


@pytest.mark.parametrize("optimizer", ["sgd", "momentum", "nesterov", "adam", "adamw"])
@pytest.mark.parametrize("step", [0, 3, 8, 13, 24])
def test_resumed_at_any_batch_it_ends_in_the_same_bits(
    optimizer: str, step: int, training: TrainingData, validation: TrainingData, tmp_path: Path
) -> None:
    settings = TrainingSettings(**FULL, optimizer=optimizer, ema_decay=0.9)
    straight = finish(Trainer(settings, training, validation, CLASSES))

    path = tmp_path / "run.npz"
    begun = Trainer(settings, training, validation, CLASSES)
    learn(begun, step) if step else begun
    begun.save_checkpoint(path)
    finish(begun)  # going on after saving does not change the file
    resumed = finish(Trainer.from_checkpoint(path, training, validation))

    expected = saved_state(straight, tmp_path / "straight.npz")
    assert saved_state(resumed, tmp_path / "resumed.npz") == expected
    assert saved_state(begun, tmp_path / "begun.npz") == expected


def pictures(count: int, seed: int) -> TrainingData:
    """Images of 32×32, which augmentation needs."""
    rng = np.random.default_rng(seed)
    inputs = (rng.random((count, 1024)) < 0.2).astype(np.uint8) * np.uint8(255)
    return TrainingData(inputs, rng.integers(0, len(CLASSES), count))


def test_a_fresh_process_continues_with_the_same_bits(tmp_path: Path) -> None:
    training, validation = pictures(90, 1), pictures(20, 2)
    settings = TrainingSettings(**FULL, optimizer="adamw", augmentation=0.8, ema_decay=0.9)
    straight = finish(Trainer(settings, training, validation, CLASSES))

    begun = learn(Trainer(settings, training, validation, CLASSES), 4)
    begun.save_checkpoint(tmp_path / "begun.npz")
    np.savez(tmp_path / "training.npz", inputs=training.inputs, targets=training.targets)
    np.savez(tmp_path / "validation.npz", inputs=validation.inputs, targets=validation.targets)
    program = (
        "import numpy as np\n"
        "from handwrite_gui.engine.training import Trainer, TrainingData\n"
        "data = [TrainingData(**np.load(f'{name}.npz')) for name in ('training', 'validation')]\n"
        "trainer = Trainer.from_checkpoint('begun.npz', *data)\n"
        "events = list(trainer.run())\n"
        "trainer.save_checkpoint('ended.npz')\n"
    )
    root = Path(__file__).resolve().parents[3]
    subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(root)!r})\n{program}"],
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    resumed = Trainer.from_checkpoint(tmp_path / "ended.npz", training, validation)
    assert saved_state(resumed, tmp_path / "a.npz") == saved_state(straight, tmp_path / "b.npz")


def test_saving_between_the_last_batch_and_the_evaluation_keeps_the_evaluation(
    training: TrainingData, validation: TrainingData, tmp_path: Path
) -> None:
    settings = TrainingSettings(hidden=(8,), batch_size=32, epochs=2)
    trainer = learn(Trainer(settings, training, validation, CLASSES), 8)
    trainer.save_checkpoint(tmp_path / "c.npz")
    resumed = Trainer.from_checkpoint(tmp_path / "c.npz", training, validation)
    assert isinstance(next(resumed.run()), EpochDone)


def test_a_checkpoint_of_a_finished_run_is_finished(training: TrainingData, tmp_path: Path) -> None:
    settings = TrainingSettings(hidden=(8,), batch_size=32, epochs=1)
    finish(Trainer(settings, training, None, CLASSES)).save_checkpoint(tmp_path / "c.npz")
    resumed = Trainer.from_checkpoint(tmp_path / "c.npz", training, None)
    assert list(resumed.run()) == [TrainingDone("finished", 1, 8)]


class TestRefusals:
    @pytest.fixture
    def path(self, training: TrainingData, validation: TrainingData, tmp_path: Path) -> Path:
        settings = TrainingSettings(hidden=(8,), batch_size=32, epochs=3, ema_decay=0.5)
        path = tmp_path / "run.npz"
        learn(Trainer(settings, training, validation, CLASSES), 11).save_checkpoint(path)
        return path

    @staticmethod
    def refusal(path: Path, training: TrainingData, validation: TrainingData | None) -> str:
        with pytest.raises(ModelFileError) as caught:
            Trainer.from_checkpoint(path, training, validation)
        assert caught.value.path == path
        return caught.value.reason

    def test_other_data(self, path: Path, training: TrainingData, validation: TrainingData) -> None:
        assert "training data" in self.refusal(path, clusters(250, seed=5), validation)
        assert "validation data" in self.refusal(path, training, clusters(60, seed=5))
        assert "validation data" in self.refusal(path, training, None)

    def test_a_model_is_no_checkpoint_and_a_checkpoint_is_no_model(
        self, path: Path, training: TrainingData, validation: TrainingData, tmp_path: Path
    ) -> None:
        from handwrite_gui.engine.model_file import save_model

        model_path = tmp_path / "model.npz"
        save_model(Trainer.from_checkpoint(path, training, validation).model(), model_path)
        assert "this is a model, not a training checkpoint" in self.refusal(
            model_path, training, validation
        )
        with pytest.raises(ModelFileError, match="this is a training checkpoint, not a model"):
            load_model(path)

    @pytest.mark.parametrize(
        "change",
        [
            {"settings": {"hidden": [9]}},
            {"settings": {"optimizer": "sorcery"}},
            {"settings": []},
            {"classes": "ABCD"},
            {"classes": ["A", "B", "C"]},
            {"inputs": -64},
            {"inputs": 65},
            {"step": 12},
            {"step": "11"},
            {"step": 2**70},
            {"seconds": -1},
            {"epochs": []},
            {"epochs": [{"epoch": 1}]},
            {"epochs": None},
            {"version": 2},
            {"format": "handwrite-model"},
            {"format": 5},
        ],
    )
    def test_a_description_that_was_changed(
        self, path: Path, change: dict, training: TrainingData, validation: TrainingData
    ) -> None:
        arrays = open_npz(path)
        metadata = json.loads(str(arrays[METADATA]))
        write_npz(path, arrays | {METADATA: np.array(json.dumps(metadata | change))})
        assert self.refusal(path, training, validation)

    @pytest.mark.parametrize("entry", ["settings", "classes", "step", "epochs", "seconds"])
    def test_a_description_that_lacks_something(
        self, path: Path, entry: str, training: TrainingData, validation: TrainingData
    ) -> None:
        arrays = open_npz(path)
        metadata = json.loads(str(arrays[METADATA]))
        del metadata[entry]
        write_npz(path, arrays | {METADATA: np.array(json.dumps(metadata))})
        assert entry in self.refusal(path, training, validation)

    @pytest.mark.parametrize(
        "name",
        [
            "network.weights_0",
            "optimizer.square_sum.bias_1",
            "optimizer.steps",
            "average.weights_1",
            "history.losses",
        ],
    )
    @pytest.mark.parametrize("damage", ["missing", "shape", "nan", "integers"])
    def test_an_array_that_is_wrong(
        self,
        path: Path,
        name: str,
        damage: str,
        training: TrainingData,
        validation: TrainingData,
    ) -> None:
        arrays = open_npz(path)
        damaged = {
            "missing": None,
            "shape": np.zeros((3, 3, 3), np.float32),
            "nan": np.full(arrays[name].shape, np.nan),
            "integers": np.zeros(arrays[name].shape, np.int64),
        }[damage]
        del arrays[name]
        write_npz(path, arrays if damaged is None else arrays | {name: damaged})
        assert name in self.refusal(path, training, validation)
