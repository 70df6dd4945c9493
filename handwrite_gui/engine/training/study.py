"""Studies: the same data learned several times, with one setting varied.

The runs of a study are runs like any other, kept in a store.  A study can be stopped at any time;
started again, it goes on with what is not finished.
"""

from __future__ import annotations

import multiprocessing
import secrets
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event as ProcessEvent
from pathlib import Path
from types import MappingProxyType

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.network.activations import ACTIVATIONS
from handwrite_gui.engine.network.initializers import INITIALIZERS
from handwrite_gui.engine.training.kept_run import (
    OnProgress,
    ShouldStop,
    read_training_data,
    train_kept_run,
    write_training_data,
)
from handwrite_gui.engine.training.runs import RunData, RunRecord, RunStore, StudyMark
from handwrite_gui.engine.training.settings import LIMITS, NumberLimit, TrainingSettings
from handwrite_gui.engine.training.training_data import TrainingData


@dataclass(frozen=True, slots=True)
class Variant:
    """One run that a study is made of: its settings, and what sets it apart."""

    label: str
    settings: TrainingSettings


def learning_rates(settings: TrainingSettings) -> list[Variant]:
    """The learning rate of the settings, ten times it, and a tenth of it."""
    limit = LIMITS["learning_rate"]
    assert isinstance(limit, NumberLimit)
    rates = [settings.learning_rate * factor for factor in (1, 10, 0.1)]
    # Ten times a tenth is not one in binary; seven digits are what anybody means.
    rates = [float(f"{rate:.7g}") for rate in rates]
    return [
        Variant(f"rate {rate:g}", replace(settings, learning_rate=rate))
        for rate in rates
        if limit.minimum <= rate <= limit.maximum
    ]


def initializers(settings: TrainingSettings) -> list[Variant]:
    """Every initialiser: zero, constant, uniform, Xavier, He."""
    return [Variant(name, replace(settings, initializer=name)) for name in INITIALIZERS]


def activations(settings: TrainingSettings) -> list[Variant]:
    """Every activation of the hidden layers."""
    return [Variant(name, replace(settings, activation=name)) for name in ACTIVATIONS]


def widths(settings: TrainingSettings) -> list[Variant]:
    """The hidden layers as they are, a quarter, half, twice and four times as wide.

    Raises:
        HandwriteError: there are no hidden layers.
    """
    if not settings.hidden:
        raise HandwriteError("There are no hidden layers whose width could be varied; add one.")
    found: dict[tuple[int, ...], Variant] = {}
    for factor in (0.25, 0.5, 1, 2, 4):
        hidden = tuple(min(8192, max(1, round(width * factor))) for width in settings.hidden)
        label = f"{', '.join(map(str, hidden))} units"
        found.setdefault(hidden, Variant(label, replace(settings, hidden=hidden)))
    return list(found.values())


@dataclass(frozen=True, slots=True)
class StudyKind:
    """A study that can be asked for by name: its title, and the runs it is made of."""

    title: str
    variants: Callable[[TrainingSettings], list[Variant]]


STUDIES: Mapping[str, StudyKind] = MappingProxyType(
    {
        "learning-rate": StudyKind("Learning rates", learning_rates),
        "initializer": StudyKind("Initialisers", initializers),
        "activation": StudyKind("Activations", activations),
        "width": StudyKind("Widths", widths),
    }
)


def plan_study(
    store: RunStore,
    kind: str,
    settings: TrainingSettings,
    classes: Sequence[str],
    data: RunData,
) -> list[RunRecord]:
    """Adds the runs of a study to a store, none of which has begun.

    Args:
        kind: a name in :data:`STUDIES`.
        settings: what all runs have in common.
        classes, data: what is learned.

    Raises:
        HandwriteError: the store cannot be written, or there is nothing to vary.
    """
    study, title = secrets.token_hex(4), STUDIES[kind].title
    batches = -(-data.training_count // settings.batch_size)
    return [
        store.add(
            f"{title}: {variant.label}",
            variant.settings,
            tuple(classes),
            data,
            batches,
            StudyMark(study, title, variant.label, index),
        )
        for index, variant in enumerate(STUDIES[kind].variants(settings))
    ]


def runs_of_study(store: RunStore, study: str) -> list[RunRecord]:
    """The runs of a study that were not deleted, in its order."""
    found = [run for run in store.runs() if run.study is not None and run.study.study == study]
    return sorted(found, key=lambda run: run.study.index if run.study is not None else 0)


def is_over(record: RunRecord) -> bool:
    """Whether a study has no more to do for a run: it finished, or diverged, which tells too."""
    return record.state in ("finished", "diverged")


def run_study(
    store: RunStore,
    records: Sequence[RunRecord],
    training: TrainingData,
    validation: TrainingData | None,
    *,
    processes: int = 1,
    scheduler: str = "",
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> list[RunRecord]:
    """Trains the runs of a study that are not over, one after another or several at once.

    Args:
        store: where they are kept; their curves can be read there while they grow.
        records: the runs.
        training, validation: what they were planned with.
        processes: how many runs at once; 1 trains them in the calling thread.
        scheduler: address of a Dask cluster that trains them in place of this machine, and sees
            the store under the same path.
        on_progress: told the share of all batches that were learned, and what goes on.
        should_stop: asked often; the runs then stop, and a later call goes on with them.

    Returns:
        the records as they are afterwards.

    Raises:
        HandwriteError: a run broke off, and the others were stopped; or there is no such cluster.
    """
    report = on_progress or (lambda fraction, text: None)
    stop = should_stop or (lambda: False)
    waiting = [record for record in records if not is_over(record)]
    if scheduler and waiting:
        # Imported here: few have a cluster.
        from handwrite_gui.engine.training.study_cluster import run_on_cluster

        run_on_cluster(
            store,
            waiting,
            training,
            validation,
            scheduler,
            on_look=lambda: report(*_progress(store, records)),
            should_stop=stop,
        )
    elif processes > 1 and len(waiting) > 1:
        _run_in_processes(store, records, waiting, training, validation, processes, report, stop)
    else:
        before = len(records) - len(waiting)
        for number, record in enumerate(waiting, before):
            if stop():
                break

            def report_run(fraction: float, text: str, number: int = number) -> None:
                report((number + fraction) / len(records), text)

            train_kept_run(
                store,
                record.id,
                training,
                validation,
                on_progress=report_run,
                should_stop=stop,
            )
    return [store.read(record.id) for record in records]


# In several processes


def _run_in_processes(
    store: RunStore,
    records: Sequence[RunRecord],
    waiting: Sequence[RunRecord],
    training: TrainingData,
    validation: TrainingData | None,
    processes: int,
    report: OnProgress,
    stop: ShouldStop,
) -> None:
    """The store is what the processes tell of their runs; an event is what they are told."""
    context = multiprocessing.get_context("spawn")  # threads and Qt do not survive a fork
    to_stop = context.Event()
    queue, running = list(waiting), dict[str, SpawnProcess]()
    broken: str | None = None
    with tempfile.TemporaryDirectory(prefix="handwrite-") as folder:
        data = Path(folder) / "data.npz"
        write_training_data(data, training, validation)
        try:
            while running or (queue and not to_stop.is_set()):
                if stop() or broken is not None:
                    to_stop.set()
                while queue and len(running) < processes and not to_stop.is_set():
                    run_id = queue.pop(0).id
                    arguments = (str(store.folder), run_id, str(data), to_stop)
                    running[run_id] = context.Process(target=_work, args=arguments, daemon=True)
                    running[run_id].start()
                for run_id, process in list(running.items()):
                    if not process.is_alive():
                        process.join()
                        del running[run_id]
                        if process.exitcode:
                            broken = run_id
                report(*_progress(store, records))
                time.sleep(0.1)
        finally:
            to_stop.set()
            for process in running.values():
                process.join()
    if broken is not None:
        record = store.read(broken)
        raise HandwriteError(
            f"The process of “{record.name}” broke off{': ' if record.message else ''}"
            f"{record.message}. The study can be resumed."
        )


def _progress(store: RunStore, records: Sequence[RunRecord]) -> tuple[float, str]:
    now = [store.read(record.id) for record in records]
    shares = [1.0 if is_over(run) else run.step / max(run.total_steps, 1) for run in now]
    over = sum(map(is_over, now))
    return sum(shares) / len(shares), f"{over} of {len(now)} runs are done"


def _work(folder: str, run_id: str, data: str, to_stop: ProcessEvent) -> None:
    """What a process does: train one run until it is over, or the study or its process is."""
    parent = multiprocessing.parent_process()

    def should_stop() -> bool:
        return to_stop.is_set() or (parent is not None and not parent.is_alive())

    training, validation = read_training_data(Path(data))
    train_kept_run(RunStore(folder), run_id, training, validation, should_stop=should_stop)
