"""Who writes: people, by their words and characters as strokes, and such as do not exist.

A folder holds recorded handwriting: words (``unipen_words.jsonl.gz``: a JSON object a line with
text, writer and strokes), which are taken apart into letters by forced alignment, and single
characters (``unipen_upper.npz``, ``unipen_digits.npz``, ``unipen_lower.npz``), which are put
together to words that mean nothing.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.data.glyphs import BASELINE  # noqa: E402
from handwrite_gui.engine.data.strokes import iter_stroke_samples, render_fitted  # noqa: E402
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes  # noqa: E402
from handwrite_gui.engine.data.synthesis.style import WritingStyle  # noqa: E402
from handwrite_gui.engine.page.alignment import align, label_costs  # noqa: E402
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402

Points = NDArray[np.float64]
Letter = list[Points]

MOST_STROKES = 5  # of a letter
WIDEST = 1.9  # word heights: no letter is wider
WORST_LETTER = 4.5  # −log of probability, above which a letter is not what its word says
WORST_MEAN = 1.0  # the same for the mean of a word or a line
WORDS = "unipen_words.jsonl.gz"
CHARACTERS = {"unipen_upper": 0.5, "unipen_digits": 0.3, "unipen_lower": 0.2}
"""Files of single characters, with their shares of the words that are put together of them."""
FEWEST = 5  # characters of a file, to put words together of
X_HEIGHT = 0.65  # of a capital's
SMALL, TAILED = frozenset("acemnorsuvwxz"), frozenset("gpqy")  # no taller, below the line
TAIL = 0.35  # of a capital's height
SCRIPT, LEAST_SCRIPT = 0.5, 0.4  # of made-up hands write script, and at least such a share of it
SIMILAR = 4  # of each character, that a made-up hand writes


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


def load_characters(folder: Path, writers: str) -> dict[int, Characters]:
    """The single characters of the chosen writers."""
    found: dict[int, Characters] = defaultdict(lambda: defaultdict(list))
    for name in CHARACTERS:
        for writer, label, letter in _recorded(folder / f"{name}.npz", writers):
            found[writer][name].append((label, letter))
    return found


def load_fonts(path: Path, writers: str) -> list[Hand]:
    """A hand of each font that was traced (``trace_fonts.py``), by the number that it has there."""
    found: dict[int, Characters] = defaultdict(lambda: defaultdict(list))
    for writer, label, letter in _recorded(path, writers):
        if label.isalnum():
            found[writer][kind_of(label)].append((label, letter))
    return [Hand([], found[writer]) for writer in sorted(found)]


def kind_of(label: str) -> str:
    """The file of :data:`CHARACTERS` that has such characters."""
    if label.isdigit():
        return "unipen_digits"
    return "unipen_upper" if label.isupper() else "unipen_lower"


def _recorded(path: Path, writers: str) -> Iterator[tuple[int, str, Letter]]:
    """The characters of the chosen writers in a file: who wrote it, what it is, and its strokes."""
    modulus, wanted = parse_writers(writers)
    with np.load(path, allow_pickle=False) as file:
        samples = iter_stroke_samples(file["points"], file["stroke_len"], file["n_strokes"])
        for label, writer, strokes in zip(
            file["labels"].tolist(), file["writer"].tolist(), samples, strict=True
        ):
            if writer % modulus in wanted:
                letter = sized([s.astype(np.float64) for s in strokes if len(s)], label)
                if letter is not None:
                    yield writer, label, letter


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


def made_up_hand(labels: Sequence[str], rng: np.random.Generator) -> Hand:
    """Characters of somebody who does not exist; who writes script puts words together of
    capitals alone as often as of everything.

    Args:
        labels: the characters that are written.
        rng: the only source of chance.
    """
    style = WritingStyle.random(rng)
    if rng.random() < SCRIPT:
        style = replace(style, script=float(rng.uniform(LEAST_SCRIPT, 1.0)))
    letters = []
    for label in labels:
        for _ in range(SIMILAR):
            strokes = synthesize_strokes(label, rng, style)
            left = [min(s[:, 0].min() for s in strokes), 0.0]
            letters.append((label, [(s - left) / BASELINE for s in strokes]))
    characters = {"made up": letters}
    if style.script:
        characters["capitals"] = [letter for letter in letters if letter[0].isupper()]
    return Hand([], characters)
