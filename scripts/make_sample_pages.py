#!/usr/bin/env python3
"""Make the sample pages that ship with the program.

    python3 scripts/make_sample_pages.py [FOLDER]

Writes resources/samples (or FOLDER): a JPEG for each page, and index.json, a list of objects with
the file's name and the text, line for line, that a reader should find.  The hands are synthetic and
the texts our own, so the pages carry no rights of others.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.data.synthesis import compose_page  # noqa: E402

QUALITY = 84


@dataclass(frozen=True)
class SamplePage:
    """A page to be made: ``seed`` is the writer, picked by eye for being legible."""

    file: str
    seed: int
    cap_height: float
    text: str


PAGES = (
    SamplePage(
        file="shopping_list.jpg",
        seed=115,
        cap_height=62,
        text=(
            "SHOPPING LIST\n2 LOAVES OF BREAD\n12 EGGS\nMILK AND BUTTER\nA BAG OF RICE\n"
            "6 LEMONS\nCOFFEE FOR FRIDAY"
        ),
    ),
    SamplePage(
        file="after_the_rain.jpg",
        seed=106,
        cap_height=66,
        text=(
            "AFTER THE RAIN\nTHE STREET IS BRIGHT\nAND EVERY PUDDLE\nKEEPS SOME LIGHT\n"
            "A SPARROW DRINKS\nTHE MOON TONIGHT"
        ),
    ),
    SamplePage(
        file="alphabet.jpg",
        seed=109,
        cap_height=74,
        text="ABCDEFG\nHIJKLMN\nOPQRSTU\nVWXYZ\n0123456789",
    ),
)


def main() -> int:
    """Write the pages and their index; return the exit status."""
    parser = argparse.ArgumentParser(description="Make the sample pages.")
    parser.add_argument(
        "folder", nargs="?", type=Path, default=ROOT / "resources" / "samples", metavar="FOLDER"
    )
    folder: Path = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    for page in PAGES:
        picture = compose_page(page.text, page.seed, cap_height=page.cap_height, paper="shaded")
        path = folder / page.file
        Image.fromarray(picture).save(path, quality=QUALITY, optimize=True, progressive=True)
        print(
            f"{path.name}: {picture.shape[1]} × {picture.shape[0]}, {path.stat().st_size:,} bytes"
        )
    index = [{"file": page.file, "text": page.text} for page in PAGES]
    (folder / "index.json").write_text(
        json.dumps(index, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
