"""Telling by its name and first bytes what a file is to the program."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImageReader

PAGE_SUFFIX = ".handwrite"
IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".gif", ".tif", ".tiff")
IMAGE_FILTER = f"Pictures ({' '.join('*' + suffix for suffix in IMAGE_SUFFIXES)});;All files (*)"
PAGE_FILTER = (
    f"Pages and pictures (*{PAGE_SUFFIX} {' '.join('*' + suffix for suffix in IMAGE_SUFFIXES)});;"
    f"Pages (*{PAGE_SUFFIX});;{IMAGE_FILTER}"
)
MODEL_FILTER = "Models (*.npz);;All files (*)"


@dataclass(frozen=True)
class SortedFiles:
    """Files by what is done with them.

    Attributes:
        images: pictures that are read as pages, and pages that were saved.
        models: to read with.
        complaint: one message about all the others; empty where there are none.
    """

    images: tuple[Path, ...]
    models: tuple[Path, ...]
    complaint: str


def sort_files(paths: Iterable[str | os.PathLike[str]]) -> SortedFiles:
    """Sort files for opening; whether they are sound is for their readers to say."""
    images: list[Path] = []
    models: list[Path] = []
    refused: list[str] = []
    for path in map(Path, paths):
        if not path.exists():
            refused.append(f"{path.name}: there is no such file; check its name and folder.")
        elif path.is_dir():
            refused.append(f"{path.name}: this is a folder; open a picture inside it.")
        elif path.suffix.lower() == ".npz":
            models.append(path)
        elif path.suffix.lower() in (*IMAGE_SUFFIXES, PAGE_SUFFIX) or _looks_like_an_image(path):
            images.append(path)
        else:
            refused.append(
                f"{path.name}: this is neither a picture nor a model; open a PNG, JPEG, WebP, BMP, "
                f"GIF or TIFF picture of a page, a saved page ({PAGE_SUFFIX}), or a model (.npz)."
            )
    complaint = refused[0] if refused else ""
    if len(refused) > 1:
        complaint += f" ({len(refused) - 1} more of these files cannot be opened.)"
    return SortedFiles(tuple(images), tuple(models), complaint)


def _looks_like_an_image(path: Path) -> bool:
    return not QImageReader.imageFormat(str(path)).isEmpty()
