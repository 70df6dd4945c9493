"""Reads handwritten pages and writes their text in one of many formats.

Takes pictures, TIFF and PDF files of many pages, folders of them, and - for standard input.  The
text goes to standard output, a printed line for a line of the page, pages apart by an empty line;
with --output it goes to files.

Where shapes look alike, as those of 0 and O or of 1, I and l do, the neighbours and the words of a
language decide.  A clear shape is never changed; numbers, names and codes stay as written.

    python -m handwrite_gui recognize page.jpg
    python -m handwrite_gui recognize --language off --field digits meter.png
    python -m handwrite_gui recognize --format pdf --output searchable.pdf scan.pdf
    python -m handwrite_gui recognize --format alto --output readings/ --jobs 4 scans/
    python -m handwrite_gui recognize --output readings/ --watch inbox/
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from handwrite_gui.cli.formats import add_format_argument
from handwrite_gui.cli.messages import ProgressLine, UsageError, report
from handwrite_gui.cli.recognition import add_recognition_arguments, load_recognizer
from handwrite_gui.engine.errors import HandwriteError, ImageFileError, InputFileError
from handwrite_gui.engine.export.formats import FORMATS, Format
from handwrite_gui.engine.text.fields import FIELDS
from handwrite_gui.engine.text.language_model import LANGUAGES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from handwrite_gui.engine.export.read_page import ReadPage
    from handwrite_gui.engine.recognizer import Recognizer

STANDARD_INPUT = "-"

_NO_LANGUAGE = "off"
_NO_TEXT = frozenset({"pdf", "png", "npz"})
_AS_THEY_COME = frozenset({"text", "json"})


class Input(NamedTuple):
    """A file or folder to read, and what the person called it."""

    path: Path
    shown: str


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "images",
        nargs="+",
        metavar="FILE",
        help="a photograph or scan (PNG, JPEG, WebP, BMP, GIF, TIFF, AVIF, HEIC with pillow-heif), "
        "a PDF, a folder of these, or - for standard input",
    )
    add_format_argument(parser)
    parser.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="write to this file, not standard output; for several files, for folders, or if it "
        "is there as a folder, the folder in which each file gets one of its name",
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
    parser.add_argument(
        "--dpi",
        type=_dpi,
        default=300.0,
        metavar="N",
        help="pixels an inch at which the pages of PDF files are drawn.  Default: 300",
    )
    add_recognition_arguments(parser)
    many = parser.add_argument_group("many files, with --output FOLDER")
    many.add_argument(
        "--jobs",
        type=_positive,
        metavar="N",
        help="read in so many processes; 0 for as many as there are processor cores",
    )
    many.add_argument(
        "--resume",
        action="store_true",
        help="go on where an earlier run with the same output folder and options ended, however "
        "it did; files that were read are not read again unless they changed",
    )
    many.add_argument(
        "--report",
        type=Path,
        metavar="PATH",
        help="write what was read, what failed and why, and how sure it was: a table if the name "
        "ends in .csv, else HTML",
    )
    many.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        help="read on the workers of the Dask cluster with this scheduler, tcp://host:8786, which "
        "see the files under the same paths; needs the extra “cluster”",
    )
    many.add_argument(
        "--watch",
        action="store_true",
        help="read what is in a folder and then what arrives there, until Ctrl-C",
    )


def run(options: argparse.Namespace) -> int:
    _check(options)
    with tempfile.TemporaryDirectory(prefix="handwrite-") as folder:
        inputs = _inputs(options.images, Path(folder))
        if options.output is None:
            return _print(inputs, options)
        if _is_batch(inputs, options):
            from handwrite_gui.cli.recognize_batch import run_batch

            return run_batch(inputs, options, language_of(options))
        return _write_one(inputs[0], options)


def language_of(options: argparse.Namespace) -> str | None:
    """The code of the language, None for none."""
    language: str = options.language
    return None if language == _NO_LANGUAGE else language


def _check(options: argparse.Namespace) -> None:
    """Finds options that do not go together.

    Raises:
        UsageError: they do not.
    """
    if options.output is None:
        for name in ("jobs", "resume", "report", "scheduler", "watch"):
            if getattr(options, name) not in (None, False):
                raise UsageError(f"--{name} needs --output FOLDER")
        if options.format == "folder":
            raise UsageError("--format folder needs --output FOLDER")
        if options.format in _NO_TEXT and sys.stdout.isatty():
            raise UsageError(f"--format {options.format} is no text; name a file with --output")
    if options.scheduler is not None and options.jobs is not None:
        raise UsageError("--jobs is for this machine, --scheduler for a cluster: give one of them")
    if options.watch and (len(options.images) != 1 or not Path(options.images[0]).is_dir()):
        raise UsageError("--watch takes one folder")
    if options.images.count(STANDARD_INPUT) > 1:
        raise UsageError("standard input can be read once")


def _inputs(names: Sequence[str], temporary: Path) -> list[Input]:
    inputs = []
    for name in names:
        if name == STANDARD_INPUT:
            path = temporary / "stdin"
            path.write_bytes(sys.stdin.buffer.read())
            inputs.append(Input(path, STANDARD_INPUT))
        else:
            inputs.append(Input(Path(name), name))
    return inputs


def _is_batch(inputs: Sequence[Input], options: argparse.Namespace) -> bool:
    """Whether the output is a folder.

    Raises:
        UsageError: it has to be, and is a file.
    """
    many = len(inputs) > 1 or inputs[0].path.is_dir()
    asked = options.jobs is not None or any(
        (options.resume, options.report, options.watch, options.scheduler)
    )
    if not (many or asked or options.format == "folder" or options.output.is_dir()):
        return False
    if options.output.exists() and not options.output.is_dir():
        raise UsageError(f"--output {options.output} has to be a folder for several files")
    return True


# To one file, or to standard output


def _write_one(given: Input, options: argparse.Namespace) -> int:
    from handwrite_gui.engine.documents.pages import page_count
    from handwrite_gui.engine.output_file import write_bytes

    chosen = FORMATS[options.format]
    if options.output.resolve() == given.path.resolve():
        raise UsageError(f"--output {options.output} would replace an image that is to be read")
    recognizer = load_recognizer(options)
    try:
        if not chosen.holds_pages and page_count(given.path) > 1:
            raise UsageError(
                f"a file of --format {options.format} holds one page; name a folder with --output"
            )
        pages = list(_pages(given, recognizer, options))
        write_bytes(options.output, _document(pages, chosen))
    except (HandwriteError, OSError, MemoryError) as error:
        _report(error, given)
        return 1
    return 0


def _report(error: Exception, given: Input) -> None:
    """Tells about a failed input by the name that the person gave it."""
    if isinstance(error, InputFileError):
        error = HandwriteError(error.reason)
    report(error, given.shown)


def _print(inputs: Sequence[Input], options: argparse.Namespace) -> int:
    from handwrite_gui.engine.documents.pages import expanded

    chosen = FORMATS[options.format]
    recognizer = load_recognizer(options)
    status = 0
    pages: list[ReadPage] = []
    for given in inputs:
        files = [given]
        if given.path.is_dir():
            files = [Input(path, str(path)) for path, _ in expanded([given.path])]
        for file in files:
            try:
                for page in _pages(file, recognizer, options):
                    if chosen.name in _AS_THEY_COME:
                        _print_page(page, chosen, first=not pages)
                        pages = [page]
                    else:
                        pages.append(page)
            except (HandwriteError, OSError, MemoryError) as error:
                _report(error, file)
                status = 1
        if given.path.is_dir() and not files:
            report(ImageFileError(given.path, "there is no picture and no PDF in this folder."))
            status = 1
    if pages and chosen.name not in _AS_THEY_COME:
        if len(pages) > 1 and not chosen.holds_pages:
            raise UsageError(
                f"a file of --format {chosen.name} holds one page; name a folder with --output"
            )
        _write_out(_document(pages, chosen))
    return status


def _print_page(page: ReadPage, chosen: Format, *, first: bool) -> None:
    separator = "\n" if chosen.name == "text" and not first else ""
    _write_out(separator.encode() + chosen.function([page]))


def _write_out(data: bytes) -> None:
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(data.decode("utf-8"))
    else:
        sys.stdout.flush()
        binary.write(data)
    # A page may take seconds: who reads along gets each as soon as it is there.
    sys.stdout.flush()


def _document(pages: list[ReadPage], chosen: Format) -> bytes:
    data: bytes = chosen.function(pages if chosen.holds_pages else pages[0])
    return data


def _pages(given: Input, recognizer: Recognizer, options: argparse.Namespace) -> Iterator[ReadPage]:
    """Every page of a file, read.

    Raises:
        ImageFileError: the file cannot be opened, or no writing is on its only page.
    """
    from handwrite_gui.engine.documents.pages import (
        may_hold_pages,
        page_count,
        read_page_picture,
    )
    from handwrite_gui.engine.export.read_page import ReadPage

    path = given.path
    count = page_count(path) if may_hold_pages(path) else 1
    for number in range(1, count + 1):
        title = path.name if count == 1 else f"{path.name} {number}/{count}"
        with ProgressLine(title) as progress:
            picture = read_page_picture(path, number, dpi=options.dpi, grey=True)
            result = recognizer.read_page(
                picture.pixels,
                language=language_of(options),
                field=options.field,
                on_progress=progress,
            )
        if count == 1 and not result.lines:
            raise ImageFileError(path, "no writing was found on it; is it a page with dark ink?")
        yield ReadPage(
            result,
            "stdin" if given.shown == STANDARD_INPUT else path.name,
            number,
            recognizer.model.card.name,
            picture.dpi,
            load_pixels=partial(_pixels, path, number, options.dpi),
        )


def _pixels(path: Path, page: int, dpi: float) -> NDArray[np.uint8]:
    from handwrite_gui.engine.documents.pages import read_page_picture

    return read_page_picture(path, page, dpi=dpi).pixels


def _dpi(text: str) -> float:
    from handwrite_gui.engine.documents.pages import DPI_LIMITS

    low, high = DPI_LIMITS
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not low <= value <= high:
        raise argparse.ArgumentTypeError(f"“{text}” is no number from {low:g} to {high:g}")
    return value


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = -1
    if not 0 <= value <= 256:
        raise argparse.ArgumentTypeError(f"“{text}” is no whole number from 0 to 256")
    return value
