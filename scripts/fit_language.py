#!/usr/bin/env python3
"""Fit the weights by which neighbours, gaps and the language decide what a line says.

    python scripts/fit_language.py --pages FOLDER [FOLDER …] [--model FILE]

Every folder holds pictures of pages with their text beside them (page.png, page.gt.txt), composed
of the writing of training writers.  Prints GapWeights (engine/page/words.py), Weights
(engine/text/decoding.py) and SpacingWeights (engine/text/spacing.py) to be put there, and the
errors with the old and the new ones on every fourth page, which is not fitted on.  Run it anew for
every new model, after scripts/fit_page_reader.py.

Composed pages have words and numbers alone, so codes are added: letters and digits at random, of
the shapes that the page has.  Their texts are all capitals, so the weight of odd case is left as
it is; it was chosen on pages that `compose_page` made of mixed case.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise, product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.image_file import read_image  # noqa: E402
from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.cutting import cut_page  # noqa: E402
from handwrite_gui.engine.page.ink import find_ink  # noqa: E402
from handwrite_gui.engine.page.judging import judge_lines  # noqa: E402
from handwrite_gui.engine.page.scoring import fitted_weights  # noqa: E402
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402
from handwrite_gui.engine.page.words import GapWeights, gap_features, space_odds  # noqa: E402
from handwrite_gui.engine.prediction import Prediction  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402
from handwrite_gui.engine.text.decoding import Weights, decode_line, log_posterior  # noqa: E402
from handwrite_gui.engine.text.language_model import LanguageModel, load_language  # noqa: E402
from handwrite_gui.engine.text.spacing import SpacingWeights, part_line  # noqa: E402

HELD_OUT = 4  # every so many pages one is not fitted on
LOOK_ALIKES = str.maketrans("0125", "OIZS")
CODES = ("LDL", "LDD", "LLDDD", "DL", "LDLD", "DLD", "LLD", "DDLL", "LL", "LLL", "LLLL", "LLLLL")
RIDGE = 1e-4  # of the squared distance from the old weights: some hardly matter
EVALUATIONS = 240
FORBIDDEN = 1e3  # loss of weights that make no sense
GAP_RIDGE = 0.1
SPACING = tuple(product((1.0, 1.3, 1.7, 2.2), (-1.0, -0.5, 0.0, 0.5)))  # gap, word

Shape = tuple[Prediction, ...]
Word = tuple[str, Sequence[Shape]]


@dataclass(frozen=True, eq=False)
class Line:
    """A line as it was cut, and what is known of it.

    Attributes:
        shapes: the alternatives of its characters.
        gaps: (N - 1,) between them, in letter heights.
        parts: (N - 1,) whether words part there: 1 or 0, -1 where the reading is not the text.
        words: its true words with their shapes, where it was cut as it was written; else none.
    """

    shapes: list[Shape]
    gaps: NDArray[np.float64]
    parts: NDArray[np.int64]
    words: list[Word]


Page = list[Line]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--pages", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--model", type=Path, default=default_model_path())
    options = parser.parse_args()
    english = load_language("en")
    if english is None:
        raise SystemExit("resources/language/en.npz is missing: scripts/make_language_model.py")
    judge = page_judge(Recognizer(load_model(options.model)))
    texts = sorted(text for folder in options.pages for text in folder.glob("*.gt.txt"))
    pages = [read(text, judge) for text in texts]
    if len(pages) < HELD_OUT:
        raise SystemExit(f"{len(pages)} pages in {options.pages}; at least {HELD_OUT} are needed.")
    fitted = [page for index, page in enumerate(pages) if index % HELD_OUT]
    held_out = pages[::HELD_OUT]
    language = Remembered(english)

    gaps = fit_gaps(fitted)
    weights = fit_decoding(fitted, language)
    spacing = fit_spacing(fitted, gaps, weights, language)
    print(gaps, weights, spacing, sep="\n")
    print("on pages that were not fitted on:")
    for name, chosen in (
        ("old", (GapWeights(), Weights(), SpacingWeights())),
        ("new", (gaps, weights, spacing)),
    ):
        print(f"  {name}: {report(held_out, *chosen, language)}")
    return 0


class Remembered(LanguageModel):
    """A language model that is asked for the same words again and again."""

    def __init__(self, model: LanguageModel) -> None:
        self.language = model.language
        self._ask: Callable[[str], float | None] = cache(model.log_probability)

    def log_probability(self, word: str) -> float | None:
        return self._ask(word)


def read(text: Path, judge: Judge) -> Page:
    """The lines of a page, cut by the page reader and laid beside its true text."""
    stem = text.name.removesuffix(".gt.txt")
    image = next(path for path in sorted(text.parent.glob(f"{stem}.*")) if path != text)
    layout, lines = cut_page(find_ink(read_image(image)), judge, fitted_weights())
    written = [line for line in text.read_text(encoding="utf-8").splitlines() if line.strip()]
    page = []
    for line in judge_lines(lines, layout.usual, judge):
        kept = [index for index in line.cheapest() if not line.lattice.is_mark[index]]
        if kept:
            glyphs = [line.glyph(index) for index in kept]
            gaps = [(b.left - a.right) / layout.usual for a, b in pairwise(glyphs)]
            shapes = [line.alternatives(index) for index in kept]
            page.append(_beside_text(shapes, np.array(gaps), written))
    return page


def _beside_text(shapes: list[Shape], gaps: NDArray[np.float64], written: Sequence[str]) -> Line:
    """A line with the words it has most in common with."""
    seen = _plain("".join(shape[0].label for shape in shapes))
    text = max(written, key=lambda line: _likeness(seen, _plain(line)).ratio())
    ends = np.cumsum([len(word) for word in text.split()])
    places = np.full(len(seen), -1)
    for block in _likeness(seen, _plain(text)).get_matching_blocks():
        places[block.a : block.a + block.size] = np.arange(block.b, block.b + block.size)
    neighbours = (places[:-1] >= 0) & (places[1:] == places[:-1] + 1)
    parts = np.where(neighbours, np.isin(places[:-1] + 1, ends), -1).astype(np.int64)
    words: list[Word] = []
    # Where more than half is right and nothing is missing, the rest is named wrongly, not cut.
    if len(seen) == len(_plain(text)) and 2 * np.mean(places == np.arange(len(seen))) > 1:
        for word, end in zip(text.split(), ends.tolist(), strict=True):
            words.append((word, shapes[end - len(word) : end]))
    return Line(shapes, gaps, parts, words)


def _plain(text: str) -> str:
    return "".join(text.split()).translate(LOOK_ALIKES)


def _likeness(a: str, b: str) -> SequenceMatcher[str]:
    return SequenceMatcher(None, a, b, autojunk=False)


def fit_gaps(pages: Sequence[Page]) -> GapWeights:
    """Logistic regression of where words part."""
    features = np.concatenate(
        [own for page in pages if page for own in gap_features([line.gaps for line in page])]
    )
    parts = np.concatenate([line.parts for page in pages for line in page])
    features, signs = features[parts >= 0], 2 * parts[parts >= 0] - 1

    def loss(values: NDArray[np.float64]) -> float:
        nats = np.logaddexp(0, -signs * (features @ values)).sum()
        return float(nats + GAP_RIDGE * np.square(values[1:]).sum())

    values = optimize.minimize(loss, np.zeros(features.shape[1])).x
    return GapWeights(*(round(float(value), 2) for value in values))


def fit_decoding(pages: Sequence[Page], language: LanguageModel) -> Weights:
    """The weights that make the true texts most probable, with the language and without."""
    lines = with_codes(pages, random.Random(1))
    names = ("shape", "change_inside", "change_between", "language", "letter", "random")
    old = asdict(Weights())
    start = np.array([old[name] for name in names])
    start[-1] = np.log(start[-1])

    def made(values: NDArray[np.float64]) -> Weights:
        chosen = dict(zip(names, values.tolist(), strict=True))
        chosen["random"] = min(float(np.exp(chosen["random"])), 0.5)
        return replace(Weights(), **{name: round(value, 3) for name, value in chosen.items()})

    def loss(values: NDArray[np.float64]) -> float:
        weights = made(values)
        if min(weights.shape, weights.language, weights.random) <= 0:
            return FORBIDDEN
        # A reading without the language is the rarer one.
        nats = sum(
            share * _surprise(lines, weights, chosen)
            for share, chosen in ((1.0, language), (0.5, None))
        )
        return nats + RIDGE * float(np.square(values - start).sum())

    found = optimize.minimize(
        loss, start, method="Powell", options={"maxfev": EVALUATIONS, "xtol": 0.02, "ftol": 1e-4}
    )
    return made(found.x)


def with_codes(pages: Sequence[Page], chance: random.Random) -> list[list[Word]]:
    """The lines that were cut right, each with a code of its page's characters among the words.

    Most pages have either letters or digits; the other kind is borrowed from all pages.
    """
    of_pages = [_by_kind(page) for page in pages]
    of_all = {kind: [own for page in of_pages for own in page[kind]] for kind in "LD"}
    lines = []
    for page, shapes in zip(pages, of_pages, strict=True):
        for line in page:
            if line.words:
                pattern = chance.choice(CODES)
                code = [chance.choice(shapes[kind] or of_all[kind]) for kind in pattern]
                place = chance.randrange(len(line.words) + 1)
                text = "".join(label for label, _ in code)
                lines.append(
                    [
                        *line.words[:place],
                        (text, [shape for _, shape in code]),
                        *line.words[place:],
                    ]
                )
    return lines


def _by_kind(page: Page) -> dict[str, list[tuple[str, Shape]]]:
    """The letters (L) and digits (D) of a page with their shapes."""
    found: dict[str, list[tuple[str, Shape]]] = {"L": [], "D": []}
    for line in page:
        for word, own in line.words:
            for label, shape in zip(word, own, strict=True):
                found["D" if label.isdigit() else "L"].append((label, shape))
    return found


def _surprise(
    lines: Sequence[Sequence[Word]], weights: Weights, language: LanguageModel | None
) -> float:
    """Mean -log of the probability of a true word, of those that the shapes leave open."""
    told = [
        value
        for words in lines
        for value in log_posterior(
            [shapes for _, shapes in words], [word for word, _ in words], language, weights
        )
        if value > -np.inf
    ]
    return -float(np.mean(told))


def fit_spacing(
    pages: Sequence[Page], gaps: GapWeights, weights: Weights, language: LanguageModel
) -> SpacingWeights:
    """Those that take the fewest gaps wrongly."""
    choices = [replace(SpacingWeights(), gap=gap, word=word) for gap, word in SPACING]
    return min(choices, key=lambda own: wrong_gaps(pages, gaps, weights, own, language))


def wrong_gaps(
    pages: Sequence[Page],
    gaps: GapWeights,
    weights: Weights,
    spacing: SpacingWeights,
    language: LanguageModel | None,
) -> int:
    wrong = 0
    for page in pages:
        if not page:
            continue
        odds = space_odds([line.gaps for line in page], gaps)
        for line, own in zip(page, odds, strict=True):
            lengths = part_line(line.shapes, own.tolist(), language, weights, spacing).lengths
            parted = np.isin(np.arange(1, len(line.shapes)), np.cumsum(lengths))
            wrong += int(((parted != line.parts) & (line.parts >= 0)).sum())
    return wrong


def report(
    pages: Sequence[Page],
    gaps: GapWeights,
    weights: Weights,
    spacing: SpacingWeights,
    language: LanguageModel,
) -> str:
    """Errors as seen, by kinds, and with the language; characters that were right before."""
    total = seen = spoilt = 0
    wrong = {"kinds": 0, "language": 0}
    for words in (line.words for page in pages for line in page if line.words):
        shapes = [own for _, own in words]
        written = "".join(word for word, _ in words)
        looks = "".join(shape[0].label for own in shapes for shape in own)
        total += len(written)
        seen += sum(a != b for a, b in zip(written, looks, strict=True))
        for name, chosen in (("kinds", None), ("language", language)):
            decided = decode_line(shapes, chosen, weights)
            meant = "".join(character.label for word in decided for character in word)
            wrong[name] += sum(a != b for a, b in zip(written, meant, strict=True))
            if chosen is not None:
                spoilt += sum(a == b != c for a, b, c in zip(written, looks, meant, strict=True))
    count = sum(int((line.parts >= 0).sum()) for page in pages for line in page)
    by_gaps = wrong_gaps(pages, gaps, weights, spacing, None)
    by_words = wrong_gaps(pages, gaps, weights, spacing, language)
    return (
        f"of {total} characters wrong {seen} as seen, {wrong['kinds']} by kinds, "
        f"{wrong['language']} with the language ({spoilt} of them right as seen); "
        f"of {count} gaps {by_gaps} by their width, {by_words} with the language"
    )


if __name__ == "__main__":
    raise SystemExit(main())
