"""Parting a row of pieces into runs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.cheapest_cover import cheapest_cover, cheapest_through

RUNS = [(start, end) for start in range(5) for end in range(start, 5)]
FIRST = [start for start, _ in RUNS]
LAST = [end for _, end in RUNS]


def _all_covers(start: int = 0) -> list[list[int]]:
    if start == 5:
        return [[]]
    return [
        [index, *rest]
        for index, (first, last) in enumerate(RUNS)
        if first == start
        for rest in _all_covers(last + 1)
    ]


@given(st.lists(st.floats(-5, 5), min_size=len(RUNS), max_size=len(RUNS)))
def test_no_other_cover_is_cheaper(costs: list[float]) -> None:
    cover = cheapest_cover(FIRST, LAST, costs, 5)
    assert cover in _all_covers()
    least = min(sum(costs[index] for index in other) for other in _all_covers())
    assert sum(costs[index] for index in cover) == pytest.approx(least)


def test_nothing_is_covered_by_nothing() -> None:
    assert cheapest_cover([], [], [], 0) == []


def test_runs_may_come_in_any_order() -> None:
    assert cheapest_cover([2, 0, 0], [2, 2, 1], [0.1, 5.0, 0.2], 3) == [2, 0]


@given(st.lists(st.floats(-5, 5), min_size=len(RUNS), max_size=len(RUNS)))
def test_what_a_run_costs_is_the_cheapest_cover_with_it(costs: list[float]) -> None:
    through = cheapest_through(FIRST, LAST, costs, 5)
    sums = [(cover, sum(costs[index] for index in cover)) for cover in _all_covers()]
    for index, cost in enumerate(through):
        assert cost == pytest.approx(min(total for cover, total in sums if index in cover))


def test_a_run_that_no_cover_takes_costs_without_end() -> None:
    assert cheapest_through([0, 1, 0], [0, 2, 2], [1.0, 1.0, 5.0], 3) == [2.0, 2.0, 5.0]
    assert cheapest_through([0, 0], [2, 1], [5.0, 1.0], 3) == [5.0, float("inf")]
