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
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.cheapest_cover import cheapest_cover  # noqa: E402
from handwrite_gui.engine.errors import HandwriteError  # noqa: E402
from handwrite_gui.engine.image_file import read_image  # noqa: E402
from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.cutting import cut_page  # noqa: E402
from handwrite_gui.engine.page.ink import find_ink  # noqa: E402
from handwrite_gui.engine.page.lattice import Lattice  # noqa: E402
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
STEP = 0.5  # standard deviation of a trial's factor, as a logarithm
SMALLEST = 0.02  # what a weight of 0 is tried as


@dataclass(frozen=True, eq=False)
class Line:
    """A line as the search needs it: its lattice, what is known of each candidate, its label."""

    first: list[int]
    last: list[int]
    count: int
    evidence: Evidence
    labels: list[str]

    def read(self, weights: Weights) -> str:
        costs = weigh(self.evidence, weights).tolist()
        path = cheapest_cover(self.first, self.last, costs, self.count)
        return "".join([self.labels[index] for index in path])


@dataclass(frozen=True, eq=False)
class Page:
    """The lines of a page, its true letters, and the folder it came from."""

    lines: list[Line]
    truth: str
    kind: str

    def errors(self, weights: Weights) -> int:
        return edit_distance("".join([line.read(weights) for line in self.lines]), self.truth)


def plain(text: str) -> str:
    """Letters and digits alone, case folded, those of one shape as one."""
    return re.sub(r"[^A-Z0-9]", "", text.upper()).translate(LOOK_ALIKES)


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
            lines = []
            for line in cut_page(find_ink(read_image(picture)), judge, weights)[1]:
                lattice = line.lattice
                verdict = judge.judge([line.strip.cut(glyph) for glyph in lattice.glyphs])
                best = verdict.probabilities.max(axis=1)
                names = [plain(judge.letters[i]) for i in verdict.probabilities.argmax(axis=1)]
                lines.append(_line(lattice, gather(lattice, verdict.character, best), names))
            pages.append(Page(lines, plain(truth.read_text(encoding="utf-8")), folder.name))
    return pages


def _line(lattice: Lattice, evidence: Evidence, names: Sequence[str]) -> Line:
    labels = ["" if mark else name for name, mark in zip(names, lattice.is_mark, strict=True)]
    return Line(lattice.first.tolist(), lattice.last.tolist(), lattice.count, evidence, labels)


def error_rates(pages: Sequence[Page], weights: Weights) -> dict[str, float]:
    """Errors for each letter, by kind of page."""
    wrong: dict[str, int] = defaultdict(int)
    letters: dict[str, int] = defaultdict(int)
    for page in pages:
        wrong[page.kind] += page.errors(weights)
        letters[page.kind] += len(page.truth)
    return {kind: wrong[kind] / max(letters[kind], 1) for kind in wrong}


def loss(pages: Sequence[Page], weights: Weights) -> float:
    """The mean over the kinds: the hardest has the most errors and must not decide alone."""
    return float(np.mean(list(error_rates(pages, weights).values())))


def search(pages: Sequence[Page], start: Weights, seconds: float, seed: int) -> Weights:
    """Try changes of one to three weights at a time and keep what reads better."""
    rng = np.random.default_rng(seed)
    names = [field.name for field in fields(Weights)]
    best, least = start, loss(pages, start)
    end = time.monotonic() + seconds
    trials = 0
    while time.monotonic() < end:
        trials += 1
        changed = rng.choice(names, int(rng.integers(1, 4)), replace=False)
        values = {name: getattr(best, name) for name in changed}
        tried = replace(
            best,
            **{
                name: 0.0
                if value <= SMALLEST and rng.random() < 0.3
                else float(max(value, SMALLEST) * np.exp(rng.normal(0, STEP)))
                for name, value in values.items()
            },
        )
        reached = loss(pages, tried)
        if reached <= least:
            if reached < least:
                print(f"trial {trials}: {1 - reached:.4f}", flush=True)
            best, least = tried, reached
    print(f"{trials} trials")
    return best


def report(title: str, pages: Sequence[Page], weights: Weights) -> None:
    rates = error_rates(pages, weights)
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
    candidates = sum(len(line.labels) for page in pages for line in page.lines)
    letters = sum(len(page.truth) for page in pages)
    print(f"{len(pages)} pages, {letters} letters, {candidates / letters:.1f} candidates a letter")
    fitted_on = [page for index, page in enumerate(pages) if index % HELD_OUT]
    others = pages[::HELD_OUT]
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
