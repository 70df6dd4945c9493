"""Runs that begin and runs that go on, made ready in a worker: trainer, record, recorder."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from handwrite_gui.engine.data.label_edits import LabelEdits, read_label_edits, write_label_edits
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.training.run_recorder import RunRecorder, record_new_run, run_data
from handwrite_gui.engine.training.runs import CHECKPOINT, RunData, RunRecord, RunStore
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.train.data_source import PreparedData, source_to_dict

OnProblem = Callable[[Exception], object]


LABELS = "labels.json"
"""In a run's folder: the changes of labels that it learns with, where there are any."""


@dataclass(frozen=True, eq=False)
class StartedRun:
    """What is needed to let a run go on.

    Attributes:
        trainer: where the run is now.
        data: what it learns from, with labels put right and without what was set aside.
        recorder: keeps it; None where it cannot be kept.
        problem: why it cannot be kept.
    """

    trainer: Trainer
    data: PreparedData
    recorder: RunRecorder | None
    problem: Exception | None = None


def start_run(
    values: TrainingSettings,
    data: PreparedData,
    edits: LabelEdits,
    store: RunStore,
    report: OnProblem,
    name: str = "",
) -> StartedRun:
    """A new run, which is learned even where it cannot be kept.

    Args:
        data: without edits.
        name: of the run; “Run” and a number by default.
        report: called with an error of keeping it, in whatever thread.

    Raises:
        HandwriteError: nothing can be learned from the data.
    """
    data = data.edited(edits)
    trainer = Trainer(values, data.training, data.validation, data.classes)
    try:
        record = record_new_run(store, trainer, name or next_name(store), data_of(data))
        if edits != LabelEdits():
            write_label_edits(store.path(record.id, LABELS), edits)
        return StartedRun(trainer, data, RunRecorder(store, record, trainer, on_problem=report))
    except HandwriteError as problem:
        return StartedRun(trainer, data, None, problem)


def continue_run(
    record: RunRecord, data: PreparedData, store: RunStore, report: OnProblem
) -> StartedRun:
    """A run that goes on from its checkpoint, with the labels that it had.

    Args:
        data: without edits.

    Raises:
        HandwriteError: there is no sound checkpoint, the data are others than those it began
            with, or it is being trained already.
    """
    labels = store.path(record.id, LABELS)
    if labels.exists():
        data = data.edited(read_label_edits(labels))
    path = store.path(record.id, CHECKPOINT)
    trainer = Trainer.from_checkpoint(path, data.training, data.validation)
    recorder = RunRecorder(store, record, trainer, on_problem=report)
    return StartedRun(trainer, data, recorder)


def abandon(started: StartedRun, store: RunStore) -> None:
    """Gives up a run that was made ready and is not wanted any more."""
    if started.recorder is None:
        return
    started.recorder.close("stopped")
    if not started.trainer.steps_done:
        run_id = started.recorder.record.id
        store.delete(run_id)
        store.erase(run_id)


def data_of(data: PreparedData) -> RunData:
    """What a record says of prepared data."""
    source = {**source_to_dict(data.source), "validation_share": data.validation_share}
    return run_data(data.name, source, data.training, data.validation)


def next_name(store: RunStore) -> str:
    """“Run” and the number after the highest that any run has."""
    names = [record.name for record in (*store.runs(), *store.runs(deleted=True))]
    numbers = [int(match[1]) for name in names if (match := re.fullmatch(r"Run (\d{1,9})", name))]
    return f"Run {max(numbers, default=0) + 1}"
