"""The files that arrive in a folder."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

from handwrite_gui.engine.batch.plan import plan
from handwrite_gui.engine.batch.task import BatchItem
from handwrite_gui.engine.errors import HandwriteError

QUIET_SECONDS = 2.0
"""A file is whole when it has not changed for so long: a scanner writes for a while."""


def arriving(
    folder: Path,
    output: Path,
    format_name: str,
    *,
    should_stop: Callable[[], bool],
    quiet: float = QUIET_SECONDS,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[BatchItem | None]:
    """The files in a folder, those that are there first, then each as it arrives; None between.

    A file that is replaced by another is given again.

    Args:
        folder: looked at with the folders in it.
        output: what lies in it is left alone.
        format_name: what the files are written as.
        should_stop: ends it.
        quiet: seconds for which a file must stay as it is.
        clock: in seconds.
    """
    seen: dict[Path, tuple[tuple[int, int], float]] = {}
    given: dict[Path, tuple[int, int]] = {}
    while not should_stop():
        ready = []
        try:
            items = plan([folder], output, format_name)
        except HandwriteError:
            items = []  # gone for a moment, as network folders are, or names that clash
        for item in items:
            stamp = _stamp(item.source)
            before, since = seen.get(item.source, (None, 0.0))
            if stamp is None or stamp == given.get(item.source):
                continue
            if stamp != before:
                seen[item.source] = (stamp, clock())
            elif stamp[0] > 0 and clock() - since >= quiet:
                given[item.source] = stamp
                del seen[item.source]
                ready.append(item)
        yield from ready
        yield None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_size, status.st_mtime_ns
