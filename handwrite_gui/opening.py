"""Telling by its name and first bytes what a file is to the program."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImageReader

from handwrite_gui.engine.file_suffixes import PICTURES, READINGS, SAVED_PAGE


def _patterns(*suffixes: str) -> str:
    return " ".join(f"*{suffix}" for suffix in suffixes)


IMAGE_FILTER = f"Pictures and PDF ({_patterns(*PICTURES)});;All files (*)"
PAGE_FILTER = (
    f"Pages, pictures and PDF ({_patterns(SAVED_PAGE, *PICTURES)});;"
    f"Pages (*{SAVED_PAGE});;{IMAGE_FILTER}"
)
READING_FILTER = f"Readings ({_patterns(*READINGS)});;All files (*)"
MODEL_FILTER = "Models (*.npz);;All files (*)"


@dataclass(frozen=True)
class SortedFiles:
    """Files by what is done with them.

    Attributes:
        images: pictures and PDF files that are read as pages, folders of them, and pages that were
            saved.
        readings: what another program read, to be imported.
        models: to read with.
        complaint: one message about all the others; empty where there are none.
    """

    images: tuple[Path, ...]
    readings: tuple[Path, ...]
    models: tuple[Path, ...]
    complaint: str


def sort_files(paths: Iterable[str | os.PathLike[str]]) -> SortedFiles:
    """Sort files for opening; whether they are sound is for their readers to say."""
    images: list[Path] = []
    readings: list[Path] = []
    models: list[Path] = []
    refused: list[str] = []
    for path in map(Path, paths):
        if not path.exists():
            refused.append(f"{path.name}: there is no such file; check its name and folder.")
        elif path.is_dir():
            images.append(path)
        elif path.suffix.lower() == ".npz":
            models.append(path)
        elif path.suffix.lower() in READINGS:
            readings.append(path)
        elif path.suffix.lower() in (*PICTURES, SAVED_PAGE) or _looks_like_an_image(path):
            images.append(path)
        else:
            refused.append(
                f"{path.name}: this is neither a picture nor a model; open a PNG, JPEG, WebP, BMP, "
                f"GIF, TIFF or PDF of a page, a saved page ({SAVED_PAGE}), a reading in hOCR, "
                "ALTO, PAGE XML or JSON, or a model (.npz)."
            )
    complaint = refused[0] if refused else ""
    if len(refused) > 1:
        complaint += f" ({len(refused) - 1} more of these files cannot be opened.)"
    return SortedFiles(tuple(images), tuple(readings), tuple(models), complaint)


def _looks_like_an_image(path: Path) -> bool:
    return not QImageReader.imageFormat(str(path)).isEmpty()
