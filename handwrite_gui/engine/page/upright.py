"""Which way up a page is: decided by reading it.

The profile of the ink says along which direction lines run, but not which of its two ends comes
first, and on a page of few letters not even that.  So some lines are read each way that is
possible, and the page is turned the way in which its ink makes the best letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lattice import best_path, build
from handwrite_gui.engine.page.orientation import Directions, line_directions
from handwrite_gui.engine.page.pieces import Glyph, find_pieces
from handwrite_gui.engine.page.scoring import Weights
from handwrite_gui.engine.page.sheet import Layout, Sheet, lay_out
from handwrite_gui.engine.page.strip import Strip
from handwrite_gui.engine.page.verdict import Judge

_CLEAR_CONTRAST = 2.0  # from which lines run along the clearest direction for sure
_FEW = 8  # components: with so few or less a slant may be that of the letters themselves
_AT_SIGHT = 60.0  # letter heights of writing of which every component is looked at
_READ = 20.0  # and of writing that is taken apart and read
_EVIDENT = 0.8  # legibility at sight of letters that stand upright: lying ones have up to 0.7
_CLEAR_LEAD = 0.6  # in legibility, times √letters, that needs no closer look
_MARGIN = 0.04  # in legibility, by which a page on its side or head must be the better
_MARGIN_OF_ONE = 0.6  # and more where it is of one letter; the less the more there are
_LYING = 46.0  # degrees: a page that is turned by less lies as it was written


def turn_upright(sheet: Sheet, judge: Judge, weights: Weights) -> Layout:
    """Turn a page so that its text can be read, and find its lines.

    Args:
        sheet: as it lies.
        judge: tells letters from what is none.
        weights: of the properties of candidates.

    Returns:
        The lines of the upright page.  A page that can be read in several ways stays as it is.
    """
    if not sheet.components:
        return lay_out(sheet, 0.0)
    directions = line_directions(sheet.points, sheet.usual)
    turns = _turns(directions, len(sheet.components))
    layouts: dict[int, Layout] = {}
    samples: list[list[Strip]] = []
    told: list[float] = []
    # Every other turn is the one before upside down: at sight the same lines serve for both.
    for index in range(0, len(turns), 2):
        layouts[index] = lay_out(sheet, turns[index])
        samples.append(_sample(layouts[index], _AT_SIGHT))
        told += _legibility_at_sight(samples[-1], judge)
        if len(sheet.components) > _FEW and max(told) >= _EVIDENT:
            turns = turns[: len(told)]
            break
    handicaps = np.array([_reluctance(degrees, len(sheet.components)) for degrees in turns])
    scores = np.array(told) - handicaps
    second, first = np.sort(scores)[-2:]
    count = sum(len(strip.components) for strip in samples[int(np.argmax(scores)) // 2])
    if first - second < _CLEAR_LEAD / np.sqrt(max(count, 1)):
        # Letters that touch are none at sight: read a little.
        layouts |= {index: lay_out(sheet, turns[index]) for index in range(1, len(turns), 2)}
        closely = [
            legibility(
                _sample(layouts[index], _READ), layouts[index].usual, sheet.pen, judge, weights
            )
            for index in range(len(turns))
        ]
        scores += np.array(closely) - handicaps
    best = int(np.argmax(scores))
    return layouts[best] if best in layouts else lay_out(sheet, turns[best])


def _turns(directions: Directions, count: int) -> list[float]:
    """Degrees clockwise that may make the page upright; each before the same upside down."""
    falling = [directions.along]
    if directions.contrast < _CLEAR_CONTRAST or count <= _FEW:
        falling.append(directions.across)
    if count <= _FEW and 0.0 not in falling:
        falling.append(0.0)
    return [(end - slant + 180) % 360 - 180 for slant in falling for end in (0.0, 180.0)]


def _reluctance(degrees: float, count: int) -> float:
    """How much more legible a page must be after this turn than as it lies."""
    if not degrees:
        return 0.0
    return (0.0 if abs(degrees) < _LYING else _MARGIN) + _MARGIN_OF_ONE / count


def _sample(layout: Layout, heights: float) -> list[Strip]:
    """The longest lines, or their beginnings, as far as so many letter heights."""
    strips, rest = [], heights * layout.usual
    for line in sorted(layout.lines, key=_width, reverse=True):
        if rest <= 0:
            break
        part = [component for component in line if component.left < line[0].left + rest]
        strips.append(layout.strip(part))
        rest -= _width(part)
    return strips


def _width(line: Sequence[Component]) -> int:
    return max(c.right for c in line) - min(c.left for c in line)


def _legibility_at_sight(strips: Sequence[Strip], judge: Judge) -> tuple[float, float]:
    """How well lines can be read if every component is a letter, 0 to 1, as they are and upside
    down: quick to tell."""
    cuts = [strip.cut(Glyph((c,))) for strip in strips for c in strip.components]
    areas = [c.area for strip in strips for c in strip.components]
    turned = [np.ascontiguousarray(cut[::-1, ::-1]) for cut in cuts]
    return _goodness(cuts, areas, judge), _goodness(turned, areas, judge)


def _goodness(cuts: Sequence[NDArray[np.uint8]], areas: Sequence[int], judge: Judge) -> float:
    if not cuts:
        return 0.0
    verdict = judge.judge(cuts)
    return float(np.average(verdict.character * verdict.probabilities.max(axis=1), weights=areas))


def legibility(
    strips: Sequence[Strip], usual: float, pen: float, judge: Judge, weights: Weights
) -> float:
    """How well lines can be read, 0 to 1.

    Each letter found counts by its probability and by its share of the ink, so it does not
    matter into how many letters the ink was parted.

    Args:
        strips: the lines; none gives 0.
        usual: the usual height of a letter in pixels.
        pen: the width of the pen in pixels.
        judge: tells letters from what is none.
        weights: of the properties of candidates.
    """
    good = total = 0.0
    for strip in strips:
        if not strip.components:
            continue
        lattice = build(find_pieces(strip.labels, strip.components, usual, pen), usual)
        verdict = judge.judge([strip.cut(glyph) for glyph in lattice.glyphs])
        best = verdict.probabilities.max(axis=1)
        for index in best_path(lattice, verdict.character, best, weights):
            area = sum(component.area for component in lattice.glyphs[index].components)
            total += area
            if not lattice.is_mark[index]:
                good += area * float(verdict.character[index] * best[index])
    return good / total if total else 0.0
