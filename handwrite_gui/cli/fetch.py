"""Downloads a public data set of handwritten characters and prints the path to give to --data.

A data set that is there already is not downloaded again, and one that was interrupted goes on
where it ended.  What arrives is compared with a checksum.

    python -m handwrite_gui fetch mnist
    python -m handwrite_gui train --data "$(python -m handwrite_gui fetch mnist)" \\
        --output digits.npz
"""

from __future__ import annotations

import argparse
from pathlib import Path

from handwrite_gui.cli.messages import ProgressLine
from handwrite_gui.engine.data.fetch import DATASETS, default_folder, fetch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    width = max(map(len, DATASETS))
    parser.epilog = "data sets:\n" + "\n".join(
        f"  {name:<{width}}  {dataset.description}" for name, dataset in DATASETS.items()
    )
    parser.add_argument(
        "name", choices=tuple(DATASETS), metavar="NAME", help="one of the data sets below"
    )
    parser.add_argument(
        "--folder",
        type=Path,
        metavar="PATH",
        help=f"where to keep it; by default {_for_help(default_folder())}",
    )


def run(options: argparse.Namespace) -> int:
    with ProgressLine(options.name) as progress:
        path = fetch(options.name, options.folder, on_progress=progress, datasets=DATASETS)
    print(path)
    return 0


def _for_help(path: Path) -> str:
    # argparse formats help texts with %.
    return str(path).replace("%", "%%")
