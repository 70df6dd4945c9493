from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image


def writing(count: int, seed: int = 0) -> Image.Image:
    """A small page with a row of plain strokes, quick to read as I or L and 1."""
    pixels = np.full((80, 60 + 40 * count), 235, np.uint8)
    for index in range(count):
        left = 30 + 40 * index + seed % 5
        pixels[20:60, left : left + 5] = 30
        pixels[55:60, left : left + 18] = 30
    return Image.fromarray(pixels)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    """A folder with three pictures, one damaged, and a TIFF of three pages, the second blank."""
    folder = tmp_path / "scans"
    (folder / "inner").mkdir(parents=True)
    for number in (1, 2, 10):
        writing(number % 4 + 2, number).save(folder / f"page {number}.png")
    (folder / "page 3.png").write_bytes(b"no picture")
    blank = Image.new("L", (200, 80), 235)
    writing(3).save(folder / "inner" / "fax.tif", save_all=True, append_images=[blank, writing(4)])
    return folder
