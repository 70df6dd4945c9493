"""Laying a known text over a lattice."""

from __future__ import annotations

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.page.alignment import align, label_costs

PAIRS = [(start, end) for start in range(4) for end in range(start, min(start + 2, 4))]
FIRST, LAST = np.array(PAIRS).T


def test_the_text_decides_between_one_letter_and_two() -> None:
    whole = PAIRS.index((0, 1))
    one = np.full((len(PAIRS), 1), 5.0)
    one[whole] = 0.1
    found = align(FIRST, LAST, one, np.array([9.0, 9.0, 0.5, 0.5]))
    assert found is not None
    assert (found.path, found.skipped) == ((whole,), (2, 3))
    assert found.costs == pytest.approx((0.1,))


def test_every_character_gets_ink_of_its_own_in_order() -> None:
    found = align(FIRST, LAST, np.zeros((len(PAIRS), 3)), np.full(4, 10.0))
    assert found is not None
    spans = [PAIRS[index] for index in found.path]
    assert len(spans) == 3
    assert spans[0][0] == 0
    assert spans[-1][1] == 3
    assert all(b[0] == a[1] + 1 for a, b in pairwise(spans))


@pytest.mark.parametrize("length", [5, 9])
def test_a_text_longer_than_the_line_has_no_place(length: int) -> None:
    assert align(FIRST, LAST, np.zeros((len(PAIRS), length)), np.zeros(4)) is None


def test_a_line_whose_ink_all_belongs_to_letters_cannot_be_shorter_than_it_is() -> None:
    assert align(FIRST, LAST, np.zeros((len(PAIRS), 1)), np.full(4, np.inf)) is None


def _ways(length: int) -> list[tuple[int, ...]]:
    """All choices of candidates from left to right that share no piece."""
    ordered = sorted(range(len(PAIRS)), key=lambda i: PAIRS[i])
    return [
        way
        for way in combinations(ordered, length)
        if all(PAIRS[b][0] > PAIRS[a][1] for a, b in pairwise(way))
    ]


@given(st.data())
def test_no_other_way_is_cheaper(data: st.DataObject) -> None:
    length = data.draw(st.integers(1, 4))
    cost = st.floats(0, 5)
    costs = np.array(
        data.draw(st.lists(cost, min_size=len(PAIRS) * length, max_size=len(PAIRS) * length))
    ).reshape(len(PAIRS), length)
    skip = np.array(data.draw(st.lists(cost, min_size=4, max_size=4)))

    def price(way: tuple[int, ...]) -> float:
        taken = {piece for i in way for piece in range(PAIRS[i][0], PAIRS[i][1] + 1)}
        left_out = sum(skip[piece] for piece in range(4) if piece not in taken)
        return float(sum(costs[index, place] for place, index in enumerate(way)) + left_out)

    found = align(FIRST, LAST, costs, skip)
    assert found is not None
    assert price(found.path) == pytest.approx(min(price(way) for way in _ways(length)))


def test_a_capital_and_its_small_letter_count_as_one() -> None:
    probabilities = np.array([[0.5, 0.3, 0.2], [0.0, 0.1, 0.9]])
    costs = label_costs("cA", ("c", "C", "a"), np.array([1.0, 0.5]), probabilities)
    assert np.exp(-costs) == pytest.approx(np.array([[0.8, 0.2], [0.05, 0.45]]), abs=1e-5)


def test_an_impossible_letter_has_a_price_that_is_not_infinite() -> None:
    costs = label_costs("A", ("A",), np.zeros(1), np.zeros((1, 1)))
    assert np.isfinite(costs).all()
