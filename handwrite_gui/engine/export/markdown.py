"""Markdown (CommonMark 0.31): lines of the page as lines, wider gaps as new paragraphs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from handwrite_gui.engine.export.geometry import bounds, direction, line_quad, to_frame
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Line

_NEW_PARAGRAPH = 1.6  # times the usual distance of two lines
_MEANT = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LIST_ITEM = re.compile(r"^(\s*)([-+=]|\d{1,9}(?=[.)]))")
_AFTER_NUMBER = re.compile(r"^(\d{1,9})([.)])")


def markdown(pages: Sequence[ReadPage]) -> bytes:
    """The document in UTF-8: signs that mean something in Markdown are escaped.

    A comment at its top, which is not shown, names the engine.
    """
    parts = [f"<!-- {_comment(pages[0].engine)} -->"]
    for page in pages:
        if len(pages) > 1:
            parts.append(f"## {escaped(page.name)}, page {page.page_number}")
        parts += ["\\\n".join(_escaped_line(line) for line in p) for p in paragraphs(page)]
    return ("\n\n".join(parts) + "\n").encode("utf-8", "replace")


def paragraphs(page: ReadPage) -> list[list[Line]]:
    """Lines that stand together, parted where the distance is much larger than usual."""
    lines = page.result.lines
    if not lines:
        return []
    along = direction([c.quad for line in lines for w in line.words for c in w.characters])
    middles = []
    for line in lines:
        box = bounds(to_frame(point, along) for point in line_quad(line))
        middles.append((box.top + box.bottom) / 2)
    steps = [after - before for before, after in pairwise(middles)]
    usual = median([abs(step) for step in steps]) if steps else 0.0
    result = [[lines[0]]]
    for line, step in zip(lines[1:], steps, strict=True):
        # Back up the page: another column.
        if step < 0 or step > _NEW_PARAGRAPH * usual:
            result.append([])
        result[-1].append(line)
    return result


def _escaped_line(line: Line) -> str:
    text = " ".join(escaped(line.text).split())
    text = _AFTER_NUMBER.sub(r"\1\\\2", text)
    return _LIST_ITEM.sub(lambda m: m[0] if m[2].isdigit() else f"{m[1]}\\{m[2]}", text)


def escaped(text: str) -> str:
    """The text with a backslash before what Markdown would take as its own."""
    return _MEANT.sub(r"\\\1", text)


def _comment(text: str) -> str:
    return text.replace("--", "- -").replace(">", "")
