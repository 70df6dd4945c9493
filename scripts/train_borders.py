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
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from composing import (
    WRITERS,
    Arrays,
    add_arguments,
    compose,
    joined,
    some_hand,
    write_network,
)
from hands import Letter, Points
from hands import load_hands as load_recorded
from learning import cross_entropy, learn
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.borders import (  # noqa: E402
    BORDER_LAYERS,
    BORDERS_FILE,
    HEIGHT,
    propose,
    windows,
)
from handwrite_gui.engine.page.window_network import WindowNetwork  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402

FILES = {"unipen_upper": 0.7, "unipen_digits": 0.15, "unipen_lower": 0.15}  # shares of words
FINE = 2  # times as fine a drawing, to tell the share of ink in each pixel
SPACING = 0.03  # heights of a capital between two points of a stroke
PATHS_OF_A_LINE = 110
BLANK_KEPT = 0.1  # of the paths that nothing is near to
BLANK = 0.3  # letter heights to either side
RIGHT, WRONG = 0.05, 0.2  # of the lesser letter's ink on the wrong side, at most and at least,
SLACK = 0.02, 0.12  # or so much more than on the best path
MOST_WRONG = 0.4
LEVELS = np.arange(-1.3, 0.6, 0.06)  # heights at which letters are asked whether they meet

LINES_AT_ONCE = 500
LEARNING_RATE = 0.002

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


@dataclass(frozen=True, eq=False)
class Lesson:
    """Paths through lines of writing.

    Attributes:
        seen: uint8 (N, 1, 28, 40), what the network sees of each.
        like: float (N,), how well it parts two letters.
        held_out: bool (N,), whether it is of a hand that is not trained on.
    """

    seen: NDArray[np.uint8]
    like: Float
    held_out: NDArray[np.bool_]


def load_hands(folder: Path, writers: str, model: Path) -> list[Hand]:
    judge = page_judge(Recognizer(load_model(model)))
    return [
        Hand(
            {name: [_ready(letter) for _, letter in own] for name, own in hand.characters.items()},
            [[_ready(letter) for letter in word.letters] for word in hand.words],
        )
        for hand in load_recorded(folder, writers, judge)
    ]


def _ready(letter: Letter) -> Letter:
    """A letter whose line, at y = 1 where it comes from, is y = 0."""
    return [_thinned(stroke - [0, 1]) for stroke in letter]


def _thinned(stroke: Points) -> Points:
    """A stroke without points that lie closer together than any pen is thick."""
    way = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(stroke, axis=0).T))])
    kept = np.append(np.flatnonzero(np.diff(way // SPACING, prepend=-1)), len(stroke) - 1)
    return np.asarray(stroke[np.unique(kept)], np.float64)


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
        if way < 0.3:
            word = _squeezed_strokes(word, rng)
        elif way < 0.5:
            word = _squeezed(word, rng)
        elif way < 0.65:
            word = _nestled(word, rng)
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
    closer = rng.uniform(-0.03, 0.04)
    for i, j in order:
        left = word[i][j][:, 0].min() - shift
        if right is not None and left > right:
            shift += left - right + closer + rng.uniform(-0.03, 0.04)
        moved[i][j] = word[i][j] - [shift, 0]
        end = float(moved[i][j][:, 0].max())
        right = end if right is None else max(right, end)
    return moved


def _nestled(word: Sequence[Letter], rng: np.random.Generator) -> list[Letter]:
    """Letters pushed together until their ink meets, not their boxes: an A under a T's bar."""
    moved: list[Letter] = []
    right = np.full(len(LEVELS), -np.inf)
    overlap = rng.uniform(-0.08, 0.1)
    for letter in word:
        points = np.concatenate(letter)
        near = np.abs(points[:, 1] - LEVELS[:, np.newaxis]) < 1.5 * (LEVELS[1] - LEVELS[0])
        left = np.where(near, points[:, 0], np.inf).min(axis=1)
        own = np.where(near, points[:, 0], -np.inf).max(axis=1)
        together = float((right - left).max())
        shift = together + overlap + rng.uniform(-0.05, 0.05)
        if not np.isfinite(shift):  # the first, or nowhere at one height
            ends = right[np.isfinite(right)]
            shift = float(ends.max() if ends.size else 0.0) - float(points[:, 0].min())
        moved.append(_moved(letter, shift, 0.0))
        right = np.maximum(right, own + shift)
    return moved


def draw(line: Sequence[Letter], rng: np.random.Generator) -> tuple[Float, Float]:
    """Ink float32 (h, w) as the reader sees it, and of each letter (L, h, w)."""
    height = HEIGHT * np.exp(rng.normal(0, 0.13)) * FINE
    pen = height * (rng.uniform(0.05, 0.14) if rng.random() < 0.65 else rng.uniform(0.12, 0.24))
    points = np.concatenate([s for letter in line for s in letter]) * height
    low, high = points.min(axis=0) - pen, points.max(axis=0) + pen
    size = tuple(FINE * int(side // FINE + 1) for side in high - low)
    drawn = [[stroke * height - low for stroke in letter] for letter in line]
    boxes = [_box(letter, pen, size) for letter in drawn]
    parts = [_draw(letter, box, pen) for letter, box in zip(drawn, boxes, strict=True)]
    together = np.zeros(size[::-1], np.float32)
    for part, box in zip(parts, boxes, strict=True):
        np.maximum(together[box], part, out=together[box])
    ink = _inked(together, pen, rng)
    owned = np.zeros((len(line), size[1] // FINE, size[0] // FINE), np.float32)
    for own, part, box in zip(owned, parts, boxes, strict=True):
        place = tuple(slice(side.start // FINE, side.stop // FINE) for side in box)
        own[place] = _halved(part * ink[box])
    return _halved(ink), owned


def _inked(drawn: Float, pen: float, rng: np.random.Generator) -> Float:
    """What is left of a drawing when it was photographed and told from its paper: 0 or 1.

    Blurred a little or much, thick here and thin there; faint pens leave out what they hardly
    touched.  Coarse pictures are a third as fine as the drawing.
    """
    soft = ndimage.gaussian_filter(drawn, rng.uniform(0.5, 1.0 if rng.random() < 0.7 else 2.5))
    level = rng.uniform(0.3, 0.6) + 0.12 * _clouds(drawn.shape, 16, rng)
    if rng.random() < 0.15:
        level += 0.25 * np.maximum(_clouds(drawn.shape, max(2, round(pen / 2)), rng), 0)
    ink = soft > level
    if rng.random() < 0.25:
        coarse = [max(1, round(side * rng.uniform(0.33, 0.8))) for side in drawn.shape[::-1]]
        small = Image.fromarray(ink).convert("L").resize(coarse, Image.Resampling.BOX)
        large = small.point(lambda value: 255 * (value > 127)).resize(
            drawn.shape[::-1], Image.Resampling.NEAREST
        )
        ink = np.asarray(large) > 0
    return ink.astype(np.float32)


def _clouds(shape: tuple[int, ...], grain: int, rng: np.random.Generator) -> Float:
    """Normally distributed noise that changes over so many pixels."""
    coarse = rng.normal(size=[side // grain + 2 for side in shape]).astype(np.float32)
    whole = Image.fromarray(coarse).resize(
        [side * grain for side in coarse.shape[::-1]], Image.Resampling.BILINEAR
    )
    return np.asarray(whole)[: shape[0], : shape[1]]


def _box(letter: Letter, pen: float, size: tuple[int, ...]) -> tuple[slice, slice]:
    """Rows and columns of a letter, in whole pixels of the reduced picture."""
    points = np.concatenate(letter)
    low = np.maximum((points.min(axis=0) - pen) // FINE * FINE, 0).astype(int)
    high = np.minimum((points.max(axis=0) + pen) // FINE * FINE + FINE, size).astype(int)
    return slice(low[1], high[1]), slice(low[0], high[0])


def _draw(letter: Letter, box: tuple[slice, slice], pen: float) -> Float:
    """The strokes of a letter as a round pen draws them."""
    rows, columns = box
    picture = Image.new("L", (columns.stop - columns.start, rows.stop - rows.start), 255)
    pencil = ImageDraw.Draw(picture)
    for stroke in letter:
        path = (stroke - [columns.start, rows.start]).ravel().tolist()
        pencil.point(path[:2], fill=0)
        pencil.line(path, fill=0)
    away = ndimage.distance_transform_edt(np.asarray(picture))
    return np.clip(pen / 2 + 0.5 - away, 0, 1).astype(np.float32)


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
    inked = np.asarray(letters.any(axis=1))
    found = np.empty((len(letters) - 1, len(paths)), np.float32)
    for border in range(len(letters) - 1):
        near = np.s_[max(border - 2, 0) : border + 4]
        columns = np.flatnonzero(inked[near].any(axis=0))
        first, last = (columns[0], columns[-1] + 1) if columns.size else (0, 1)
        before = letters[near.start : border + 1, :, first:last].sum(axis=0)
        behind = letters[border + 1 : near.stop, :, first:last].sum(axis=0)
        # Ink of the letters before counts right of a path, of those behind left of it.
        alone = behind - before
        sums = np.zeros((len(alone), last - first + 1), np.float32)
        np.cumsum(alone, axis=1, out=sums[:, 1:])
        at = np.clip(paths - first, 0, last - first)
        off = sums[np.arange(len(sums)), at].sum(axis=1) - np.minimum(alone, 0).sum()
        found[border] = off / max(min(whole[border], whole[border + 1]), 1.0)
    return found


def likeness(off: Float) -> Float:
    """How well each path parts two letters, 0 to 1: float (N,).

    It is not all or nothing: of two paths beside one another the better one is to be told.

    Args:
        off: float (B, N), ink on the wrong side of each path, for each border.
    """
    least = off.min(axis=1, keepdims=True)
    right = np.maximum(RIGHT, least + SLACK[0])
    wrong = np.maximum(WRONG, least + SLACK[1])
    like = np.clip((wrong - off) / (wrong - right), 0, 1)
    return np.asarray(np.where(off <= MOST_WRONG, like, 0).max(axis=0, initial=0), np.float32)


def sample_line(hands: Sequence[Hand], seed: Sequence[int]) -> Arrays:
    """Some paths through a line of one of the hands, as a lesson has them."""
    rng = np.random.default_rng(seed)
    whose, held_out = some_hand(hands, rng)
    ink, letters = draw(set_line(hands[whose], rng), rng)
    paths = propose(ink)
    like = likeness(misplaced(letters, paths))
    reach = 2 * round(BLANK * HEIGHT) + 1
    near = ndimage.maximum_filter1d(ink.max(axis=0), reach)
    middle = np.clip(paths[:, len(ink) // 2], 0, len(near) - 1)
    blank = np.asarray(near[middle] == 0)
    known = np.flatnonzero(~blank | (rng.random(len(paths)) < BLANK_KEPT))
    chosen = rng.permutation(known)[:PATHS_OF_A_LINE]
    return {
        "seen": windows(ink, paths[chosen]),
        "like": like[chosen],
        "held_out": np.full(len(chosen), held_out),
    }


def compose_lines(hands: Sequence[Hand], seed: int, start: int) -> Arrays:
    """Lines of some numbers; line by line the same, whatever else is asked for."""
    return joined(
        [sample_line(hands, (seed, number)) for number in range(start, start + LINES_AT_ONCE)]
    )


def train(lesson: Lesson, epochs: float, rng: np.random.Generator) -> WindowNetwork:
    """Learn from all paths of hands that are not held out.

    Args:
        lesson: what is learned from.
        epochs: how often.
        rng: the only source of chance.
    """
    network = WindowNetwork(BORDER_LAYERS, normalized=True, rng=rng)
    judged, told = partial(_logits_and_targets, lesson), partial(_told, lesson)
    return learn(network, lesson, epochs, LEARNING_RATE, judged, told, rng)


def _logits_and_targets(
    lesson: Lesson, network: WindowNetwork, rows: NDArray[np.intp], rng: np.random.Generator
) -> tuple[Float, Float]:
    """What a network says of some paths, and what it should."""
    logits = network.forward(network.features(lesson.seen[rows]), training=True, rng=rng)
    return logits, _targets(lesson.like[rows])


def _told(lesson: Lesson, network: WindowNetwork) -> str:
    """How well a network does on the hands that are held out."""
    others = np.flatnonzero(lesson.held_out)
    told, like = network.probabilities(lesson.seen[others]), lesson.like[others]
    value = cross_entropy(told, _targets(like))
    # The accuracy is of paths that are borders or not, beyond dispute.
    clear = (like < 0.01) | (like > 0.99)
    right = (told.argmax(axis=1) == (like > 0.5))[clear].mean()
    return f"of others {value:.4f}, right {right:.4f}"


def _targets(like: Float) -> Float:
    """Probabilities that the network should give: float32 (N, 2)."""
    return np.stack([1 - like, like], axis=1)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    add_arguments(parser, writers=WRITERS, output=BORDERS_FILE)
    parser.add_argument("--lines", type=int, default=18_500, help="of writing to compose")
    parser.add_argument("--epochs", type=float, default=2.0, help="may be a part of one")
    arguments = parser.parse_args()
    began = time.monotonic()
    hands = load_hands(arguments.data, arguments.writers, arguments.model)
    print(f"{len(hands)} hands, {sum(bool(hand.words) for hand in hands)} with words", flush=True)
    composed = Lesson(
        **compose(
            partial(compose_lines, hands, arguments.seed),
            range(0, arguments.lines, LINES_AT_ONCE),
            "lines",
            arguments,
        )
    )
    print(
        f"{len(composed.like)} paths, {composed.held_out.sum()} held out, "
        f"{(composed.like > 0.5).mean():.3f} of all borders",
        flush=True,
    )
    network = train(composed, arguments.epochs, np.random.default_rng(arguments.seed))
    write_network(arguments.output, network.parameters, began)
    return 0


if __name__ == "__main__":
    sys.exit(main())
