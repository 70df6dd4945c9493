"""Gathering components into lines of writing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from handwrite_gui.engine.page.components import Component

_LETTER_SHARE = 0.38  # of the usual letter height, from which a component counts as a letter
_LEAST_OVERLAP = 0.35  # of the lower of two heights, for two letters to stand on one line
_REACH = 5  # letters back along a line that say where it runs now: lines climb and curve
_MARK_DISTANCE = 0.7  # letter heights that a dot, a dash or a broken piece may be off its line


def find_lines(components: Sequence[Component], usual: float) -> list[list[Component]]:
    """Sort components into lines.

    Letters are taken from left to right over the whole page; each joins the line whose last
    letters it stands level with, or begins a new one.  So lines may climb, curve and be
    indented.  Marks (dots, dashes, pieces) then go to the nearest line, or are left out where
    none is near.

    Args:
        components: the writing of a page whose lines lie roughly level.
        usual: the usual height of a letter in pixels.

    Returns:
        The lines from top to bottom, each with its components from left to right.
    """
    letters = [c for c in components if c.height >= _LETTER_SHARE * usual]
    marks = [c for c in components if c.height < _LETTER_SHARE * usual]
    lines: list[list[Component]] = []
    for letter in sorted(letters, key=lambda c: c.left):
        overlaps = [_overlap(letter, line) for line in lines]
        best = int(np.argmax(overlaps)) if overlaps else 0
        if overlaps and overlaps[best] >= _LEAST_OVERLAP:
            lines[best].append(letter)
        else:
            lines.append([letter])
    lines = _without_fragments(lines, usual)
    for mark in marks:
        _attach(mark, lines, usual)
    for line in lines:
        line.sort(key=lambda c: c.left)
    return sorted(lines, key=lambda line: float(np.mean([(c.top + c.bottom) / 2 for c in line])))


def _overlap(letter: Component, line: Sequence[Component]) -> float:
    """How far a letter stands level with a line's last letters, as a share of the lower."""
    recent = line[-_REACH:]
    top = float(np.median([c.top for c in recent]))
    bottom = float(np.median([c.bottom for c in recent]))
    shared = min(letter.bottom, bottom) - max(letter.top, top)
    return shared / max(min(letter.height, bottom - top), 1.0)


def _without_fragments(lines: list[list[Component]], usual: float) -> list[list[Component]]:
    """Join a line that lies within another's band: broken letters begin lines of their own."""
    kept: list[list[Component]] = []
    for line in sorted(lines, key=len, reverse=True):
        for other in kept:
            if all(_is_part(c, other, usual) for c in line):
                other.extend(line)
                other.sort(key=lambda c: c.left)
                break
        else:
            kept.append(line)
    return kept


def _is_part(piece: Component, line: Sequence[Component], usual: float) -> bool:
    """Whether a piece, less than a letter high, lies above or below letters of the line."""
    if piece.height > 0.7 * usual:
        return False
    neighbours = [
        c for c in line if min(c.right, piece.right) - max(c.left, piece.left) > 0.3 * piece.width
    ]
    return any(max(c.top - piece.bottom, piece.top - c.bottom) < 0.15 * usual for c in neighbours)


def _attach(mark: Component, lines: list[list[Component]], usual: float) -> None:
    """Give a mark to the line it stands by; leave it out where there is none."""
    best, least = None, _MARK_DISTANCE * usual
    for line in lines:
        near = sorted(line, key=lambda c: _gap(mark, c))[:3]
        if _gap(mark, near[0]) > 2.5 * usual:
            continue
        top = float(np.mean([c.top for c in near]))
        bottom = float(np.mean([c.bottom for c in near]))
        middle = (mark.top + mark.bottom) / 2
        distance = max(top - middle, middle - bottom, 0.0)
        if distance < least:
            best, least = line, distance
    if best is not None:
        best.append(mark)


def _gap(a: Component, b: Component) -> int:
    """Blank columns between two components, 0 where they overlap."""
    return max(a.left - b.right, b.left - a.right, 0)
