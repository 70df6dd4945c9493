"""Reads images of handwritten pages and prints their text, a printed line for a line of the page.

The texts of several images follow each other, in the order of the arguments, with an empty line
between them.  As json each page is a document on a line of its own, with the box, the
alternatives and the confidence of every character, and what its shape alone was read as.

Where shapes look alike, as those of 0 and O or of 1, I and l do, the neighbours and the words of a
language decide.  A clear shape is never changed; numbers, names and codes stay as written.

    python -m handwrite_gui recognize page.jpg
    python -m handwrite_gui recognize --language off --field digits meter.png
    python -m handwrite_gui recognize --format json --output readings/ scans/*.png
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from handwrite_gui.cli.files import write_text
from handwrite_gui.cli.messages import ProgressLine, UsageError, report
from handwrite_gui.cli.recognition import add_recognition_arguments, load_recognizer
from handwrite_gui.engine.errors import HandwriteError, ImageFileError
from handwrite_gui.engine.text.fields import FIELDS
from handwrite_gui.engine.text.language_model import LANGUAGES

if TYPE_CHECKING:
    from handwrite_gui.engine.page.result import PageResult
    from handwrite_gui.engine.recognizer import Recognizer


def _text(result: PageResult, image: Path) -> str:
    return result.text + "\n"


def _json(result: PageResult, image: Path) -> str:
    from handwrite_gui.engine.export.json_document import json_document

    return json_document(result, image.name) + "\n"


_NO_LANGUAGE = "off"


class _Format(NamedTuple):
    suffix: str
    write: Callable[[PageResult, Path], str]
    separator: str


FORMATS = MappingProxyType(
    {"text": _Format(".txt", _text, "\n"), "json": _Format(".json", _json, "")}
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "images",
        nargs="+",
        type=Path,
        metavar="IMAGE",
        help="a photograph or scan: PNG, JPEG, WebP, BMP, GIF or TIFF",
    )
    parser.add_argument("--format", choices=tuple(FORMATS), default="text", help="default: text")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="write to this file, not standard output; for several images, or if it is there as "
        "a folder, the folder in which each image gets a file of its name (.txt or .json)",
    )
    parser.add_argument(
        "--language",
        choices=(*LANGUAGES, _NO_LANGUAGE),
        default="en",
        help="whose words decide between characters that look alike: "
        + ", ".join(f"{code} {name}" for code, name in LANGUAGES.items())
        + "; off reads letter by letter.  Default: en",
    )
    parser.add_argument(
        "--field",
        choices=FIELDS,
        default="any",
        help="what is written at all: only digits, only letters, or any text (the default); "
        "marks of the alphabet are read in each",
    )
    add_recognition_arguments(parser)


def run(options: argparse.Namespace) -> int:
    chosen = FORMATS[options.format]
    outputs = _output_paths(options.images, options.output, chosen.suffix)
    recognizer = load_recognizer(options)
    if outputs and len(options.images) > 1:
        options.output.mkdir(parents=True, exist_ok=True)
    status = 0
    printed = False
    for index, image in enumerate(options.images):
        try:
            document = chosen.write(_read(image, recognizer, options), image)
            if outputs:
                write_text(outputs[index], document)
        except (HandwriteError, OSError, MemoryError) as error:
            report(error, str(image))
            status = 1
            continue
        if not outputs:
            sys.stdout.write(chosen.separator * printed + document)
            # A page may take seconds: who reads along gets each as soon as it is there.
            sys.stdout.flush()
            printed = True
    return status


def _read(path: Path, recognizer: Recognizer, options: argparse.Namespace) -> PageResult:
    from handwrite_gui.engine.image_file import read_image

    with ProgressLine(path.name) as progress:
        result = recognizer.read_page(
            read_image(path, grey=True),
            language=None if options.language == _NO_LANGUAGE else options.language,
            field=options.field,
            on_progress=progress,
        )
    if not result.lines:
        raise ImageFileError(path, "no writing was found on it; is it a page with dark ink?")
    return result


def _output_paths(images: Sequence[Path], output: Path | None, suffix: str) -> list[Path]:
    """Where each image's document goes; empty for standard output.

    Raises:
        UsageError: two documents would go to one file, or one would replace its image.
    """
    if output is None:
        return []
    if len(images) > 1 and output.exists() and not output.is_dir():
        raise UsageError(f"--output {output} has to be a folder for several images")
    if len(images) == 1 and not output.is_dir():
        paths = [output]
    else:
        paths = [output / f"{image.stem}{suffix}" for image in images]
    sources = {image.resolve() for image in images}
    for index, path in enumerate(paths):
        if path in paths[:index]:
            raise UsageError(f"two of the images would be written to {path}; read them one by one")
        if path.resolve() in sources:
            raise UsageError(f"--output {output} would replace an image that is to be read")
    return paths
