"""What a candidate and its neighbours look like, at the scale of their line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.page.borders import middles
from handwrite_gui.engine.page.lattice import Lattice
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.scoring import GEOMETRY, Evidence
from handwrite_gui.engine.page.strip import Strip

ROWS, COLUMNS = 32, 48  # of a window
_SCALE = 20  # pixels of a letter's height in it
_WIDEST_GAP = 1.0  # letter heights: wider ones count as this
_MOST_PASSED = 8.0
_MOST_PIECES = 8.0
_CLEAR = 4.0  # log-odds of a border at the end of a line
_FARTHEST = 6.0  # of a property that costs: more counts as this

_PROPERTIES = [index for index, name in enumerate(GEOMETRY) if name != "character"]
MEASURES = 8 + len(_PROPERTIES)

Float = NDArray[np.float32]


def windows(
    strip: Strip, lattice: Lattice, usual: float, chosen: Sequence[int]
) -> NDArray[np.uint8]:
    """The ink of candidates, and all ink around them: uint8 (N, 2, 32, 48), ink bright.

    Args:
        strip: the line.
        lattice: its candidates.
        usual: the usual height of a letter in pixels.
        chosen: N candidates, by their indices.
    """
    scale = _SCALE / usual
    pieces = [_reduced(strip, piece, scale) for piece in lattice.pieces()]
    height, width = (int(np.ceil(side * scale)) for side in strip.labels.shape)
    whole = np.zeros((height + ROWS, width + COLUMNS), np.uint16)
    for top, left, picture in pieces:
        whole[top : top + picture.shape[0], left : left + picture.shape[1]] += picture
    np.minimum(whole, 255, out=whole)
    rows = middles(whole.astype(np.float32) / np.float32(255), _SCALE)
    seen = np.zeros((len(chosen), 2, ROWS, COLUMNS), np.uint16)
    for (own, around), index in zip(seen, chosen, strict=True):
        glyph = lattice.glyphs[index]
        x = min(round((glyph.left + glyph.right) / 2 * scale), width)
        y = min(max(int(rows[x + COLUMNS // 2]) - ROWS // 2, 0), height)
        around[:] = whole[y : y + ROWS, x : x + COLUMNS]
        for top, left, picture in pieces[lattice.first[index] : lattice.last[index] + 1]:
            _add(own, picture, top - y, left - x)
    return np.minimum(seen, 255).astype(np.uint8)


def _reduced(strip: Strip, piece: Glyph, scale: float) -> tuple[int, int, NDArray[np.uint8]]:
    """The ink of a piece at the scale of windows, with its place in their frame: top, left."""
    top, left = int(piece.top * scale), int(piece.left * scale)
    height = max(int(np.ceil(piece.bottom * scale)) - top, 1)
    width = max(int(np.ceil(piece.right * scale)) - left, 1)
    # The pixels of the strip that these are, with parts of pixels at the edges.
    y, x = top / scale, left / scale
    first_row, first_column = int(y), int(x)
    size = int(np.ceil((top + height) / scale)), int(np.ceil((left + width) / scale))
    ink = np.zeros((size[0] - first_row, size[1] - first_column), np.uint8)
    for part in piece.components:
        box = np.s_[part.top : part.bottom, part.left : part.right]
        place = np.s_[
            part.top - first_row : part.bottom - first_row,
            part.left - first_column : part.right - first_column,
        ]
        ink[place][strip.labels[box] == part.label] = 255
    picture = Image.fromarray(ink).resize(
        (width, height),
        Image.Resampling.BOX,
        box=(
            x - first_column,
            y - first_row,
            min((left + width) / scale - first_column, ink.shape[1]),
            min((top + height) / scale - first_row, ink.shape[0]),
        ),
    )
    return top + ROWS // 2, left + COLUMNS // 2, np.asarray(picture)


def _add(window: NDArray[np.uint16], picture: NDArray[np.uint8], top: int, left: int) -> None:
    """Add a picture to a window, as far as it lies inside."""
    rows = slice(max(top, 0), min(top + picture.shape[0], ROWS))
    columns = slice(max(left, 0), min(left + picture.shape[1], COLUMNS))
    if rows.start < rows.stop and columns.start < columns.stop:
        window[rows, columns] += picture[
            rows.start - top : rows.stop - top, columns.start - left : columns.stop - left
        ]


def measures(lattice: Lattice, evidence: Evidence, usual: float, chosen: Sequence[int]) -> Float:
    """Where candidates stand, how large they are, and how likely borders are at their ends and
    inside: float32 (N, MEASURES).

    Args:
        lattice: the candidates of a line.
        evidence: on them.
        usual: the usual height of a letter in pixels.
        chosen: N of them, by their indices.
    """
    own = np.asarray(chosen, np.intp)
    pieces = lattice.pieces()
    left = np.array([piece.left for piece in pieces], np.float64) / usual
    right = np.maximum.accumulate([piece.right for piece in pieces]) / usual
    next_left = np.minimum.accumulate(left[::-1])[::-1]
    before = np.concatenate([[_WIDEST_GAP], left[1:] - right[:-1]])
    behind = np.concatenate([next_left[1:] - right[:-1], [_WIDEST_GAP]])
    begins = np.exp(-lattice.border[lattice.first == lattice.last])
    odds = np.concatenate([np.log(begins / (1 - begins)), [_CLEAR]])
    first, last = lattice.first[own], lattice.last[own]
    columns = [
        lattice.width[own],
        lattice.height[own],
        odds[first] / 2,
        odds[last + 1] / 2,
        np.minimum(lattice.passed[own], _MOST_PASSED) / 2,
        np.clip(before[first], -_WIDEST_GAP, _WIDEST_GAP),
        np.clip(behind[last], -_WIDEST_GAP, _WIDEST_GAP),
        np.minimum(last - first, _MOST_PIECES) / 4,
        *np.clip(evidence.geometry[own][:, _PROPERTIES], 0, _FARTHEST).T,
    ]
    return np.stack(columns, axis=1).astype(np.float32)
