"""Fit the weights by which the page reader chooses between ways of cutting a line.

    python scripts/fit_page_reader.py --look sight --pages FOLDER [FOLDER…] [--minutes 8]
    python scripts/fit_page_reader.py --look context --pages FOLDER [FOLDER…] [--minutes 8]

The first look sees each candidate by itself and lists those that may be taken; its weights belong
to the network for single characters.  Those of the second, which sees what stands around them, are
fitted when ``train_context.py`` has made its network, on writers that it did not learn from.

Every folder holds pictures of pages with their text beside them (page.png, page.gt.txt), composed
of the writing of training writers.  Each page is cut and judged once.  For the first look the
search then only finds new ways through the lattices it has, and one trial takes a fraction of a
second; for the second every trial reads the pages to the end, with the language.  Every fourth page
is not fitted on and shows whether the weights hold for others.  Writes resources/page/weights.json;
run both anew for every new model.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Protocol, get_args

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.cheapest_cover import cheapest_cover  # noqa: E402
from handwrite_gui.engine.errors import HandwriteError  # noqa: E402
from handwrite_gui.engine.image_file import read_image  # noqa: E402
from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.cutting import CutLine, cut_page  # noqa: E402
from handwrite_gui.engine.page.ink import find_ink  # noqa: E402
from handwrite_gui.engine.page.judging import Looked, evidence_by, look_at  # noqa: E402
from handwrite_gui.engine.page.reader import spell  # noqa: E402
from handwrite_gui.engine.page.scoring import (  # noqa: E402
    WEIGHTS_FILE,
    Evidence,
    Look,
    Weights,
    fitted_weights,
    weigh,
)
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402
from handwrite_gui.engine.text.language_model import LanguageModel, load_language  # noqa: E402

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
HELD_OUT = 4  # every so many pages one is not fitted on
LOOK_ALIKES = str.maketrans("0125689", "OIZSG89")  # told apart by context, not by cutting
START = Weights()
STEPS = (0.1, 0.4, 1.0)  # standard deviations of a trial's factor, as a logarithm
ALL_CHANCE = 0.15  # of a trial, that it changes all weights alike
SMALLEST = 0.02  # what a weight of 0 is tried as
# Composed pages hardly tell them: they drift without end.
HELD = ("blank", "mark", "crumb", "small")


@dataclass(frozen=True, eq=False)
class Page:
    """A page as the search needs it, its lines one behind the other.

    Attributes:
        first, last: int (C,), the pieces that each candidate begins and ends with.
        count: number of pieces.
        evidence: what is known of each candidate.
        labels: what each candidate is read as.
        truth: the letters that are written.
        kind: the folder it came from.
    """

    first: NDArray[np.intp]
    last: NDArray[np.intp]
    count: int
    evidence: Evidence
    labels: list[str]
    truth: str
    kind: str


class Corpus(Protocol):
    """Pages to try weights on."""

    def error_rates(self, weights: Weights) -> dict[str, float]:
        """Errors for each letter, by kind of page."""


class Lattices:
    """Many pages as one lattice, so that a trial is one pass over all of them."""

    def __init__(self, pages: Sequence[Page]) -> None:
        starts = np.cumsum([0, *(page.count for page in pages)]).tolist()
        self._truths = [page.truth for page in pages]
        self._kinds = [page.kind for page in pages]
        self._first = _shifted([page.first for page in pages], starts)
        self._last = _shifted([page.last for page in pages], starts)
        self._count = starts[-1]
        self._evidence = concatenated([page.evidence for page in pages])
        self._labels = [label for page in pages for label in page.labels]
        self._owners = [i for i, page in enumerate(pages) for _ in page.labels]

    def readings(self, weights: Weights) -> list[str]:
        """What is read on each page."""
        costs = weigh(self._evidence, weights).tolist()
        said: list[list[str]] = [[] for _ in self._truths]
        for index in cheapest_cover(self._first, self._last, costs, self._count):
            said[self._owners[index]].append(self._labels[index])
        return ["".join(labels) for labels in said]

    def error_rates(self, weights: Weights) -> dict[str, float]:
        """Errors for each letter, by kind of page."""
        return _error_rates(self.readings(weights), self._truths, self._kinds)


@dataclass(frozen=True, eq=False)
class SeenPage:
    """A page whose candidates were looked at twice.

    Attributes:
        lines: as they were cut.
        looked: what was seen.
        usual: the usual height of a letter in pixels.
        truth: the letters that are written.
        kind: the folder it came from.
    """

    lines: Sequence[CutLine]
    looked: Sequence[Looked]
    usual: float
    truth: str
    kind: str


class Readings:
    """Pages that are read to the end, with the language: what it has a say in is fitted with it."""

    def __init__(
        self, pages: Sequence[SeenPage], judge: Judge, language: LanguageModel | None
    ) -> None:
        self._pages, self._judge, self._language = pages, judge, language

    def error_rates(self, weights: Weights) -> dict[str, float]:
        """Errors for each letter, by kind of page."""
        said = [self._read(page, weights) for page in self._pages]
        return _error_rates(
            said, [page.truth for page in self._pages], [page.kind for page in self._pages]
        )

    def _read(self, page: SeenPage, weights: Weights) -> str:
        judged = [
            looked.judged(line.lattice, weights, self._judge)
            for line, looked in zip(page.lines, page.looked, strict=True)
        ]
        strips = [line.strip for line in page.lines]
        lines = spell(judged, strips, page.usual, self._language)
        return plain("".join(line.text for line in lines))


def _error_rates(
    said: Sequence[str], truths: Sequence[str], kinds: Sequence[str]
) -> dict[str, float]:
    wrong: dict[str, int] = defaultdict(int)
    letters: dict[str, int] = defaultdict(int)
    for read, truth, kind in zip(said, truths, kinds, strict=True):
        wrong[kind] += edit_distance(read, truth)
        letters[kind] += len(truth)
    return {kind: wrong[kind] / max(letters[kind], 1) for kind in wrong}


def loss(corpus: Corpus, weights: Weights) -> float:
    """The mean over the kinds: the hardest has the most errors and must not decide alone."""
    return float(np.mean(list(corpus.error_rates(weights).values())))


def _shifted(parts: Sequence[NDArray[np.intp]], starts: Sequence[int]) -> list[int]:
    pairs = zip(parts, starts, strict=False)
    return [place + start for part, start in pairs for place in part.tolist()]


def concatenated(parts: Sequence[Evidence]) -> Evidence:
    """The evidence of several lattices as that of one."""
    return Evidence(
        **{
            field.name: np.concatenate([getattr(part, field.name) for part in parts])
            for field in fields(Evidence)
        }
    )


def plain(text: str) -> str:
    """Letters and digits alone, case folded, those of one shape as one."""
    return re.sub(r"[^A-Z0-9]", "", text.upper()).translate(LOOK_ALIKES)


@cache
def edit_distance(said: str, truth: str) -> int:
    row = list(range(len(truth) + 1))
    for i, a in enumerate(said, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(truth, 1):
            change = diagonal + (a != b)
            diagonal = row[j]
            row[j] = min(diagonal + 1, row[j - 1] + 1, change)
    return row[-1]


def load_pages(folders: Sequence[Path], judge: Judge, look: Look) -> list[SeenPage]:
    """Cut and judge every page once."""
    pages = []
    for folder in folders:
        for truth in sorted(folder.glob("*.gt.txt")):
            stem = truth.name.removesuffix(".gt.txt")
            picture = next((p for e in PICTURES if (p := folder / f"{stem}{e}").exists()), None)
            if picture is None:
                continue
            layout, lines = cut_page(find_ink(read_image(picture)), judge, current_weights("sight"))
            if not lines:
                print(f"{picture}: nothing found; left out")
                continue
            if look == "sight":
                looked = [_at_sight(line, judge) for line in lines]
            else:
                looked = look_at(lines, layout.usual, judge)
            written = plain(truth.read_text(encoding="utf-8"))
            pages.append(SeenPage(lines, looked, layout.usual, written, folder.name))
    return pages


def _at_sight(line: CutLine, judge: Judge) -> Looked:
    """All candidates of a line, each by itself."""
    verdict = judge.judge([line.strip.cut(glyph) for glyph in line.lattice.glyphs])
    evidence = evidence_by(verdict, line.lattice)
    return Looked(verdict, evidence, np.ones(len(line.lattice.glyphs), np.bool_))


def lattices(pages: Sequence[SeenPage], judge: Judge) -> Lattices:
    """Pages as one lattice."""
    return Lattices([_page(page, judge) for page in pages])


def _page(page: SeenPage, judge: Judge) -> Page:
    evidence, labels = [], []
    for line, looked in zip(page.lines, page.looked, strict=True):
        evidence.append(looked.evidence)
        names = [plain(judge.letters[i]) for i in looked.verdict.probabilities.argmax(axis=1)]
        labels += ["" if m else n for n, m in zip(names, line.lattice.is_mark, strict=True)]
    every = [line.lattice for line in page.lines]
    starts = np.cumsum([0, *(lattice.count for lattice in every)])
    return Page(
        np.concatenate([lattice.first + s for lattice, s in zip(every, starts, strict=False)]),
        np.concatenate([lattice.last + s for lattice, s in zip(every, starts, strict=False)]),
        int(starts[-1]),
        concatenated(evidence),
        labels,
        page.truth,
        page.kind,
    )


def search(corpus: Corpus, start: Weights, seconds: float, seed: int) -> Weights:
    """Try changes of one to three weights at a time and keep what reads better."""
    rng = np.random.default_rng(seed)
    names = [field.name for field in fields(Weights) if field.name not in HELD]
    best, least = start, loss(corpus, start)
    end = time.monotonic() + seconds
    trials = 0
    while time.monotonic() < end:
        trials += 1
        tried = _changed(best, names, rng)
        reached = loss(corpus, tried)
        if reached <= least:
            if reached < least:
                print(f"trial {trials}: {1 - reached:.4f}", flush=True)
            best, least = tried, reached
    print(f"{trials} trials")
    return best


def _changed(weights: Weights, names: Sequence[str], rng: np.random.Generator) -> Weights:
    """Some of the weights otherwise; or all by one factor, which is how little the language counts
    against them."""
    if rng.random() < ALL_CHANCE:
        factor = float(np.exp(rng.normal(0, STEPS[1])))
        scaled = [name for name in names if name != "pieces"]
        return replace(weights, **{name: factor * getattr(weights, name) for name in scaled})
    step = float(rng.choice(STEPS))
    values = {
        name: getattr(weights, name)
        for name in rng.choice(names, int(rng.integers(1, 4)), replace=False)
    }
    return replace(
        weights,
        **{
            name: 0.0
            if value <= SMALLEST and rng.random() < 0.3
            else float(max(value, SMALLEST) * np.exp(rng.normal(0, step)))
            for name, value in values.items()
        },
    )


def report(title: str, corpus: Corpus, weights: Weights) -> None:
    rates = corpus.error_rates(weights)
    figures = "  ".join(f"{kind} {1 - rate:.4f}" for kind, rate in sorted(rates.items()))
    print(f"{title:26s} {figures}", flush=True)


def current_weights(look: Look) -> Weights:
    try:
        return fitted_weights(look)
    except (FileNotFoundError, KeyError):
        return START


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--look", choices=get_args(Look), required=True)
    parser.add_argument("--pages", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / WEIGHTS_FILE)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = current_weights(arguments.look)
    try:
        judge = page_judge(Recognizer(load_model(arguments.model), "alnum"))
        pages = load_pages(arguments.pages, judge, arguments.look)
    except HandwriteError as error:
        parser.error(str(error))
    if len(pages) < HELD_OUT:
        parser.error(f"only {len(pages)} pages with a .gt.txt beside them; {HELD_OUT} are needed")
    candidates = sum(int(own.listed.sum()) for page in pages for own in page.looked)
    letters = sum(len(page.truth) for page in pages)
    print(f"{len(pages)} pages, {letters} letters, {candidates / letters:.1f} candidates a letter")
    fitted_on, others = (
        lattices(part, judge)
        if arguments.look == "sight"
        else Readings(part, judge, load_language("en"))
        for part in (
            [page for index, page in enumerate(pages) if index % HELD_OUT],
            pages[::HELD_OUT],
        )
    )
    report("fitted on, before", fitted_on, start)
    report("others, before", others, start)
    weights = search(fitted_on, start, 60 * arguments.minutes, arguments.seed)
    report("fitted on, after", fitted_on, weights)
    report("others, after", others, weights)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    looks: tuple[Look, ...] = get_args(Look)
    every = {look: current_weights(look) for look in looks} | {arguments.look: weights}
    values = {
        look: {name: round(value, 4) for name, value in asdict(own).items()}
        for look, own in every.items()
    }
    arguments.output.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(f"written: {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
