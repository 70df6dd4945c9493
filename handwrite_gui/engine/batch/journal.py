"""What a batch has done, on disk at every moment, so that a crash loses no page.

The journal is a folder ``.handwrite-batch`` in the output folder: ``journal.jsonl``, a line for
everything that was done, and the pages of documents that are not complete yet.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from handwrite_gui.engine.batch.task import BatchItem, BatchSettings, PageRecord
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.export.json_document import json_document
from handwrite_gui.engine.output_file import write_bytes
from handwrite_gui.engine.transcripts.json_document import read_json
from handwrite_gui.engine.transcripts.xml_tree import XmlTrouble

FOLDER = ".handwrite-batch"
_FORMAT = "handwrite-batch"
_VERSION = 1


class Journal:
    """The journal of the batch in a folder.

    Args:
        output: the folder that the batch writes into.
        settings: of this batch.
        resume: keep what an earlier batch with the same settings has done there.

    Raises:
        HandwriteError: the earlier batch had other settings.
        OSError: it cannot be written.
    """

    def __init__(self, output: Path, settings: BatchSettings, *, resume: bool) -> None:
        self._folder = output / FOLDER
        self._done: dict[str, dict[str, Any]] = {}
        path = self._folder / "journal.jsonl"
        entries = list(_entries(path)) if resume else []
        head = {"format": _FORMAT, "version": _VERSION, "settings": settings.to_dict()}
        if entries and entries[0] != head:
            raise HandwriteError(
                f"The batch in {output} was begun with another model, format or settings; give "
                "the same, or leave out --resume to begin anew."
            )
        for entry in entries[1:]:
            self._done[str(entry.get("source"))] = entry
        if not entries and self._folder.exists():
            shutil.rmtree(self._folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file: IO[str] = path.open("a", encoding="utf-8", errors="surrogateescape")
        if not entries:
            self._append(head)
        else:
            # After a line that the crash cut short, begin a new one.
            self._file.write("\n")

    def finished(self, item: BatchItem) -> dict[str, Any] | None:
        """What an earlier run wrote of a file, if the file is as it was and its outputs are there.

        What failed is tried again.
        """
        entry = self._done.get(_key(item))
        if entry is None or entry.get("stamp") != _stamp(item.source):
            return None
        outputs = [self._folder.parent / name for name in entry.get("outputs", [])]
        if entry.get("error") is None and outputs and all(path.exists() for path in outputs):
            return entry
        return None

    def finish(self, item: BatchItem, outputs: list[str], entry: dict[str, Any]) -> None:
        """Note that a file is done; the pages that were kept for it go."""
        self._append(
            {"source": _key(item), "stamp": _stamp(item.source), "outputs": outputs, **entry}
        )
        shutil.rmtree(self._pages(item), ignore_errors=True)

    def keep(self, item: BatchItem, record: PageRecord) -> None:
        """Keep a page until its document is complete."""
        document = json_document(
            record.result, item.source.name.encode("utf-8", "replace").decode()
        )
        data = json.dumps({"dpi": record.dpi, "stamp": _stamp(item.source)}) + "\n" + document
        folder = self._pages(item)
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / f"{record.page}.json", data.encode("utf-8", "replace"))

    def kept(self, item: BatchItem) -> dict[int, PageRecord]:
        """The pages that an earlier run has read of a document that it did not complete."""
        found = {}
        folder = self._pages(item)
        for path in folder.glob("*.json") if folder.is_dir() else ():
            record = _record(path, _stamp(item.source))
            if record is not None:
                found[record.page] = record
        return found

    def close(self, *, remove: bool = False) -> None:
        """No more is noted; a journal that nobody will need can go."""
        self._file.close()
        if remove:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _append(self, entry: dict[str, Any]) -> None:
        self._file.write(json.dumps(entry, ensure_ascii=True) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def _pages(self, item: BatchItem) -> Path:
        digest = hashlib.sha256(_key(item).encode("utf-8", "surrogateescape")).hexdigest()
        return self._folder / "pages" / digest[:24]


def _key(item: BatchItem) -> str:
    """A file is another one in this sense when it is turned, or written elsewhere."""
    return f"{item.source.resolve()}\n{item.stem}\n{item.turns % 4}"


def _stamp(path: Path) -> list[int]:
    """What changes with a file's content."""
    try:
        status = path.stat()
    except OSError:
        return [-1, -1]
    return [status.st_size, status.st_mtime_ns]


def _entries(path: Path) -> Iterator[dict[str, Any]]:
    """The lines that are whole: a crash may have cut the last one short."""
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    except OSError:
        return
    for line in lines:
        try:
            entry = json.loads(line)
        except ValueError:
            continue
        if isinstance(entry, dict):
            yield entry


def _record(path: Path, stamp: list[int]) -> PageRecord | None:
    try:
        first, _, document = path.read_text(encoding="utf-8").partition("\n")
        told = json.loads(first)
        (page,) = read_json(document)
        if told["stamp"] != stamp or not path.stem.isdecimal():
            return None
        dpi = told["dpi"]
        return PageRecord(int(path.stem), page.result, None if dpi is None else float(dpi))
    except (OSError, ValueError, KeyError, TypeError, XmlTrouble):
        return None
