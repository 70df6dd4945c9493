"""What scripts/train_borders.py learns from: paths through lines whose letters' ink is known."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from handwrite_gui.engine.page.borders import COLUMNS, ROWS

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
UPRIGHT = [np.array([[0.0, -1.0], [0.0, 0.0]])]
ANGLE = [np.array([[0.0, -1.0], [0.0, 0.0], [0.6, 0.0]])]


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("train_borders")


def _lines(script: ModuleType, count: int) -> Any:
    hand = script.Hand({"unipen_upper": [UPRIGHT, ANGLE]}, [])
    parts = [script.sample_line([hand, hand], (3, number)) for number in range(count)]
    return importlib.import_module("composing").joined(parts)


def test_lines_have_paths_that_part_letters_and_others(script: ModuleType) -> None:
    lines = _lines(script, 12)
    assert lines["seen"].shape == (len(lines["like"]), 1, ROWS, COLUMNS)
    assert lines["seen"].dtype == np.uint8
    assert 0.1 < (lines["like"] > 0.9).mean() < 0.8
    assert 0.1 < (lines["like"] < 0.1).mean() < 0.9
    # The one hand of twelve that is held out is the first.
    assert lines["held_out"].any() and not lines["held_out"].all()


def test_a_path_is_wrong_by_the_ink_that_it_leaves_on_the_other_side(script: ModuleType) -> None:
    letters = np.zeros((2, 10, 20), np.float32)
    letters[0, :, 4:6] = 1
    letters[1, :, 12:14] = 1
    paths = np.array([[9] * 10, [5] * 10, [13] * 10, [4] * 10])
    np.testing.assert_allclose(script.misplaced(letters, paths), [[0, 0.5, 0.5, 1]])
    assert script.likeness(script.misplaced(letters, paths)).tolist() == [1, 0, 0, 0]


def test_what_has_learned_tells_borders_of_hands_it_has_not_seen(
    script: ModuleType, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    learning = importlib.import_module("learning")
    monkeypatch.setattr(learning, "WARMUP", 5)
    monkeypatch.setattr(learning, "DECAY", 0.8)
    lesson = script.Lesson(**_lines(script, 50))
    first, second = (script.train(lesson, 4, np.random.default_rng(seed)) for seed in (4, 4))
    for one, other in zip(first.parameters, second.parameters, strict=True):
        np.testing.assert_array_equal(one.value, other.value)
    assert "right" in capsys.readouterr().out
    others = lesson.held_out & ((lesson.like < 0.01) | (lesson.like > 0.99))
    told = first.probabilities(lesson.seen[others])[:, 1] > 0.5
    clear = lesson.like[others] > 0.5
    assert (told == clear).mean() > max(clear.mean(), 1 - clear.mean()) + 0.1
