"""Make training samples of what the page reader really asks its network.

    python scripts/make_page_samples.py --data FOLDER --output FILE [--writers 5:2,3,4] [--count N]
    python scripts/make_page_samples.py --pages FOLDER [FOLDER…] --output FILE

FOLDER holds recorded handwriting: words (``unipen_words.jsonl.gz``: a JSON object a line with text,
writer and strokes), which are taken apart into letters by forced alignment, and single characters
(``unipen_upper.npz``, ``unipen_digits.npz``, ``unipen_lower.npz``), which are put together to words
that mean nothing.  Both are set out on pages apart and touching, photographed, and cut by the
reader.  Candidates that hold one letter become samples of it; those
that hold parts of letters or several become samples of no character.  Because the letters' own
strokes are known, so is the truth, however much they touch.  ``--pages`` takes pictures with a
NAME.gt.txt beside them instead, where the truth comes from forced alignment on the picture.

The output is an .npz with images uint8 (N, 32, 32), as the normaliser leaves them, and labels
``<U1`` (N,).  Never give it writers that anything is measured on.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER  # noqa: E402
from handwrite_gui.engine.data.normalizer import normalize  # noqa: E402
from handwrite_gui.engine.data.strokes import iter_stroke_samples, render_fitted  # noqa: E402
from handwrite_gui.engine.image_file import read_image  # noqa: E402
from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.alignment import align, label_costs  # noqa: E402
from handwrite_gui.engine.page.cutting import CutLine, cut_page  # noqa: E402
from handwrite_gui.engine.page.ink import find_ink  # noqa: E402
from handwrite_gui.engine.page.scoring import fitted_weights  # noqa: E402
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402

Points = NDArray[np.float64]
Letter = list[Points]

MOST_STROKES = 5  # of a letter
WIDEST = 1.9  # word heights: no letter is wider
WORST_LETTER = 4.5  # −log of probability, above which a letter is not what its word says
WORST_MEAN = 1.0  # the same for the mean of a word or a line
SURE = 0.82  # share of a letter's ink in a candidate, and of it in the letter, to be that letter
DOUBTFUL = 0.6  # and below which it is none; between the two nothing is learned
SLIM = 0.3  # width over height of what may be an upright stroke, in a letter or alone
SLIM_KEPT = 0.2  # of slim wrong candidates: an upright stroke is a letter too often to refuse it
WRONG_PER_RIGHT = 2.2
KINDS = {"plain": 0.2, "touching": 0.55, "photo": 0.25}  # shares of pages
WORDS = "unipen_words.jsonl.gz"
CHARACTERS = {"unipen_upper": 0.5, "unipen_digits": 0.3, "unipen_lower": 0.2}
"""Files of single characters, with their shares of the words that are put together of them."""
FEWEST = 5  # characters of a file, to put words together of
PUT_TOGETHER = 0.5  # of the words on a page
X_HEIGHT = 0.65  # of a capital's
SMALL, TAILED = frozenset("acemnorsuvwxz"), frozenset("gpqy")  # no taller, below the line
TAIL = 0.35  # of a capital's height
THICK = 0.2  # of the pages are written with a marker


@dataclass(frozen=True)
class Word:
    """A word with the strokes of each of its letters, in units of its height."""

    text: str
    letters: list[Letter]


Characters = dict[str, list[tuple[str, Letter]]]
"""Single characters of one writer by the file they come from, in heights of a capital."""


@dataclass(frozen=True)
class Hand:
    """What one person wrote."""

    words: list[Word]
    characters: Characters


@dataclass(frozen=True)
class Manner:
    """How a page is written.

    Attributes:
        slant: by so much of their height letters lean at most.
        stretch: they are so much wider than they were written, least and most.
        thin: share of a capital's height that the thinnest pen draws.
        broken: share of the letters that lack a spot of their ink.
    """

    slant: float = 0.15
    stretch: tuple[float, float] = (0.8, 1.25)
    thin: float = 0.05
    broken: float = 0.0


class Samples:
    """Gathers normalised cut-outs with their labels."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._right: list[tuple[NDArray[np.uint8], str]] = []
        self._wrong: list[NDArray[np.uint8]] = []

    @property
    def count(self) -> int:
        return len(self._right)

    def add(
        self,
        line: CutLine,
        ink: NDArray[np.float64],
        whole: NDArray[np.float64],
        text: str,
    ) -> None:
        """Sort the candidates of a line into letters and others.

        Args:
            line: as it was cut.
            ink: (pieces, T), how much of each letter's ink each piece holds.
            whole: (T,), how much ink each letter has.
            text: T letters.
        """
        lattice = line.lattice
        best, fit, total = fits(line, ink, whole)
        wrong = (fit < DOUBTFUL) & ~lattice.is_mark & (total > 0)
        slim = lattice.width < SLIM * lattice.height
        wrong &= ~slim | (self._rng.random(len(slim)) < SLIM_KEPT)
        right = []
        for letter in range(len(text)):
            own = np.where(best == letter, fit, 0)
            if own.size and own.max() >= SURE:
                right.append(int(own.argmax()))
        self._right += zip(
            _normalized(line, right), (text[best[index]] for index in right), strict=True
        )
        chosen = np.flatnonzero(wrong)
        wanted = round(WRONG_PER_RIGHT * max(len(right), 1))
        if len(chosen) > wanted:
            chosen = self._rng.choice(chosen, wanted, replace=False)
        self._wrong += list(_normalized(line, chosen.tolist()))

    def save(self, path: Path) -> None:
        images = np.stack([image for image, _ in self._right] + self._wrong)
        labels = np.array(
            [label for _, label in self._right] + [NOT_A_CHARACTER] * len(self._wrong)
        )
        order = self._rng.permutation(len(labels))
        # NumPy adds the ending of its own accord where it is missing.
        np.savez_compressed(path, images=images[order], labels=labels[order])
        print(f"{path}: {len(self._right)} letters and {len(self._wrong)} others")


def fits(
    line: CutLine, ink: NDArray[np.float64], whole: NDArray[np.float64]
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.float64]]:
    """For each candidate of a line the letter that it is most like, how well it fits that letter
    (0 to 1: the share of its ink that is the letter's, or of the letter's that it has, whichever is
    less), and how much ink it has of all letters.

    Args:
        line: as it was cut.
        ink: (pieces, T), how much of each letter's ink each piece holds.
        whole: (T,), how much ink each letter has.
    """
    lattice = line.lattice
    sums = np.concatenate([np.zeros((1, ink.shape[1])), np.cumsum(ink, axis=0)])
    held = sums[lattice.last + 1] - sums[lattice.first]
    total = held.sum(axis=1)
    likeness = held / np.maximum(np.maximum(total[:, np.newaxis], whole), 1)
    best = likeness.argmax(axis=1)
    return best, likeness[np.arange(len(best)), best], total


def _normalized(line: CutLine, chosen: Sequence[int]) -> NDArray[np.uint8]:
    return normalize([line.strip.cut(line.lattice.glyphs[index]) for index in chosen])


# --- words into letters ---------------------------------------------------------------------------


def load_words(path: Path, writers: str, judge: Judge) -> dict[int, list[Word]]:
    """The words of the chosen writers, taken apart; those that do not fit their text are left."""
    modulus, wanted = parse_writers(writers)
    words: dict[int, list[Word]] = defaultdict(list)
    left = 0
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            item = json.loads(line)
            if item["writer"] % modulus not in wanted or not re.fullmatch(
                "[A-Z0-9 ]+", item["text"]
            ):
                continue
            strokes = [np.asarray(s, np.float64) for s in item["strokes"] if len(s)]
            word = take_apart(item["text"].replace(" ", ""), strokes, judge)
            if word is None:
                left += 1
            else:
                words[item["writer"]].append(word)
    print(f"{sum(map(len, words.values()))} words of {len(words)} writers; {left} did not fit")
    return {writer: own for writer, own in words.items() if len(own) >= 3}


def parse_writers(text: str) -> tuple[int, set[int]]:
    modulus, remainders = text.split(":")
    return int(modulus), {int(remainder) for remainder in remainders.split(",")}


def take_apart(text: str, strokes: Letter, judge: Judge) -> Word | None:
    """The strokes of each letter of a word, None where the text cannot be found in it."""
    if len(strokes) < len(text):
        return None
    points = np.concatenate(strokes)
    height = float(np.ptp(points[:, 1]))
    if height <= 0:
        return None
    strokes = [(s - points.min(axis=0)) / height for s in strokes]
    runs = [
        (start, end)
        for start in range(len(strokes))
        for end in range(start, min(start + MOST_STROKES, len(strokes)))
        if _width(strokes[start : end + 1]) < WIDEST
    ]
    if not runs:
        return None
    pictures = [render_fitted(strokes[a : b + 1], longer_side=48, pen_width=4.0) for a, b in runs]
    verdict = judge.judge(pictures)
    costs = label_costs(text, judge.letters, verdict.character, verdict.probabilities)
    first, last = np.array(runs).T
    found = align(first, last, costs, np.full(len(strokes), np.inf))
    if found is None or max(found.costs) > WORST_LETTER or np.mean(found.costs) > WORST_MEAN:
        return None
    return Word(text, [strokes[first[i] : last[i] + 1] for i in found.path])


def _width(strokes: Letter) -> float:
    return float(np.ptp(np.concatenate(strokes)[:, 0]))


# --- single characters ----------------------------------------------------------------------------


def load_characters(folder: Path, writers: str) -> dict[int, Characters]:
    """The single characters of the chosen writers."""
    modulus, wanted = parse_writers(writers)
    found: dict[int, Characters] = defaultdict(lambda: defaultdict(list))
    for name in CHARACTERS:
        with np.load(folder / f"{name}.npz", allow_pickle=False) as file:
            samples = iter_stroke_samples(file["points"], file["stroke_len"], file["n_strokes"])
            for label, writer, strokes in zip(
                file["labels"].tolist(), file["writer"].tolist(), samples, strict=True
            ):
                if writer % modulus in wanted:
                    letter = sized([s.astype(np.float64) for s in strokes if len(s)], label)
                    if letter is not None:
                        found[writer][name].append((label, letter))
    return found


def sized(letter: Letter, label: str) -> Letter | None:
    """A character as high as its kind, the line at y = 1, its left edge at x = 0."""
    if not letter:
        return None
    points = np.concatenate(letter)
    low, (width, height) = points.min(axis=0), np.ptp(points, axis=0)
    if max(width, height) <= 0:
        return None
    scale = (X_HEIGHT if label in SMALL else 1.0) / max(height, 0.4 * width)
    foot = 1.0 + (TAIL if label in TAILED else 0.0)
    return [(s - low - [0, height]) * scale + [0, foot] for s in letter]


def put_together(characters: Characters, rng: np.random.Generator) -> Word:
    """Characters of one kind, a word that means nothing."""
    names = list(characters)
    shares = np.array([CHARACTERS.get(name, 1.0) for name in names])
    own = characters[names[int(rng.choice(len(names), p=shares / shares.sum()))]]

    def some() -> Iterator[tuple[str, Letter]]:
        for _ in range(int(rng.integers(2, 10))):
            yield own[int(rng.integers(len(own)))]

    return set_out(some(), rng)


def set_out(chosen: Iterable[tuple[str, Letter]], rng: np.random.Generator) -> Word:
    """Characters beside one another, as wide apart as they happen to be."""
    text, letters = "", []
    at, gap = 0.0, rng.uniform(0.02, 0.4)
    for label, letter in chosen:
        size, rise = np.exp(rng.normal(0, 0.08)), rng.normal(0, 0.04)
        text += label
        letters.append([(s - [0, 1]) * size + [at, 1 + rise] for s in letter])
        at = max(s[:, 0].max() for s in letters[-1]) + gap * rng.uniform(0.3, 1.7)
    return Word(text, letters)


def load_hands(folder: Path, writers: str, judge: Judge) -> list[Hand]:
    """What each of the chosen writers wrote, as far as there is enough of it."""
    words = load_words(folder / WORDS, writers, judge)
    characters = load_characters(folder, writers)
    hands = [
        Hand(
            words.get(writer, []),
            {name: own for name, own in characters[writer].items() if len(own) >= FEWEST},
        )
        for writer in sorted({*words, *characters})
    ]
    return [hand for hand in hands if hand.words or hand.characters]


# --- pages ----------------------------------------------------------------------------------------


def compose(
    hand: Hand, kind: str, rng: np.random.Generator, manner: Manner | None = None
) -> tuple[NDArray[np.uint8], NDArray[np.int32], list[str]]:
    """A page of one writer: its picture, whose ink each pixel is (0 for none), and the letters."""
    manner = manner or Manner()
    cap = rng.uniform(42, 85)
    pen = cap * (
        rng.uniform(0.14, 0.22) if rng.random() < THICK else rng.uniform(manner.thin, 0.14)
    )
    width = int(rng.uniform(1100, 1900))
    slant = rng.uniform(-manner.slant, manner.slant)
    stretch = rng.uniform(*manner.stretch)
    placed: list[tuple[Letter, str]] = []
    x, y = cap, cap * 1.4
    for word in _some_words(hand, int(rng.integers(6, 16)), rng):
        letters = [[s * [stretch, 1] for s in letter] for letter in word.letters]
        if kind == "touching":
            letters = (_squeezed_strokes if rng.random() < 0.55 else _squeezed)(letters, rng)
        letters = [
            [np.stack([s[:, 0] + slant * (1 - s[:, 1]), s[:, 1]], axis=1) for s in letter]
            for letter in letters
        ]
        points = np.concatenate([s for letter in letters for s in letter])
        extent = float(np.ptp(points[:, 0])) * cap
        if placed and x + extent > width - cap:
            x, y = cap * rng.uniform(0.8, 1.6), y + cap * rng.uniform(1.7, 2.5)
        origin = np.array([x - points[:, 0].min() * cap, y + rng.normal(0, 0.04 * cap)])
        placed += [
            ([s * cap + origin for s in letter], character)
            for letter, character in zip(letters, word.text, strict=True)
        ]
        x += extent + cap * rng.uniform(0.7, 1.6)
        width = max(width, int(x + cap))
    size = (width, int(y + cap * 2))
    ink, owner = Image.new("L", size, 0), Image.new("I", size, 0)
    for number, (letter, _) in enumerate(placed, start=1):
        for stroke in letter:
            _draw(ink, stroke, pen, 255)
            _draw(owner, stroke, pen, number)
    for letter, _ in placed if manner.broken else ():
        if rng.random() < manner.broken:
            stroke = letter[int(rng.integers(len(letter)))]
            _draw(ink, stroke[int(rng.integers(len(stroke)))][np.newaxis], 1.6 * pen, 0)
    darkness = ndimage.gaussian_filter(np.asarray(ink, np.float32) / 255, rng.uniform(0.5, 0.9))
    pressure = 1 + 0.25 * _clouds(darkness.shape, 40, rng)
    darkness *= np.clip(pressure, 0.35, 1.1) if rng.random() < 0.8 else 1.0
    picture = _photograph(np.clip(darkness, 0, 1), kind == "photo", cap, rng)
    return picture, np.asarray(owner, np.int32), [character for _, character in placed]


def _some_words(hand: Hand, count: int, rng: np.random.Generator) -> list[Word]:
    """Words that were recorded, and others put together, in any order."""
    made = count if not hand.words else int(rng.binomial(count, PUT_TOGETHER))
    if not hand.characters:
        made = 0
    chosen = [hand.words[index] for index in rng.permutation(len(hand.words))[: count - made]]
    chosen += [put_together(hand.characters, rng) for _ in range(made)]
    return [chosen[index] for index in rng.permutation(len(chosen))]


def _squeezed(letters: list[Letter], rng: np.random.Generator) -> list[Letter]:
    """Letters pushed together until they meet, overlap a little or nearly touch."""
    moved: list[Letter] = []
    right = 0.0
    for letter in letters:
        left = min(s[:, 0].min() for s in letter)
        shift = right + rng.uniform(-0.12, 0.08) - left if moved else -left
        moved.append([s + np.array([shift, 0]) for s in letter])
        right = max(right, max(s[:, 0].max() for s in moved[-1]))
    return moved


def _squeezed_strokes(letters: list[Letter], rng: np.random.Generator) -> list[Letter]:
    """Every stroke pushed against what stands left of it, as in hasty writing."""
    order = sorted(
        ((i, j) for i, letter in enumerate(letters) for j in range(len(letter))),
        key=lambda at: letters[at[0]][at[1]][:, 0].min(),
    )
    moved = [list(letter) for letter in letters]
    right, shift = None, 0.0
    for i, j in order:
        left = letters[i][j][:, 0].min() - shift
        if right is not None and left > right:
            shift += left - right + rng.uniform(-0.04, 0.06)
        moved[i][j] = letters[i][j] - [shift, 0]
        end = float(moved[i][j][:, 0].max())
        right = end if right is None else max(right, end)
    return moved


def _draw(image: Image.Image, stroke: Points, pen: float, value: int) -> None:
    pencil = ImageDraw.Draw(image)
    path = [(float(x), float(y)) for x, y in stroke]
    if len(path) > 1:
        pencil.line(path, fill=value, width=max(2, round(pen)), joint="curve")
    for x, y in (path[0], path[-1]):
        radius = max(1.0, pen / 2)
        pencil.ellipse([x - radius, y - radius, x + radius, y + radius], fill=value)


def _photograph(
    darkness: NDArray[np.float32], photo: bool, cap: float, rng: np.random.Generator
) -> NDArray[np.uint8]:
    height, width = darkness.shape
    paper = np.full(darkness.shape, rng.uniform(0.8, 1.0), np.float32)
    noise = 0.006
    if photo:
        y = np.linspace(0, 1, height, dtype=np.float32)[:, np.newaxis]
        x = np.linspace(0, 1, width, dtype=np.float32)
        shade = np.clip(x * rng.uniform(-1, 1) + y * rng.uniform(-1, 1) + rng.uniform(0, 0.6), 0, 1)
        paper *= 1 - rng.uniform(0.1, 0.5) * shade
        if rng.random() < 0.4:
            paper[:: int(cap * rng.uniform(0.9, 1.4))] *= rng.uniform(0.8, 0.92)
        noise = rng.uniform(0.01, 0.035)
    light = paper * (1 - darkness * rng.uniform(0.65, 0.92))
    grain: NDArray[np.float64] = rng.normal(0, noise, darkness.shape)
    light = light + grain.astype(np.float32)
    if photo:
        light = ndimage.gaussian_filter(light, rng.uniform(0.3, 1.3))
    return np.asarray(np.clip(light, 0, 1) * 255, np.uint8)


def _clouds(shape: tuple[int, ...], grain: int, rng: np.random.Generator) -> NDArray[np.float32]:
    coarse = rng.normal(size=(shape[0] // grain + 2, shape[1] // grain + 2)).astype(np.float32)
    return np.asarray(ndimage.zoom(coarse, grain, order=1)[: shape[0], : shape[1]], np.float32)


# --- samples --------------------------------------------------------------------------------------


def owners_of(line: CutLine, owner: NDArray[np.int32]) -> NDArray[np.int32]:
    """Whose ink each pixel of a line is, as it stands on the page.

    Args:
        line: as it was cut.
        owner: (H, W), of the page.
    """
    height, width = line.strip.labels.shape
    y, x = np.mgrid[0:height, 0:width]
    at = line.strip.course.to_map(np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1))
    columns, rows = np.floor(at * line.strip.reduction).astype(np.intp).T
    inside = (rows >= 0) & (rows < owner.shape[0]) & (columns >= 0) & (columns < owner.shape[1])
    found = np.zeros(height * width, np.int32)
    found[inside] = owner[rows[inside], columns[inside]]
    return found.reshape(height, width)


def ink_of(
    line: CutLine, owner: NDArray[np.int32], count: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of each letter's ink each piece of a line holds, (pieces, count), and how much of it
    there is on the line, (count,).

    Args:
        line: as it was cut.
        owner: (H, W), of the page: whose ink each pixel is, from 1 to ``count``.
        count: of the letters of the page.
    """
    owners = owners_of(line, owner)
    whole = np.bincount(owners.reshape(-1), minlength=count + 1)
    ink = np.zeros((len(line.pieces), count + 1))
    for row, piece in zip(ink, line.pieces, strict=True):
        for part in piece.components:
            box = np.s_[part.top : part.bottom, part.left : part.right]
            own = line.strip.labels[box] == part.label
            row += np.bincount(owners[box][own], minlength=len(row))
    return ink[:, 1:], whole[1:].astype(np.float64)


def sample_composed(
    hands: Sequence[Hand],
    count: int,
    judge: Judge,
    samples: Samples,
    rng: np.random.Generator,
) -> None:
    """Compose pages until there are enough letters."""
    weights = fitted_weights()
    pages = 0
    while samples.count < count:
        hand = hands[int(rng.integers(len(hands)))]
        kind = str(rng.choice(list(KINDS), p=list(KINDS.values())))
        picture, owner, letters = compose(hand, kind, rng)
        text = "".join(letters)
        for line in cut_page(find_ink(picture), judge, weights)[1]:
            samples.add(line, *ink_of(line, owner, len(letters)), text)
        pages += 1
        if pages % 25 == 0:
            print(f"{pages} pages, {samples.count} letters", flush=True)


def sample_pictures(folders: Sequence[Path], judge: Judge, samples: Samples) -> None:
    """Samples of pictures whose text is known, line for line."""
    for path in sorted(p for folder in folders for p in folder.glob("*.gt.txt")):
        picture = next(
            (
                p
                for p in sorted(path.parent.iterdir())
                if p.name.startswith(path.name.removesuffix(".gt.txt") + ".") and p != path
            ),
            None,
        )
        if picture is None:
            continue
        truth = [re.sub(r"\s", "", t) for t in path.read_text("utf-8").splitlines() if t.strip()]
        ink = find_ink(read_image(picture))
        lines = cut_page(ink, judge, fitted_weights())[1]
        if len(lines) != len(truth):
            print(f"{picture.name}: {len(lines)} lines found, {len(truth)} written; left out")
            continue
        for text, line in zip(truth, lines, strict=True):
            if not set(text.upper()) <= {letter.upper() for letter in judge.letters}:
                continue
            lattice, pieces = line.lattice, line.pieces
            verdict = judge.judge([line.strip.cut(glyph) for glyph in lattice.glyphs])
            costs = label_costs(text, judge.letters, verdict.character, verdict.probabilities)
            found = align(lattice.first, lattice.last, costs, np.full(len(pieces), 6.0))
            if found is None or np.mean(found.costs) > WORST_MEAN:
                continue
            area = np.array([sum(c.area for c in piece.components) for piece in pieces], float)
            owned = np.zeros((len(pieces), len(text)))
            for place, (index, cost) in enumerate(zip(found.path, found.costs, strict=True)):
                if cost <= WORST_LETTER:
                    own = np.s_[lattice.first[index] : lattice.last[index] + 1]
                    owned[own, place] = area[own]
            samples.add(line, owned, owned.sum(axis=0), text)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, metavar="FOLDER", help="recorded handwriting")
    source.add_argument("--pages", type=Path, nargs="+", help="folders of pictures with .gt.txt")
    parser.add_argument("--writers", default="5:2,3,4", help="modulus:remainders to take")
    parser.add_argument("--count", type=int, default=30_000, help="letters to make of words")
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    judge = page_judge(Recognizer(load_model(arguments.model)))
    rng = np.random.default_rng(arguments.seed)
    samples = Samples(rng)
    if arguments.pages:
        sample_pictures(arguments.pages, judge, samples)
    else:
        hands = load_hands(arguments.data, arguments.writers, judge)
        sample_composed(hands, arguments.count, judge, samples, rng)
    samples.save(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
