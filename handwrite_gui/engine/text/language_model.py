"""How probable a word is in a language: a list of words before letter n-grams.

Listed words have the frequency with which they are used.  What is not listed - names, rare words,
words newly made - is spelled letter by letter, each as probable as it is after the three before
it (interpolated as by Witten & Bell 1991).  Both are mixed, so that every word has a probability.
Case and accents do not count: ``É``, ``é`` and ``e`` are one letter.
"""

from __future__ import annotations

import math
import os
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.errors import HandwriteError, ModelFileError
from handwrite_gui.engine.npz_container import open_npz
from handwrite_gui.engine.resources import resource_path

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
}
"""The languages that ship with the program: their ISO 639-1 codes and names."""

ORDER = 4
"""Letters of an n-gram, the one that is told included."""
SYMBOLS = " abcdefghijklmnopqrstuvwxyz'"
"""What n-grams are made of; the blank stands for a word's begin and its end."""
STEP = 0.1
"""Natural logarithms are stored as bytes, in negative steps of this."""
VERSION = 1

_CODES = {symbol: code for code, symbol in enumerate(SYMBOLS)}
_CONTEXTS = len(SYMBOLS) ** (ORDER - 1)
_MOST_BYTES = 1 << 26
_MOST_STARTS = 1 << 16  # of words, that are kept: the same ones are asked for again and again
_FOLDED = {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "’": "'"}


@cache
def fold(label: str) -> str:
    """A letter as the model knows it: small, without accents (``É`` to ``e``, ``ß`` to ``ss``)."""
    parts = unicodedata.normalize("NFKD", _FOLDED.get(label.lower(), label.lower()))
    return "".join(part for part in parts if not unicodedata.combining(part))


class WordList(Mapping[str, float]):
    """Words and the natural logarithms of their frequencies, found by bisection.

    75,000 words stand in it after the time that a list of them takes to make, a fifth of a
    dictionary's.

    Args:
        words: in ascending order, none twice.
        logarithms: float (N,).

    Raises:
        ValueError: these are not as many.
    """

    def __init__(self, words: Sequence[str], logarithms: NDArray[np.float64]) -> None:
        if len(words) != len(logarithms):
            raise ValueError(f"{len(words)} words and {len(logarithms)} frequencies")
        self._words = words
        self._logarithms = logarithms
        self._before = np.concatenate([[0.0], np.cumsum(np.exp(logarithms))])

    @classmethod
    def of(cls, words: Mapping[str, float]) -> WordList:
        """The same words in order."""
        ordered = sorted(words)
        return cls(ordered, np.array([words[word] for word in ordered], np.float64))

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._place(word) is not None

    def __getitem__(self, word: str) -> float:
        place = self._place(word)
        if place is None:
            raise KeyError(word)
        return float(self._logarithms[place])

    def _place(self, word: str) -> int | None:
        place = bisect_left(self._words, word)
        return place if place < len(self._words) and self._words[place] == word else None

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def share(self, start: str) -> float:
        """The frequency of all words together that begin with some letters."""
        first, end = bisect_left(self._words, start), bisect_left(self._words, start + "~")
        return float(self._before[end] - self._before[first])


class LanguageModel:
    """The probabilities of words in one language; immutable, may be used by several threads.

    Args:
        language: its ISO 639-1 code.
        ngrams: uint8 (28, 28, 28, 28), -log P of a symbol (last axis) after the three before it,
            in units of ``STEP``; symbols in the order of ``SYMBOLS``.
        words: listed words, folded, and the natural logarithms of their frequencies.
        unlisted: share of the words in a text that are not listed, in 0 to 1 (exclusive).

    Attributes:
        language, ngrams: as given.
        words: the listed ones, in alphabetical order.

    Raises:
        ValueError: the n-grams have another shape or dtype, or ``unlisted`` is out of range.
    """

    def __init__(
        self, language: str, ngrams: NDArray[np.uint8], words: Mapping[str, float], unlisted: float
    ) -> None:
        if ngrams.shape != (len(SYMBOLS),) * ORDER or ngrams.dtype != np.uint8:
            raise ValueError(f"n-grams of shape {ngrams.shape} and type {ngrams.dtype}")
        if not 0 < unlisted < 1:
            raise ValueError(f"a share of {unlisted} unlisted words")
        self.language = language
        self.ngrams = ngrams
        self._flat = ngrams.tobytes()
        self._starts: dict[str, float | None] = {}
        self.words = words if isinstance(words, WordList) else WordList.of(words)
        self._unlisted = math.log(unlisted)
        self._listed = math.log1p(-unlisted)

    def __contains__(self, word: str) -> bool:
        """Whether a word is listed, in any case and with or without its accents."""
        return "".join(map(fold, word)) in self.words

    def log_probability(self, word: str) -> float | None:
        """Natural logarithm of the probability that a word of a text is this one.

        Args:
            word: letters in any case, with accents or without, and apostrophes.

        Returns:
            None for what the model cannot judge: no letter at all, a digit, a mark, or a letter
            of another script.
        """
        folded = "".join(map(fold, word))
        codes = [_CODES.get(symbol, 0) for symbol in folded]
        # The apostrophe alone is no word; code 0 is the blank, or no symbol of the model.
        if not folded.strip("'") or 0 in codes:
            return None
        spelled = self._unlisted + self._spelling([*codes, 0])
        if folded not in self.words:
            return spelled
        return _log_sum(self._listed + self.words[folded], spelled)

    def log_probability_of_start(self, letters: str) -> float | None:
        """Natural logarithm of the probability that a word of a text begins with these letters.

        Args:
            letters: in any case, with accents or without, and apostrophes.

        Returns:
            None for what the model cannot judge: a digit, a mark, or a letter of another script.
        """
        folded = "".join(map(fold, letters))
        try:
            return self._starts[folded]
        except KeyError:
            told = self._start(folded)
        if len(self._starts) >= _MOST_STARTS:
            self._starts.clear()
        self._starts[folded] = told
        return told

    def _start(self, folded: str) -> float | None:
        codes = [_CODES.get(symbol, 0) for symbol in folded]
        if 0 in codes:
            return None
        unlisted = self._unlisted + self._spelling(codes)
        share = self.words.share(folded)
        if share <= 0:
            return unlisted
        return _log_sum(self._listed + math.log(share), unlisted)

    def _spelling(self, codes: Sequence[int]) -> float:
        """Log-probability of the symbols at the beginning of a word."""
        # No arrays: words are short.
        place = steps = 0
        for code in codes:
            place = place % _CONTEXTS * len(SYMBOLS) + code
            steps += self._flat[place]
        return -STEP * steps


def _log_sum(a: float, b: float) -> float:
    """Of the two numbers of which these are the logarithms."""
    return max(a, b) + math.log1p(math.exp(-abs(a - b)))


def load_language(language: str) -> LanguageModel | None:
    """The model of a language that ships with the program; read once, about 20 ms.

    Returns:
        None if this installation was made without its file: a page can be read without it.

    Raises:
        HandwriteError: the program knows no such language.
        ModelFileError: the file is damaged.
    """
    if language not in LANGUAGES:
        known = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise HandwriteError(f"There is no language “{language}”; choose one of {known}.")
    return _load_shipped(language)


@cache
def _load_shipped(language: str) -> LanguageModel | None:
    try:
        path = resource_path(f"language/{language}.npz")
    except FileNotFoundError:
        return None
    return read_language_model(path)


def read_language_model(path: str | os.PathLike[str]) -> LanguageModel:
    """Read a model that ``scripts/make_language_model.py`` wrote.

    The file is an ``.npz`` of ``version`` and ``language``, ``ngrams`` as they are used, ``words``
    (the sorted words with line breaks between them, as bytes), ``costs`` (-log of their
    frequencies in units of ``STEP``, as bytes) and ``unlisted``.

    Raises:
        ModelFileError: the file is missing, damaged, or no language model.
    """
    arrays = open_npz(path, max_bytes=_MOST_BYTES)
    try:
        if int(arrays["version"]) != VERSION:
            raise ModelFileError(
                path, f"it is of version {arrays['version']}, this program reads {VERSION}."
            )
        words = arrays["words"].tobytes().decode("ascii").split("\n")
        listed = WordList(words, arrays["costs"].astype(np.float64) * -STEP)
        return LanguageModel(
            str(arrays["language"]), arrays["ngrams"], listed, float(arrays["unlisted"])
        )
    except (KeyError, ValueError, TypeError, UnicodeError):
        raise ModelFileError(
            path, "this is no language model, or it is damaged; install Handwrite again."
        ) from None
