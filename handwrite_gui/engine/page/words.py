"""Telling the gaps between words from those between letters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from skimage import filters

from handwrite_gui.engine.page.pieces import Glyph

_LEAST_SPACE = 0.32  # letter heights: no narrower gap parts words
_USUAL_SPACE = 0.75  # letter heights: parts words where a page's own gaps do not tell
_CLEAR_RATIO = 1.7  # of the wider gaps' mean to the narrower ones', for them to be two kinds


def split_words(lines: Sequence[Sequence[Glyph]], usual: float) -> list[list[list[Glyph]]]:
    """Part every line into words.

    The gaps of a line fall into two kinds, in the line's own proportions: Otsu's threshold (1979)
    between them is taken where they are clearly two, else the page's, else a usual width.

    Args:
        lines: characters from left to right, lines from top to bottom.
        usual: the usual height of a letter in pixels.
    """
    gaps = [_gaps(line, usual) for line in lines]
    page = _threshold(np.concatenate([*gaps, np.zeros(0)])) or _USUAL_SPACE
    return [
        _split(line, widths, _threshold(widths) or page)
        for line, widths in zip(lines, gaps, strict=True)
    ]


def _gaps(line: Sequence[Glyph], usual: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Blank width before each character but the first, in letter heights."""
    return np.array(
        [
            (after.left - before.right) / usual
            for before, after in zip(line, line[1:], strict=False)
        ],
        np.float64,
    )


def _threshold(gaps: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    """The gap from which words part, or None where the gaps are not of two clear kinds."""
    gaps = np.clip(gaps, 0.0, 3.0)
    if len(gaps) < 4 or np.ptp(gaps) < 0.15:
        return None
    threshold = float(filters.threshold_otsu(gaps))
    narrow, wide = gaps[gaps <= threshold], gaps[gaps > threshold]
    if not narrow.size or not wide.size:
        return None
    if wide.mean() < _LEAST_SPACE or wide.mean() < _CLEAR_RATIO * max(narrow.mean(), 0.1):
        return None
    return max((float(narrow.max()) + float(wide.min())) / 2, _LEAST_SPACE)


def _split(
    line: Sequence[Glyph],
    gaps: np.ndarray[tuple[int], np.dtype[np.float64]],
    threshold: float,
) -> list[list[Glyph]]:
    words = [[line[0]]]
    for glyph, gap in zip(line[1:], gaps, strict=True):
        if gap > threshold:
            words.append([glyph])
        else:
            words[-1].append(glyph)
    return words
