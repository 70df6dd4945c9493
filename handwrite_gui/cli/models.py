"""Lists the models that the program knows, keeps some in its library, and compares two.

It knows the shipped model, those of the library, the best of every run that was kept, and those
that were adapted to a hand.  Only those of the library are changed.

    python -m handwrite_gui models
    python -m handwrite_gui models import model.npz --name "My digits"
    python -m handwrite_gui models export "My digits" copy.npz
    python -m handwrite_gui models rename "My digits" Digits
    python -m handwrite_gui models delete Digits      (and “restore”; “deleted” lists those)
    python -m handwrite_gui models compare shipped model.npz --data letters.npz

A model is named by its name, by its file, or “shipped”.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType

from handwrite_gui.cli.messages import ProgressLine, UsageError
from handwrite_gui.cli.runs import print_table
from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.evaluation.model_comparison import ModelComparison
from handwrite_gui.engine.model_library import (
    ModelEntry,
    ModelLibrary,
    export_model,
    find_entry,
    known_models,
)

_LARGEST_DIFFERENCES = 12
_NOTHING = "–"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "deleted", *_ACTIONS),
        help="what to do; without it, the models are listed",
    )
    parser.add_argument(
        "models", nargs="*", metavar="MODEL", help="names or files; last, a new name or file"
    )
    parser.add_argument("--name", help="with “import”: what to call it")
    comparing = parser.add_argument_group("with compare")
    comparing.add_argument("--data", type=Path, metavar="PATH", help="labelled characters")
    comparing.add_argument("--alphabet", choices=tuple(ALPHABETS), help="as for “evaluate”")
    comparing.add_argument("--json", action="store_true", help="print one JSON object")


def run(options: argparse.Namespace) -> int:
    library = ModelLibrary()
    if options.action == "list":
        _print_list(known_models(library))
    elif options.action == "deleted":
        _print_list(library.entries(deleted=True))
    else:
        _ACTIONS[options.action](library, options)
    return 0


def _print_list(entries: list[ModelEntry]) -> None:
    rows = [("name", "where", "alphabet", "accuracy", "date", "size")]
    for entry in entries:
        card = entry.card
        accuracy = _NOTHING if entry.accuracy is None else f"{entry.accuracy:.4f}"
        state = f"unusable: {entry.problem}" if entry.problem else entry.alphabet
        date = (card.created[:10] if card else "") or _NOTHING
        rows.append((entry.name, entry.kind, state, accuracy, date, f"{entry.bytes / 1e6:.1f} MB"))
    print_table(rows)


def _names(options: argparse.Namespace, count: int, what: str) -> list[str]:
    if len(options.models) != count:
        raise UsageError(f"“{options.action}” needs {what}")
    names: list[str] = options.models
    return names


def _import(library: ModelLibrary, options: argparse.Namespace) -> None:
    (path,) = _names(options, 1, "a file")
    entry = library.add_file(path, options.name or "")
    print(f"{entry.name}: {entry.path}")


def _export(library: ModelLibrary, options: argparse.Namespace) -> None:
    name, path = _names(options, 2, "a model and a file")
    export_model(find_entry(known_models(library), name), path)


def _duplicate(library: ModelLibrary, options: argparse.Namespace) -> None:
    (name,) = _names(options, 1, "a model")
    print(library.duplicate(find_entry(known_models(library), name)).name)


def _rename(library: ModelLibrary, options: argparse.Namespace) -> None:
    name, new = _names(options, 2, "a model and its new name")
    library.rename(find_entry(known_models(library), name), new)


def _delete(library: ModelLibrary, options: argparse.Namespace) -> None:
    (name,) = _names(options, 1, "a model")
    library.delete(find_entry(known_models(library), name))


def _restore(library: ModelLibrary, options: argparse.Namespace) -> None:
    (name,) = _names(options, 1, "a model")
    library.restore(find_entry(library.entries(deleted=True), name))


def _compare(library: ModelLibrary, options: argparse.Namespace) -> None:
    names = _names(options, 2, "two models")
    if options.data is None:
        raise UsageError("“compare” needs --data PATH, what to compare them on")
    # Imported here: the list needs neither data nor networks.
    from handwrite_gui.cli.training_data import read_labelled
    from handwrite_gui.engine.evaluation.model_comparison import compare_models
    from handwrite_gui.engine.model_file import load_model

    known = known_models(library)
    entries = [find_entry(known, name) for name in names]
    first, second = (load_model(entry.path) for entry in entries)
    data = read_labelled(options.data)
    with ProgressLine(data.name) as progress:
        comparison = compare_models(
            first, second, data, alphabet=options.alphabet, on_progress=progress
        )
    if options.json:
        print(json.dumps(asdict(comparison)))
    else:
        _print_comparison(comparison, [entry.name for entry in entries])


def _print_comparison(comparison: ModelComparison, names: list[str]) -> None:
    first, second = comparison.first, comparison.second
    left_out = f", {comparison.left_out:,} left out" if comparison.left_out else ""
    print(f"{first.samples:,} images of {first.name}{left_out}, {first.classes} characters\n")
    rows = [("", *names, "difference")]
    for title, a, b in (
        ("accuracy", first.accuracy, second.accuracy),
        ("look-alikes merged", first.merged, second.merged),
        ("first two guesses", first.top_two, second.top_two),
        ("calibration error", first.calibration_error, second.calibration_error),
    ):
        rows.append((title, f"{a:.4f}", f"{b:.4f}", f"{b - a:+.4f}"))
    print_table(rows)
    print(
        f"\nonly {names[0]} right {comparison.only_first:,}, only {names[1]} right "
        f"{comparison.only_second:,}; chance of so unequal a pair {comparison.p_value:.2g}\n"
    )
    table = [("class", "images", *names, "difference")]
    for one in comparison.classes[:_LARGEST_DIFFERENCES]:
        shares = (one.first / one.samples, one.second / one.samples)
        table.append(
            (one.label, str(one.samples), *(f"{s:.3f}" for s in shares), f"{one.gain:+.3f}")
        )
    print_table(table)


_ACTIONS: MappingProxyType[str, Callable[[ModelLibrary, argparse.Namespace], None]] = (
    MappingProxyType(
        {
            "import": _import,
            "export": _export,
            "duplicate": _duplicate,
            "rename": _rename,
            "delete": _delete,
            "restore": _restore,
            "compare": _compare,
        }
    )
)
