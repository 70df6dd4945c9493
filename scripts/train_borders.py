"""Train the network that says where one character ends and the next begins.

    python scripts/train_borders.py --data FOLDER [--writers 5:2,3,4] [--lines N] [--epochs N]

FOLDER holds recorded handwriting: single characters (``unipen_upper.npz``, ``unipen_digits.npz``,
``unipen_lower.npz``) and words (``unipen_words.jsonl.gz``).  Lines of writing are set from them,
apart, touching, overlapping, leaning; whose ink is whose is known, so every path through a line
is known to part two characters, or not.  Writes resources/page/borders.npz.  Never give it
writers that anything is measured on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from make_page_samples import Letter, load_words, parse_writers
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.network.losses import SoftmaxCrossEntropy  # noqa: E402
from handwrite_gui.engine.network.mlp import MLP  # noqa: E402
from handwrite_gui.engine.network.optimizers import AdamW  # noqa: E402
from handwrite_gui.engine.npz_container import write_npz  # noqa: E402
from handwrite_gui.engine.page.borders import (  # noqa: E402
    BORDERS_FILE,
    HEIGHT,
    SIZES,
    propose,
    windows,
)
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402

FILES = {"unipen_upper": 0.7, "unipen_digits": 0.15, "unipen_lower": 0.15}  # shares of words
SMALL, TAIL = "acemnorsuvwxz", "gpqy"  # letters without, and with a tail below the line
X_HEIGHT = 0.65  # of a capital's
FINE = 2  # times as fine a drawing, to tell the share of ink in each pixel
PATHS_OF_A_LINE = 70
RIGHT, WRONG = 0.08, 0.16  # of the lesser letter's ink on the wrong side, at most and at least,
SLACK = 0.03, 0.10  # or so much more than on the best path
MOST_WRONG = 0.3
HELD_OUT = 8  # every so many lines one is not trained on

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Hand:
    """What one person wrote, in heights of a capital, the line at y = 0.

    Attributes:
        characters: by the kind of character, single ones.
        words: letters of whole words, as they were written beside one another.
    """

    characters: dict[str, list[Letter]]
    words: list[list[Letter]]


def load_hands(folder: Path, writers: str, model: Path) -> list[Hand]:
    modulus, wanted = parse_writers(writers)
    singles: dict[int, dict[str, list[Letter]]] = defaultdict(lambda: defaultdict(list))
    for name in FILES:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
            data = {key: file[key] for key in file.files if key != "images"}
        lengths = np.split(data["stroke_len"], np.cumsum(data["n_strokes"])[:-1])
        samples = np.split(data["points"], np.cumsum([own.sum() for own in lengths])[:-1])
        for label, writer, points, own in zip(
            data["labels"], data["writer"], samples, lengths, strict=True
        ):
            if writer % modulus in wanted:
                letter = _sized(np.split(points.astype(float), np.cumsum(own)[:-1]), str(label))
                if letter is not None:
                    singles[int(writer)][name].append(letter)
    judge = page_judge(Recognizer(load_model(model)))
    words = load_words(folder / "unipen_words.jsonl.gz", writers, judge)
    return [
        Hand(
            {name: own for name, own in singles[writer].items() if len(own) >= 5},
            [
                [_moved(letter, 0.0, -1.0) for letter in word.letters]
                for word in words.get(writer, [])
            ],
        )
        for writer in sorted({*singles, *words})
    ]


def _sized(letter: Letter, label: str) -> Letter | None:
    """A character as high as its kind, standing on y = 0, its left edge at x = 0."""
    points = np.concatenate(letter)
    low, (width, height) = points.min(axis=0), np.ptp(points, axis=0)
    if max(width, height) <= 0:
        return None
    full = X_HEIGHT if label in SMALL else 1.0
    scale = full / max(height, 0.4 * width)
    foot = 0.35 if label in TAIL else 0.0
    return [(s - low - [0, height]) * scale + [0, foot] for s in letter]


def _moved(letter: Letter, x: float, y: float) -> Letter:
    return [s + np.array([x, y]) for s in letter]


def set_line(hand: Hand, rng: np.random.Generator) -> list[Letter]:
    """The letters of a line, in heights of a capital."""
    names = list(hand.characters)
    shares = np.array([FILES[name] for name in names])
    placed: list[Letter] = []
    x = 0.0
    for _ in range(int(rng.integers(1, 4))):
        if hand.words and (not names or rng.random() < 0.5):
            word = hand.words[int(rng.integers(len(hand.words)))]
        else:
            kind = names[int(rng.choice(len(names), p=shares / shares.sum()))]
            own = hand.characters[kind]
            word = []
            at, gap = 0.0, rng.uniform(0.02, 0.4)
            for _ in range(int(rng.integers(2, 10))):
                letter = own[int(rng.integers(len(own)))]
                size = np.exp(rng.normal(0, 0.08))
                letter = [s * size for s in letter]
                word.append(_moved(letter, at, rng.normal(0, 0.04)))
                at = max(s[:, 0].max() for s in word[-1]) + gap * rng.uniform(0.3, 1.7)
        stretch = rng.uniform(0.8, 1.25)
        word = [[s * [stretch, 1] for s in letter] for letter in word]
        slant = rng.normal(0, 0.15)
        leaning = rng.random() < 0.6
        if leaning:
            word = _sheared(word, slant)
        way = rng.random()
        if way < 0.35:
            word = _squeezed_strokes(word, rng)
        elif way < 0.6:
            word = _squeezed(word, rng)
        if not leaning:
            word = _sheared(word, slant)
        left = min(s[:, 0].min() for letter in word for s in letter)
        placed += [_moved(letter, x - left, rng.normal(0, 0.01)) for letter in word]
        x = max(s[:, 0].max() for letter in placed for s in letter) + rng.uniform(0.3, 1.3)
    tilt = rng.normal(0, 0.03)
    return [[s @ np.array([[1, tilt], [-tilt, 1]]) for s in letter] for letter in placed]


def _sheared(word: Sequence[Letter], slant: float) -> list[Letter]:
    return [[np.stack([s[:, 0] - slant * s[:, 1], s[:, 1]], axis=1) for s in own] for own in word]


def _squeezed(word: Sequence[Letter], rng: np.random.Generator) -> list[Letter]:
    """Letters pushed together until they meet, overlap a little or nearly touch."""
    moved: list[Letter] = []
    right, overlap = 0.0, rng.uniform(-0.12, 0.05)
    for letter in word:
        left = min(s[:, 0].min() for s in letter)
        shift = right + overlap + rng.uniform(-0.08, 0.08) - left if moved else -left
        moved.append(_moved(letter, shift, 0.0))
        right = max(right, max(s[:, 0].max() for s in moved[-1]))
    return moved


def _squeezed_strokes(word: Sequence[Letter], rng: np.random.Generator) -> list[Letter]:
    """Every stroke pushed against what stands left of it, as in hasty writing."""
    order = sorted(
        ((i, j) for i, letter in enumerate(word) for j in range(len(letter))),
        key=lambda at: word[at[0]][at[1]][:, 0].min(),
    )
    moved = [list(letter) for letter in word]
    right, shift = None, 0.0
    for i, j in order:
        left = word[i][j][:, 0].min() - shift
        if right is not None and left > right:
            shift += left - right + rng.uniform(-0.04, 0.06)
        moved[i][j] = word[i][j] - [shift, 0]
        end = float(moved[i][j][:, 0].max())
        right = end if right is None else max(right, end)
    return moved


def draw(line: Sequence[Letter], rng: np.random.Generator) -> tuple[Float, Float]:
    """Ink float32 (h, w) as the reader sees it, and of each letter (L, h, w)."""
    height = HEIGHT * np.exp(rng.normal(0, 0.1)) * FINE
    pen = height * rng.uniform(0.05, 0.15)
    points = np.concatenate([s for letter in line for s in letter]) * height
    low, high = points.min(axis=0) - pen, points.max(axis=0) + pen
    size = tuple(FINE * int(side // FINE + 1) for side in high - low)
    threshold = rng.uniform(0.3, 0.6)
    grain = ndimage.zoom(rng.normal(0, 0.12, (size[1] // 16 + 2, size[0] // 16 + 2)), 16, order=1)
    drawn = [[stroke * height - low for stroke in letter] for letter in line]
    boxes = [_box(letter, pen, size) for letter in drawn]
    parts = [_draw(letter, box, pen) for letter, box in zip(drawn, boxes, strict=True)]
    together = np.zeros(size[::-1], np.float32)
    for part, box in zip(parts, boxes, strict=True):
        np.maximum(together[box], part, out=together[box])
    soft = ndimage.gaussian_filter(together, rng.uniform(0.5, 1.0))
    ink = (soft > threshold + grain[: size[1], : size[0]]).astype(np.float32)
    owned = np.zeros((len(line), size[1] // FINE, size[0] // FINE), np.float32)
    for own, part, box in zip(owned, parts, boxes, strict=True):
        place = tuple(slice(side.start // FINE, side.stop // FINE) for side in box)
        own[place] = _halved(part * ink[box])
    return _halved(ink), owned


def _box(letter: Letter, pen: float, size: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a letter, in whole pixels of the reduced picture."""
    points = np.concatenate(letter)
    low = np.maximum((points.min(axis=0) - pen) // FINE * FINE, 0).astype(int)
    high = np.minimum((points.max(axis=0) + pen) // FINE * FINE + FINE, size).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _draw(letter: Letter, box: tuple[slice, slice], pen: float) -> Float:
    rows, columns = box
    picture = Image.new("L", (columns.stop - columns.start, rows.stop - rows.start), 0)
    pencil = ImageDraw.Draw(picture)
    for stroke in letter:
        path = [(x, y) for x, y in (stroke - [columns.start, rows.start]).tolist()]
        if len(path) > 1:
            pencil.line(path, fill=255, width=max(2, round(pen)), joint="curve")
        for x, y in (path[0], path[-1]):
            pencil.ellipse([x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2], fill=255)
    return np.asarray(picture, np.float32) / np.float32(255)


def _halved(picture: Float) -> Float:
    height, width = picture.shape
    blocks = picture.reshape(height // FINE, FINE, width // FINE, FINE)
    return np.asarray(blocks.mean(axis=(1, 3)), np.float32)


def misplaced(letters: Float, paths: NDArray[np.intp]) -> NDArray[np.float32]:
    """How much ink each path leaves on the wrong side of each border: float (L − 1, N).

    Measured by the ink of the lesser of the two letters at the border; what both have drawn
    counts for neither.
    """
    whole = letters.sum(axis=(1, 2))
    found = np.empty((len(letters) - 1, len(paths)), np.float32)
    for border in range(len(letters) - 1):
        before = letters[max(border - 2, 0) : border + 1].sum(axis=0)
        behind = letters[border + 1 : border + 4].sum(axis=0)
        alone = np.maximum(before - behind, 0), np.maximum(behind - before, 0)
        left, right = (np.pad(np.cumsum(a, axis=1), ((0, 0), (1, 0))) for a in alone)
        at = np.clip(paths.T, 0, letters.shape[2])
        off = left[:, -1].sum() - np.take_along_axis(left, at, 1).sum(axis=0)
        off += np.take_along_axis(right, at, 1).sum(axis=0)
        found[border] = off / max(min(whole[border], whole[border + 1]), 1.0)
    return found


def lessons(
    hands: Sequence[Hand], lines: int, rng: np.random.Generator
) -> tuple[NDArray[np.uint8], NDArray[np.intp], NDArray[np.bool_]]:
    """Windows (N, 1120), whether each is on a border (N,), and which are held out."""
    seen, borders, held = [], [], []
    for number in range(lines):
        ink, letters = draw(set_line(hands[int(rng.integers(len(hands)))], rng), rng)
        if len(letters) < 2:
            continue
        paths = propose(ink)
        off = misplaced(letters, paths)
        least = off.min(axis=1, keepdims=True)
        right = ((off <= np.maximum(RIGHT, least + SLACK[0])) & (off <= MOST_WRONG)).any(axis=0)
        wrong = (off > np.maximum(WRONG, least + SLACK[1])).all(axis=0)
        known = np.flatnonzero(right | wrong)
        chosen = rng.permutation(known)[:PATHS_OF_A_LINE]
        seen.append(windows(ink, paths[chosen]))
        borders.append(right[chosen].astype(np.intp))
        held.append(np.full(len(chosen), number % HELD_OUT == 0))
        if (number + 1) % 500 == 0:
            print(f"{number + 1} lines", flush=True)
    return np.concatenate(seen), np.concatenate(borders), np.concatenate(held)


def train(
    seen: NDArray[np.uint8],
    borders: NDArray[np.intp],
    held: NDArray[np.bool_],
    epochs: int,
    rng: np.random.Generator,
) -> MLP:
    network = MLP(SIZES, dropout=(0.0, 0.15, 0.1), rng=rng)
    optimizer, loss = AdamW(network.parameters, weight_decay=0.02), SoftmaxCrossEntropy()
    own = np.flatnonzero(~held)
    batch, steps = 256, epochs * (len(own) // 256)
    step = 0
    for epoch in range(epochs):
        order = rng.permutation(own)
        total = 0.0
        for start in range(0, len(own) - batch + 1, batch):
            rows = order[start : start + batch]
            x = seen[rows].astype(np.float32) / np.float32(255)
            value, gradient = loss.value_and_gradient(network.forward(x, True, rng), borders[rows])
            network.backward(gradient)
            rate = 0.002 * min(1, (step + 1) / 300) * (0.5 + 0.5 * np.cos(np.pi * step / steps))
            optimizer.step(rate)
            step += 1
            total += value
        told = network.predict_logits(seen[held])
        value = loss.value(told, borders[held])
        right = float((told.argmax(axis=1) == borders[held]).mean())
        print(
            f"epoch {epoch + 1}: loss {total * batch / len(own):.4f}, of others {value:.4f}, "
            f"right {right:.4f}",
            flush=True,
        )
    return network


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--writers", default="5:2,3,4", help="modulus:remainders to take")
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--lines", type=int, default=6000, help="of writing to compose")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / BORDERS_FILE)
    arguments = parser.parse_args()
    rng = np.random.default_rng(arguments.seed)
    began = time.monotonic()
    hands = load_hands(arguments.data, arguments.writers, arguments.model)
    seen, borders, held = lessons(hands, arguments.lines, rng)
    print(f"{len(seen)} paths, {borders.mean():.3f} of them borders")
    network = train(seen, borders, held, arguments.epochs, rng)
    write_npz(arguments.output, {p.name: p.value.astype(np.float16) for p in network.state})
    print(f"written: {arguments.output} after {(time.monotonic() - began) / 60:.0f} minutes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
