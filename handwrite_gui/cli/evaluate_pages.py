"""Measures the reading of pages against what is written on them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.cli.files import write_text
from handwrite_gui.cli.messages import ProgressLine, report
from handwrite_gui.cli.recognition import load_recognizer
from handwrite_gui.engine.documents.pages import (
    expanded,
    may_hold_pages,
    page_count,
    read_page_picture,
)
from handwrite_gui.engine.errors import HandwriteError, TranscriptError
from handwrite_gui.engine.evaluation.text_errors import compare
from handwrite_gui.engine.evaluation.text_report import PageErrors, to_dict, to_html, to_text
from handwrite_gui.engine.transcripts.reading import read_transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from handwrite_gui.engine.recognizer import Recognizer

TRUTH_SUFFIXES = (".gt.txt", ".txt", ".page.xml", ".alto.xml", ".xml", ".hocr", ".json")
"""Of what is written, beside the picture and called like it, the first that is there."""

_LARGEST_TEXT = 20_000_000


def evaluate_pages(options: argparse.Namespace) -> int:
    """Reads the pages of ``options.pages``, or takes their readings, and prints the errors."""
    read: Callable[[Path], str]
    if options.readings is None:
        recognizer = load_recognizer(options)
        read = partial(_read, recognizer, options)
        model = recognizer.model.card.name
    else:
        read, model = partial(_reading, options.readings), ""
    status = 0
    found: list[PageErrors] = []
    for path, name in expanded(options.pages):
        truth = _beside(path.with_suffix(""), TRUTH_SUFFIXES)
        if truth is None or truth == path:
            # In a folder there may be pictures of which nobody has said what is on them.
            if path in options.pages:
                report(HandwriteError(_NO_TRUTH.format(path.stem)), str(path))
                status = 1
            continue
        try:
            errors = compare(text_of(truth), read(path), ignore_case=options.ignore_case)
        except (HandwriteError, OSError, MemoryError) as error:
            report(error, str(path))
            status = 1
            continue
        found.append(PageErrors(name.as_posix(), errors))
    if not found:
        if not status:
            report(HandwriteError("there is no page with what is written on it beside it."))
        return 1
    if options.report is not None:
        write_text(options.report, to_html(found, model=model))
    print(json.dumps(to_dict(found), ensure_ascii=False) if options.json else to_text(found))
    return status


_NO_TRUTH = "what is written on it is not known: put it beside it as {}.gt.txt, ALTO or PAGE XML."


def text_of(path: Path) -> str:
    """The text of a file: plain, or in any format that can be read again.

    Raises:
        TranscriptError: it cannot be read.
    """
    if path.suffix.lower() != ".txt":
        return "\n".join(page.result.text for page in read_transcript(path))
    try:
        if path.stat().st_size > _LARGEST_TEXT:
            raise TranscriptError(path, "it is too large for the text of a page.")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise TranscriptError(path, "its text is no UTF-8; save it as UTF-8.") from error


def _read(recognizer: Recognizer, options: argparse.Namespace, path: Path) -> str:
    texts = []
    count = page_count(path) if may_hold_pages(path) else 1
    for number in range(1, count + 1):
        with ProgressLine(path.name) as progress:
            picture = read_page_picture(path, number, grey=True)
            result = recognizer.read_page(
                picture.pixels,
                language=None if options.language == "off" else options.language,
                field=options.field,
                on_progress=progress,
            )
        texts.append(result.text)
    return "\n".join(texts)


def _reading(folder: Path, path: Path) -> str:
    found = _beside(folder / path.stem, TRUTH_SUFFIXES)
    if found is None:
        raise HandwriteError(f"there is no reading of it in {folder}.")
    return text_of(found)


def _beside(stem: Path, suffixes: Sequence[str]) -> Path | None:
    paths = (stem.with_name(stem.name + suffix) for suffix in suffixes)
    return next((path for path in paths if path.is_file()), None)
