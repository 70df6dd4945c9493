"""Runs a trainer at a terminal: progress, Ctrl-C, checkpoints and the table of epochs."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from types import FrameType

from handwrite_gui.cli.files import write_text
from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training.events import BatchDone, EpochDone, TrainingDone
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.run_recorder import RunRecorder
from handwrite_gui.engine.training.trainer import Trainer

INTERRUPTED = 130


def check_files(outputs: Sequence[Path | None], checkpoint: Path | None, resume: bool) -> None:
    """Finds what would make the run end without its result before it begins.

    Args:
        outputs: files that will be written.
        checkpoint: of the run, or None.
        resume: whether the run of the checkpoint goes on.

    Raises:
        UsageError: a place cannot be written, or the checkpoint is there and should not be.
    """
    if resume and checkpoint is None:
        raise UsageError("--resume needs --checkpoint PATH, the run to continue")
    if checkpoint is not None and checkpoint.exists() and not resume:
        raise UsageError(
            f"{checkpoint} is there already: add --resume to continue that run, or name "
            "another file"
        )
    for path in (*outputs, checkpoint):
        if path is None:
            continue
        if path.is_dir():
            raise UsageError(f"{path} is a folder; name a file in it")
        if not path.parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}; make it first")
        if not os.access(path.parent, os.W_OK):
            raise UsageError(f"you may not write into the folder {path.parent}; name another")


def check_resumed(trainer: Trainer, given: Mapping[str, object], classes: Sequence[str]) -> None:
    """A run keeps its settings: those given again must be the same.

    Raises:
        UsageError: a setting or the classes differ.
    """
    kept = trainer.settings.to_dict()
    for name, value in given.items():
        if kept[name] != value:
            flag = name.replace("_", "-")
            raise UsageError(
                f"--{flag} was {kept[name]} when this run began and cannot change; leave it out, "
                "or begin another run"
            )
    if trainer.classes != tuple(classes):
        raise UsageError("the run was begun with other classes; give the data it began with")


def train(
    trainer: Trainer,
    checkpoint: Path | None,
    history: Path | None = None,
    recorder: RunRecorder | None = None,
) -> TrainingDone:
    """Trains to the end, or to Ctrl-C.

    Args:
        trainer: new, or continuing.
        checkpoint: where the run is saved after every epoch and on Ctrl-C, or None.
        history: where the table of epochs is written after every epoch, or None.
        recorder: keeps the run, or None.

    Raises:
        HandwriteError: the run diverged, or a file cannot be written.
    """
    with ProgressLine("train") as progress, _stopped_by_interrupt(trainer):
        for event in trainer.run():
            if recorder is not None:
                recorder.take(event)
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
                    if history is not None:
                        write_text(history, history_csv(trainer.history))
                case TrainingDone():
                    done = event
    if done.reason == "diverged":
        raise HandwriteError(done.message)
    if done.reason == "stopped" and checkpoint is not None:
        trainer.save_checkpoint(checkpoint)
        print(
            f"handwrite-gui: stopped in epoch {done.epoch + 1} and saved {checkpoint}; add "
            "--resume to go on from there",
            file=sys.stderr,
        )
    return done


def history_csv(history: History) -> str:
    """A line for every epoch under a line of names; empty cells without validation data."""
    names = [field.name for field in fields(EpochRow)]
    lines = [",".join(names)]
    for row in history.epochs:
        cells = row.to_dict()
        lines.append(",".join("" if cells[n] is None else f"{cells[n]:.6g}" for n in names))
    return "\n".join(lines) + "\n"


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
