"""Learns the same data several times with one setting varied, and compares what came of it.

    python -m handwrite_gui study learning-rate --synthetic 200 --epochs 10
    python -m handwrite_gui study initializer --data digits.npz --activation sigmoid --processes 4
    python -m handwrite_gui study range-test --synthetic 200

“learning-rate” takes the chosen rate, ten times it and a tenth of it; “initializer”, “activation”
and “width” take all there are.  Every run is kept: the window lists it and draws its curves, and
“runs” compares it.  Ctrl-C stops a study; the same command with --resume added goes on with what is
not finished.  “range-test” learns a few hundred batches at a growing rate and suggests one.
"""

from __future__ import annotations

import argparse
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.runs import add_folder_argument, print_table
from handwrite_gui.cli.training_data import Samples, add_data_arguments, load_samples
from handwrite_gui.cli.training_flags import add_settings_arguments, given_settings
from handwrite_gui.cli.training_run import INTERRUPTED
from handwrite_gui.engine.training.range_test import range_test
from handwrite_gui.engine.training.run_comparison import compare
from handwrite_gui.engine.training.run_recorder import run_data
from handwrite_gui.engine.training.runs import RunRecord, RunStore
from handwrite_gui.engine.training.settings import TrainingSettings
from handwrite_gui.engine.training.study import (
    STUDIES,
    is_over,
    plan_study,
    run_study,
    runs_of_study,
)

_RANGE_TEST = "range-test"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("study", choices=(*STUDIES, _RANGE_TEST), help="what is varied")
    parser.add_argument(
        "--processes",
        type=int,
        default=1,
        metavar="N",
        help="how many runs at once, each in a process of its own (default: 1)",
    )
    parser.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        default="",
        help="train on the workers of the Dask cluster with this scheduler, tcp://host:8786, which "
        "see the folder of runs under the same path; needs the extra “cluster”",
    )
    parser.add_argument(
        "--resume", action="store_true", help="go on with the last such study of the same data"
    )
    add_data_arguments(parser)
    add_folder_argument(parser)
    add_settings_arguments(parser)


def run(options: argparse.Namespace) -> int:
    if options.processes < 1:
        raise UsageError("--processes must be 1 or more")
    if options.scheduler and options.processes > 1:
        raise UsageError(
            "--processes is for this machine, --scheduler for a cluster: give one of them"
        )
    if options.scheduler and options.study == _RANGE_TEST:
        raise UsageError("the range test is a single run, which needs no cluster")
    try:
        settings = TrainingSettings(**given_settings(options))
    except ValueError as error:
        raise UsageError(str(error)) from None
    samples = load_samples(options, settings.seed)
    if options.study == _RANGE_TEST:
        return _test_range(settings, samples)
    store = RunStore(options.runs_folder)
    records = _planned(options, store, settings, samples)
    with ProgressLine("study") as progress, _interruptible() as interrupted:
        records = run_study(
            store,
            records,
            samples.training,
            samples.validation,
            processes=options.processes,
            scheduler=options.scheduler,
            on_progress=progress,
            should_stop=interrupted.is_set,
        )
    rows = compare(records)
    labels = [record.study.label if record.study else record.name for record in records]
    print_table([("", *labels), *((row.name, *row.values) for row in rows)])
    return 0 if all(map(is_over, records)) else INTERRUPTED


def _planned(
    options: argparse.Namespace, store: RunStore, settings: TrainingSettings, samples: Samples
) -> list[RunRecord]:
    source = {"kind": "command", "arguments": [*map(str, options.data)]}
    name = ", ".join(samples.sources)
    data = run_data(name, source, samples.training, samples.validation)
    if not options.resume:
        return plan_study(store, options.study, settings, samples.classes, data)
    title = STUDIES[options.study].title
    for record in store.runs():
        same = record.data.training_fingerprint == data.training_fingerprint
        if record.study is not None and record.study.title == title and same:
            return runs_of_study(store, record.study.study)
    raise UsageError("there is no such study of these data; leave --resume out to begin one")


def _test_range(settings: TrainingSettings, samples: Samples) -> int:
    with ProgressLine("range test") as progress:
        found = range_test(settings, samples.training, samples.classes, on_progress=progress)
    print("rate,loss,smooth")
    for rate, loss, smooth in zip(found.rates, found.losses, found.smooth, strict=True):
        print(f"{rate:.6g},{loss:.6g},{smooth:.6g}")
    if found.suggested is not None:
        print(f"# suggested: {found.suggested:g}")
    return 0


@contextmanager
def _interruptible() -> Iterator[threading.Event]:
    """An event that Ctrl-C sets, so that runs end where their state is whole."""
    interrupted = threading.Event()

    def note(number: int, frame: FrameType | None) -> None:
        interrupted.set()

    before = signal.signal(signal.SIGINT, note)
    try:
        yield interrupted
    finally:
        signal.signal(signal.SIGINT, before)
