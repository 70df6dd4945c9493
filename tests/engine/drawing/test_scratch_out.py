"""A scribble deletes what it covers; writing never does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.data.synthesis import WritingStyle, synthesize_strokes
from handwrite_gui.engine.drawing.scratch_out import scratched_out

Stroke = np.ndarray


def zigzag(
    box: tuple[float, float, float, float], passes: int, rng: np.random.Generator | None = None
) -> Stroke:
    """To and fro over a box, from its top to its bottom, as a hand does."""
    left, top, right, bottom = box
    ends = np.array(
        [
            [left if number % 2 else right, top + (bottom - top) * number / passes]
            for number in range(passes + 1)
        ]
    )
    if rng is not None:
        ends += rng.normal(0, 0.03, ends.shape) * [right - left, bottom - top]
    way = np.linspace(0, passes, 8 * passes + 1)
    return np.stack([np.interp(way, np.arange(passes + 1), axis) for axis in ends.T], 1)


def box_of(strokes: list[Stroke]) -> tuple[float, float, float, float]:
    points = np.concatenate(strokes)
    (left, top), (right, bottom) = points.min(axis=0), points.max(axis=0)
    return float(left), float(top), float(right), float(bottom)


@given(st.sampled_from(ALPHABETS["alnum"]), st.integers(0, 10_000), st.integers(6, 12))
@settings(max_examples=60, deadline=None)
def test_a_scribble_over_a_character_scratches_all_of_it_out(
    letter: str, seed: int, passes: int
) -> None:
    rng = np.random.default_rng(seed)
    strokes = synthesize_strokes(letter, rng)
    left, top, right, bottom = box_of(strokes)
    # The first pass and the last leave a corner free: the serif of an I is not to lie there.
    beyond = 0.4 * (bottom - top)
    scribble = zigzag((left - 25, top - beyond, right + 25, bottom + beyond), passes, rng)
    assert scratched_out(scribble, strokes) == tuple(range(len(strokes)))


def test_it_takes_what_it_covers_and_nothing_beside_it() -> None:
    stems = [np.array([[x, 0.0], [x, 100.0]]) for x in (0, 50, 100, 150)]
    assert scratched_out(zigzag((35, -5, 115, 105), 8), stems) == (1, 2)
    assert scratched_out(zigzag((35, -5, 115, 30), 8), stems) == ()


@pytest.mark.parametrize("turn", [0, 30, 90, 145])
def test_its_direction_does_not_matter(turn: float) -> None:
    angle = np.radians(turn)
    rotation = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    stem = np.array([[50.0, 20.0], [50.0, 80.0]])
    assert scratched_out(zigzag((0, 0, 100, 100), 7) @ rotation, [stem @ rotation]) == (0,)


@given(st.integers(0, 10_000), st.floats(0.01, 100), st.floats(-1e4, 1e4))
@settings(max_examples=30, deadline=None)
def test_neither_size_nor_place_matter(seed: int, scale: float, place: float) -> None:
    rng = np.random.default_rng(seed)
    strokes = synthesize_strokes("R", rng)
    scribble = zigzag(box_of(strokes), 8, rng)
    assert scratched_out(scale * scribble + place, [scale * s + place for s in strokes]) == (
        scratched_out(scribble, strokes)
    )


@pytest.mark.parametrize("letter", ALPHABETS["full"])
def test_no_stroke_of_a_letter_scratches_out_those_before_it(letter: str) -> None:
    rng = np.random.default_rng(ord(letter))
    for _ in range(25):
        strokes = synthesize_strokes(letter, rng)
        for index, stroke in enumerate(strokes):
            assert scratched_out(stroke, strokes[:index]) == ()


@pytest.mark.parametrize("letter", "WMEB8mw3S&")
def test_a_letter_written_over_another_is_no_scribble(letter: str) -> None:
    rng = np.random.default_rng(7)
    style = WritingStyle.random(rng)
    for below in "WMEBT18":
        there = synthesize_strokes(below, rng, style)
        for stroke in synthesize_strokes(letter, rng, style):
            assert scratched_out(stroke, there) == ()


def test_a_bar_across_a_stem_is_no_scribble_even_to_and_fro() -> None:
    stem = np.array([[50.0, 0.0], [50.0, 100.0]])
    bar = np.array([[20.0, 50.0], [80.0, 48.0]])
    there_and_back = np.concatenate([bar, bar[::-1]])
    for stroke in (bar, there_and_back, np.concatenate([there_and_back, bar])):
        assert scratched_out(stroke, [stem]) == ()


def test_a_scribble_on_empty_paper_is_a_stroke() -> None:
    assert scratched_out(zigzag((0, 0, 100, 50), 8), []) == ()
    far = np.array([[500.0, 500.0], [500.0, 600.0]])
    assert scratched_out(zigzag((0, 0, 100, 50), 8), [far, np.zeros((0, 2))]) == ()


def test_writing_asks_for_no_other_stroke() -> None:
    asked = iter([np.array([[50.0, 0.0], [50.0, 100.0]])])
    assert scratched_out(zigzag((0, 0, 100, 50), 4), asked) == ()
    assert len(list(asked)) == 1


def test_dots_and_what_has_no_extent_are_no_scribbles() -> None:
    stem = np.array([[50.0, 0.0], [50.0, 100.0]])
    assert scratched_out(np.array([[50.0, 50.0]]), [stem]) == ()
    assert scratched_out(np.full((20, 2), 50.0), [stem]) == ()
