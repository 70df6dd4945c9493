"""Strokes drawn side by side come apart into characters."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.synthesis import synthesize_strokes
from handwrite_gui.engine.drawing.grouping import group_strokes, sure_groups

Stroke = np.ndarray


def line(*points: tuple[float, float]) -> Stroke:
    return np.array(points, np.float32)


def dot(x: float, y: float) -> Stroke:
    return line((x, y))


# Letters of a ruler: exactly upright and level strokes, 100 high, as a mouse can draw them.
T = [line((0, 0), (60, 0)), line((30, 0), (30, 100))]
H = [line((0, 0), (0, 100)), line((50, 0), (50, 100)), line((0, 50), (50, 50))]
I_AND_DOT = [line((20, 40), (20, 100)), dot(20, 15)]
L = [line((0, 0), (0, 100), (50, 100))]
K = [line((0, 0), (0, 100)), line((50, 0), (4, 50), (50, 100))]
X = [line((0, 0), (60, 100)), line((60, 0), (0, 100))]
CIRCLE = [
    np.stack([30 - 30 * np.cos(a), 50 - 50 * np.sin(a)], 1) for a in [np.linspace(0, 2 * np.pi, 33)]
]
EQUALS = [line((0, 40), (50, 40)), line((0, 60), (50, 60))]
EXCLAMATION = [line((10, 0), (10, 70)), dot(13, 100)]

LETTERS = {
    "T": T,
    "H": H,
    "i": I_AND_DOT,
    "L": L,
    "K": K,
    "X": X,
    "O": CIRCLE,
    "=": EQUALS,
    "!": EXCLAMATION,
}


def beside(letters: list[list[Stroke]], gap: float) -> tuple[list[Stroke], list[tuple[int, ...]]]:
    """Letters set with gaps between them, and which strokes are whose."""
    strokes: list[Stroke] = []
    groups: list[tuple[int, ...]] = []
    at = 0.0
    for letter in letters:
        points = np.concatenate(letter)
        left, right = points[:, 0].min(), points[:, 0].max()
        groups.append(tuple(range(len(strokes), len(strokes) + len(letter))))
        strokes += [stroke + np.float32([at - left, 0]) for stroke in letter]
        at += float(right - left) + gap
    return strokes, groups


@pytest.mark.parametrize("name", LETTERS)
def test_the_strokes_of_a_character_belong_together(name: str) -> None:
    assert group_strokes(LETTERS[name]) == [tuple(range(len(LETTERS[name])))]


def test_nothing_drawn_is_no_character() -> None:
    assert group_strokes([]) == []
    assert group_strokes([np.zeros((0, 2), np.float32)]) == []


def test_a_single_dot_is_a_character() -> None:
    assert group_strokes([dot(7, 9)]) == [(0,)]


def test_dots_in_a_row_are_characters_each() -> None:
    assert group_strokes([dot(0, 0), dot(30, 0), dot(60, 1)]) == [(0,), (1,), (2,)]


def test_dots_above_one_another_are_one_character() -> None:
    assert group_strokes([dot(5, 0), dot(5.5, 40)]) == [(0, 1)]


def test_empty_strokes_belong_to_nobody_and_keep_their_numbers() -> None:
    empty = np.zeros((0, 2), np.float32)
    assert group_strokes([empty, T[0], empty, T[1]]) == [(1, 3)]


@given(
    st.lists(st.sampled_from(sorted(LETTERS)), min_size=1, max_size=6),
    st.floats(15, 300),
    st.randoms(use_true_random=False),
)
@settings(max_examples=60, deadline=None)
def test_letters_side_by_side_come_apart_in_whatever_order_they_were_drawn(
    names: list[str], gap: float, random: object
) -> None:
    strokes, groups = beside([LETTERS[name] for name in names], gap)
    assert group_strokes(strokes) == groups
    order = list(range(len(strokes)))
    random.shuffle(order)  # type: ignore[attr-defined]
    shuffled = group_strokes([strokes[index] for index in order])
    assert [tuple(sorted(order[place] for place in group)) for group in shuffled] == groups


@given(
    st.integers(0, 10_000),
    st.floats(0.01, 100),
    st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4)),
)
@settings(max_examples=40, deadline=None)
def test_neither_size_nor_place_nor_order_matter(
    seed: int, scale: float, place: tuple[float, float]
) -> None:
    rng = np.random.default_rng(seed)
    letters = [synthesize_strokes(str(name), rng) for name in rng.choice(list("AHi4Tk?"), 3)]
    strokes, _ = beside(letters, float(rng.uniform(0, 60)))
    groups = group_strokes(strokes)
    assert sorted(index for group in groups for index in group) == list(range(len(strokes)))
    order = rng.permutation(len(strokes))
    moved = group_strokes([strokes[index] * scale + np.array(place) for index in order])
    assert {frozenset(order[list(group)].tolist()) for group in moved} == {
        frozenset(group) for group in groups
    }


def test_characters_come_from_left_to_right() -> None:
    right, left = [stroke + np.float32([200, 0]) for stroke in T], L
    assert group_strokes([*right, *left]) == [(2,), (0, 1)]


def test_a_stroke_that_reaches_over_joins_what_was_drawn_before_it() -> None:
    # The stems of an H stand apart until its bar is there, whichever comes last.
    assert group_strokes(H[:2]) == [(0,), (1,)]
    assert group_strokes(H) == [(0, 1, 2)]


@pytest.mark.parametrize("aside", [-25, -15, 0, 15, 25])
def test_the_dot_of_an_i_may_stand_aside(aside: float) -> None:
    stem = line((20, 40), (20, 100))
    tittle = line((20 + aside, 12), (20 + aside + 2, 16))
    # The T beside it gives the height of the writing.
    strokes = [stem, tittle, *(stroke + np.float32([90, 0]) for stroke in T)]
    assert group_strokes(strokes) == [(0, 1), (2, 3)]


def test_a_dot_goes_to_the_nearest_of_two_stems() -> None:
    stems = [line((0, 40), (0, 100)), line((40, 40), (40, 100))]
    tall = [stroke + np.float32([120, 0]) for stroke in T]
    assert group_strokes([*stems, dot(12, 10), *tall]) == [(0, 2), (1,), (3, 4)]
    assert group_strokes([*stems, dot(28, 10), *tall]) == [(0,), (1, 2), (3, 4)]


def test_a_full_stop_and_an_apostrophe_stand_for_themselves() -> None:
    stop = dot(75, 100)
    assert group_strokes([*T, stop]) == [(0, 1), (2,)]
    apostrophe = line((80, 0), (76, 22))
    assert group_strokes([*T, apostrophe]) == [(0, 1), (2,)]


def test_strokes_that_almost_touch_are_one_character() -> None:
    stem, arms = line((0, 0), (0, 100)), line((50, 0), (0, 50), (50, 100))
    for gap, groups in ((5, 1), (7, 2)):
        assert len(group_strokes([stem, arms + np.float32([gap, 0])])) == groups


def test_boxes_that_are_near_are_not_enough() -> None:
    # The boxes of these are 4 apart, the strokes themselves 40.
    one, other = line((0, 0), (50, 0)), line((54, 40), (104, 100))
    assert len(group_strokes([one, other])) == 2


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_points_that_are_not_finite_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        group_strokes([line((0, 0), (bad, 1))])


def test_what_synthetic_writers_draw_is_mostly_one_character() -> None:
    rng = np.random.default_rng(5)
    drawn = [synthesize_strokes(name, rng) for name in ALPHABETS["full"] for _ in range(5)]
    whole = sum(len(group_strokes(strokes)) == 1 for strokes in drawn)
    assert whole >= 0.97 * len(drawn)


@pytest.mark.parametrize("name", ["T", "X", "O", "=", "L"])
def test_what_lies_across_is_sure_to_belong_together(name: str) -> None:
    assert sure_groups(LETTERS[name]) == [tuple(range(len(LETTERS[name])))]


@pytest.mark.parametrize("name", ["H", "K"])
def test_what_only_touches_is_not_sure(name: str) -> None:
    assert len(sure_groups(LETTERS[name])) == len(LETTERS[name])


def test_nothing_drawn_is_surely_nothing() -> None:
    assert sure_groups([]) == []
    assert sure_groups([np.zeros((0, 2))]) == []
    assert sure_groups([dot(1, 2), np.zeros((0, 2)), dot(90, 2)]) == [(0,), (2,)]
