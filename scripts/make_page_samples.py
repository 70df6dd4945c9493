"""Make training samples of what the page reader really asks its network.

    python scripts/make_page_samples.py --data FOLDER --output FILE [--writers 5:2,3,4] [--count N]
        [--made-up SHARE]
    python scripts/make_page_samples.py --pages FOLDER [FOLDER…] --output FILE

FOLDER holds recorded handwriting (``hands.py``), which is set out on pages apart and touching,
photographed, and cut by the reader.  Candidates that hold one letter become samples of it; those
that hold parts of letters or several become samples of no character.  Because the letters' own
strokes are known, so is the truth, however much they touch.  ``--made-up`` is the share of pages in
hands that Handwrite makes up, half of which write script.  ``--pages`` takes pictures with a
NAME.gt.txt beside them instead, where the truth comes from forced alignment on the picture.

The output is an .npz with images uint8 (N, 32, 32), as the normaliser leaves them, and labels
``<U1`` (N,).  Never give it writers that anything is measured on.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from hands import WORST_LETTER, WORST_MEAN, Hand, load_hands, made_up_hand
from numpy.typing import NDArray
from setting_out import compose

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from handwrite_gui.engine.alphabets import NOT_A_CHARACTER  # noqa: E402
from handwrite_gui.engine.data.normalizer import normalize  # noqa: E402
from handwrite_gui.engine.image_file import read_image  # noqa: E402
from handwrite_gui.engine.model_file import load_model  # noqa: E402
from handwrite_gui.engine.page.alignment import align, label_costs  # noqa: E402
from handwrite_gui.engine.page.context import CHARACTERS  # noqa: E402
from handwrite_gui.engine.page.cutting import CutLine, cut_page  # noqa: E402
from handwrite_gui.engine.page.ink import find_ink  # noqa: E402
from handwrite_gui.engine.page.scoring import fitted_weights  # noqa: E402
from handwrite_gui.engine.page.verdict import Judge  # noqa: E402
from handwrite_gui.engine.recognizer import Recognizer, page_judge  # noqa: E402
from handwrite_gui.engine.resources import default_model_path  # noqa: E402

Points = NDArray[np.float64]
Letter = list[Points]

SURE = 0.82  # share of a letter's ink in a candidate, and of it in the letter, to be that letter
DOUBTFUL = 0.6  # and below which it is none; between the two nothing is learned
SLIM = 0.3  # width over height of what may be an upright stroke, in a letter or alone
SLIM_KEPT = 0.2  # of slim wrong candidates: an upright stroke is a letter too often to refuse it
WRONG_PER_RIGHT = 2.2
KINDS = {"plain": 0.2, "touching": 0.55, "photo": 0.25}  # shares of pages


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
    made_up: float = 0.0,
) -> None:
    """Compose pages until there are enough letters.

    Args:
        hands: that write them.
        count: of letters.
        judge: the reader's.
        samples: get what is found.
        rng: the only source of chance.
        made_up: share of the pages that are written by hands that do not exist.
    """
    weights = fitted_weights()
    pages = 0
    while samples.count < count:
        if made_up and rng.random() < made_up:
            hand = made_up_hand(CHARACTERS, rng)
        else:
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
    parser.add_argument(
        "--made-up", type=float, default=0.0, metavar="SHARE", help="of pages, of nobody's hand"
    )
    parser.add_argument("--model", type=Path, default=default_model_path())
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    arguments = parser.parse_args()
    if not 0 <= arguments.made_up <= 1:
        parser.error(f"--made-up is a share from 0 to 1, not {arguments.made_up:g}")
    judge = page_judge(Recognizer(load_model(arguments.model)))
    rng = np.random.default_rng(arguments.seed)
    samples = Samples(rng)
    if arguments.pages:
        sample_pictures(arguments.pages, judge, samples)
    else:
        hands = load_hands(arguments.data, arguments.writers, judge)
        sample_composed(hands, arguments.count, judge, samples, rng, arguments.made_up)
    samples.save(arguments.output)
    return 0


if __name__ == "__main__":
    sys.exit(main())
