"""The characters of pages as a training set: what was corrected teaches the next network."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.data.readers.folder import character_of_folder
from handwrite_gui.engine.export.geometry import bounds
from handwrite_gui.engine.export.picture_file import png
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.ink import find_ink
from handwrite_gui.engine.page.result import Quad

SIDE = 64
"""Side in pixels of the images: twice the network's input, whose filter does the rest."""

_MARGIN = 4  # pixels around the ink
_OVERSAMPLED = 4  # pixels of the page that become one of the image at most
_NAMES = {
    ".": "period",
    ",": "comma",
    "-": "hyphen",
    "'": "apostrophe",
    "/": "slash",
    "&": "ampersand",
    "?": "question",
    "!": "exclamation",
}


class Sample(NamedTuple):
    """A character: its label and uint8 (64, 64), its ink bright on 0."""

    label: str
    image: NDArray[np.uint8]


def samples(pages: Sequence[ReadPage]) -> Iterator[Sample]:
    """The characters of pages with one character as their label, in reading order.

    Their ink is found as the page reader finds it.  What has no ink at its place, or none of
    its own, is left out.

    Raises:
        ValueError: a page has no picture.
    """
    for page in pages:
        ink = find_ink(page.picture)
        shown = np.asarray(np.rint(np.where(ink.mask, ink.darkness, 0) * 255), np.uint8)
        whole = Image.fromarray(shown)
        for character in page.result.characters:
            single = len(character.label) == 1 and not character.label.isspace()
            if single and not character.is_hidden:
                image = _cut(whole, character.quad, ink.reduction)
                if image.any():
                    yield Sample(character.label, image)


def training_npz(pages: Sequence[ReadPage]) -> bytes:
    """An ``.npz`` file that ``train`` takes.

    ``images`` uint8 (N, 64, 64), ``labels`` <U1 (N,), and ``model``, what read the pages.  There
    is no ``writer``: nobody has said who wrote.

    Raises:
        ValueError: a page has no picture.
    """
    found = list(samples(pages))
    images = np.array([sample.image for sample in found], np.uint8).reshape(-1, SIDE, SIDE)
    labels = np.array([sample.label for sample in found], "<U1")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, images=images, labels=labels, model=np.array(pages[0].engine))
    return buffer.getvalue()


def training_folder(pages: Sequence[ReadPage]) -> list[tuple[str, bytes]]:
    """Files with their paths below a folder: ``A_upper/0001.png``, dark on light.

    Characters that are no name of a folder on every system, ``:`` say, are left out; the
    ``.npz`` file has them.

    Raises:
        ValueError: a page has no picture.
    """
    counts: dict[str, int] = {}
    files = []
    for label, image in samples(pages):
        folder = folder_name(label)
        if folder is not None:
            counts[folder] = counts.get(folder, 0) + 1
            name = f"{folder}/{counts[folder]:04}.png"
            files.append((name, png(Image.fromarray(255 - image))))
    return files


def folder_name(label: str) -> str | None:
    """The folder for a character, or None.  Capitals and small letters never share a name."""
    if label in _NAMES:
        return _NAMES[label]
    if label.upper() != label.lower():
        name = f"{label}_{'upper' if label == label.upper() else 'lower'}"
    else:
        name = label
    usable = label.isalnum() and character_of_folder(name) == label
    return name if usable else None


def _cut(page: Image.Image, quad: Quad, reduction: int) -> NDArray[np.uint8]:
    """A place turned upright and scaled into the middle of a square, its proportions kept."""
    corners = np.array(quad, np.float64) / reduction
    width = max(float(np.hypot(*(corners[1] - corners[0]))), 1.0)
    height = max(float(np.hypot(*(corners[3] - corners[0]))), 1.0)
    if not np.isfinite(corners).all() or not _overlaps(corners, page):
        return np.zeros((SIDE, SIDE), np.uint8)
    scale = (SIDE - 2 * _MARGIN) / max(width, height)
    # First at most so many times larger, then averaged: thin strokes stay.
    more = min(max(1, round(1 / scale)), _OVERSAMPLED)
    size = max(1, round(width * scale)) * more, max(1, round(height * scale)) * more
    data = tuple(float(value) for corner in (0, 3, 2, 1) for value in corners[corner])
    upright = page.transform(
        size, Image.Transform.QUAD, data, resample=Image.Resampling.BILINEAR, fillcolor=0
    )
    if more > 1:
        upright = upright.reduce(more)
    square = Image.new("L", (SIDE, SIDE))
    square.paste(upright, ((SIDE - upright.width) // 2, (SIDE - upright.height) // 2))
    return np.asarray(square)


def _overlaps(corners: NDArray[np.float64], page: Image.Image) -> bool:
    box = bounds([(float(x), float(y)) for x, y in corners])
    return box.right > 0 and box.bottom > 0 and box.left < page.width and box.top < page.height
