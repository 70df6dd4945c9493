"""Doing one task of a batch: the same in this process, in another, and on another machine."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from handwrite_gui.engine.batch.task import BatchSettings, Outcome, PageRecord, Task
from handwrite_gui.engine.documents.pages import page_count, read_page_picture
from handwrite_gui.engine.errors import Cancelled, HandwriteError, InputFileError
from handwrite_gui.engine.export.formats import FORMATS, documents
from handwrite_gui.engine.export.read_page import ReadPage, mean_probability
from handwrite_gui.engine.image_file import Picture
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

OnProgress = Callable[[float, str], None]
ShouldStop = Callable[[], bool]

NO_WRITING = "no writing was found on it; is it a page with dark ink?"


@lru_cache(maxsize=1)
def recognizer_of(model: Path | None, alphabet: str | None) -> Recognizer:
    """The recogniser for a batch: loaded once in a process.

    Raises:
        HandwriteError: the model cannot be loaded, or does not know the alphabet.
    """
    return Recognizer(load_model(model or default_model_path()), alphabet)


def perform(
    task: Task,
    settings: BatchSettings,
    *,
    on_progress: OnProgress | None = None,
    should_stop: ShouldStop | None = None,
) -> Outcome:
    """Do a task.  Whatever is wrong with the file is in the outcome; nothing is raised for it."""
    start = time.perf_counter()
    try:
        match task.kind:
            case "count":
                outcome = Outcome(pages=page_count(task.item.source))
            case "read":
                outcome = _read(task, settings, on_progress, should_stop)
            case "assemble":
                outcome = Outcome(documents=_assembled(task, settings))
    except Cancelled:
        outcome = Outcome(cancelled=True)
    except InputFileError as error:
        outcome = Outcome(error=error.reason)
    except (HandwriteError, OSError) as error:
        outcome = Outcome(error=" ".join(str(error).split()) or type(error).__name__)
    except MemoryError:
        outcome = Outcome(error="there is not enough memory for it; give a smaller file.")
    except Exception as error:  # one file must never stop the others
        reason = " ".join(str(error).split())
        outcome = Outcome(
            error=f"reading it failed unexpectedly ({type(error).__name__}: {reason})."
        )
    return replace(outcome, seconds=time.perf_counter() - start)


def _read(
    task: Task,
    settings: BatchSettings,
    on_progress: OnProgress | None,
    should_stop: ShouldStop | None,
) -> Outcome:
    recognizer = recognizer_of(settings.model, settings.alphabet)
    shows = FORMATS[settings.format].shows_picture
    picture = _picture(task, settings, task.page, grey=not (shows and task.whole))
    result = recognizer.read_page(
        picture.pixels,
        language=settings.language,
        field=settings.field,
        on_progress=on_progress,
        should_stop=should_stop,
    )
    outcome = Outcome(
        characters=sum(1 for _ in result.characters), confidence=mean_probability(result)
    )
    if not task.whole:
        return replace(outcome, record=PageRecord(task.page, result, picture.dpi))
    if not result.lines:
        return Outcome(error=NO_WRITING)
    page = _read_page(task, settings, PageRecord(task.page, result, picture.dpi), picture)
    written = documents([page], settings.format, task.item.stem)
    return replace(outcome, documents=tuple(written))


def _assembled(task: Task, settings: BatchSettings) -> tuple[tuple[str, bytes], ...]:
    pages = [_read_page(task, settings, record, None) for record in task.records]
    return tuple(documents(pages, settings.format, task.item.stem))


def _read_page(
    task: Task, settings: BatchSettings, record: PageRecord, picture: Picture | None
) -> ReadPage:
    return ReadPage(
        record.result,
        task.item.source.name,
        record.page,
        model_name(settings),
        record.dpi,
        None if picture is None else picture.pixels,
        lambda: _picture(task, settings, record.page, grey=False).pixels,
    )


def model_name(settings: BatchSettings) -> str:
    """Name of the model that reads the batch."""
    return recognizer_of(settings.model, settings.alphabet).model.card.name


def _picture(task: Task, settings: BatchSettings, page: int, *, grey: bool) -> Picture:
    picture = read_page_picture(task.item.source, page, dpi=settings.dpi, grey=grey)
    if task.item.turns % 4:
        turned = np.ascontiguousarray(np.rot90(picture.pixels, -task.item.turns))
        picture = replace(picture, pixels=turned)
    return picture
