"""Reading many files: what is to be done next, what was done, and what to tell about it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from handwrite_gui.engine.batch.events import Begun, Event, FileDone, PageDone, Progressed
from handwrite_gui.engine.batch.executors import Executor
from handwrite_gui.engine.batch.journal import Journal
from handwrite_gui.engine.batch.performing import NO_WRITING
from handwrite_gui.engine.batch.report import Report, Row
from handwrite_gui.engine.batch.task import (
    BatchItem,
    BatchSettings,
    Outcome,
    PageRecord,
    Task,
)
from handwrite_gui.engine.documents.pages import may_hold_pages
from handwrite_gui.engine.output_file import write_bytes

_SECONDS_BETWEEN_LOOKS = 0.2


@dataclass(eq=False, slots=True)
class _File:
    """What is known of a file that is being read."""

    item: BatchItem
    pages: int | None = None
    records: dict[int, PageRecord] = field(default_factory=dict)
    errors: dict[int, str] = field(default_factory=dict)
    outstanding: int = 0
    characters: int = 0
    certain: float = 0.0
    seconds: float = 0.0

    @property
    def pages_left(self) -> int:
        return max((self.pages or 1) - len(self.records) - len(self.errors), 0)

    @property
    def confidence(self) -> float:
        return self.certain / self.characters if self.characters else 0.0


class Batch:
    """Reads files and writes what they say into a folder.

    One file that fails, whatever the reason, stops none of the others.  What is done is noted in
    the folder at once: a batch that was cancelled, or crashed, is resumed without doing a page
    again.  The pages of one file may be read by several workers; its outputs are written when the
    last of them is.

    ``pause``, ``resume`` and ``cancel`` may be called from any thread.

    Args:
        items: the files; None among them means that there is none yet, as for a watched folder.
        settings: how they are read and written.
        output: the folder, which is made.
        resume: go on where an earlier batch in this folder ended.  The journal stays then, also
            when all is done, so that the same can be asked again when there are more files.
        total: how many files there will be, where ``items`` cannot tell.

    Raises:
        HandwriteError: the earlier batch had other settings.
        OSError: the folder cannot be written.
    """

    def __init__(
        self,
        items: Iterable[BatchItem | None],
        settings: BatchSettings,
        output: Path,
        *,
        resume: bool = False,
        total: int | None = None,
    ) -> None:
        self.report = Report()
        self._resumes = resume
        self._items = iter(items)
        self._total = len(items) if total is None and isinstance(items, list | tuple) else total
        self._output = output
        output.mkdir(parents=True, exist_ok=True)
        self._journal = Journal(output, settings, resume=resume)
        self._queue: deque[Task] = deque()
        self._files: dict[BatchItem, _File] = {}
        self._in_flight = 0
        self._taken = 0
        self._exhausted = False
        self._pages_read = 0
        self._running = threading.Event()
        self._running.set()
        self._cancelled = threading.Event()
        self._paused_seconds = 0.0

    def pause(self) -> None:
        """Begin no more pages until :meth:`resume`; those that were begun are read."""
        self._running.clear()

    def resume(self) -> None:
        """Go on after :meth:`pause`."""
        self._running.set()

    @property
    def is_paused(self) -> bool:
        """Whether it waits for :meth:`resume`."""
        return not self._running.is_set()

    def cancel(self) -> None:
        """End soon; what was done stays, and can be resumed."""
        self._cancelled.set()
        self._running.set()

    def is_cancelled(self) -> bool:
        """Whether it was told to end."""
        return self._cancelled.is_set()

    def run(self, executor: Executor) -> Iterator[Event]:
        """Read the files, once; ends when all are done, or soon after :meth:`cancel`.

        Args:
            executor: does the work; it is closed at the end.

        Raises:
            OSError: an output, or the journal, cannot be written: then no other could.
        """
        start = time.monotonic()
        complete = False
        try:
            while not self._cancelled.is_set():
                yield from self._hand_out(executor)
                if self._exhausted and not self._in_flight and not self._queue:
                    break
                if self.is_paused and not self._in_flight:
                    began = time.monotonic()
                    self._running.wait(_SECONDS_BETWEEN_LOOKS)
                    self._paused_seconds += time.monotonic() - began
                    continue
                for task, outcome in executor.wait(_SECONDS_BETWEEN_LOOKS):
                    yield from self._take(task, outcome)
                    yield self._progress(time.monotonic() - start - self._paused_seconds)
            if self._cancelled.is_set():
                self.report.cancelled = True
                executor.cancel()
                # What is done all the same is not done again.
                for task, outcome in executor.wait(_SECONDS_BETWEEN_LOOKS):
                    yield from self._take(task, outcome)
            else:
                complete = not self.report.failed
        finally:
            executor.close()
            self._journal.close(remove=complete and not self._resumes)
            self.report.seconds = time.monotonic() - start - self._paused_seconds

    # Handing out

    def _hand_out(self, executor: Executor) -> Iterator[Event]:
        while self._in_flight < executor.capacity and not self.is_paused:
            if not self._queue:
                yield from self._take_item()
            if not self._queue:
                if self._exhausted or self._waits_for_files:
                    return
                continue
            executor.submit(self._queue.popleft())
            self._in_flight += 1

    def _take_item(self) -> Iterator[Event]:
        """The next file, if there is one, becomes tasks in the queue, or is done already."""
        self._waits_for_files = False
        item = next(self._items, _NO_MORE)
        if item is _NO_MORE:
            self._exhausted = True
            return
        if not isinstance(item, BatchItem):
            self._waits_for_files = True
            return
        self._taken += 1
        earlier = self._journal.finished(item)
        if earlier is not None:
            row = _earlier_row(item, earlier)
            self.report.rows.append(row)
            yield FileDone(item, row)
            return
        file = self._files[item] = _File(item)
        yield Begun(item)
        if may_hold_pages(item.source):
            self._queue.append(Task("count", item))
        else:
            file.pages = 1
            self._queue.append(Task("read", item, whole=True))

    _waits_for_files = False

    # Taking what was done

    def _take(self, task: Task, outcome: Outcome) -> Iterator[Event]:
        self._in_flight -= 1
        file = self._files.get(task.item)
        if file is None or outcome.cancelled:
            return
        file.seconds += outcome.seconds
        match task.kind:
            case "count":
                yield from self._counted(file, outcome)
            case "read":
                yield from self._read(file, task, outcome)
            case "assemble":
                yield from self._write(file, outcome)

    def _counted(self, file: _File, outcome: Outcome) -> Iterator[Event]:
        if outcome.pages is None:
            yield from self._finish(file, outcome.error or "its pages could not be counted.")
            return
        file.pages = outcome.pages
        if file.pages == 1:
            self._queue.appendleft(Task("read", file.item, whole=True))
            return
        for number, record in self._journal.kept(file.item).items():
            if number <= file.pages:
                self._add(file, record)
        missing = [n for n in range(1, file.pages + 1) if n not in file.records]
        file.outstanding = len(missing)
        # Before other files: what was begun is completed.
        self._queue.extendleft(Task("read", file.item, page) for page in reversed(missing))
        if not missing:
            self._assemble(file)

    def _read(self, file: _File, task: Task, outcome: Outcome) -> Iterator[Event]:
        error = outcome.error
        yield PageDone(file.item, task.page, file.pages or 1, error)
        if error is None:
            self._pages_read += 1
        if task.whole:
            if error is None:
                file.characters = outcome.characters
                file.certain = outcome.characters * outcome.confidence
            yield from self._write(file, outcome)
            return
        if outcome.record is not None:
            self._journal.keep(file.item, outcome.record)
            self._add(file, outcome.record)
        else:
            file.errors[task.page] = error or NO_WRITING
        file.outstanding -= 1
        if file.outstanding == 0:
            if any(record.result.lines for record in file.records.values()):
                self._assemble(file)
            else:
                yield from self._finish(file, _page_errors(file) or NO_WRITING)

    def _add(self, file: _File, record: PageRecord) -> None:
        file.records[record.page] = record
        for character in record.result.characters:
            file.characters += 1
            file.certain += character.probability

    def _assemble(self, file: _File) -> None:
        records = tuple(file.records[page] for page in sorted(file.records))
        self._queue.appendleft(Task("assemble", file.item, records=records))

    def _write(self, file: _File, outcome: Outcome) -> Iterator[Event]:
        if outcome.error is not None:
            yield from self._finish(file, outcome.error)
            return
        written = []
        for name, data in outcome.documents:
            path = self._output / name
            if path.resolve() == file.item.source.resolve():
                yield from self._finish(file, "its output would replace it; name another folder.")
                return
            path.parent.mkdir(parents=True, exist_ok=True)
            write_bytes(path, data)
            written.append(name)
        yield from self._finish(file, _page_errors(file), tuple(written))

    def _finish(
        self, file: _File, error: str | None, outputs: tuple[str, ...] = ()
    ) -> Iterator[Event]:
        del self._files[file.item]
        pages = len(file.records) or (1 if outputs else 0)
        row = Row(
            file.item.source,
            pages,
            file.characters,
            file.confidence,
            error,
            outputs,
            file.seconds,
        )
        self._journal.finish(
            file.item,
            list(outputs),
            {
                "pages": pages,
                "characters": file.characters,
                "confidence": file.confidence,
                "error": error,
            },
        )
        self.report.rows.append(row)
        yield FileDone(file.item, row)

    def _progress(self, seconds: float) -> Progressed:
        total = max(self._total or 0, self._taken)
        left = total - self._taken + sum(file.pages_left for file in self._files.values())
        rate = self._pages_read / seconds if seconds > 0 else 0.0
        return Progressed(
            files=len(self.report.rows),
            all_files=total,
            pages=self._pages_read,
            pages_left=left,
            seconds=seconds,
            seconds_left=left / rate if rate > 0 else None,
        )


_NO_MORE = object()


def _page_errors(file: _File) -> str | None:
    """What failed of a file of several pages; None where nothing did."""
    if not file.errors:
        return None
    page, error = min(file.errors.items())
    more = f" ({len(file.errors) - 1} more pages failed.)" if len(file.errors) > 1 else ""
    return f"page {page}: {error}{more}"


def _earlier_row(item: BatchItem, entry: dict[str, Any]) -> Row:
    def number(name: str) -> float:
        value = entry.get(name)
        return float(value) if isinstance(value, int | float) else 0.0

    return Row(
        item.source,
        int(number("pages")),
        int(number("characters")),
        number("confidence"),
        None,
        tuple(str(name) for name in entry.get("outputs", ())),
        earlier=True,
    )
