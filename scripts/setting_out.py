"""Pages of one hand, and whose ink each of their pixels is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hands import Hand, Letter, Points, Word, put_together
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy import ndimage

PUT_TOGETHER = 0.5  # of the words on a page
THICK = 0.2  # of the pages are written with a marker


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
