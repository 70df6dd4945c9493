"""Telling the gaps between words from those between letters."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from skimage import filters

from handwrite_gui.engine.page.pieces import Glyph

_USUAL_SPACE = 0.9  # letter heights: parts words where a page's own gaps do not tell
_LEAST_SPACE = 0.32  # letter heights: no narrower gap parts words
_SPACED_LETTERS = 0.55  # letter heights: gaps of one kind and wider stand between single letters
_ALIKE = 0.4  # standard deviation over mean, below which gaps are of one kind
_FEWEST_GAPS = 5
_SEPARATION = 1.9  # distance of two kinds of gaps in their standard deviations; one kind: 1.3


def split_words(lines: Sequence[Sequence[Glyph]], usual: float) -> list[list[list[Glyph]]]:
    """Part every line into words.

    On a page of words the gaps are of two kinds, and Otsu's threshold (1979) parts them.  On a
    page of single spaced letters they are of one kind, and wide.

    Args:
        lines: characters from left to right, lines from top to bottom; none is empty.
        usual: the usual height of a letter in pixels.
    """
    gaps = [_gaps(line, usual) for line in lines]
    threshold = _threshold(np.concatenate(gaps)) if gaps else _USUAL_SPACE
    return [_split(line, own, threshold) for line, own in zip(lines, gaps, strict=True)]


def _gaps(line: Sequence[Glyph], usual: float) -> NDArray[np.float64]:
    """Blank width before each character but the first, in letter heights."""
    return np.array([(b.left - a.right) / usual for a, b in pairwise(line)], np.float64)


def _threshold(gaps: NDArray[np.float64]) -> float:
    """The gap from which words part, in letter heights."""
    # The gap to another column or a margin note must not outweigh all others.
    gaps = np.clip(gaps, 0.0, 2.5)
    if len(gaps) < _FEWEST_GAPS or np.ptp(gaps) == 0:
        return _USUAL_SPACE
    otsu = float(filters.threshold_otsu(gaps))
    narrow, wide = gaps[gaps <= otsu], gaps[gaps > otsu]
    spread = narrow.std() + wide.std() + 0.02
    if (wide.mean() - narrow.mean()) / spread >= _SEPARATION:
        between = (float(narrow.max()) + float(wide.min())) / 2
        return max(_emptiest(gaps, between), _LEAST_SPACE)
    alike = gaps.std() < _ALIKE * gaps.mean()
    return 0.0 if alike and gaps.mean() > _SPACED_LETTERS else _USUAL_SPACE


def _split(line: Sequence[Glyph], gaps: NDArray[np.float64], threshold: float) -> list[list[Glyph]]:
    words = [[line[0]]]
    for glyph, gap in zip(line[1:], gaps, strict=True):
        if gap > threshold:
            words.append([glyph])
        else:
            words[-1].append(glyph)
    return words


def _emptiest(gaps: NDArray[np.float64], about: float) -> float:
    """The middle of the widest stretch about a value in which no gap lies."""
    ordered = np.sort(gaps)
    middles = (ordered[1:] + ordered[:-1]) / 2
    near = (middles >= 0.6 * about) & (middles <= 1.5 * about)
    return float(middles[np.argmax(np.where(near, np.diff(ordered), -1.0))])
