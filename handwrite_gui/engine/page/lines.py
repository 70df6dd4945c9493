"""Gathering components into lines of writing."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from statistics import fmean, median

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.baseline import Run, fit_run
from handwrite_gui.engine.page.columns import in_reading_order
from handwrite_gui.engine.page.components import Component, boxes

Letters = list[Component]

_LETTER_SHARE = 0.38  # of the usual letter height, from which a component counts as a letter
_SMALL_SHARE = 0.6  # and from which one is surely no dot and no broken piece
_LEAST_OVERLAP = 0.35  # of the lower of two heights, for two letters to stand on one line
_REACH = 5  # letters back along a line that say where it runs now: lines climb and curve
_TREND_REACH = 2.0  # letter heights beyond its end that a line's climbing is carried on
_TREND_DOUBT = 6.0  # squared letter heights: the larger, the more letters it takes to climb
_DISTANCE_COST = 0.02  # of overlap, for each letter height of blank paper before a letter
_MARK_DISTANCE = 0.9  # letter heights that a dot, a dash or a broken piece may be off its line
_FARTHEST_MARK = 2.5  # and before its first letter or after its last
_NEIGHBOURS = 3  # letters beside a mark that say where their line runs
_BAND_SHARE = 0.5  # of a line's letters that must lie in the band of another, to be one with it
_OFF_PITCH = 0.35  # of the distance of lines, that a letter may be off the middle of its own
_FARTHEST_JOIN = 8.0  # letter heights between two parts of a line that are not quite level


def find_lines(components: Sequence[Component], usual: float) -> list[Letters]:
    """Sort components into lines.

    Letters are taken from left to right over the whole page; each joins the line whose last
    letters it stands level with, or begins a new one.  So lines may climb, curve and be
    indented.  Then lines of which one carries on the other, or lies within it, are put together:
    they were parted by a letter high or low, or in pieces.  Marks (dots, dashes, pieces) go to
    the nearest line, or are left out where none is near.

    Args:
        components: the writing of a page whose lines lie roughly level.
        usual: the usual height of a letter in pixels.

    Returns:
        The lines in reading order, each with its components from left to right.
    """
    letters = [c for c in components if c.height >= _LETTER_SHARE * usual]
    marks = [c for c in components if c.height < _LETTER_SHARE * usual]
    lines = _joined(_chained(letters, usual), usual, 0.0)
    lines = _joined(lines, usual, _spare_room(lines, usual))
    lines, pieces = _without_pieces(lines, usual)
    lines = in_reading_order(lines, usual)
    placed = [boxes(line) for line in lines]
    for mark in [*pieces, *marks]:
        own = _nearest(mark, placed, usual)
        if own is not None:
            lines[own].append(mark)
    for line in lines:
        line.sort(key=lambda c: c.left)
    return lines


def _chained(letters: Sequence[Component], usual: float) -> list[Letters]:
    """Letters from left to right, each behind the line that it stands level with."""
    lines: list[Letters] = []
    # Where each line runs now; in arrays, as every letter is compared with every line.
    ends = np.empty((5, len(letters)))
    for letter in sorted(letters, key=lambda c: c.left):
        top, bottom, middle, slope, right = ends[:, : len(lines)]
        blank = np.maximum(letter.left - right, 0) / usual
        ahead = np.minimum((letter.left + letter.right) / 2, right + _TREND_REACH * usual) - middle
        shared = np.minimum(letter.bottom, bottom + slope * ahead)
        shared -= np.maximum(letter.top, top + slope * ahead)
        # As a share of the lower of the two; of two lines as level, the nearer.
        overlap = shared / np.maximum(np.minimum(letter.height, bottom - top), 1)
        overlap -= _DISTANCE_COST * np.minimum(blank, _FARTHEST_JOIN)
        best = int(np.argmax(overlap)) if lines else 0
        if not lines or overlap[best] < _LEAST_OVERLAP:
            best = len(lines)
            lines.append([])
        lines[best].append(letter)
        ends[:, best] = _end(lines[best], usual)
    return lines


def _end(line: Sequence[Component], usual: float) -> tuple[float, float, float, float, float]:
    """Top, bottom, middle and slope of a line's last letters, and its right edge."""
    recent = line[-_REACH:]
    x = [(c.left + c.right) / 2 for c in recent]
    y = [(c.top + c.bottom) / 2 for c in recent]
    middle, height = fmean(x), fmean(y)
    # Shrunk towards level (ridge regression): a few letters bounce more than a line climbs.
    spread = sum((a - middle) ** 2 for a in x) + _TREND_DOUBT * usual * usual
    slope = sum((a - middle) * (b - height) for a, b in zip(x, y, strict=True)) / spread
    top, bottom = median(c.top for c in recent), median(c.bottom for c in recent)
    return float(top), float(bottom), middle, slope, float(max(c.right for c in recent))


def _spare_room(lines: Sequence[Letters], usual: float) -> float:
    """How far off their line letters may stand and yet be far from the next, in pixels."""
    middles = np.sort([np.mean([(c.top + c.bottom) / 2 for c in line]) for line in lines])
    pitches = np.diff(middles)
    pitches = pitches[pitches > usual]
    pitch = float(np.median(pitches)) if pitches.size else np.inf
    return float(np.clip(_OFF_PITCH * pitch - usual / 2, 0, usual / 2))


def _joined(lines: list[Letters], usual: float, room: float) -> list[Letters]:
    """Put together what is one line, the surest first.

    Args:
        lines: parts of lines.
        usual: the usual height of a letter in pixels.
        room: pixels that letters may stand above or below the others of their line.
    """
    parts = {
        number: (line, fit_run(line, usual, may_bend=False)) for number, line in enumerate(lines)
    }
    levels = {
        pair: _levelness(parts[pair[0]], parts[pair[1]], usual, room)
        for pair in combinations(parts, 2)
    }
    while levels:
        pair = max(levels, key=lambda pair: levels[pair])
        if levels[pair] < _BAND_SHARE:
            break
        kept, gone = pair
        line = sorted(parts[kept][0] + parts.pop(gone)[0], key=lambda c: c.left)
        parts[kept] = line, fit_run(line, usual, may_bend=False)
        levels = {p: level for p, level in levels.items() if kept not in p and gone not in p}
        for other in parts:
            if other != kept:
                levels[kept, other] = _levelness(parts[kept], parts[other], usual, room)
    return [line for line, _ in parts.values()]


def _levelness(
    one: tuple[Letters, Run], other: tuple[Letters, Run], usual: float, room: float
) -> float:
    """How much of a line's letters lies in the band of another carried on to there, 0 to 1."""
    if one[1].top - other[1].bottom > usual or other[1].top - one[1].bottom > usual:
        return 0.0
    (a, run_a), (b, run_b) = sorted((one, other), key=lambda part: part[1].left)
    gap = run_b.left - run_a.right
    if gap > _FARTHEST_JOIN * usual:
        return 0.0
    if gap > -0.5 * min(run_a.right - run_a.left, run_b.right - run_b.left):
        # Far from where they meet neither says how the other runs.
        a, b = a[-_REACH:], b[:_REACH]
        return max(_share_in_band(a, run_b, room), _share_in_band(b, run_a, room))
    return _share_in_band(a, run_b, room) if len(a) < len(b) else _share_in_band(b, run_a, room)


def _share_in_band(letters: Sequence[Component], run: Run, room: float) -> float:
    foot = run.at(np.array([(c.left + c.right) / 2 for c in letters])) + room
    head = foot - run.height - 2 * room
    top = np.array([c.top for c in letters], float)
    bottom = np.array([c.bottom for c in letters], float)
    shared = np.maximum(np.minimum(bottom, foot) - np.maximum(top, head), 0)
    # Against the lower of the two: a letter with a tail is as much on its line as one without.
    return float(np.mean(shared / np.minimum(bottom - top, max(run.height + 2 * room, 1.0))))


def _without_pieces(lines: Sequence[Letters], usual: float) -> tuple[list[Letters], Letters]:
    """Part the lines from those that are nothing but dots and pieces of letters of others."""
    whole = [line for line in lines if any(c.height >= _SMALL_SHARE * usual for c in line)]
    placed = [boxes(line) for line in whole]
    pieces: Letters = []
    for line in lines:
        if all(c.height < _SMALL_SHARE * usual for c in line):
            if all(_nearest(c, placed, usual) is not None for c in line):
                pieces += line
            else:
                whole.append(line)
    return whole, pieces


def _nearest(mark: Component, lines: Sequence[NDArray[np.int64]], usual: float) -> int | None:
    """Which line, given as its boxes, a mark stands in, above or below, if it is near one."""
    best, least = None, _MARK_DISTANCE * usual
    middle = (mark.top + mark.bottom) / 2
    for number, own in enumerate(lines):
        gaps = np.maximum(np.maximum(own[:, 0] - mark.right, mark.left - own[:, 2]), 0)
        near = np.argsort(gaps, kind="stable")[:_NEIGHBOURS]
        if gaps[near[0]] > _FARTHEST_MARK * usual:
            continue
        top, bottom = median(own[near, 1].tolist()), median(own[near, 3].tolist())
        distance = max(top - middle, middle - bottom, 0.0)
        if distance < least:
            best, least = number, distance
    return best
