"""Makes a sample sheet to be filled in by pen, and reads it back into samples of a hand.

The sheet is a PDF with a box for every character, as often as wanted.  Print it, write into the
boxes, photograph or scan the pages, in any orientation, and give the pictures to --read.  Boxes
that are empty or scribbled over are left out; those that are read as another character are named.
Where a picture is read again, its samples are replaced.

    python -m handwrite_gui sheet --output sheet.pdf --alphabet full --copies 3
    python -m handwrite_gui sheet --read photograph.jpg scan.pdf
    python -m handwrite_gui sheet --read photograph.jpg --profile "Ada" --new
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from handwrite_gui.cli.messages import ProgressLine, UsageError, report
from handwrite_gui.engine.alphabets import ALPHABETS, DEFAULT_ALPHABET
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    MOST_COPIES,
    PAPER_SIZES,
    make_sheet,
)
from handwrite_gui.engine.whole_file import replace_bytes

if TYPE_CHECKING:
    from handwrite_gui.engine.handwriting.profiles import Profile
    from handwrite_gui.engine.handwriting.sample_sheet.files import SheetPicture

_COPIES = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--output", type=Path, metavar="SHEET.pdf", help="make a sheet")
    what.add_argument(
        "--read",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="read pictures, TIFF or PDF files of pages that were filled in",
    )
    making = parser.add_argument_group("with --output")
    making.add_argument(
        "--alphabet",
        choices=tuple(ALPHABETS),
        help=f"which characters to ask for; by default {DEFAULT_ALPHABET}",
    )
    making.add_argument("--characters", metavar="TEXT", help="ask for these characters instead")
    making.add_argument(
        "--copies",
        type=int,
        metavar="K",
        help=f"how often each, 1 to {MOST_COPIES}; by default {_COPIES}",
    )
    making.add_argument("--paper", choices=PAPER_SIZES, help="by default a4")
    reading = parser.add_argument_group("with --read")
    reading.add_argument(
        "--profile",
        metavar="NAME",
        help="keep the samples in this profile; without it they are only counted",
    )
    reading.add_argument("--new", action="store_true", help="make the profile")
    reading.add_argument(
        "--leave-doubtful",
        action="store_true",
        help="leave out what is read as another character; by default it is kept and named, as "
        "there is most to be learned from it",
    )
    reading.add_argument(
        "--model", type=Path, metavar="FILE", help="what judges them; by default the shipped model"
    )


def run(options: argparse.Namespace) -> int:
    making = ("alphabet", "characters", "copies", "paper")
    reading = ("profile", "new", "leave_doubtful", "model")
    wrong, right = (reading, "--read") if options.output else (making, "--output")
    for name in wrong:
        if getattr(options, name) not in (None, False):
            raise UsageError(f"--{name.replace('_', '-')} goes with {right}")
    return _make(options) if options.output else _read(options)


def _make(options: argparse.Namespace) -> int:
    if options.alphabet is not None and options.characters is not None:
        raise UsageError("give --alphabet or --characters, not both")
    # Imported here: reading a sheet needs none of it.
    from handwrite_gui.engine.handwriting.sample_sheet.printing import sheet_pdf

    characters = options.characters
    if characters is None:
        characters = ALPHABETS[options.alphabet or DEFAULT_ALPHABET]
    copies = _COPIES if options.copies is None else options.copies
    sheet = make_sheet(characters, copies, options.paper or "a4")
    replace_bytes(options.output, sheet_pdf(sheet))
    pages = "1 page" if sheet.pages == 1 else f"{sheet.pages} pages"
    print(
        f"{options.output}: {pages}, {len(sheet.characters)} characters, {copies} of each",
        file=sys.stderr,
    )
    return 0


def _read(options: argparse.Namespace) -> int:
    if options.new and options.profile is None:
        raise UsageError("--new needs --profile NAME")
    from handwrite_gui.engine.handwriting.sample_sheet.files import read_sheet_files
    from handwrite_gui.engine.model_file import load_model
    from handwrite_gui.engine.recognizer import Recognizer
    from handwrite_gui.engine.resources import default_model_path

    # Before the pictures are read: a name that is wrong should not cost their time.
    profile = None if options.profile is None else _profile(options.profile, new=options.new)
    model = load_model(options.model or default_model_path())
    known = set(model.classes) & set(ALPHABETS["full"])
    recognizer = Recognizer(model, "full" if known else None)
    with ProgressLine("sheet") as progress:
        pictures = read_sheet_files(options.read, recognizer, on_progress=progress)
    for picture in pictures:
        if picture.page is None:
            assert picture.error is not None
            report(picture.error, None if hasattr(picture.error, "path") else picture.name)
        else:
            print(_summary(picture))
    if profile is not None:
        samples = [
            sample
            for picture in pictures
            for sample in picture.new_samples(doubtful=not options.leave_doubtful)
        ]
        profile.samples.add_all(samples)
        print(f"kept {len(samples)} samples in the profile “{profile.name}”")
    return int(any(picture.page is None for picture in pictures))


def _profile(name: str, *, new: bool) -> Profile:
    from handwrite_gui.engine.handwriting.profiles import ProfileStore

    store = ProfileStore()
    if new and name not in {profile.name for profile in store.profiles()}:
        return store.create(name)
    try:
        return store.find(name)
    except HandwriteError as error:
        raise HandwriteError(f"{error}  Give --new to make it.") from None


def _summary(picture: SheetPicture) -> str:
    page = picture.page
    assert page is not None
    counts = Counter(sample.verdict for sample in page.samples)
    parts = [f"page {page.page} of {page.sheet.pages}", f"{counts['good']} samples"]
    doubtful = page.of_verdict("doubtful")
    if doubtful:
        pairs = (f"{one.label} as {one.reading.label}" for one in doubtful if one.reading)
        parts.append(f"{len(doubtful)} doubtful ({', '.join(pairs)})")
    if counts["scribbled"]:
        parts.append(f"{counts['scribbled']} scribbled over")
    parts.append(f"{page.empty} empty")
    return f"{picture.name}: {', '.join(parts)}"
