"""What a network learns to refuse: parts of characters, several at once, scribbles and blots."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from scipy import ndimage

from handwrite_gui.engine.data.non_characters import draw_non_characters
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.strokes import Strokes, render_many, stroke_bounds
from handwrite_gui.engine.data.synthesis import synthesize_strokes

RISING, FALLING = 1.0, -1.0


def diagonal(slope: float, size: float = 50.0) -> list[np.ndarray]:
    """A “character” whose every part shows whose it is by its slope."""
    return [np.array([[0.0, 0.0], [size, slope * size]])]


def slopes(drawing: Strokes) -> set[float]:
    """The slopes of all its steps, rounded; a stroke of one point has none."""
    steps = np.concatenate([np.diff(stroke, axis=0) for stroke in drawing])
    return set(np.round(steps[:, 1] / steps[:, 0], 6).tolist())


def kind(drawing: Strokes) -> str:
    """Which kind of non-character was made of diagonals, seen from the drawing alone."""
    if slopes(drawing) - {RISING, FALLING}:
        return "scribble or blot"
    widths = [np.ptp(stroke[:, 0]) for stroke in drawing]
    whole = sum(width > 0.999 for width in widths)
    parts = len(widths) - whole
    kinds = {
        (2, 0): "side by side",
        (3, 0): "side by side",
        (1, 1): "whole and part",
        (0, 1): "part",
        (0, 2): "part",
    }
    return kinds[whole, parts]


@pytest.fixture(scope="module")
def drawings() -> list[list[np.ndarray]]:
    """Made of the diagonals of two writers, the first of whom drew three times as many."""
    samples = [diagonal(RISING, 10.0 + i) for i in range(60)]
    samples += [diagonal(FALLING, 10.0 + i) for i in range(20)]
    groups = np.array([7] * 60 + [-2] * 20)
    return draw_non_characters(samples, groups, 2000, np.random.default_rng(0))


def test_as_many_as_are_wanted(drawings: list[list[np.ndarray]]) -> None:
    assert len(drawings) == 2000
    none = draw_non_characters([diagonal(RISING)], np.array([0]), 0, np.random.default_rng(0))
    assert none == []


def test_every_kind_in_its_share(drawings: list[list[np.ndarray]]) -> None:
    counts = Counter(kind(drawing) for drawing in drawings)
    shares = {name: count / len(drawings) for name, count in counts.items()}
    # Of the parts, one in seven is the upper or the lower one, of two characters.
    expected = {"side by side": 0.32, "whole and part": 0.3, "part": 0.28, "scribble or blot": 0.1}
    assert shares == pytest.approx(expected, abs=0.04)


def test_two_three_and_facing_halves_occur(drawings: list[list[np.ndarray]]) -> None:
    lengths = Counter((kind(drawing), len(drawing)) for drawing in drawings)
    assert lengths["side by side", 2] > 3 * lengths["side by side", 3] > 0
    assert lengths["part", 1] > lengths["part", 2] > 0


def test_what_is_put_together_comes_from_one_hand(drawings: list[list[np.ndarray]]) -> None:
    for drawing in drawings:
        assert kind(drawing) == "scribble or blot" or len(slopes(drawing)) == 1


def test_writers_take_part_as_often_as_they_wrote(drawings: list[list[np.ndarray]]) -> None:
    hands = Counter(slope for d in drawings if kind(d) != "scribble or blot" for slope in slopes(d))
    assert hands[RISING] / hands.total() == pytest.approx(0.75, abs=0.04)


def test_parts_are_real_parts_and_on_both_sides(drawings: list[list[np.ndarray]]) -> None:
    single = [d[0] for d in drawings if kind(d) == "part" and len(d) == 1]
    widths = np.array([np.ptp(stroke[:, 0]) for stroke in single])
    assert widths.min() > 0.25
    assert widths.max() < 0.75
    starts = np.array([stroke[:, 0].min() for stroke in single])
    assert 0.4 < (starts < 1e-9).mean() < 0.6


def test_some_are_what_is_left_above_or_below_a_line() -> None:
    # Bars have no left and right parts: those that are shorter were cut across.
    bar = [np.array([[0.0, 0.0], [0.0, 10.0]])]
    drawings = draw_non_characters([bar], np.array([0]), 1000, np.random.default_rng(4))
    upright = [d for d in drawings if all(np.ptp(stroke[:, 0]) == 0 for stroke in d)]
    short = [d for d in upright if max(np.ptp(stroke[:, 1]) for stroke in d) < 0.75]
    assert 20 < len(short) < 60
    assert all(len(d) > 1 for d in short)


def test_some_are_blots() -> None:
    rng = np.random.default_rng(4)
    drawings = draw_non_characters([diagonal(RISING)], np.array([0]), 400, rng)
    images = normalize(render_many(drawings, (0.03, 0.1), rng, box=48))
    inked = (images > 128).mean(axis=(1, 2))
    # Lines never cover so much of their square, and blots have no holes.
    blots = images[inked > 0.25]
    assert 4 <= len(blots) <= 24
    for blot in blots:
        assert (ndimage.binary_fill_holes(blot > 40) == (blot > 40)).mean() > 0.98


def test_neighbours_stand_side_by_side_close_and_often_touch(
    drawings: list[list[np.ndarray]],
) -> None:
    pairs = [d for d in drawings if kind(d) == "side by side" and len(d) == 2]
    gaps = np.array([second[:, 0].min() - first[:, 0].max() for first, second in pairs])
    assert gaps.min() >= -0.08
    assert gaps.max() <= 0.4
    assert 0.15 < (gaps < 0).mean() < 0.5


def test_the_same_seed_makes_the_same_drawings() -> None:
    samples = [synthesize_strokes(name, np.random.default_rng(1)) for name in "ABC"]

    def make(seed: int) -> list[list[np.ndarray]]:
        rng = np.random.default_rng(seed)
        return draw_non_characters(samples, np.zeros(3, int), 20, rng)

    for one, same in zip(make(5), make(5), strict=True):
        np.testing.assert_array_equal(np.concatenate(one), np.concatenate(same))
    assert any(len(a) != len(b) for a, b in zip(make(5), make(6), strict=True))


def test_the_samples_are_not_changed() -> None:
    samples = [synthesize_strokes(name, np.random.default_rng(2)) for name in "AB"]
    before = [[stroke.copy() for stroke in sample] for sample in samples]
    draw_non_characters(samples, np.array([0, 1]), 50, np.random.default_rng(0))
    for sample, copy in zip(samples, before, strict=True):
        for stroke, unchanged in zip(sample, copy, strict=True):
            np.testing.assert_array_equal(stroke, unchanged)


def test_every_character_of_every_writer_will_do() -> None:
    # Dots, dashes, several strokes, an empty stroke among them.
    rng = np.random.default_rng(3)
    samples = [synthesize_strokes(name, rng) for name in "1-.,i!?HMgO"]
    samples += [[np.array([[3.0, 4.0]])], [np.zeros((0, 2)), np.array([[0.0, 0.0], [0.0, 9.0]])]]
    groups = np.arange(len(samples)) % 3
    drawings = draw_non_characters(samples, groups, 500, rng)
    for drawing in drawings:
        left, top, right, bottom = stroke_bounds(drawing)  # finite points, and at least one
        assert right - left < 5
        assert bottom - top < 2.5
    images = render_many(drawings, (0.05, 0.1), rng, box=40)
    assert images.any(axis=(1, 2)).all()
