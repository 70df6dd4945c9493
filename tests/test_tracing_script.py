"""What scripts/tracing.py makes of pictures: the strokes of a pen that would have drawn them."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from handwrite_gui.engine.data.strokes import render_fitted, render_strokes
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes
from handwrite_gui.engine.data.synthesis.style import WritingStyle

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("tracing")


def test_a_stroke_is_followed_from_end_to_end(script: ModuleType) -> None:
    drawn = np.array([[6.0, 5.0], [25.0, 26.0]])
    (stroke,) = script.traced(render_strokes([drawn], pen_width=3.0, size=(32, 32)))
    if stroke[0, 0] > stroke[-1, 0]:
        stroke = stroke[::-1]
    # The middle line of a round end stops half a pen's width before it.
    assert np.hypot(*(stroke[[0, -1]] - drawn).T).max() < 2.0
    along = (drawn[1] - drawn[0]) / np.hypot(*(drawn[1] - drawn[0]))
    away = (stroke - drawn[0]) @ np.array([along[1], -along[0]])
    assert np.abs(away).max() < 0.7


def test_a_ring_is_one_stroke_that_comes_back(script: ModuleType) -> None:
    turn = np.linspace(0, 2 * np.pi, 60)
    ring = np.stack([16 + 9 * np.cos(turn), 16 + 9 * np.sin(turn)], axis=1)
    (stroke,) = script.traced(render_strokes([ring], pen_width=3.0, size=(32, 32)))
    assert np.hypot(*(stroke[0] - stroke[-1])) < 0.5
    assert np.hypot(*(stroke - 16).T) == pytest.approx(9, abs=0.8)


def test_strokes_end_where_lines_meet(script: ModuleType) -> None:
    bar, stem = np.array([[5.0, 6.0], [27.0, 6.0]]), np.array([[16.0, 6.0], [16.0, 27.0]])
    strokes = script.traced(render_strokes([bar, stem], pen_width=3.0, size=(32, 32)))
    assert len(strokes) == 3
    meeting = [np.hypot(*(stroke[[0, -1]] - [16, 6]).T).min() for stroke in strokes]
    assert max(meeting) < 2.0


def test_a_thick_pen_leaves_no_hairs(script: ModuleType) -> None:
    stroke = np.array([[8.0, 9.0], [24.0, 9.0]])
    assert len(script.traced(render_strokes([stroke], pen_width=8.0, size=(32, 32)))) == 1


def test_nothing_is_no_stroke_and_a_dot_is_one(script: ModuleType) -> None:
    assert script.traced(np.zeros((28, 28), np.uint8)) == []
    dot = render_strokes([np.array([[14.0, 14.0]])], pen_width=4.0, size=(28, 28))
    (stroke,) = script.traced(dot)
    assert np.abs(stroke - 14).max() < 1.5
    pixel = np.zeros((28, 28), np.uint8)
    pixel[14, 14] = 255
    assert len(script.traced(pixel)) == 1


@pytest.mark.parametrize("character", "ABKRWX3468")
def test_what_is_traced_and_drawn_again_looks_the_same(script: ModuleType, character: str) -> None:
    rng = np.random.default_rng(ord(character))
    drawn = [s for s in synthesize_strokes(character, rng, WritingStyle.random(rng)) if len(s)]
    image = render_fitted(drawn, longer_side=40, pen_width=4.0)
    again = render_strokes(script.traced(image), pen_width=4.0, size=image.shape)
    before, after = image > 127, again > 127
    assert (before & after).sum() / (before | after).sum() > 0.75
