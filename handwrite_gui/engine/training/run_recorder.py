"""Keeps a run while it goes on, so that nothing but the last moments can be lost."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from filelock import Timeout

from handwrite_gui import __version__
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.model_file import Model, save_model
from handwrite_gui.engine.training.checkpoint import Checkpoint, write_checkpoint
from handwrite_gui.engine.training.events import BatchDone, EpochDone, Event, Paused, TrainingDone
from handwrite_gui.engine.training.history import EpochRow, History
from handwrite_gui.engine.training.runs import (
    BEST,
    CHECKPOINT,
    CURVES,
    LAST,
    LOCK,
    RunData,
    RunRecord,
    RunState,
    RunStore,
    StudyMark,
    run_lock,
    write_curves,
)
from handwrite_gui.engine.training.trainer import Trainer
from handwrite_gui.engine.training.training_data import TrainingData

CHECKPOINT_SECONDS = 60.0
"""Longest time between two checkpoints within an epoch."""

SHORTEST_SECONDS = 1.0
"""Epochs shorter than this share a checkpoint."""

_WRITING_SHARE = 1 / 20
"""Most of the time that may be spent on writing; large networks with short epochs wait."""

OnProblem = Callable[[Exception], object]


@dataclass(frozen=True, slots=True, eq=False)
class _Saving:
    """What is to be written, copied from the trainer."""

    record: RunRecord
    checkpoint: Checkpoint | None
    history: History
    best: Model | None
    last: Model | None


class RunRecorder:
    """Takes the events of one run and writes its files, in a thread of its own.

    A checkpoint is made at the end of every epoch, at every pause and after a minute within an
    epoch; where epochs are shorter than a second, once a second.  The weights of the best epoch
    are written before the checkpoint that comes after it, so the two never contradict each other.

    Args:
        store: where the run is kept.
        record: of the run.
        trainer: that trains it.
        curves_every: also write the curves alone, every so many seconds; None for not.
        on_problem: called, in the writing thread, with the first error of writing; the run goes
            on.

    Raises:
        HandwriteError: the run is being trained already, by this process or another.
    """

    def __init__(
        self,
        store: RunStore,
        record: RunRecord,
        trainer: Trainer,
        *,
        curves_every: float | None = None,
        on_problem: OnProblem | None = None,
    ) -> None:
        self._store = store
        self._trainer = trainer
        self._on_problem = on_problem
        self._curves_every = curves_every
        self._lock = run_lock(store.path(record.id, LOCK))
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            raise HandwriteError(
                f"The run “{record.name}” is being trained already, perhaps by another window."
            ) from None
        except OSError as problem:
            raise HandwriteError(f"The run cannot be kept: {problem}.") from None
        self._writer = ThreadPoolExecutor(1, "run files")
        self._pending: Future[None] | None = None
        self._best = _best_row(trainer.history.epochs)
        self._new_best: Model | None = None
        self._problem: Exception | None = None
        self._saved_at = self._curves_at = time.monotonic()
        self._write_seconds = 0.0
        self._leaves_open = False
        self._closed = False
        self.record = replace(record, state="running", machine=this_machine())
        try:
            store.write(self.record)
        except HandwriteError:
            self._let_go()
            raise

    def take(self, event: Event | None) -> None:
        """Sees an event of the run, in the thread that trains; None, before the first, is none."""
        match event:
            case BatchDone():
                now = time.monotonic()
                if now - self._saved_at >= CHECKPOINT_SECONDS:
                    self._save()
                elif self._curves_every is not None and now - self._curves_at >= self._curves_every:
                    self._save(with_weights=False)
            case EpochDone():
                self._take_epoch()
            case Paused():
                self._save(at_once=True)
            case TrainingDone():
                self.close("running" if self._leaves_open else event.reason, event.message)

    def leave_open(self) -> None:
        """The program is closing: the run's end, which comes now, is an interruption."""
        self._leaves_open = True

    def close(self, state: RunState, message: str = "") -> None:
        """Writes all there is and lets go of the run; :meth:`take` calls it at the end."""
        if self._closed:
            return
        self._closed = True
        try:
            self._wait()
            self._write(self._saving(state, message, with_weights=True))
        except Exception as problem:
            self._report(problem)
        finally:
            self._let_go()

    @property
    def problem(self) -> Exception | None:
        """The first error of writing, if there was one."""
        return self._problem

    def _take_epoch(self) -> None:
        best = _best_row(self._trainer.history.epochs)
        if best != self._best:
            self._best = best
            self._new_best = self._trainer.model(self.record.name)
        age = time.monotonic() - self._saved_at
        if age >= max(SHORTEST_SECONDS, self._write_seconds / _WRITING_SHARE):
            self._save()

    # Saving

    def _save(self, *, with_weights: bool = True, at_once: bool = False) -> None:
        if self._pending is not None and not self._pending.done():
            if not at_once:
                return  # The disk is slower than the run; the next occasion is near.
            self._wait()
        now = time.monotonic()
        self._curves_at = now
        if with_weights:
            self._saved_at = now
        saving = self._saving("running", "", with_weights=with_weights)
        self._pending = self._writer.submit(self._write_safely, saving)

    def _saving(self, state: RunState, message: str, *, with_weights: bool) -> _Saving:
        trainer = self._trainer
        checkpoint = best = None
        if with_weights:
            checkpoint = trainer.checkpoint()
            history = checkpoint.history
            best, self._new_best = self._new_best, None
        else:
            history = trainer.history.copy()
        self.record = replace(
            self.record,
            state=state,
            message=message,
            step=history.steps,
            epoch=len(history.epochs),
            seconds=trainer.seconds,
            last=history.epochs[-1] if history.epochs else None,
            best=self._best,
            rate_changes=trainer.rate_changes,
        )
        last = trainer.model(self.record.name) if self._closed else None
        return _Saving(self.record, checkpoint, history, best, last)

    def _write_safely(self, saving: _Saving) -> None:
        try:
            self._write(saving)
        except Exception as problem:
            self._report(problem)

    def _write(self, saving: _Saving) -> None:
        started = time.monotonic()
        store, run = self._store, saving.record.id
        if saving.best is not None:
            save_model(saving.best, store.path(run, BEST))
        if saving.last is not None:
            save_model(saving.last, store.path(run, LAST))
        write_curves(store.path(run, CURVES), saving.history)
        if saving.record.state == "finished":
            store.write(saving.record)
            store.path(run, CHECKPOINT).unlink(missing_ok=True)
            return
        if saving.checkpoint is not None:
            write_checkpoint(store.path(run, CHECKPOINT), saving.checkpoint)
        store.write(saving.record)
        if saving.checkpoint is not None:
            self._write_seconds = time.monotonic() - started

    def _report(self, problem: Exception) -> None:
        if self._problem is None:
            self._problem = problem
            if self._on_problem is not None:
                self._on_problem(problem)

    def _wait(self) -> None:
        if self._pending is not None:
            self._pending.result()

    def _let_go(self) -> None:
        self._closed = True
        self._writer.shutdown()
        self._lock.release()


def record_new_run(
    store: RunStore,
    trainer: Trainer,
    name: str,
    data: RunData,
    study: StudyMark | None = None,
) -> RunRecord:
    """Adds the run of a trainer that has not begun to a store.

    Raises:
        HandwriteError: the store cannot be written.
    """
    return store.add(
        name, trainer.settings, trainer.classes, data, trainer.batches_per_epoch, study
    )


def run_data(
    name: str, source: Mapping[str, object], training: TrainingData, validation: TrainingData | None
) -> RunData:
    """What a record says of the data; computes their fingerprints, which takes a moment."""
    has_validation = validation is not None and len(validation) > 0
    return RunData(
        name,
        dict(source),
        len(training),
        len(validation) if validation is not None else 0,
        training.fingerprint,
        validation.fingerprint if validation is not None and has_validation else None,
    )


def this_machine() -> dict[str, str]:
    """What the figures of a run depend on besides the program: processor, system, versions."""
    return {
        "computer": platform.node(),
        "system": f"{platform.system()} {platform.release()}",
        "processor": f"{platform.machine()}, {os.cpu_count()} cores",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "handwrite": __version__,
    }


def _best_row(rows: list[EpochRow]) -> EpochRow | None:
    measured = [row for row in rows if row.validation_accuracy is not None]
    # The first of several equal ones: it took the least training.
    return max(measured, key=lambda row: row.validation_accuracy or 0.0, default=None)
