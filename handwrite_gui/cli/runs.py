"""Lists the runs that were kept, and what differs between them.

The window keeps every run, and “train --keep NAME” those of the command line: settings, seed,
fingerprints of the data, curves, the best and the last weights.

    python -m handwrite_gui runs
    python -m handwrite_gui runs compare fast slow
    python -m handwrite_gui runs curves fast > fast.csv
    python -m handwrite_gui runs model fast --best --output model.npz
    python -m handwrite_gui runs test fast --data test.npz
    python -m handwrite_gui runs rename 20260102-030405-1a2b fast
    python -m handwrite_gui runs delete fast      (and “restore”; “erase” removes it for good)

“test” measures a run on characters that nothing was chosen by, once, at the end. Every look is kept
and counted.

A run is named by its name, by its id, or by the beginning of its id.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.training_run import history_csv
from handwrite_gui.engine.model_file import save_model
from handwrite_gui.engine.training.final_test import look_at_test_data
from handwrite_gui.engine.training.run_comparison import NOTHING, compare
from handwrite_gui.engine.training.runs import RunRecord, RunStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "deleted", *_ACTIONS),
        help="what to do; without it, the runs are listed",
    )
    parser.add_argument("runs", nargs="*", metavar="RUN", help="names or ids; last, a new name")
    parser.add_argument("--best", action="store_true", help="the model of the best epoch")
    parser.add_argument("--output", type=Path, metavar="MODEL.npz", help="where the model goes")
    parser.add_argument("--data", type=Path, metavar="PATH", help="the test data of “test”")
    add_folder_argument(parser)


def add_folder_argument(parser: argparse.ArgumentParser) -> None:
    """The flag of every command that uses the store."""
    parser.add_argument(
        "--runs-folder",
        type=Path,
        metavar="FOLDER",
        help="where runs are kept; by default in the program's folder for the user's data",
    )


def run(options: argparse.Namespace) -> int:
    store = RunStore(options.runs_folder)
    if options.action in ("list", "deleted"):
        _print_list(store.runs(deleted=options.action == "deleted"))
        return 0
    _ACTIONS[options.action](store, options)
    return 0


def _print_list(records: Sequence[RunRecord]) -> None:
    rows = [("id", "name", "state", "epochs", "validation", "test", "data")]
    for record in records:
        best = record.best.validation_accuracy if record.best else None
        rows.append(
            (
                record.id,
                f"{record.name} *" if record.starred else record.name,
                record.state,
                f"{record.epoch} of {record.settings.epochs}",
                NOTHING if best is None else f"{best:.4f}",
                _test_text(record),
                record.data.name,
            )
        )
    print_table(rows)


def _test_text(record: RunRecord) -> str:
    if not record.looks:
        return NOTHING
    count = len(record.looks)
    times = f" ({count} looks)" if count > 1 else ""
    return f"{record.looks[-1].accuracy:.4f}{times}"


def print_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their longest cell."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(cells).rstrip())


def _chosen(store: RunStore, options: argparse.Namespace, least: int, most: int) -> list[RunRecord]:
    if not least <= len(options.runs) <= most:
        wanted = "a run" if most == 1 else "runs"
        raise UsageError(f"“{options.action}” needs {wanted}; “runs” lists them")
    return [store.find(text) for text in options.runs]


def _compare(store: RunStore, options: argparse.Namespace) -> None:
    records = _chosen(store, options, 1, 100)
    rows = compare(records)
    print_table(
        [("", *(record.name for record in records)), *((row.name, *row.values) for row in rows)]
    )


def _curves(store: RunStore, options: argparse.Namespace) -> None:
    (record,) = _chosen(store, options, 1, 1)
    print(history_csv(store.curves(record.id)), end="")


def _model(store: RunStore, options: argparse.Namespace) -> None:
    (record,) = _chosen(store, options, 1, 1)
    if options.output is None:
        raise UsageError("give --output MODEL.npz, where to save the model")
    save_model(store.model(record.id, "best" if options.best else "last"), options.output)


def _test(store: RunStore, options: argparse.Namespace) -> None:
    """Prints the figure; the same weights are not measured on the same data again."""
    (record,) = _chosen(store, options, 1, 1)
    if options.data is None:
        raise UsageError("give --data PATH, characters that the run never saw")
    # Imported here: reading and normalising images needs more libraries than listing runs.
    from handwrite_gui.cli.training_data import read_labelled
    from handwrite_gui.engine.data.dataset import to_training_data

    everything = read_labelled(options.data)
    data = to_training_data(everything.of_classes(record.classes), record.classes)
    before = len(record.looks)
    with ProgressLine("test") as progress:
        look = look_at_test_data(
            store, record.id, replace(data, name=everything.name), on_progress=progress
        )
    print(f"test accuracy      {look.accuracy:.4f}")
    print(f"test loss          {look.loss:.4f}")
    print(f"calibration error  {look.calibration_error:.4f}")
    print(f"characters         {look.samples:,} of {look.data}")
    print(f"weights            {look.weights}, after {look.step:,} batches")
    after = len(store.read(record.id).looks)
    print(f"looks              {after}{', this one before' if after == before else ''}")


def _rename(store: RunStore, options: argparse.Namespace) -> None:
    if len(options.runs) != 2:
        raise UsageError("“rename” needs a run and its new name")
    store.rename(store.find(options.runs[0]).id, options.runs[1])


def _each(change: Callable[[RunStore, str], object]) -> Callable[..., None]:
    def act(store: RunStore, options: argparse.Namespace) -> None:
        for record in _chosen(store, options, 1, 1000):
            change(store, record.id)

    return act


_ACTIONS: MappingProxyType[str, Callable[..., None]] = MappingProxyType(
    {
        "compare": _compare,
        "curves": _curves,
        "model": _model,
        "test": _test,
        "rename": _rename,
        "star": _each(lambda store, run_id: store.star(run_id)),
        "unstar": _each(lambda store, run_id: store.star(run_id, False)),
        "delete": _each(lambda store, run_id: store.delete(run_id)),
        "restore": _each(lambda store, run_id: store.restore(run_id)),
        "erase": _each(lambda store, run_id: store.erase(run_id)),
    }
)
