"""What a crop shows beside its character: ruled lines, sides of boxes, specks, ends of neighbours.

Who cuts characters from scans and photographs by hand, or by a form's boxes, cuts more than the
character.  Its box is what a crop is scaled by, so a line below a letter makes another image of it.
What may be left out is proposed here, by geometry alone; whether the rest is a better character is
for the network to say, which has learned what is none: the dot of an i stays, that of a neighbour
does not.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.normalizer import normalize

_INK = 40  # of 255, from which a pixel counts: what is fainter does not join two parts
_LEAST_KEPT = 0.55  # share of the ink: a character is most of what is on its crop
_PASSES = 2  # a line below and a speck beside are found one after the other
_MOST_PARTS = 6  # along one side; more of them are noise

_LINE_SPANS = 0.9  # share of the crop's ink across which a line goes
_SHORTEST_LINE = 12  # pixels
_THICKEST_LINE = 5
_OVERHANG = 4  # pixels that a line is longer than the character, at both ends together
_LEAST_OVERHANG = 2  # at each end: the foot of a 2 juts out at one
_BEYOND_LINE = 0.1  # the most ink on the far side of a line, in shares of that on the near side

Image = NDArray[np.uint8]


def without_strays(normalized: Image) -> tuple[NDArray[np.intp], Image]:
    """Crops again, without what may be no part of their character.

    Left out is what blank rows or columns part from the rest, and a straight line across the whole
    crop that juts out at both ends; at least 55 % of the ink stay.

    Args:
        normalized: uint8 (N, 32, 32), as the normaliser leaves them.

    Returns:
        (M,) which crop each is, ascending, none or several of one; and uint8 (M, 32, 32), brought
        to the network's frame.
    """
    crops: list[int] = []
    rests: list[Image] = []
    for crop in _suspects(normalized):
        own = _rests(normalized[crop])
        crops += [crop] * len(own)
        rests += own
    images = np.stack(rests) if rests else normalized[:0]
    return np.array(crops, np.intp), normalize(images)


def _suspects(normalized: Image) -> list[int]:
    """Crops with a blank row or column inside, or a line: few, so all are looked at together."""
    ink = normalized > _INK
    suspect = np.zeros(len(ink), bool)
    for own in (ink, ink.transpose(0, 2, 1)):
        rows = _any(own, 2)
        first, stop = _ends(rows)
        suspect |= rows.sum(axis=1) < stop - first
        left, right = _ends(_any(own, 1))
        width = right - left
        lines = own.sum(axis=2) >= _LINE_SPANS * width[:, np.newaxis]
        lines[:, 1:] |= lines[:, :-1]
        lines[:, :-1] |= lines[:, 1:]
        own_left, own_right = _ends(_any(own & ~lines[:, :, np.newaxis], 1))
        suspect |= (width >= _SHORTEST_LINE) & _juts_out(own_left - left, right - own_right)
    return np.flatnonzero(suspect & ink.any(axis=(1, 2))).tolist()


def _any(ink: NDArray[np.bool_], axis: int) -> NDArray[np.bool_]:
    return np.asarray(ink.any(axis=axis))


def _ends(flags: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First place set in each row of (N, L), and one past the last; all of a row without any."""
    return flags.argmax(axis=1), flags.shape[1] - flags[:, ::-1].argmax(axis=1)


def _juts_out(before: NDArray[np.intp], after: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether lines that are so many pixels longer than the rest, at either end, are none of it."""
    least = np.minimum(before, after) >= _LEAST_OVERHANG
    return np.asarray(least & (before + after >= _OVERHANG))


def _rests(image: Image) -> list[Image]:
    least = _LEAST_KEPT * float(image.sum())
    known = {image.tobytes()}
    rests: list[Image] = []
    latest = [image]
    for _ in range(_PASSES):
        found = []
        for whole in latest:
            for rest in (*_rests_of_rows(whole), *(own.T for own in _rests_of_rows(whole.T))):
                if rest.sum() >= least and rest.tobytes() not in known:
                    known.add(rest.tobytes())
                    found.append(rest)
        rests += found
        latest = found
    return rests


def _rests_of_rows(image: Image) -> Iterator[Image]:
    """An image without some of the rows at its top and bottom."""
    ink = image > _INK
    parts = _runs(_any(ink, 1))
    if len(parts) <= _MOST_PARTS:
        for first in range(len(parts)):
            for last in range(first, len(parts)):
                if last - first < len(parts) - 1:
                    yield _rows_kept(image, parts[first][0] - 1, parts[last][1] + 1)
    columns = np.flatnonzero(ink.any(axis=0))
    left, right = columns[0], columns[-1] + 1
    if right - left < _SHORTEST_LINE:
        return
    for start, stop in _runs(ink.sum(axis=1) >= _LINE_SPANS * (right - left)):
        if stop - start > _THICKEST_LINE:
            continue
        above, below = _rows_kept(image, 0, start - 1), _rows_kept(image, stop + 1, len(image))
        rest, beyond = (above, below) if above.sum() > below.sum() else (below, above)
        own = np.flatnonzero((rest > _INK).any(axis=0))
        if not own.size or beyond.sum() > _BEYOND_LINE * float(rest.sum()):
            continue
        if _juts_out(own[0] - left, right - 1 - own[-1]):
            yield rest


def _rows_kept(image: Image, start: int, stop: int) -> Image:
    kept = np.zeros_like(image)
    rows = slice(max(start, 0), max(stop, 0))
    kept[rows] = image[rows]
    return kept


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Where flags are set in a row: first place, and one past the last."""
    changes = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0))
    return list(zip(changes[::2].tolist(), changes[1::2].tolist(), strict=True))
