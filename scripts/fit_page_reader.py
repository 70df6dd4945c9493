"""Fit the weights by which the page reader chooses between ways of cutting a line.

    python scripts/fit_page_reader.py --pages FOLDER [FOLDER…] [--model FILE] [--minutes 8]

Every folder holds pictures of pages with their text beside them (page.png, page.gt.txt), composed
of the writing of training writers.  Each page is cut and judged once; the search then only finds
new ways through the lattices it has, so that one trial takes a fraction of a second.  Every fourth
page is not fitted on and shows whether the weights hold for others.  Writes
resources/page/weights.json; run it anew for every new model.
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
from handwrite_gui.engine.page.scoring import (  # noqa: E402
    WEIGHTS_FILE,
    Evidence,
    Weights,
    fitted_weights,
    gather,
    weigh,
)
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff")
HELD_OUT = 4  # every so many pages one is not fitted on
LOOK_ALIKES = str.maketrans("0125689", "OIZSG89")  # told apart by context, not by cutting
START = Weights()
STEPS = (0.1, 0.4, 1.0)  # standard deviations of a trial's factor, as a logarithm
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


class Corpus:
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
        wrong: dict[str, int] = defaultdict(int)
        letters: dict[str, int] = defaultdict(int)
        pages = zip(self.readings(weights), self._truths, self._kinds, strict=True)
        for said, truth, kind in pages:
            wrong[kind] += edit_distance(said, truth)
            letters[kind] += len(truth)
        return {kind: wrong[kind] / max(letters[kind], 1) for kind in wrong}

    def loss(self, weights: Weights) -> float:
        """The mean over the kinds: the hardest has the most errors and must not decide alone."""
        return float(np.mean(list(self.error_rates(weights).values())))


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


def load_pages(folders: Sequence[Path], judge: Judge, weights: Weights) -> list[Page]:
    """Cut and judge every page once."""
    pages = []
    for folder in folders:
        for truth in sorted(folder.glob("*.gt.txt")):
            stem = truth.name.removesuffix(".gt.txt")
            picture = next((p for e in PICTURES if (p := folder / f"{stem}{e}").exists()), None)
            if picture is None:
                continue
            lines = cut_page(find_ink(read_image(picture)), judge, weights)[1]
            if lines:
                written = plain(truth.read_text(encoding="utf-8"))
                pages.append(_page(lines, judge, written, folder.name))
            else:
                print(f"{picture}: nothing found; left out")
    return pages


def _page(lines: Sequence[CutLine], judge: Judge, truth: str, kind: str) -> Page:
    evidence, labels = [], []
    for line in lines:
        verdict = judge.judge([line.strip.cut(glyph) for glyph in line.lattice.glyphs])
        evidence.append(gather(line.lattice, verdict.character, verdict.probabilities.max(axis=1)))
        names = [plain(judge.letters[i]) for i in verdict.probabilities.argmax(axis=1)]
        labels += ["" if m else n for n, m in zip(names, line.lattice.is_mark, strict=True)]
    starts = np.cumsum([0, *(line.lattice.count for line in lines)])
    return Page(
        np.concatenate([line.lattice.first + s for line, s in zip(lines, starts, strict=False)]),
        np.concatenate([line.lattice.last + s for line, s in zip(lines, starts, strict=False)]),
        int(starts[-1]),
        concatenated(evidence),
        labels,
        truth,
        kind,
    )


def search(corpus: Corpus, start: Weights, seconds: float, seed: int) -> Weights:
    """Try changes of one to three weights at a time and keep what reads better."""
    rng = np.random.default_rng(seed)
    names = [field.name for field in fields(Weights) if field.name not in HELD]
    best, least = start, corpus.loss(start)
    end = time.monotonic() + seconds
    trials = 0
    while time.monotonic() < end:
        trials += 1
        changed = rng.choice(names, int(rng.integers(1, 4)), replace=False)
        step = float(rng.choice(STEPS))
        values = {name: getattr(best, name) for name in changed}
        tried = replace(
            best,
            **{
                name: 0.0
                if value <= SMALLEST and rng.random() < 0.3
                else float(max(value, SMALLEST) * np.exp(rng.normal(0, step)))
                for name, value in values.items()
            },
        )
        reached = corpus.loss(tried)
        if reached <= least:
            if reached < least:
                print(f"trial {trials}: {1 - reached:.4f}", flush=True)
            best, least = tried, reached
    print(f"{trials} trials")
    return best


def report(title: str, corpus: Corpus, weights: Weights) -> None:
    rates = corpus.error_rates(weights)
    figures = "  ".join(f"{kind} {1 - rate:.4f}" for kind, rate in sorted(rates.items()))
    print(f"{title:26s} {figures}", flush=True)


def current_weights() -> Weights:
    try:
        return fitted_weights()
    except (FileNotFoundError, KeyError):
        return START


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--pages", type=Path, nargs="+", required=True, metavar="FOLDER")
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--output", type=Path, default=ROOT / "resources" / WEIGHTS_FILE)
    parser.add_argument("--minutes", type=float, default=8.0)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    start = current_weights()
    try:
        judge = page_judge(Recognizer(load_model(arguments.model), "alnum"))
        pages = load_pages(arguments.pages, judge, start)
    except HandwriteError as error:
        parser.error(str(error))
    if len(pages) < HELD_OUT:
        parser.error(f"only {len(pages)} pages with a .gt.txt beside them; {HELD_OUT} are needed")
    candidates = sum(len(page.labels) for page in pages)
    letters = sum(len(page.truth) for page in pages)
    print(f"{len(pages)} pages, {letters} letters, {candidates / letters:.1f} candidates a letter")
    fitted_on = Corpus([page for index, page in enumerate(pages) if index % HELD_OUT])
    others = Corpus(pages[::HELD_OUT])
    report("fitted on, before", fitted_on, start)
    report("others, before", others, start)
    weights = search(fitted_on, start, 60 * arguments.minutes, arguments.seed)
    report("fitted on, after", fitted_on, weights)
    report("others, after", others, weights)
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    values = {name: round(value, 4) for name, value in asdict(weights).items()}
    arguments.output.write_text(json.dumps(values, indent=2) + "\n", encoding="utf-8")
    print(f"written: {arguments.output}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
