"""What a candidate and its neighbours look like at the scale of their line."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.scoring import gather
from handwrite_gui.engine.page.strip import Course, Strip
from handwrite_gui.engine.page.surroundings import COLUMNS, MEASURES, ROWS, measures, windows

BARS = [(60, 70), (84, 94), (118, 128)]  # columns of upright bars, 40 pixels high
USUAL = 40.0


def _line(scale: int = 1) -> tuple[Strip, Lattice]:
    labels = np.zeros((60 * scale, 220 * scale), np.int32)
    components = []
    for number, (left, right) in enumerate(BARS, start=1):
        box = left * scale, 10 * scale, right * scale, 50 * scale
        labels[box[1] : box[3], box[0] : box[2]] = number
        components.append(Component(number, *box, (box[2] - box[0]) * (box[3] - box[1])))
    ends = np.zeros((2, 2))
    course = Course(np.array([0, labels.shape[1]]), len(labels), ends, ends)
    strip = Strip((labels > 0).astype(np.float32), labels, tuple(components), course, 1)
    return strip, build([Glyph((own,), begins=0.5) for own in components], USUAL * scale)


def _index(lattice: Lattice, first: int, last: int) -> int:
    (index,) = np.flatnonzero((lattice.first == first) & (lattice.last == last))
    return int(index)


def _columns(window: NDArray[np.uint8]) -> list[int]:
    return np.flatnonzero(window.any(axis=0)).tolist()


def test_a_candidate_stands_in_the_middle_of_its_window() -> None:
    strip, lattice = _line()
    ((own, around),) = windows(strip, lattice, USUAL, [_index(lattice, 1, 1)])
    assert own.shape == (ROWS, COLUMNS)
    # Half as large as on the strip: 20 pixels a letter.
    assert _columns(own) == list(range(22, 27)) or _columns(own) == list(range(21, 27))
    rows = np.flatnonzero(own.any(axis=1))
    assert (rows[0] + rows[-1]) / 2 == pytest.approx(ROWS / 2, abs=1)
    assert len(rows) == pytest.approx(20, abs=1)
    assert set(_columns(around)) > set(_columns(own))


def test_own_ink_is_that_of_all_its_pieces_and_of_no_other() -> None:
    strip, lattice = _line()
    ((two, around),) = windows(strip, lattice, USUAL, [_index(lattice, 0, 1)])
    assert two.sum() == pytest.approx(2 * 255 * 5 * 20, rel=0.02)
    assert around.sum() > two.sum()
    assert (around >= two).all()


def test_nothing_lies_beyond_the_ends_of_a_line() -> None:
    strip, lattice = _line()
    ((own, around),) = windows(strip, lattice, USUAL, [_index(lattice, 0, 0)])
    assert np.array_equal(own[:, :27], around[:, :27])
    assert around[:, 27:].any()


def test_windows_are_alike_at_every_resolution() -> None:
    (a, b), (c, d) = (
        windows(*_line(scale), USUAL * scale, [_index(_line(scale)[1], 1, 1)])[0]
        for scale in (1, 3)
    )
    assert np.abs(a.astype(int) - c).mean() < 2
    assert np.abs(b.astype(int) - d).mean() < 4


def test_no_candidate_has_no_window() -> None:
    strip, lattice = _line()
    assert windows(strip, lattice, USUAL, []).shape == (0, 2, ROWS, COLUMNS)
    assert measures(lattice, _evidence(lattice), USUAL, []).shape == (0, MEASURES)


def _evidence(lattice: Lattice):  # type: ignore[no-untyped-def]
    ones = np.ones(len(lattice.glyphs))
    return gather(lattice, ones, ones)


def test_measures_tell_size_borders_and_gaps() -> None:
    _, lattice = _line()
    chosen = [_index(lattice, 1, 1), _index(lattice, 0, 1), _index(lattice, 2, 2)]
    middle, two, last = measures(lattice, _evidence(lattice), USUAL, chosen)
    assert middle.shape == (MEASURES,)
    assert middle[:2] == pytest.approx([0.25, 1.0])
    assert two[0] == pytest.approx(0.85)
    assert middle[2:4] == pytest.approx([0, 0], abs=1e-6)  # even odds at both ends
    assert last[3] > 1  # the end of the line
    assert middle[5:7] == pytest.approx([0.35, 0.6])
    assert middle[7] == 0
    assert two[7] > 0
    assert two[4] > middle[4]  # a border is passed over
    assert np.isfinite(np.stack([middle, two, last])).all()
