"""The cheapest way through the lattice of candidates."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.page.components import Component
from handwrite_gui.engine.page.lattice import Lattice, best_path, build
from handwrite_gui.engine.page.pieces import Glyph
from handwrite_gui.engine.page.scoring import Weights, fitted_weights

USUAL = 50.0


def _piece(left: int, width: int = 20, height: int = 50, begins: float = 0.5) -> Glyph:
    return Glyph((Component(left, left, 0, left + width, height, 100),), begins=begins)


def _spans(lattice: Lattice, path: list[int]) -> list[tuple[int, int]]:
    return [(int(lattice.first[i]), int(lattice.last[i])) for i in path]


def _all_ways(lattice: Lattice, start: int = 0) -> list[list[int]]:
    if start == lattice.count:
        return [[]]
    return [
        [index, *rest]
        for index in np.flatnonzero(lattice.first == start).tolist()
        for rest in _all_ways(lattice, int(lattice.last[index]) + 1)
    ]


def test_every_piece_alone_is_a_candidate() -> None:
    lattice = build([_piece(100 * i) for i in range(4)], USUAL)
    assert _spans(lattice, list(range(len(lattice.glyphs)))) == [(0, 0), (1, 1), (2, 2), (3, 3)]


def test_near_pieces_make_candidates_no_wider_than_a_letter() -> None:
    lattice = build([_piece(8 * i, 8, begins=0.05) for i in range(30)], USUAL)
    assert 1.5 < lattice.width.max() <= 1.8


def test_no_candidate_goes_on_past_three_borders_that_look_sure() -> None:
    pieces = [_piece(8 * i, 8, begins=0.999 if i % 2 == 0 else 0.01) for i in range(10)]
    lattice = build(pieces, USUAL)
    part = (lattice.first > 0) | (lattice.last < 9)
    assert (lattice.last - lattice.first)[part].max() == 5


def test_what_stands_apart_is_tried_whole_however_sure_its_cuts_look() -> None:
    lattice = build([_piece(12 * i, 12, begins=0.99) for i in range(5)], USUAL)
    assert (0, 4) in _spans(lattice, list(range(len(lattice.glyphs))))
    parted = build([_piece(12 * i, 10, begins=0.99) for i in range(5)], USUAL)
    assert (0, 4) not in _spans(parted, list(range(len(parted.glyphs))))


def test_a_candidate_knows_how_sure_its_borders_are() -> None:
    pieces = [_piece(0), _piece(20, begins=0.25), _piece(40, begins=0.1)]
    lattice = build(pieces, USUAL)
    whole = _spans(lattice, list(range(len(lattice.glyphs)))).index((1, 2))
    assert lattice.border[whole] == pytest.approx(-np.log(0.25))
    assert lattice.passed[whole] == pytest.approx(-np.log(0.9))


def test_borders_decide_where_the_network_does_not() -> None:
    weights = replace(fitted_weights(), border=1.0, passed=1.0)
    for begins, spans in ((0.02, [(0, 1)]), (0.98, [(0, 0), (1, 1)])):
        lattice = build([_piece(0), _piece(20, begins=begins)], USUAL)
        alike = np.full(len(lattice.glyphs), 0.8)
        assert _spans(lattice, best_path(lattice, alike, alike, weights)) == spans


def test_the_network_decides_between_whole_and_parts() -> None:
    lattice = build([_piece(0), _piece(20)], USUAL)
    whole = (lattice.first == 0) & (lattice.last == 1)
    best = np.full(len(whole), 0.9)
    together = best_path(lattice, np.where(whole, 0.99, 0.02), best, fitted_weights())
    apart = best_path(lattice, np.where(whole, 0.02, 0.99), best, fitted_weights())
    assert _spans(lattice, together) == [(0, 1)]
    assert _spans(lattice, apart) == [(0, 0), (1, 1)]


def test_a_dot_is_a_mark_and_a_letter_is_not() -> None:
    lattice = build([_piece(0), _piece(80, 6, 6), _piece(160, 30, 5)], USUAL)
    assert lattice.is_mark.tolist() == [False, True, True]


def test_no_pieces_make_no_path() -> None:
    lattice = build([], USUAL)
    assert best_path(lattice, np.zeros(0), np.zeros(0), fitted_weights()) == []


@given(st.data())
def test_no_way_is_cheaper_than_the_one_found(data: st.DataObject) -> None:
    lefts = np.cumsum(data.draw(st.lists(st.integers(8, 40), min_size=1, max_size=6)))
    lattice = build([_piece(int(left), 15) for left in lefts], USUAL)
    count = len(lattice.glyphs)
    unit = st.floats(0.01, 1)
    character = np.array(data.draw(st.lists(unit, min_size=count, max_size=count)))
    best = np.array(data.draw(st.lists(unit, min_size=count, max_size=count)))
    # Weights of the network alone: the sum can be formed here without the lattice's own code.
    names = (field.name for field in fields(Weights))
    weights = Weights(
        **{**dict.fromkeys(names, 0.0), "refusal": 1, "doubt": 1, "character": 0.3, "mark": 0.3}
    )
    cost = -np.log(character) - np.log(best) + 0.3
    cost[lattice.is_mark] = 0.3
    path = best_path(lattice, character, best, weights)
    assert path in _all_ways(lattice)
    least = min(sum(cost[i] for i in way) for way in _all_ways(lattice))
    assert sum(cost[i] for i in path) == pytest.approx(least)


def test_the_gap_before_a_piece_is_counted_from_all_ink_before_it() -> None:
    lattice = build([_piece(0, 40), _piece(10, 10), _piece(60), _piece(78)], USUAL)
    assert lattice.gaps(USUAL) == pytest.approx([0.0, -0.6, 0.4, -0.04])
