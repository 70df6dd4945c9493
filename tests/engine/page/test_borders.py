"""Where one character may end and the next begin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.page.borders import (
    COLUMNS,
    HEIGHT,
    ROWS,
    Paths,
    border_network,
    propose,
    reduced,
    windows,
)

USUAL, PEN = 64.0, 6
O = [(26 * np.cos(t) + 30, 30 * np.sin(t) + 40) for t in np.linspace(0, 2 * np.pi, 40)]  # noqa: E741
H = [[(0, 10), (0, 70)], [(0, 40), (40, 40)], [(40, 10), (40, 70)]]
T = [[(0, 10), (44, 10)], [(22, 10), (22, 70)]]


def _drawn(width: int, *strokes: list[tuple[float, float]]) -> NDArray[np.bool_]:
    canvas = Image.new("1", (width, 80))
    for points in strokes:
        ImageDraw.Draw(canvas).line(points, fill=1, width=PEN, joint="curve")
    return np.asarray(canvas)


def _at(strokes: list[list[tuple[float, float]]], x: float) -> list[list[tuple[float, float]]]:
    return [[(a + x, b) for a, b in stroke] for stroke in strokes]


def _likeliest(mask: NDArray[np.bool_], left: float, right: float) -> float:
    """The probability of the likeliest path whose middle lies between two columns."""
    ink = reduced(mask, USUAL)
    paths = Paths(ink)
    middle = paths.columns[:, ink.shape[0] // 2] * USUAL / HEIGHT
    between = np.flatnonzero((middle >= left) & (middle <= right))
    return float(paths.probability(between).max())


def test_a_path_is_judged_once_and_the_same_whatever_it_is_asked_with() -> None:
    ink = reduced(_drawn(200, O, *_at(H, 80)), USUAL)
    every, few = Paths(ink), Paths(ink)
    told = every.probability(np.arange(len(every.columns)))
    np.testing.assert_allclose(few.probability(np.array([7, 3, 7])), told[[7, 3, 7]], rtol=1e-5)
    np.testing.assert_allclose(few.probability(np.arange(40)), told[:40], rtol=1e-5)


def test_a_window_shows_the_ink_beside_its_path() -> None:
    ink = np.zeros((60, 200), np.float32)
    ink[:, 100:] = 1
    (seen,) = windows(ink, np.full((1, 60), 100)).reshape(1, 28, 40)
    assert not seen[:, :20].any()
    assert (seen[:, 20:] == 255).all()


def test_a_window_is_shifted_along_its_path() -> None:
    rows = np.arange(60)
    ink = (np.arange(200) >= 100 + rows[:, np.newaxis] // 2).astype(np.float32)
    (seen,) = windows(ink, (100 + rows // 2)[np.newaxis]).reshape(1, 28, 40)
    # The line is no higher than its ink: there is nothing above and below it.
    assert not seen[4:-4, :19].any()
    assert (seen[4:-4, 21:] == 255).all()


def test_windows_go_with_the_ink_up_and_down() -> None:
    ink = np.zeros((120, 200), np.float32)
    ink[30:61, 90:110] = 1
    lower = np.roll(ink, 40, axis=0)
    first, second = (windows(picture, np.full((1, 120), 100)) for picture in (ink, lower))
    np.testing.assert_array_equal(first, second)


def test_windows_at_the_rim_are_blank_beyond_it() -> None:
    ink = np.ones((20, 10), np.float32)
    seen = windows(ink, propose(ink))
    assert seen.shape == (len(propose(ink)), 1, ROWS, COLUMNS)
    assert (seen.reshape(-1, 28, 40)[:, 0] == 0).all()


def test_between_letters_apart_a_border_is_likely_and_inside_them_it_is_not() -> None:
    mask = _drawn(200, O, *_at(H, 80), *_at(T, 140))
    assert _likeliest(mask, 58, 78) > 0.8
    assert _likeliest(mask, 122, 138) > 0.8
    assert _likeliest(mask, 25, 35) < 0.3
    assert _likeliest(mask, 95, 105) < 0.3


def test_between_touching_letters_a_border_is_likelier_than_inside_them() -> None:
    mask = _drawn(200, O, *_at(H, 58), *_at(T, 100))
    between = min(_likeliest(mask, 52, 62), _likeliest(mask, 94, 104))
    inside = max(_likeliest(mask, 24, 36), _likeliest(mask, 72, 84))
    assert between > 0.3
    assert between > 2 * inside


def test_the_shipped_network_is_small_and_finite() -> None:
    network = border_network()
    assert sum(parameter.value.size for parameter in network.parameters) < 300_000
    assert all(np.isfinite(parameter.value).all() for parameter in network.parameters)
