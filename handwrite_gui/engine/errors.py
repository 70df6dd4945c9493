"""The errors the engine raises on purpose.

Each message is one sentence that can be shown to a person as it stands: what is wrong, and
what to do about it.  Programming errors keep Python's own types.
"""

from __future__ import annotations

import os
from pathlib import Path


class HandwriteError(Exception):
    """Base of every error that is meant to be shown to the person using the program."""


class Cancelled(HandwriteError):  # noqa: N818 - what was asked for is no error
    """A long function was asked to stop through ``should_stop`` and has stopped."""

    def __init__(self) -> None:
        super().__init__("Cancelled.")


class InputFileError(HandwriteError):
    """A file cannot be used.

    Attributes:
        path: the file or folder in question.
        reason: what is wrong with it and what to do, a sentence without the path.
    """

    def __init__(self, path: str | os.PathLike[str], reason: str) -> None:
        self.path = Path(path)
        self.reason = reason
        super().__init__(f"{self.path.name or self.path}: {reason}")

    def __reduce__(self) -> tuple[type[InputFileError], tuple[Path, str]]:
        # The default would rebuild from args, which hold the joined message only.
        return type(self), (self.path, self.reason)


class ImageFileError(InputFileError):
    """An image cannot be opened as a picture of a page."""


class DatasetError(InputFileError):
    """A file or folder cannot be read as a labelled data set."""


class ModelFileError(InputFileError):
    """A file cannot be loaded as a model or a training checkpoint."""


class TranscriptError(InputFileError):
    """A file cannot be read as the text of pages with its places."""


class DocumentFileError(InputFileError):
    """A file cannot be opened, or not be saved, as a page with its reading."""
