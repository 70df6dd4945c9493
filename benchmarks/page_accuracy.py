"""How well pages are read, for each kind of page, and what kind of mistakes are left.

    python benchmarks/page_accuracy.py FOLDER... [--alphabet alnum] [--model FILE]
        [--json FILE] [--show N]

A page is a picture with its text beside it: page.png and page.gt.txt.  Its kind is what follows
the last "_" of its name (003_photo.png), or else its folder's name.

letters   1 - edit distance / length, of A-Z and 0-9 alone, case folded, without spaces
text      the same of letters, single spaces and line breaks; pages of single spaced characters
          are measured without their spaces
The errors of "text" are the sum of three, in which the next step shows:
segmentation    stretches in which too many or too few characters were read: merged, split,
                missed, or read where there is nothing
classification  as many characters as are written, with other labels; "alike" are those of them
                that only context can tell apart (0/O, 1/I, 5/S, 2/Z, 8/B)
spacing         word gaps and line breaks
All pages are read in one process, with one thread; seconds are for opening and reading one.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from threadpoolctl import threadpool_limits

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.image_file import read_image
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

PICTURES = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp")
LOOK_ALIKES = frozenset(frozenset(pair) for pair in ("0O", "1I", "5S", "2Z", "8B"))


@dataclass(frozen=True)
class Errors:
    """Counts of one page, or of many together; they can be added.

    Attributes:
        characters: letters and digits that are written.
        symbols: the same with the spaces and line breaks.
        merged, split, missed, extra: characters in stretches of the wrong length; read as fewer,
            as more, not at all, or where nothing is written.
        alike, other: wrong labels of the right number, for look-alikes and for the rest.
        gaps, breaks: spaces between words, line breaks.
    """

    characters: int = 0
    symbols: int = 0
    merged: int = 0
    split: int = 0
    missed: int = 0
    extra: int = 0
    alike: int = 0
    other: int = 0
    gaps: int = 0
    breaks: int = 0

    def __add__(self, more: Errors) -> Errors:
        return Errors(*(getattr(self, f.name) + getattr(more, f.name) for f in fields(self)))

    @property
    def segmentation(self) -> int:
        return self.merged + self.split + self.missed + self.extra

    @property
    def classification(self) -> int:
        return self.alike + self.other

    @property
    def spacing(self) -> int:
        return self.gaps + self.breaks

    @property
    def letters(self) -> float:
        """1 for no error; negative where more is read than is written."""
        return 1 - (self.segmentation + self.classification) / max(1, self.characters)

    @property
    def text(self) -> float:
        wrong = self.segmentation + self.classification + self.spacing
        return 1 - wrong / max(1, self.symbols)


@dataclass(frozen=True)
class Page:
    """A page that was read."""

    name: str
    kind: str
    truth: str
    said: str
    seconds: float
    errors: Errors


def compare(said: str, truth: str) -> Errors:
    """Sort the differences between what was read and what is written.

    Each view of a text is a simpler one with something left in, so that the distances between
    two views of two texts can only grow: what they grow by is that something's share.
    """
    single = all(len(token) == 1 for token in truth.split())
    read, written = _plain(said, single), _plain(truth, single)
    read_letters, letters = (re.sub(r"\s", "", view) for view in (read, written))
    labels = _sort_mistakes(read_letters, letters)
    of_letters = labels.segmentation + labels.classification
    # Line breaks as spaces: what is left of the errors is about where words part.
    of_words = (
        of_letters
        if single
        else _table(read.replace("\n", " "), written.replace("\n", " "))[-1][-1]
    )
    return labels + Errors(
        characters=len(letters),
        symbols=len(written),
        gaps=of_words - of_letters,
        breaks=_table(read, written)[-1][-1] - of_words,
    )


def _plain(text: str, single: bool) -> str:
    """Capitals, digits, single spaces and line breaks; without spaces for single characters."""
    lines = (re.sub(r"[^A-Z0-9\s]", "", line.upper()) for line in text.splitlines())
    tidy = (re.sub(r"\s+", "" if single else " ", line).strip() for line in lines)
    return "\n".join(line for line in tidy if line)


def _table(a: Sequence[str], b: Sequence[str]) -> list[list[int]]:
    """Edit distances of all beginnings (Wagner & Fischer 1974)."""
    rows = [list(range(len(b) + 1))]
    for i, of_a in enumerate(a, 1):
        above, row = rows[-1], [i]
        for j, of_b in enumerate(b, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (of_a != of_b)))
        rows.append(row)
    return rows


def _stretches(a: str, b: str) -> Iterator[tuple[str, str]]:
    """The stretches of an alignment in which two texts differ."""
    rows = _table(a, b)
    i, j = len(a), len(b)
    end_a, end_b = i, j
    while i or j:
        here = rows[i][j]
        equal = i and j and a[i - 1] == b[j - 1] and rows[i - 1][j - 1] == here
        if equal:
            if (end_a, end_b) != (i, j):
                yield a[i:end_a], b[j:end_b]
            i, j = i - 1, j - 1
            end_a, end_b = i, j
        elif i and j and rows[i - 1][j - 1] + 1 == here:
            i, j = i - 1, j - 1
        elif i and rows[i - 1][j] + 1 == here:
            i -= 1
        else:
            j -= 1
    if (end_a, end_b) != (0, 0):
        yield a[:end_a], b[:end_b]


def _sort_mistakes(said: str, truth: str) -> Errors:
    total = Errors()
    for read, written in _stretches(said, truth):
        count = max(len(read), len(written))
        if not read:
            total += Errors(missed=count)
        elif not written:
            total += Errors(extra=count)
        elif len(read) < len(written):
            total += Errors(merged=count)
        elif len(read) > len(written):
            total += Errors(split=count)
        else:
            alike = sum(frozenset(pair) in LOOK_ALIKES for pair in zip(read, written, strict=True))
            total += Errors(alike=alike, other=count - alike)
    return total


def find_pages(folders: Sequence[Path]) -> list[tuple[Path, Path, str]]:
    """Picture, text and kind of every page."""
    found = []
    for folder in folders:
        for text in sorted(folder.glob("*.gt.txt")):
            stem = text.name.removesuffix(".gt.txt")
            pictures = (folder / (stem + suffix) for suffix in PICTURES)
            picture = next((path for path in pictures if path.exists()), None)
            if picture is not None:
                kind = stem.rpartition("_")[2] if "_" in stem else folder.resolve().name
                found.append((picture, text, kind))
    return found


def read_pages(pages: Sequence[tuple[Path, Path, str]], recognizer: Recognizer) -> Iterator[Page]:
    for picture, text, kind in pages:
        start = time.perf_counter()
        said = recognizer.read_page(read_image(picture)).text
        seconds = time.perf_counter() - start
        truth = text.read_text(encoding="utf-8")
        yield Page(str(picture), kind, truth.strip(), said, seconds, compare(said, truth))


def print_table(pages: Sequence[Page]) -> None:
    """One row for each kind of page, and one for all; Markdown, to be pasted into the docs."""
    kinds = list(dict.fromkeys(page.kind for page in pages))
    groups = [(kind, [page for page in pages if page.kind == kind]) for kind in kinds]
    if len(kinds) > 1:
        groups.append(("all", list(pages)))
    print(
        "| pages | number | characters | letters | text | seconds a page "
        "| segmentation (merged, split, missed, extra) | classification (alike) "
        "| spacing (gaps, breaks) |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    for kind, own in groups:
        e = sum((page.errors for page in own), Errors())
        seconds = sum(page.seconds for page in own) / len(own)
        print(
            f"| {kind} | {len(own)} | {e.characters} | {e.letters:.3f} | {e.text:.3f} "
            f"| {seconds:.2f} | {e.segmentation} ({e.merged}, {e.split}, {e.missed}, {e.extra}) "
            f"| {e.classification} ({e.alike}) | {e.spacing} ({e.gaps}, {e.breaks}) |"
        )


def print_worst(pages: Sequence[Page], count: int) -> None:
    """What is written and what was read, on the pages with the least figure for text."""
    for page in sorted(pages, key=lambda page: page.errors.text)[:count]:
        print(f"\n{page.name}: letters {page.errors.letters:.3f}, text {page.errors.text:.3f}")
        for title, text in (("written", page.truth), ("read", page.said)):
            print(*(f"  {title:8s}| {line}" for line in text.splitlines() or [""]), sep="\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pages and print the table; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--alphabet", choices=tuple(ALPHABETS))
    parser.add_argument("--model", type=Path, metavar="FILE", help="default: the shipped one")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the N worst pages")
    options = parser.parse_args(arguments)
    found = find_pages(options.folders)
    if not found:
        print("no picture with a .gt.txt of its name in these folders", file=sys.stderr)
        return 2
    model = load_model(options.model or default_model_path())
    with threadpool_limits(limits=1):
        pages = list(read_pages(found, Recognizer(model, options.alphabet)))
    print_table(pages)
    print_worst(pages, options.show)
    if options.json:
        options.json.write_text(json.dumps([asdict(page) for page in pages], indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
