"""Which candidates may be taken, and which are worth a second look."""

from __future__ import annotations

import numpy as np

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lattice import Lattice, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.shortlist import contested, shortlist


def _lattice(heights: list[int]) -> Lattice:
    return build(
        [
            Glyph((Component(i + 1, 12 * i, 0, 12 * i + 10, height, 300),), begins=0.5)
            for i, height in enumerate(heights)
        ],
        40.0,
    )


def _runs(lattice: Lattice, chosen: list[int]) -> list[tuple[int, int]]:
    return [(int(lattice.first[index]), int(lattice.last[index])) for index in chosen]


def test_what_lies_on_a_way_that_is_hardly_dearer_is_listed() -> None:
    lattice = _lattice([40, 40, 40])
    prices = {(0, 0): 1.0, (1, 1): 1.0, (2, 2): 1.0, (0, 1): 9.0, (1, 2): 30.0, (0, 2): 40.0}
    runs = _runs(lattice, list(range(len(lattice.glyphs))))
    costs = np.array([prices[run] for run in runs])
    assert _runs(lattice, shortlist(lattice, costs)) == [(0, 0), (0, 1), (1, 1), (2, 2)]


def test_marks_are_not_looked_at_again() -> None:
    lattice = _lattice([40, 6, 40])
    chosen = _runs(lattice, shortlist(lattice, np.zeros(len(lattice.glyphs))))
    assert (1, 1) not in chosen
    assert (0, 0) in chosen


def test_an_empty_line_has_none() -> None:
    assert shortlist(_lattice([]), np.zeros(0)) == []


def _again(
    lattice: Lattice, runs: list[tuple[int, int]], clear: bool = True
) -> list[tuple[int, int]]:
    """The runs that are looked at again of those that are listed."""
    everything = _runs(lattice, list(range(len(lattice.glyphs))))
    listed = sorted(everything.index(run) for run in runs)
    return _runs(lattice, contested(lattice, listed, np.full(len(everything), clear)))


def test_what_shares_a_piece_is_looked_at_again() -> None:
    lattice = _lattice([40, 40, 40, 40])
    assert _again(lattice, [(0, 0), (1, 1), (1, 2), (2, 2), (3, 3)]) == [(1, 1), (1, 2), (2, 2)]
    assert _again(lattice, [(0, 0), (1, 1), (2, 2), (3, 3)]) == []


def test_what_is_no_clear_character_is_looked_at_again() -> None:
    lattice = _lattice([40, 40])
    assert _again(lattice, [(0, 0), (1, 1)], clear=False) == [(0, 0), (1, 1)]


def test_what_was_cut_from_other_ink_is_looked_at_again() -> None:
    lattice = build(
        [Glyph((Component(i + 1, 8 * i, 0, 8 * i + 10, 40, 300),), begins=0.5) for i in range(2)],
        40.0,
    )
    assert lattice.touch.any()
    assert _again(lattice, [(0, 0), (1, 1)]) == [(0, 0), (1, 1)]


def test_what_a_mark_is_part_of_is_looked_at_again() -> None:
    lattice = _lattice([40, 6, 40])
    assert _again(lattice, [(0, 1), (2, 2)]) == [(0, 1)]


def test_of_an_empty_line_nothing_is_looked_at_again() -> None:
    assert contested(_lattice([]), [], np.zeros(0, np.bool_)) == []
