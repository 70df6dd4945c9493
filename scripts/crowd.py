"""The characters of everybody at once, to set out in one line.

Few people have written words; many more have written single characters, and of most of them there
is but a picture, which is traced.  Who wrote the letter beside a letter does not matter to how the
two touch.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from hands import (
    WORST_LETTER,
    Characters,
    Hand,
    Letter,
    Word,
    kind_of,
    set_out,
    sized,
)
from numpy.typing import NDArray
from tracing import traced

from handwrite_gui.engine.data.strokes import render_fitted
from handwrite_gui.engine.page.alignment import label_costs
from handwrite_gui.engine.page.verdict import Judge
from handwrite_gui.engine.text.language_model import LANGUAGES, load_language

PICTURES = "scanned_upper", "nist_upper_sample", "photographed_62", "mnist_train"
"""Files of pictures of characters, without writers."""
MOST_OF_A_FILE = 8_000

WORDS = 16  # that are composed for a page
CAPITALS = 0.85  # of them that are all capitals
LENGTHS = 2, 12  # of words, least and most
LEVELLING = 0.5  # power of a word's frequency that it is drawn with: rare words are drawn as well


class Crowd:
    """Everybody's characters.

    Args:
        hands: whose characters are among them.
        folder: of the files of pictures.
        judge: leaves out what is not read as what it is said to be.
    """

    def __init__(self, hands: Sequence[Hand], folder: Path, judge: Judge) -> None:
        kinds: Characters = defaultdict(list)
        for hand in hands:
            for kind, own in hand.characters.items():
                kinds[kind] += own
        for name in PICTURES:
            for label, letter in _traced_file(folder / f"{name}.npz", judge):
                kinds[kind_of(label)].append((label, letter))
        self._characters = dict(kinds)
        self._letters: dict[str, list[Letter]] = defaultdict(list)
        for own in kinds.values():
            for label, letter in own:
                self._letters[label].append(letter)
        self._words, self._chances = _lexicon()

    @property
    def count(self) -> int:
        """How many characters there are."""
        return sum(map(len, self._characters.values()))

    def hand(self, rng: np.random.Generator) -> Hand:
        """What a page may be composed of as if one person had written it: some words, and all
        single characters."""
        chosen = rng.choice(len(self._words), WORDS, replace=False, p=self._chances)
        texts = [self._words[index] for index in chosen]
        texts = [text.upper() if rng.random() < CAPITALS else text for text in texts]
        return Hand([self._written(text, rng) for text in texts], self._characters)

    def _written(self, text: str, rng: np.random.Generator) -> Word:
        def letters() -> Iterator[tuple[str, Letter]]:
            for label in text:
                own = self._letters[label]
                yield label, own[int(rng.integers(len(own)))]

        return set_out(letters(), rng)


def _traced_file(path: Path, judge: Judge) -> list[tuple[str, Letter]]:
    """The characters of a file of pictures, as far as they are read as what they are."""
    with np.load(path, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"].tolist()
    chosen = np.random.default_rng(0).permutation(len(images))[:MOST_OF_A_FILE].tolist()
    found = [
        (labels[index], letter)
        for index in chosen
        if (letter := sized(traced(images[index]), labels[index])) is not None
    ]
    pictures = [render_fitted(letter, longer_side=48, pen_width=4.0) for _, letter in found]
    verdict = judge.judge(pictures)
    text = "".join(sorted({label for label, _ in found}))
    costs = label_costs(text, judge.letters, verdict.character, verdict.probabilities)
    return [
        (label, letter)
        for (label, letter), own in zip(found, costs, strict=True)
        if own[text.index(label)] <= WORST_LETTER
    ]


def _lexicon() -> tuple[list[str], NDArray[np.float64]]:
    """Words of all languages, and how likely each is to be drawn."""
    chances: dict[str, float] = defaultdict(float)
    for language in LANGUAGES:
        model = load_language(language)
        assert model is not None
        for word, logarithm in model.words.items():
            if LENGTHS[0] <= len(word) <= LENGTHS[1] and word.isalpha():
                chances[word] += math.exp(LEVELLING * logarithm)
    total = sum(chances.values())
    return list(chances), np.array([chance / total for chance in chances.values()])
