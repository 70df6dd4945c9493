"""What the commands tell the person at the terminal, all of it on standard error."""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from handwrite_gui.engine.errors import InputFileError

_SECONDS_BETWEEN_UPDATES = 0.1
_CLEAR_LINE = "\r\x1b[K"


class UsageError(Exception):
    """Arguments that are well formed one by one but do not go together; exit status 2."""


def report(error: BaseException, path: str | Path | None = None) -> None:
    """Prints one line about a failed input.

    Args:
        error: what was raised.
        path: the input as the person named it; None where the error itself names the file.
    """
    print(f"handwrite-gui: {_describe(error, path)}", file=sys.stderr)


def _describe(error: BaseException, path: str | Path | None) -> str:
    if isinstance(error, InputFileError):
        # Its own text names the file without its folder, which is not enough among many files.
        return f"{path if path == str(error.path) else error.path}: {error.reason}"
    if isinstance(error, MemoryError):
        reason = "there is not enough memory for it; give a smaller file."
    elif isinstance(error, OSError) and error.strerror:
        path = error.filename or path
        reason = f"{error.strerror}."
    else:
        reason = " ".join(str(error).split()) or type(error).__name__
    return reason if path is None else f"{path}: {reason}"


class ProgressLine:
    """A line that is rewritten while work goes on; silent where it is not a terminal.

    Used as a context, it removes its line at the end, so that messages start on a fresh one.
    Calling it with a fraction in 0 to 1 and a short text is the ``on_progress`` that the engine's
    long functions take.
    """

    def __init__(self, title: str) -> None:
        self._title = title
        self._shows = sys.stderr.isatty()
        self._last_update = -_SECONDS_BETWEEN_UPDATES

    def __call__(self, fraction: float, text: str) -> None:
        now = time.monotonic()
        if now - self._last_update < _SECONDS_BETWEEN_UPDATES:
            return
        self._last_update = now
        # A line that wraps could not be rewritten.
        width = shutil.get_terminal_size().columns - 1
        self.show(f"{self._title}  {fraction:4.0%}  {text}"[:width])

    def show(self, text: str) -> None:
        """Puts a text of the caller's in the place of the line."""
        if self._shows:
            print(f"{_CLEAR_LINE}{text}", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.show("")
