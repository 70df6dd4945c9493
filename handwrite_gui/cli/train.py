"""Trains a network on labelled characters and saves it as a model.

Data are .npz files with “images” and “labels”, the IDX files of MNIST and EMNIST, .mat files of
EMNIST and NIST36, .csv files, or folders with a folder of images for each character.  Characters
drawn by the program itself can take their place or be added to them (--synthetic).

    python -m handwrite_gui train --synthetic 500 --epochs 10 --output model.npz
    python -m handwrite_gui train --data letters.npz digits/ --hidden 512,256 --augmentation 0.7 \\
        --checkpoint run.npz --output model.npz

Ctrl-C stops after the batch at hand.  With --checkpoint the run is saved then, and after every
epoch; the same command with --resume added goes on from there, to the very same model.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import FrameType

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.training_data import Samples, add_data_arguments, load_samples
from handwrite_gui.cli.training_flags import add_settings_arguments, given_settings
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.model_file import save_model
from handwrite_gui.engine.training.events import BatchDone, EpochDone, TrainingDone
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer

_INTERRUPTED = 130


def add_arguments(parser: argparse.ArgumentParser) -> None:
    add_data_arguments(parser)
    files = parser.add_argument_group("files")
    files.add_argument(
        "--output", type=Path, required=True, metavar="MODEL.npz", help="where to save the model"
    )
    files.add_argument("--name", help="what to call the model; by default as the file")
    files.add_argument(
        "--checkpoint",
        type=Path,
        metavar="PATH",
        help="save the run here after every epoch and on Ctrl-C",
    )
    files.add_argument(
        "--resume", action="store_true", help="continue the run saved in --checkpoint"
    )
    add_settings_arguments(parser)


def run(options: argparse.Namespace) -> int:
    _check_files(options)
    given = given_settings(options)
    try:
        settings = TrainingSettings(**given)
    except ValueError as error:
        raise UsageError(str(error)) from None
    samples = load_samples(options, settings.seed)
    if options.resume:
        trainer = Trainer.from_checkpoint(options.checkpoint, samples.training, samples.validation)
        _check_resumed(trainer, given, samples)
    else:
        trainer = Trainer(settings, samples.training, samples.validation, samples.classes)
    done = _train(trainer, options.checkpoint)
    if done.reason == "diverged":
        raise HandwriteError(done.message)
    if done.reason == "stopped":
        if options.checkpoint is not None:
            trainer.save_checkpoint(options.checkpoint)
            print(
                f"handwrite-gui: stopped in epoch {done.epoch + 1} and saved "
                f"{options.checkpoint}; add --resume to go on from there",
                file=sys.stderr,
            )
        return _INTERRUPTED
    model = trainer.model(options.name or options.output.stem)
    model = replace(model, card=replace(model.card, data=samples.sources))
    save_model(model, options.output)
    figures = model.card.figures
    kind = "validation" if "validation_accuracy" in figures else "training"
    print(
        f"{options.output}: {len(model.classes)} classes, {done.epoch} epochs, "
        f"{kind} accuracy {figures[f'{kind}_accuracy']:.4f}"
    )
    return 0


def _check_files(options: argparse.Namespace) -> None:
    """Finds what would make the run end without its result before it begins."""
    if options.resume and options.checkpoint is None:
        raise UsageError("--resume needs --checkpoint PATH, the run to continue")
    if options.checkpoint is not None and options.checkpoint.exists() and not options.resume:
        raise UsageError(
            f"{options.checkpoint} is there already: add --resume to continue that run, or name "
            "another file"
        )
    for path in (options.output, options.checkpoint):
        if path is None:
            continue
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name a file in it")
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}; make it first")
        if not os.access(path.parent, os.W_OK):
            raise UsageError(f"you may not write into the folder {path.parent}; name another")


def _check_resumed(trainer: Trainer, given: dict[str, object], samples: Samples) -> None:
    """A run keeps its settings: those given again must be the same."""
    kept = trainer.settings.to_dict()
    for name, value in given.items():
        if kept[name] != value:
            flag = name.replace("_", "-")
            raise UsageError(
                f"--{flag} was {kept[name]} when this run began and cannot change; leave it out, "
                "or begin another run"
            )
    if trainer.classes != samples.classes:
        raise UsageError("the run was begun with other classes; give the data it began with")


def _train(trainer: Trainer, checkpoint: Path | None) -> TrainingDone:
    with ProgressLine("train") as progress, _stopped_by_interrupt(trainer):
        for event in trainer.run():
            match event:
                case BatchDone():
                    fraction = event.step / trainer.total_steps
                    progress(
                        fraction,
                        f"epoch {event.epoch}/{trainer.settings.epochs}  loss {event.loss:.4f}  "
                        f"{_minutes(_seconds_left(trainer, event.step, event.seconds))} left",
                    )
                case EpochDone():
                    progress.show(_describe(event, trainer.settings.epochs) + "\n")
                    if checkpoint is not None:
                        trainer.save_checkpoint(checkpoint)
                case TrainingDone():
                    return event
    raise AssertionError("a run ends with TrainingDone")


@contextmanager
def _stopped_by_interrupt(trainer: Trainer) -> Iterator[None]:
    """Lets Ctrl-C end the run between two batches, where its state is whole; twice ends at once."""

    def stop(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        trainer.stop()

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _describe(event: EpochDone, epochs: int) -> str:
    text = (
        f"epoch {event.epoch:>{len(str(epochs))}}/{epochs}  loss {event.training_loss:.4f}  "
        f"accuracy {event.training_accuracy:.4f}"
    )
    if event.validation_loss is not None and event.validation_accuracy is not None:
        text += (
            f"  validation loss {event.validation_loss:.4f}  "
            f"accuracy {event.validation_accuracy:.4f}"
        )
    return f"{text}  {event.samples_per_second:,.0f} images/s  {_minutes(event.seconds)}"


def _seconds_left(trainer: Trainer, step: int, seconds: float) -> float:
    return seconds / step * (trainer.total_steps - step)


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
