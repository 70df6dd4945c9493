"""Trace handwriting fonts: a collection of characters by people whom no other collection has.

    python scripts/trace_fonts.py --fonts FOLDER --output FILE

Many hands, and the models that schools of some forty countries teach, have been made into fonts
under free licences.  FOLDER holds such fonts by the names in handwriting_fonts.txt, also in folders
of it: NAME.ttf, .otf or .woff, or NAME-latin-400-normal.woff as Fontsource's packages have them.
Those that are missing are told of.  What is drawn in them is traced into strokes (``tracing.py``),
so that any pen can write it.

The output is an .npz of the layout of recorded handwriting: points float32 (M, 2), x and y, y down;
stroke_len int32, points of each stroke; n_strokes int32 (N,), strokes of each character; labels
``<U1`` (N,); images uint8 (N, 64, 64), ink 255 on 0; and writer int32 (N,), a number for each font.
No number leaves 0 or 1 modulo 5, which are the numbers of those who are measured on.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont
from tracing import Points, traced

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.data.normalizer import normalize  # noqa: E402
from handwrite_gui.engine.npz_container import write_npz  # noqa: E402

NAMES = Path(__file__).with_name("handwriting_fonts.txt")
SUFFIXES = ".ttf", ".otf", ".woff"
PARTS = "", "-latin-400-normal"  # of a file's name, between the font's and the suffix
LABELS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz.,-'/&?!"
EM = 96  # pixels of the size that characters are drawn at
SIDE, INSET = 64, 4  # of the pictures that are kept, and the border that is left blank in them
SMALLEST = 3  # pixels of a character's ink, less of which is none
DOT = 0.5  # of the extent of a picture, below which that of its middle lines is no line's
OWN_SHAPE = frozenset("abdefghlmnqrt")  # small letters that no capital looks like
SAME = 0.8  # likeness of such a small letter to its capital, above which it is one drawn small
FIRST = 100_000  # number of a font: no person has it
LEARNED_FROM = 2, 3, 4  # remainders modulo 5

Drawn = tuple[str, NDArray[np.uint8], list[Points]]


def draw_font(path: Path) -> list[Drawn]:
    """The characters that a font has, each with its picture and its strokes."""
    font = ImageFont.truetype(str(path), EM)
    nothing = _drawn(font, "\uffff")
    pictures = {}
    for label in LABELS:
        picture = _drawn(font, label)
        if max(picture.shape) >= SMALLEST and not np.array_equal(picture, nothing):
            pictures[label] = picture
    for label in OWN_SHAPE & pictures.keys():
        if label.upper() in pictures and _alike(pictures[label], pictures[label.upper()]) > SAME:
            del pictures[label]
    found = ((label, _framed(picture), _strokes(picture)) for label, picture in pictures.items())
    return [drawn for drawn in found if drawn[2]]


def _strokes(picture: NDArray[np.uint8]) -> list[Points]:
    """What a pen would draw; a dot is a point, and not the little line in the middle of it."""
    strokes = traced(picture)
    if not strokes:
        return []
    points = np.concatenate(strokes)
    if np.ptp(points, axis=0).max() < DOT * max(picture.shape):
        return [points.mean(axis=0, keepdims=True)]
    return strokes


def _drawn(font: ImageFont.FreeTypeFont, text: str) -> NDArray[np.uint8]:
    """uint8 (H, W), ink 255 on 0, no larger than the ink; (0, 0) where there is none."""
    canvas = Image.new("L", (6 * EM, 6 * EM))
    ImageDraw.Draw(canvas).text((2 * EM, 2 * EM), text, font=font, fill=255)
    box = canvas.getbbox()
    return np.asarray(canvas.crop(box)) if box else np.zeros((0, 0), np.uint8)


def _alike(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """The cosine of two pictures as the network sees them."""
    a, b = normalize([one, other]).reshape(2, -1).astype(np.float64)
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def _framed(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    image = Image.fromarray(picture)
    image.thumbnail((SIDE - 2 * INSET,) * 2, Image.Resampling.BOX)
    frame = Image.new("L", (SIDE, SIDE))
    frame.paste(image, ((SIDE - image.width) // 2, (SIDE - image.height) // 2))
    return np.asarray(frame)


def find_fonts(folder: Path, names: Sequence[str]) -> dict[int, Path]:
    """The files of those fonts that a folder has, by their places in the list, whichever others
    are missing."""
    files = {path.name: path for path in sorted(folder.rglob("*"), reverse=True)}
    found = {}
    for place, name in enumerate(names):
        own = [f"{name}{part}{suffix}" for part in PARTS for suffix in SUFFIXES]
        path = next((files[file] for file in own if file in files), None)
        if path is not None:
            found[place] = path
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--fonts", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--output", type=Path, required=True, metavar="FILE")
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    names = [line for line in NAMES.read_text("utf-8").split("\n") if line and line[0] != "#"]
    found = find_fonts(arguments.fonts, names)
    if not found:
        parser.error(f"{arguments.fonts} has none of the fonts of {NAMES.name}")
    missing = [name for place, name in enumerate(names) if place not in found]
    if missing:
        print(f"missing: {', '.join(missing)}")
    with Pool(arguments.processes) as pool:
        fonts = pool.map(draw_font, found.values(), chunksize=1)
    numbers = [
        FIRST + 5 * (place // len(LEARNED_FROM)) + LEARNED_FROM[place % len(LEARNED_FROM)]
        for place in found
    ]
    characters = [drawn for font in fonts for drawn in font]
    strokes = [stroke for _, _, own in characters for stroke in own]
    write_npz(
        arguments.output,
        {
            "images": np.stack([picture for _, picture, _ in characters]),
            "labels": np.array([label for label, _, _ in characters]),
            "writer": np.repeat(np.array(numbers, np.int32), list(map(len, fonts))),
            "points": np.concatenate(strokes).astype(np.float32),
            "stroke_len": np.array(list(map(len, strokes)), np.int32),
            "n_strokes": np.array([len(own) for _, _, own in characters], np.int32),
        },
    )
    print(f"{arguments.output}: {len(characters)} characters of {len(fonts)} fonts")
    return 0


if __name__ == "__main__":
    sys.exit(main())
