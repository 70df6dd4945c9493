"""Strokes of several lines of writing come apart into lines."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.data.synthesis import WritingStyle, synthesize_strokes
from handwrite_gui.engine.drawing.lines import group_lines

Stroke = np.ndarray


def line(*points: tuple[float, float]) -> Stroke:
    return np.array(points, np.float64)


def moved(strokes: list[Stroke], x: float, y: float) -> list[Stroke]:
    return [stroke + np.array([x, y]) for stroke in strokes]


def written(text: str, rng: np.random.Generator, slope: float = 0.0) -> list[Stroke]:
    """Letters of one writer beside one another, capitals about 100 high."""
    style = WritingStyle.random(rng)
    strokes: list[Stroke] = []
    x = 0.0
    for letter in text:
        own = synthesize_strokes(letter, rng, style)
        points = np.concatenate(own)
        left, right = points[:, 0].min(), points[:, 0].max()
        strokes += moved(own, x - left, 0)
        x += float(right - left) + 25
    return [stroke + np.stack([0 * stroke[:, 0], slope * stroke[:, 0]], 1) for stroke in strokes]


def below(texts: list[list[Stroke]], pitch: float) -> tuple[list[Stroke], list[tuple[int, ...]]]:
    """Lines below one another, and which strokes are whose."""
    strokes: list[Stroke] = []
    members: list[tuple[int, ...]] = []
    for row, own in enumerate(texts):
        members.append(tuple(range(len(strokes), len(strokes) + len(own))))
        strokes += moved(own, 0, row * pitch)
    return strokes, members


def test_nothing_drawn_is_no_line() -> None:
    assert group_lines([]) == []
    assert group_lines([np.zeros((0, 2))]) == []


@given(st.integers(0, 10_000), st.floats(-0.08, 0.08), st.floats(1.7, 3.0))
@settings(max_examples=40, deadline=None)
def test_lines_below_one_another_come_apart_also_where_they_run_askew(
    seed: int, slope: float, pitch: float
) -> None:
    rng = np.random.default_rng(seed)
    texts = [written(text, rng, slope) for text in ("HOLD", "READ4", "EVEN")]
    strokes, members = below(texts, 100 * pitch)
    assert group_lines(strokes) == members


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-1e4, 1e4))
@settings(max_examples=30, deadline=None)
def test_neither_size_nor_place_matter(seed: int, scale: float, place: float) -> None:
    rng = np.random.default_rng(seed)
    strokes, _ = below([written("TWO", rng), written("LINES", rng)], 190)
    lines = group_lines(strokes)
    assert group_lines([scale * stroke + place for stroke in strokes]) == lines
    assert sorted(index for members in lines for index in members) == list(range(len(strokes)))


@pytest.mark.parametrize("letter", list("AEFHIKTXYBM8458i?!jx"))
def test_a_character_is_one_line(letter: str) -> None:
    rng = np.random.default_rng(3)
    for _ in range(8):
        assert len(group_lines(synthesize_strokes(letter, rng))) == 1


STEM_BELOW_ARMS = [line((0, 0), (50, 50), (100, 0)), line((50, 55), (50, 110))]
RINGS = [
    np.stack([30 - 30 * np.cos(a), y - 25 * np.sin(a)], 1)
    for y, a in ((25, np.linspace(0, 2 * np.pi, 20)), (78, np.linspace(0, 2 * np.pi, 20)))
]


@pytest.mark.parametrize("strokes", [STEM_BELOW_ARMS, RINGS], ids=["Y", "8"])
@pytest.mark.parametrize("at", [0, 1, 2])
def test_halves_above_one_another_are_one_line(strokes: list[Stroke], at: int) -> None:
    word = [line((x, 0), (x, 105)) for x in (0, 200)]
    drawn = [*word[:at], *moved(strokes, 60, 0), *word[at:]]
    assert len(group_lines(strokes)) == 1
    assert len(group_lines(drawn)) == 1


def test_what_is_added_later_goes_to_the_line_where_it_stands() -> None:
    rng = np.random.default_rng(1)
    strokes, members = below([written("LL", rng), written("EH", rng)], 200)
    cross = line((10, 50), (60, 50))
    dot = line((50, -12), (52, -10))
    lines = group_lines([*strokes, cross, dot])
    assert lines == [(*members[0], len(strokes), len(strokes) + 1), members[1]]


def test_dots_and_dashes_go_with_the_letters_near() -> None:
    stems = [line((0, 0), (0, 100)), line((60, 0), (60, 100))]
    assert group_lines([*stems, line((90, 98), (91, 99))]) == [(0, 1, 2)]
    assert group_lines([*stems, line((90, 50), (130, 50))]) == [(0, 1, 2)]
    equals = [line((0, 40), (50, 40)), line((0, 60), (50, 60))]
    assert group_lines(equals) == [(0, 1)]


def test_small_writing_below_large_has_lines_of_its_own() -> None:
    rng = np.random.default_rng(2)
    title = [3 * stroke for stroke in written("BIG", rng)]
    small = [moved(written("SMALL", rng), 0, y) for y in (420, 600)]
    strokes = [*title, *small[0], *small[1]]
    one, two = len(title), len(title) + len(small[0])
    assert group_lines(strokes) == [
        tuple(range(one)), tuple(range(one, two)), tuple(range(two, len(strokes))),
    ]  # fmt: skip


def test_the_lower_line_may_be_written_first() -> None:
    rng = np.random.default_rng(4)
    upper, lower = written("UP", rng), moved(written("DOWN", rng), 0, 200)
    count = len(lower)
    assert group_lines([*lower, *upper]) == [
        tuple(range(count, count + len(upper))), tuple(range(count)),
    ]  # fmt: skip


def test_points_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        group_lines([line((0, 0), (np.nan, 1))])
