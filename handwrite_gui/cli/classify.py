"""Names the character on every image of an .npz file.

Prints CSV: a header, then a row an image in the order of the file, with the character, the
runner-up, and how probable the network holds each, 0 to 1.  The fields of an image without ink
are empty.

    python -m handwrite_gui classify --alphabet digits digits.npz > digits.csv
"""

from __future__ import annotations

import argparse
import csv
import io
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.cli.files import write_text
from handwrite_gui.cli.messages import ProgressLine
from handwrite_gui.cli.recognition import add_recognition_arguments, load_recognizer
from handwrite_gui.engine.prediction import Prediction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

HEADER = ("predicted", "second", "confidence", "second_confidence")

_MOST_BYTES = 1 << 31
_AT_ONCE = 4096  # images: what the network makes of all of them need not be in memory at once


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        metavar="FILE.npz",
        help="holds an array “images”, numbers (N, height, width); labels are not needed",
    )
    add_recognition_arguments(parser)
    parser.add_argument(
        "--output", type=Path, metavar="PATH", help="write to this file, not standard output"
    )


def run(options: argparse.Namespace) -> int:
    images = _read_images(options.file)
    recognizer = load_recognizer(options)
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(HEADER)
    for start in range(0, len(images), _AT_ONCE):
        block = images[start : start + _AT_ONCE]
        writer.writerows(_rows(recognizer.classify(block, alternatives=2)))
    if options.output is None:
        sys.stdout.write(table.getvalue())
    else:
        write_text(options.output, table.getvalue())
    return 0


def _rows(classified: Iterable[Sequence[Prediction]]) -> Iterable[tuple[str, str, str, str]]:
    for predictions in classified:
        first, second = (*predictions, None, None)[:2]
        yield (
            first.label if first else "",
            second.label if second else "",
            f"{first.probability:.4f}" if first else "",
            f"{second.probability:.4f}" if second else "",
        )


def _read_images(path: Path) -> NDArray[np.uint8]:
    """Ink images (N, H, W) of a file that need not have labels, as the training reader has."""
    from handwrite_gui.engine.data.readers.pixels import LARGEST_SIDE, ink_images
    from handwrite_gui.engine.errors import DatasetError
    from handwrite_gui.engine.npz_container import open_npz

    arrays = open_npz(path, max_bytes=_MOST_BYTES, error=DatasetError, names=("images",))
    if "images" not in arrays:
        raise DatasetError(
            path, "it has no array “images”; save them with np.savez_compressed(file, images=…)."
        )
    images = arrays["images"]
    if images.ndim != 3 or max(images.shape[1:]) > LARGEST_SIDE:
        raise DatasetError(
            path,
            f"“images” has the shape {images.shape}; it has to be (N, height, width) with sides "
            f"of at most {LARGEST_SIDE} pixels.",
        )
    if images.size == 0:
        raise DatasetError(path, "it holds no images.")
    with ProgressLine(path.name) as progress:
        return ink_images(images, path, on_progress=progress)
