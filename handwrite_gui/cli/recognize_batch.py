"""Reads many files into a folder: several processes, Ctrl-C that loses nothing, a report."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING

from handwrite_gui.cli.messages import ProgressLine, UsageError, report
from handwrite_gui.cli.recognition import load_recognizer
from handwrite_gui.engine.batch.batch import Batch
from handwrite_gui.engine.batch.events import FileDone, Progressed
from handwrite_gui.engine.batch.executors import Executor, InThisProcess, Processes, usual_jobs
from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.report import duration, write_report
from handwrite_gui.engine.batch.task import BatchItem, BatchSettings
from handwrite_gui.engine.batch.watching import arriving
from handwrite_gui.engine.errors import HandwriteError, ImageFileError

if TYPE_CHECKING:
    from handwrite_gui.cli.recognize import Input

INTERRUPTED = 130


def run_batch(inputs: Sequence[Input], options: argparse.Namespace, language: str | None) -> int:
    """Reads the files into ``options.output``.

    Raises:
        UsageError: two outputs would go to one file, or one would replace an input.
    """
    settings = BatchSettings(
        options.model,
        options.alphabet,
        language,
        options.field,
        options.format,
        options.dpi,
    )
    items, missing = _items(inputs, options)
    # Before anything is begun: what is wrong with the model, none of the files can help.
    load_recognizer(options)
    total = None if items is None else len(items)
    stopped = _Stopped()
    arrivals: Iterator[BatchItem | None] | list[BatchItem] = (
        arriving(inputs[0].path, options.output, options.format, should_stop=stopped)
        if items is None
        else items
    )
    batch = Batch(arrivals, settings, options.output, resume=options.resume, total=total)
    stopped.stop = batch.cancel
    shown = {given.path: given.shown for given in inputs}
    with _interrupt_cancels(stopped), ProgressLine("recognize") as progress:
        for event in batch.run(_executor(settings, options, batch)):
            match event:
                case FileDone(row=row) if row.error is not None:
                    progress.show("")
                    name = shown.get(row.source, str(row.source))
                    report(HandwriteError(row.error), name)
                case Progressed():
                    progress(event.share, _described(event))
    result = batch.report
    if options.report is not None:
        write_report(result, options.report)
    if sys.stderr.isatty() or options.report is not None:
        print(f"handwrite-gui: {result.summary()}", file=sys.stderr)
    if result.cancelled and not options.watch:
        print(
            "handwrite-gui: stopped; what was read is kept: add --resume to go on from there",
            file=sys.stderr,
        )
        return INTERRUPTED
    return 1 if result.failed or missing else 0


def _items(
    inputs: Sequence[Input], options: argparse.Namespace
) -> tuple[list[BatchItem] | None, bool]:
    """The files, None for those that a folder will bring; and whether a folder has none."""
    if options.watch:
        return None, False
    try:
        items = plan([given.path for given in inputs], options.output, options.format)
    except HandwriteError as error:
        raise UsageError(str(error)) from error
    missing = False
    for given in inputs:
        if given.path.is_dir() and not any(
            item.source.is_relative_to(given.path) for item in items
        ):
            report(ImageFileError(given.path, "there is no picture and no PDF in this folder."))
            missing = True
    return items, missing


def _executor(settings: BatchSettings, options: argparse.Namespace, batch: Batch) -> Executor:
    if options.scheduler is not None:
        from handwrite_gui.engine.batch.dask_cluster import DaskCluster

        return DaskCluster(settings, options.scheduler)
    jobs = usual_jobs() if options.jobs == 0 else options.jobs or 1
    if jobs == 1:
        return InThisProcess(settings, should_stop=batch.is_cancelled)
    return Processes(settings, jobs)


def _described(event: Progressed) -> str:
    text = f"{event.files} of {event.all_files} files  {event.pages} pages"
    if event.seconds_left is not None and event.pages_left:
        text += f"  {duration(event.seconds_left)} left"
    return text


class _Stopped:
    """Whether Ctrl-C was pressed; the first time ends the batch, the second the program."""

    def __init__(self) -> None:
        self.stop: Callable[[], None] = lambda: None
        self._pressed = False

    def __call__(self) -> bool:
        return self._pressed

    def press(self) -> None:
        self._pressed = True
        self.stop()


@contextmanager
def _interrupt_cancels(stopped: _Stopped) -> Iterator[None]:
    def press(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        stopped.press()

    before = signal.signal(signal.SIGINT, press)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
