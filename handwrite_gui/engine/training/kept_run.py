"""A run of a store from where it is to its end, in this process or wherever its data are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.npz_container import open_npz, write_npz
from handwrite_gui.engine.training.events import BatchDone
from handwrite_gui.engine.training.run_recorder import RunRecorder
from handwrite_gui.engine.training.runs import CHECKPOINT, RunRecord, RunStore
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

OnProgress = Callable[[float, str], object]
ShouldStop = Callable[[], bool]

CURVES_SECONDS = 0.8
"""Between two looks at a run that goes on elsewhere."""

_MAX_DATA_BYTES = 16 << 30


def train_kept_run(
    store: RunStore,
    run_id: str,
    training: TrainingData,
    validation: TrainingData | None,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> RunRecord:
    """Trains a run of a store to its end, or on from its checkpoint.

    Returns:
        its record: ``stopped`` where it was to stop.

    Raises:
        HandwriteError: the data are others than those it began with, or it is being trained.
    """
    record = store.read(run_id)
    path = store.path(run_id, CHECKPOINT)
    if path.exists():
        trainer = Trainer.from_checkpoint(path, training, validation)
    else:
        trainer = Trainer(record.settings, training, validation, record.classes)
    recorder = RunRecorder(store, record, trainer, curves_every=CURVES_SECONDS)
    try:
        for event in trainer.run():
            recorder.take(event)
            if isinstance(event, BatchDone):
                if on_progress is not None:
                    on_progress(event.step / trainer.total_steps, record.name)
                if should_stop is not None and should_stop():
                    trainer.stop()
    except BaseException as problem:
        recorder.close("failed", str(problem))
        raise
    if recorder.problem is not None:
        raise recorder.problem
    return recorder.record


def write_training_data(
    path: Path, training: TrainingData, validation: TrainingData | None
) -> None:
    """Writes what :func:`read_training_data` reads.

    Raises:
        HandwriteError: the file cannot be written.
    """
    arrays: dict[str, NDArray[Any]] = {
        "inputs": training.inputs,
        "targets": training.targets,
        "name": np.array(training.name),
    }
    if validation is not None:
        arrays |= {"validation_inputs": validation.inputs, "validation_targets": validation.targets}
    write_npz(path, arrays)


def read_training_data(path: Path) -> tuple[TrainingData, TrainingData | None]:
    """Training and validation data from a file.

    Raises:
        ModelFileError: the file is missing or damaged.
    """
    arrays = open_npz(path, max_bytes=_MAX_DATA_BYTES)
    name = str(arrays["name"])
    training = TrainingData(arrays["inputs"], arrays["targets"], name)
    if "validation_inputs" not in arrays:
        return training, None
    return training, TrainingData(arrays["validation_inputs"], arrays["validation_targets"], name)
