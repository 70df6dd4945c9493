"""The file that keeps a run, so that it continues bit for bit."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import ModelFileError
from handwrite_gui.engine.model_file import (
    CHECKPOINT_FORMAT,
    MAX_MODEL_BYTES,
    METADATA,
    VERSION,
    check_arrays,
    read_metadata,
)
from handwrite_gui.engine.network.arrays import FloatArray
from handwrite_gui.engine.network.mlp import parameter_shapes
from handwrite_gui.engine.npz_container import open_npz, write_npz
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.schedules import RateChanges, read_rate_changes
from handwrite_gui.engine.training.settings import TrainingSettings

MAX_CHECKPOINT_BYTES = 4 * MAX_MODEL_BYTES
"""Weights, their average and two arrays of optimiser state each."""
_LOSSES, _ACCURACIES = "history.losses", "history.accuracies"


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """The state of a run between two batches.

    Attributes:
        settings: of the run.
        classes: names of the outputs.
        inputs: number of inputs of the network.
        step: batches learned.
        seconds: time spent training.
        epoch_seconds: time spent on the batches of the epoch begun.
        training_fingerprint, validation_fingerprint: of the data; the second is None without
            validation data.
        state: weights, optimiser state and average by name.
        history: all batches and epochs so far.
        rate_changes: learning rates set while the run went on, each with the first step that
            had it.
    """

    settings: TrainingSettings
    classes: tuple[str, ...]
    inputs: int
    step: int
    seconds: float
    epoch_seconds: float
    training_fingerprint: str
    validation_fingerprint: str | None
    state: dict[str, FloatArray]
    history: History
    rate_changes: RateChanges = ()


def layer_sizes(inputs: int, settings: TrainingSettings, classes: Sequence[str]) -> list[int]:
    """Units of every layer of the network that is trained."""
    return [inputs, *settings.hidden, len(classes)]


def write_checkpoint(path: str | os.PathLike[str], checkpoint: Checkpoint) -> None:
    """Writes the file: there completely or not at all.

    Raises:
        ModelFileError: it cannot be written.
    """
    metadata = {
        "format": CHECKPOINT_FORMAT,
        "version": VERSION,
        "settings": checkpoint.settings.to_dict(),
        "classes": checkpoint.classes,
        "inputs": checkpoint.inputs,
        "step": checkpoint.step,
        "seconds": checkpoint.seconds,
        "epoch_seconds": checkpoint.epoch_seconds,
        "training_fingerprint": checkpoint.training_fingerprint,
        "validation_fingerprint": checkpoint.validation_fingerprint,
        "epochs": [row.to_dict() for row in checkpoint.history.epochs],
        "rate_changes": checkpoint.rate_changes,
    }
    arrays: dict[str, NDArray[Any]] = {
        METADATA: np.array(json.dumps(metadata)),
        _LOSSES: checkpoint.history.batch_losses,
        _ACCURACIES: checkpoint.history.batch_accuracies,
        **checkpoint.state,
    }
    write_npz(path, arrays)


def read_checkpoint(path: str | os.PathLike[str]) -> Checkpoint:
    """Reads a file that :func:`write_checkpoint` wrote, trusting nothing in it.

    The arrays of the optimiser and of the average are checked by the trainer, which knows them.

    Raises:
        ModelFileError: the file is missing, damaged, no checkpoint, or made by a newer version.
    """
    arrays = open_npz(path, max_bytes=MAX_CHECKPOINT_BYTES)
    metadata = read_metadata(path, arrays, CHECKPOINT_FORMAT)
    del arrays[METADATA]
    try:
        settings = TrainingSettings.from_dict(metadata["settings"])
        step = _count(metadata, "step")
        epochs = [EpochRow.from_dict(row) for row in metadata["epochs"]]
        classes = metadata["classes"]
        if not isinstance(classes, list) or not all(isinstance(c, str) and c for c in classes):
            raise ValueError("classes must be a list of names")
        inputs = _count(metadata, "inputs")
        sizes = layer_sizes(inputs, settings, classes)
        if min(sizes) < 1:
            raise ValueError("there are no inputs or no classes")
        fingerprints = metadata["training_fingerprint"], metadata["validation_fingerprint"]
        seconds = _duration(metadata, "seconds")
        epoch_seconds = _duration(metadata, "epoch_seconds")
        # Files of earlier versions have none.
        rate_changes = read_rate_changes(metadata.get("rate_changes", []))
    except KeyError as missing:
        raise ModelFileError(path, f"the checkpoint's description lacks {missing}.") from None
    except (ValueError, TypeError, AttributeError) as problem:
        raise ModelFileError(path, f"the checkpoint's description is wrong: {problem}") from None

    shapes: dict[str, tuple[int, ...]] = {_LOSSES: (step,), _ACCURACIES: (step,)}
    for name, shape in parameter_shapes(sizes, settings.features, settings.normalization).items():
        shapes[f"network.{name}"] = shape
    check_arrays(path, {n: a for n, a in arrays.items() if n in shapes}, shapes)
    history = History.restored(arrays.pop(_LOSSES), arrays.pop(_ACCURACIES), epochs)
    return Checkpoint(
        settings,
        tuple(classes),
        inputs,
        step,
        seconds,
        epoch_seconds,
        *fingerprints,
        state=arrays,
        history=history,
        rate_changes=rate_changes,
    )


def _count(metadata: dict[str, Any], name: str) -> int:
    value = metadata[name]
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**62:
        raise ValueError(f"{name} must be a whole number that is not negative.")
    return value


def _duration(metadata: dict[str, Any], name: str) -> float:
    value = metadata[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e12:
        raise ValueError(f"{name} must be a number that is not negative.")
    return float(value)
