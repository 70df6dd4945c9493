from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.cli.training_flags import _MEANINGS
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.network.layers import Dense
from handwrite_gui.engine.training.settings import LIMITS, TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer
from tests.cli.conftest import Run, bars


def weights(path: Path) -> list[np.ndarray]:
    return load_model(path).network.copy_weights()


def same_weights(one: Path, other: Path) -> bool:
    return all(np.array_equal(a, b) for a, b in zip(weights(one), weights(other), strict=True))


def test_learns_and_saves_a_model(run: Run, labelled: Path, tmp_path: Path) -> None:
    path = tmp_path / "ilt.npz"
    outcome = run("train", "--data", labelled, "--epochs", 8, "--hidden", "16", "--output", path)
    assert outcome.status == 0
    assert outcome.out.startswith(f"{path}: 3 classes, 8 epochs, validation accuracy ")
    assert float(outcome.out.split()[-1]) > 0.95
    assert outcome.err == ""  # progress is for terminals
    model = load_model(path)
    assert model.classes == ("I", "L", "T")
    assert model.card.name == "ilt"
    assert model.card.data == ("bars",)
    assert list(tmp_path.iterdir()) == [path]


def test_every_training_setting_has_a_flag(run: Run, labelled: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    given = {
        "hidden": "8,4",
        "features": "directions",
        "activation": "tanh",
        "normalization": "batch",
        "initializer": "he",
        "optimizer": "nesterov",
        "learning_rate": "0.01",
        "momentum": "0.5",
        "weight_decay": "0.001",
        "dropout": "0.1",
        "input_dropout": "0.05",
        "label_smoothing": "0.1",
        "batch_size": "32",
        "epochs": "2",
        "patience": "1",
        "schedule": "step",
        "warmup_steps": "3",
        "step_every": "1",
        "step_factor": "0.9",
        "augmentation": "0.5",
        "mixup": "0.2",
        "ema_decay": "0.9",
        "seed": "7",
    }
    assert set(given) == set(LIMITS) == set(_MEANINGS)
    flags = [part for k, v in given.items() for part in (f"--{k.replace('_', '-')}", v)]
    assert run("train", "--data", labelled, "--output", path, *flags).status == 0
    settings = load_model(path).card.settings
    for name, text in given.items():
        value = settings[name]
        assert (",".join(map(str, value)) if name == "hidden" else str(value)) == text


def test_no_hidden_layers(run: Run, labelled: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    arguments = ("train", "--data", labelled, "--epochs", 1, "--hidden", "none", "--output", path)
    assert run(*arguments).status == 0
    assert load_model(path).network.sizes == (1024, 3)


def test_the_gradients_can_be_checked_without_training(run: Run, labelled: Path) -> None:
    done = run("train", "--data", labelled, "--hidden", "8,6", "--check-gradients")
    assert done.status == 0, done.err
    head, *rows = (line.split() for line in done.out.splitlines())
    assert head[0] == "layer"
    assert [row[0] for row in rows] == ["0", "1", "2"]
    assert all(float(row[1]) < 1e-6 for row in rows)


def test_a_wrong_gradient_ends_the_command(
    run: Run, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    backward = Dense.backward

    def wrong(self: Dense, gradient: np.ndarray, input_gradient: bool = True) -> object:
        result = backward(self, gradient, input_gradient)
        self.weights.gradient *= 1.1
        return result

    monkeypatch.setattr(Dense, "backward", wrong)
    output = tmp_path / "model.npz"
    done = run("train", "--data", labelled, "--check-gradients", "--output", output)
    assert done.status == 1
    assert "gradient is wrong in layer 0, 1" in done.err
    assert not output.exists()


def test_help_names_the_defaults(run: Run) -> None:
    text = " ".join(run("train", "--help").out.split())
    defaults = TrainingSettings()
    assert f"(default: {defaults.learning_rate:g})" in text
    assert f"passes over the training images (default: {defaults.epochs})" in text


def test_the_same_seed_gives_the_same_model(run: Run, labelled: Path, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        arguments = ("--data", labelled, "--epochs", 2, "--seed", seed)
        assert run("train", *arguments, "--output", tmp_path / name).status == 0
    assert same_weights(tmp_path / "a", tmp_path / "b")
    assert not same_weights(tmp_path / "a", tmp_path / "c")


def test_several_data_sets_become_one(run: Run, labelled: Path, tmp_path: Path) -> None:
    images, labels = bars(40, seed=5)
    np.savez(tmp_path / "more.npz", images=images, labels=np.where(labels == "I", "1", labels))
    path = tmp_path / "model.npz"
    arguments = ("--data", labelled, tmp_path / "more.npz", "--epochs", 1, "--output", path)
    assert run("train", *arguments).status == 0
    assert load_model(path).classes == ("1", "I", "L", "T")
    assert load_model(path).card.data == ("bars", "more")


def test_an_alphabet_leaves_the_other_characters_out(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    images, labels = bars(40, seed=5)
    np.savez(tmp_path / "more.npz", images=images, labels=np.where(labels == "I", "1", labels))
    path = tmp_path / "model.npz"
    arguments = ("--data", labelled, tmp_path / "more.npz", "--alphabet", "upper", "--epochs", 1)
    assert run("train", *arguments, "--output", path).status == 0
    assert load_model(path).classes == ("I", "L", "T")
    outcome = run("train", "--data", labelled, "--alphabet", "digits", "--output", path)
    assert outcome.status == 1
    assert "none of its characters is in that alphabet; it has ILT" in outcome.err


def test_validation_data_of_its_own(run: Run, labelled: Path, tmp_path: Path) -> None:
    images, labels = bars(50, seed=6)
    np.savez(tmp_path / "held_out.npz", images=images, labels=labels)
    arguments = ("--data", labelled, "--validation", tmp_path / "held_out.npz", "--epochs", 8)
    outcome = run("train", *arguments, "--output", tmp_path / "model.npz")
    # Fifty images: the accuracy is a multiple of 0.02.
    assert round(float(outcome.out.split()[-1]) * 50, 3).is_integer()


def test_no_validation(run: Run, labelled: Path, tmp_path: Path) -> None:
    arguments = ("--data", labelled, "--validation-share", 0, "--epochs", 1)
    outcome = run("train", *arguments, "--output", tmp_path / "model.npz")
    assert "1 epochs, training accuracy" in outcome.out


def test_synthetic_characters_need_no_data(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "model.npz"
    arguments = ("--synthetic", 30, "--alphabet", "digits", "--epochs", 15, "--output", path)
    outcome = run("train", *arguments)
    assert load_model(path).classes == tuple("0123456789")
    assert float(outcome.out.split()[-1]) > 0.5


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("--epochs", "0"), "“0” is not a whole number from 1 to"),
        (("--epochs", "many"), "“many” is not a whole number"),
        (("--hidden", "64,x"), "“64,x” is not at most 16 layers"),
        (("--learning-rate", "-1"), "“-1” is not a number from 1e-09 to 100"),
        (("--learning-rate", "nan"), "“nan” is not a number"),
        (("--activation", "step"), "invalid choice: 'step'"),
        (("--validation-share", "1"), "“1” is not a number from 0 to 0.9"),
        (("--resume",), "--resume needs --checkpoint"),
    ],
)
def test_wrong_arguments(
    run: Run, labelled: Path, tmp_path: Path, arguments: tuple[str, ...], complaint: str
) -> None:
    outcome = run("train", "--data", labelled, "--output", tmp_path / "model.npz", *arguments)
    assert outcome.status == 2
    assert complaint in outcome.err
    assert not list(tmp_path.iterdir())


def test_nothing_to_learn_from(run: Run, tmp_path: Path) -> None:
    outcome = run("train", "--output", tmp_path / "model.npz")
    assert outcome.status == 2
    assert "--synthetic" in outcome.err


def test_a_place_that_cannot_be_written_is_found_before_training(
    run: Run, labelled: Path, tmp_path: Path
) -> None:
    missing = run("train", "--data", labelled, "--output", tmp_path / "missing" / "model.npz")
    folder = run("train", "--data", labelled, "--output", tmp_path)
    assert (missing.status, folder.status) == (2, 2)
    assert "there is no folder" in missing.err
    assert "is a folder" in folder.err


def test_data_that_cannot_be_read(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "data.npz"
    path.write_bytes(b"PK\3\4 but no zip")
    outcome = run("train", "--data", path, "--output", tmp_path / "model.npz")
    assert outcome.status == 1
    assert outcome.err.startswith(f"handwrite-gui: {path}: ")
    assert outcome.err.count("\n") == 1
    assert not (tmp_path / "model.npz").exists()


def test_a_run_that_diverges_leaves_no_model(run: Run, labelled: Path, tmp_path: Path) -> None:
    arguments = ("--optimizer", "sgd", "--learning-rate", 100, "--hidden", "256,256,256")
    outcome = run("train", "--data", labelled, *arguments, "--output", tmp_path / "model.npz")
    assert outcome.status == 1
    assert "too high" in outcome.err
    assert not list(tmp_path.iterdir())


def interrupt_after(monkeypatch: pytest.MonkeyPatch, steps: int) -> None:
    """Presses Ctrl-C once the trainer has learned so many batches."""
    original = Trainer._learn_batch

    def learn_batch(self: Trainer) -> object:
        event = original(self)
        if self.steps_done == steps:
            os.kill(os.getpid(), signal.SIGINT)
        return event

    monkeypatch.setattr(Trainer, "_learn_batch", learn_batch)


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to oneself there")
class TestInterrupt:
    def test_an_interrupted_run_goes_on_to_the_same_model(
        self, run: Run, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings = ("--data", labelled, "--epochs", 4, "--dropout", 0.2, "--batch-size", 50)
        assert run("train", *settings, "--output", tmp_path / "straight.npz").status == 0

        arguments = ("train", *settings, "--output", tmp_path / "resumed.npz")
        arguments += ("--checkpoint", tmp_path / "run.npz")
        with monkeypatch.context() as patch:
            interrupt_after(patch, steps=8)  # in the middle of the second epoch
            status, out, message = run(*arguments)
        assert (status, out) == (130, "")
        assert "stopped in epoch 2" in message
        assert "add --resume" in message
        assert not (tmp_path / "resumed.npz").exists()

        assert "add --resume" in run(*arguments).err
        assert run(*arguments, "--resume").status == 0
        assert same_weights(tmp_path / "straight.npz", tmp_path / "resumed.npz")

    def test_without_a_checkpoint_nothing_is_left(
        self, run: Run, labelled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        interrupt_after(monkeypatch, steps=2)
        assert run("train", "--data", labelled, "--output", tmp_path / "m.npz") == (130, "", "")
        assert not list(tmp_path.iterdir())

    def test_python_handles_interrupts_again_afterwards(self, run: Run, model: Path) -> None:
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


class TestResume:
    @pytest.fixture
    def arguments(self, run: Run, labelled: Path, tmp_path: Path) -> tuple[object, ...]:
        """Those of a run that has a checkpoint."""
        arguments = ("train", "--data", labelled, "--epochs", 2, "--output", tmp_path / "m.npz")
        arguments += ("--checkpoint", tmp_path / "run.npz")
        assert run(*arguments).status == 0
        return arguments

    def test_a_finished_run_gives_its_model_again(
        self, run: Run, arguments: tuple[object, ...], tmp_path: Path
    ) -> None:
        (tmp_path / "m.npz").rename(tmp_path / "first.npz")
        assert run(*arguments, "--resume").status == 0
        assert same_weights(tmp_path / "first.npz", tmp_path / "m.npz")

    def test_settings_cannot_change(self, run: Run, arguments: tuple[object, ...]) -> None:
        outcome = run(*arguments, "--resume", "--learning-rate", 0.5)
        assert outcome.status == 2
        assert "--learning-rate was 0.001 when this run began" in outcome.err

    def test_data_cannot_change(
        self, run: Run, arguments: tuple[object, ...], tmp_path: Path
    ) -> None:
        images, labels = bars(30, seed=9)
        np.savez(tmp_path / "other.npz", images=images, labels=labels)
        outcome = run(*arguments, "--resume", "--data", tmp_path / "other.npz")
        assert outcome.status == 1
        assert "belongs to other training data" in outcome.err

    def test_a_model_is_no_checkpoint(
        self, run: Run, arguments: tuple[object, ...], tmp_path: Path
    ) -> None:
        outcome = run(*arguments, "--resume", "--checkpoint", tmp_path / "m.npz")
        assert outcome.status == 1
        assert "not a training checkpoint" in outcome.err
