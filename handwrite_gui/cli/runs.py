"""Lists the runs that were kept, and what differs between them.

The window keeps every run, and “train --keep NAME” those of the command line: settings, seed,
fingerprints of the data, curves, the best and the last weights.

    python -m handwrite_gui runs
    python -m handwrite_gui runs compare fast slow
    python -m handwrite_gui runs curves fast > fast.csv
    python -m handwrite_gui runs model fast --best --output model.npz
    python -m handwrite_gui runs rename 20260102-030405-1a2b fast
    python -m handwrite_gui runs delete fast      (and “restore”; “erase” removes it for good)

A run is named by its name, by its id, or by the beginning of its id.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType

from handwrite_gui.cli.messages import UsageError
from handwrite_gui.cli.training_run import history_csv
from handwrite_gui.engine.model_file import save_model
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
    rows = [("id", "name", "state", "epochs", "validation", "data")]
    for record in records:
        best = record.best.validation_accuracy if record.best else None
        rows.append(
            (
                record.id,
                f"{record.name} *" if record.starred else record.name,
                record.state,
                f"{record.epoch} of {record.settings.epochs}",
                NOTHING if best is None else f"{best:.4f}",
                record.data.name,
            )
        )
    print_table(rows)


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
        "rename": _rename,
        "star": _each(lambda store, run_id: store.star(run_id)),
        "unstar": _each(lambda store, run_id: store.star(run_id, False)),
        "delete": _each(lambda store, run_id: store.delete(run_id)),
        "restore": _each(lambda store, run_id: store.restore(run_id)),
        "erase": _each(lambda store, run_id: store.erase(run_id)),
    }
)
