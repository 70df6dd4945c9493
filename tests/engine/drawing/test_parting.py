"""Drawings come apart where the network says that characters are."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handwrite_gui.engine.drawing.grouping import sure_groups
from handwrite_gui.engine.drawing.parting import Group, part_drawing

Judge = Callable[[list[Group]], np.ndarray]


def stem(x: float, height: float = 100.0) -> np.ndarray:
    return np.array([[x, 0.0], [x, height]])


def bar(left: float, right: float, y: float = 50.0) -> np.ndarray:
    return np.array([[left, y], [right, y]])


H = [stem(0), bar(5, 45), stem(50)]


def liking(*good: Iterable[int], otherwise: float = 0.3) -> Judge:
    """A network that takes these groups for characters, and the others hardly."""
    known = {tuple(group) for group in good}
    return lambda groups: np.array([0.95 if g in known else otherwise for g in groups])


def test_an_empty_drawing_has_no_characters_and_nobody_is_asked() -> None:
    def never(groups: list[Group]) -> np.ndarray:
        raise AssertionError

    assert part_drawing([], never) == []
    assert part_drawing([np.zeros((0, 2))], never) == []
    assert part_drawing([stem(0)], never) == [(0,)]
    assert part_drawing([stem(30), bar(0, 60, 0)], never) == [(0, 1)]  # a T is one for sure


@pytest.mark.parametrize(
    "characters",
    [[(0, 1, 2)], [(0,), (1, 2)], [(0, 1), (2,)], [(0,), (1,), (2,)]],
)
def test_the_network_decides_what_belongs_together(characters: list[Group]) -> None:
    assert part_drawing(H, liking(*characters)) == characters


def test_bad_characters_do_not_win_by_being_few() -> None:
    # One trial that is a little worse than each of three must not cost a third of them.
    assert part_drawing(H, liking((0,), (1,), (2,), otherwise=0.8)) == [(0,), (1,), (2,)]


def test_what_is_no_character_in_any_way_is_still_parted() -> None:
    groups = part_drawing(H, lambda groups: np.zeros(len(groups)))
    assert sorted(index for group in groups for index in group) == [0, 1, 2]


def test_the_order_of_drawing_does_not_matter() -> None:
    order = [2, 0, 1]
    shuffled = [H[index] for index in order]
    assert part_drawing(shuffled, liking((0, 1, 2))) == [(0, 1, 2)]
    assert part_drawing(shuffled, liking((1, 2), (0,))) == [(1, 2), (0,)]


def test_pieces_far_apart_are_not_tried_together() -> None:
    tried: list[Group] = []

    def judge(groups: list[Group]) -> np.ndarray:
        tried.extend(groups)
        return np.ones(len(groups))

    part_drawing([stem(0), stem(30), stem(80), stem(300)], judge)
    assert set(tried) == {(0,), (1,), (2,), (3,), (0, 1)}


def test_what_is_too_wide_for_a_character_is_not_tried() -> None:
    tried: list[Group] = []

    def judge(groups: list[Group]) -> np.ndarray:
        tried.extend(groups)
        return np.ones(len(groups))

    part_drawing([bar(0, 100), bar(110, 200), stem(230)], judge)
    assert (0, 1) not in tried
    assert (1, 2) in tried


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=25), st.integers(0, 100))
def test_every_stroke_belongs_to_one_character_whatever_the_network_says(
    places: list[float], seed: int
) -> None:
    rng = np.random.default_rng(seed)
    strokes = [stem(x, 60 + 40 * rng.random()) + rng.normal(0, 5, (2, 2)) for x in places]
    strokes.insert(1, np.zeros((0, 2)))
    groups = part_drawing(strokes, lambda groups: rng.random(len(groups)))
    members = sorted(index for group in groups for index in group)
    assert members == [0, *range(2, len(strokes))]
    pieces = sure_groups(strokes)
    assert all(any(set(piece) <= set(group) for group in groups) for piece in pieces)


def test_a_long_line_does_not_ask_for_every_combination() -> None:
    asked = 0

    def judge(groups: list[Group]) -> np.ndarray:
        nonlocal asked
        asked += len(groups)
        return np.full(len(groups), 0.5)

    part_drawing([stem(30.0 * index) for index in range(300)], judge)
    assert asked <= 4 * 300
