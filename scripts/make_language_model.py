#!/usr/bin/env python3
"""Make the language models that ship with the program from lists of word frequencies.

    pip install -e .[language]
    python scripts/make_language_model.py [--folder resources/language] [LANGUAGE …]

For each language (all that the program knows, by default) FOLDER/LANGUAGE.npz: the most used words
with their frequencies, and the probabilities of letters after the three before them, learned from
all the words of the list.  The words come from wordfreq (Robyn Speer 2022); card and licence:
resources/language/language.md.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.npz_container import write_npz  # noqa: E402
from handwrite_gui.engine.text.language_model import (  # noqa: E402
    LANGUAGES,
    ORDER,
    STEP,
    SYMBOLS,
    VERSION,
    LanguageModel,
    fold,
)

LISTED = 75_000  # words: 0.98 to 0.99 of a text; all four languages stay below 3 MB
MOST_BYTES = 3_000_000
_WORD = re.compile("[a-z]+(?:'[a-z]+)*")
_HELD_OUT = 20  # one of so many words is left out of the n-grams while they are measured


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("languages", nargs="*", metavar="LANGUAGE", help=", ".join(LANGUAGES))
    parser.add_argument("--folder", type=Path, default=ROOT / "resources" / "language")
    options = parser.parse_args()
    unknown = [language for language in options.languages if language not in LANGUAGES]
    if unknown:
        parser.error(f"no such language: {', '.join(unknown)}; there are {', '.join(LANGUAGES)}")
    options.folder.mkdir(parents=True, exist_ok=True)
    for language in options.languages or LANGUAGES:
        frequencies = _frequencies(language)
        size = _write(options.folder / f"{language}.npz", language, frequencies)
        print(f"{language}: {size:,} bytes; {_bits_of_held_out(frequencies):.2f} bits a letter")
    total = sum(path.stat().st_size for path in options.folder.glob("*.npz"))
    print(f"all: {total:,} bytes")
    return 0 if total <= MOST_BYTES else 1


def _frequencies(language: str) -> dict[str, float]:
    """Folded words and the share of a text that each makes up, the most used first."""
    try:
        import wordfreq
    except ImportError:
        raise SystemExit(
            "wordfreq is missing; install it with: pip install -e .[language]"
        ) from None
    found: defaultdict[str, float] = defaultdict(float)
    for word, frequency in wordfreq.get_frequency_dict(language, wordlist="large").items():
        folded = "".join(map(fold, word))
        if _WORD.fullmatch(folded):
            found[folded] += frequency
    total = sum(found.values())
    ordered = sorted(found, key=lambda word: (-found[word], word))
    return {word: found[word] / total for word in ordered}


def _write(path: Path, language: str, frequencies: dict[str, float]) -> int:
    words = sorted(list(frequencies)[:LISTED])
    listed = np.array([frequencies[word] for word in words])
    write_npz(
        path,
        {
            "version": np.array(VERSION),
            "language": np.array(language),
            "ngrams": _quantised(_ngrams(list(frequencies))),
            "words": np.frombuffer("\n".join(words).encode("ascii"), np.uint8),
            "costs": _quantised(listed / listed.sum()),
            "unlisted": np.array(1 - listed.sum()),
        },
        compressed=True,
    )
    return path.stat().st_size


def _quantised(probabilities: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.clip(np.rint(-np.log(probabilities) / STEP), 0, 255).astype(np.uint8)


def _ngrams(words: list[str]) -> NDArray[np.float64]:
    """P (28, 28, 28, 28) of a symbol after the three before it.

    Each word counts once: how often it is used says nothing about a word that is not listed.
    Interpolated (Witten & Bell 1991): the more different symbols have followed, the more
    probable is one that has not yet.
    """
    codes = {symbol: code for code, symbol in enumerate(SYMBOLS)}
    start = [0] * (ORDER - 1)
    symbols = np.array([code for word in words for code in (*start, *map(codes.get, word), 0)])
    lengths = np.array([len(word) + ORDER for word in words])
    begins = np.repeat(np.cumsum(lengths) - lengths, lengths)
    told = np.flatnonzero(np.arange(len(symbols)) - begins >= ORDER - 1)
    kinds = len(SYMBOLS)
    lower = np.full(kinds, 1 / kinds)
    for order in range(1, ORDER + 1):
        index = sum(symbols[told - back].astype(np.int64) * kinds**back for back in range(order))
        counts = np.bincount(index, minlength=kinds**order).reshape((kinds,) * order)
        seen = counts.sum(axis=-1, keepdims=True)
        distinct = np.count_nonzero(counts, axis=-1)[..., np.newaxis]
        mixed = (counts + distinct * lower) / np.maximum(seen + distinct, 1)
        lower = np.where(seen > 0, mixed, lower)
    return lower


def _bits_of_held_out(frequencies: dict[str, float]) -> float:
    """Cross-entropy for each letter of words that the n-grams have not seen."""
    words = list(frequencies)
    held_out = words[::_HELD_OUT]
    kept = [word for index, word in enumerate(words) if index % _HELD_OUT]
    # All but surely unlisted: the letters alone are measured.
    model = LanguageModel("", _quantised(_ngrams(kept)), {}, 1 - 1e-12)
    spelled = [model.log_probability(word) for word in held_out]
    nats = -sum(value for value in spelled if value is not None)
    return float(nats / np.log(2) / sum(len(word) + 1 for word in held_out))


if __name__ == "__main__":
    raise SystemExit(main())
