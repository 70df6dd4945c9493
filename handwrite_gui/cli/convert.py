"""Writes readings in another format: those of this program, and of others.

Takes this program's JSON, hOCR, ALTO and PAGE XML.  Where a format shows the picture of the page,
as pdf, svg, png, npz and folder do, the picture is looked for beside the reading, under the name
that the reading gives, else under the reading's own, or given with --image.  It may be larger or
smaller than the one that was read, of the same shape.

    python -m handwrite_gui convert --format md page.alto.xml
    python -m handwrite_gui convert --format pdf --image scan.tif --output scan.pdf scan.hocr
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.cli.formats import add_format_argument
from handwrite_gui.cli.messages import UsageError
from handwrite_gui.engine.errors import ImageFileError
from handwrite_gui.engine.export.formats import FORMATS, documents

if TYPE_CHECKING:
    from handwrite_gui.engine.export.read_page import ReadPage


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "reading", type=Path, metavar="FILE", help="JSON of this program, hOCR, ALTO or PAGE XML"
    )
    add_format_argument(parser)
    parser.add_argument(
        "--image", type=Path, metavar="PATH", help="the picture, or the PDF, that was read"
    )
    parser.add_argument(
        "--output",
        type=Path,
        metavar="PATH",
        help="write to this file, not standard output; if it is there as a folder, into it",
    )


def run(options: argparse.Namespace) -> int:
    from handwrite_gui.engine.output_file import write_bytes
    from handwrite_gui.engine.transcripts.reading import read_transcript

    chosen = FORMATS[options.format]
    into_folder = options.output is not None and (
        options.output.is_dir() or options.format == "folder"
    )
    if options.format == "folder" and options.output is None:
        raise UsageError("--format folder needs --output FOLDER")
    pages = read_transcript(options.reading)
    if chosen.shows_picture:
        pages = _with_pictures(pages, options)
    stem = options.reading.name.split(".")[0] or options.reading.name
    files = documents(pages, options.format, stem)
    if not into_folder and len(files) > 1:
        raise UsageError(f"there are {len(files)} files to write; name a folder with --output")
    for name, data in files:
        if options.output is None:
            sys.stdout.buffer.write(data)
            continue
        target = options.output / name if into_folder else options.output
        if target.resolve() == options.reading.resolve():
            raise UsageError(f"{target} would replace the reading; name another file")
        target.parent.mkdir(parents=into_folder, exist_ok=True)
        write_bytes(target, data)
    return 0


def _with_pictures(pages: Sequence[ReadPage], options: argparse.Namespace) -> list[ReadPage]:
    """The pages with their pictures, and their places on them.

    Raises:
        ImageFileError: there is no picture, or it cannot be opened.
        TranscriptError: a picture has another shape than the one that was read.
    """
    from handwrite_gui.engine.documents.pages import page_count, read_page_picture
    from handwrite_gui.engine.transcripts.fitting import fitted, picture_of, pictures_beside

    # A reading may have hundreds of pages, all of one folder and most of one file.
    beside, pages_in = cache(pictures_beside), cache(page_count)
    reading, found = options.reading, []
    for page in pages:
        path = options.image or picture_of(page, reading, beside(reading))
        if path is None:
            raise ImageFileError(
                page.image_name or reading,
                "the picture is not beside the reading; name it with --image.",
            )
        picture = read_page_picture(path, min(page.page_number, pages_in(path)))
        height, width = picture.pixels.shape[:2]
        result = fitted(reading, page, width, height)
        dpi = page.dpi or picture.dpi
        found.append(replace(page, result=result, pixels=picture.pixels, dpi=dpi))
    return found
