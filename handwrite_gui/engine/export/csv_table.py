"""A table of the characters, a row each."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from handwrite_gui.engine.export.geometry import bounds
from handwrite_gui.engine.export.read_page import ReadPage

HEADER = (
    "image",
    "page",
    "line",
    "word",
    "character",
    "label",
    "probability",
    "seen",
    "changed_by",
    "second",
    "second_probability",
    "left",
    "top",
    "right",
    "bottom",
    "corners",
    "model",
)
"""Lines, words of a line and characters of a word are counted from 1; places are pixels, and the
corners ``x y`` in the order of a quadrilateral, four of them."""


def csv_table(pages: Sequence[ReadPage]) -> bytes:
    """The table in UTF-8 with :data:`HEADER` at its top."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(HEADER)
    for page in pages:
        writer.writerows(_rows(page))
    return table.getvalue().encode("utf-8", "replace")


def _rows(page: ReadPage) -> Iterator[tuple[object, ...]]:
    for line_number, line in enumerate(page.result.lines, 1):
        for word_number, word in enumerate(line.words, 1):
            for number, one in enumerate(word.characters, 1):
                second = next((a for a in one.alternatives if a.label != one.label), None)
                yield (
                    page.name,
                    page.page_number,
                    line_number,
                    word_number,
                    number,
                    one.label,
                    f"{one.probability:.4f}",
                    one.seen,
                    one.changed_by or "",
                    second.label if second else "",
                    f"{second.probability:.4f}" if second else "",
                    *(f"{edge:.1f}" for edge in bounds(one.quad)),
                    " ".join(f"{x:.1f} {y:.1f}" for x, y in one.quad),
                    page.model,
                )
