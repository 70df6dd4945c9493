"""What paper, light and decoration cost: the same texts in the same hands, on everything.

    python benchmarks/page_damage.py [--pages 6] [--cap-height 46] [--show N]

Pages come from ``compose_page``: synthetic hands, so the figures say nothing about how well real
handwriting is read; they tell, against the first row, which damage the reader does not cope with.
The columns are those of page_accuracy.py.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from threadpoolctl import threadpool_limits

sys.path.insert(0, str(Path(__file__).resolve().parent))

from page_accuracy import Page, compare, print_table, print_worst

from handwrite_gui.engine.data.synthesis import compose_page
from handwrite_gui.engine.data.synthesis.decoration import DECORATIONS, Decoration
from handwrite_gui.engine.data.synthesis.photograph import INKS, PAPERS, Ink, Paper
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

TEXTS = (
    "MILK BREAD 12 EGGS\nAPPLES AND PEARS\nCALL BOB AT 0475",
    "FLIGHT 318 LEAVES AT 7\nFROM GATE 42\nBRING YOUR WARM COAT",
    "THE KEY IS UNDER THE MAT\nFEED THE CAT TWICE\nBACK ON MONDAY 26",
)


def read_pages(recognizer: Recognizer, pages: int, cap_height: float) -> Iterator[Page]:
    kinds: list[tuple[str, Paper, Ink, Decoration | None]] = [
        (own, own, "pen", None) for own in PAPERS
    ]
    kinds += [(ink, "shaded", ink, None) for ink in INKS if ink != "pen"]
    kinds += [(own, "shaded", "pen", own) for own in DECORATIONS]
    for kind, paper, ink, decoration in kinds:
        for seed in range(pages):
            truth = TEXTS[seed % len(TEXTS)]
            picture = compose_page(
                truth,
                seed,
                cap_height=cap_height,
                paper=paper,
                ink=ink,
                decoration=decoration,
            )
            start = time.perf_counter()
            said = recognizer.read_page(picture).text
            seconds = time.perf_counter() - start
            yield Page(f"{kind} {seed}", kind, truth, said, seconds, compare(said, truth))


def main(arguments: Sequence[str] | None = None) -> int:
    """Read the pages and print the table; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=6, help="of each kind")
    parser.add_argument("--cap-height", type=float, default=46, help="of the writing in pixels")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print the N worst pages")
    options = parser.parse_args(arguments)
    with threadpool_limits(limits=1):
        recognizer = Recognizer(load_model(default_model_path()))
        pages = list(read_pages(recognizer, options.pages, options.cap_height))
    print_table(pages)
    print_worst(pages, options.show)
    return 0


if __name__ == "__main__":
    sys.exit(main())
