"""Whose pages scripts/make_page_samples.py cuts its samples from."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer, page_judge
from handwrite_gui.engine.resources import default_model_path

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
LETTERS = 240


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("make_page_samples")


@pytest.mark.parametrize(
    ("share", "by_somebody"), [(0.0, {True}), (0.5, {True, False}), (1.0, {False})]
)
def test_a_share_of_the_pages_is_made_up(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, share: float, by_somebody: set[bool]
) -> None:
    hands = importlib.import_module("hands")
    known = hands.made_up_hand("ABEHKMRX", np.random.default_rng(1))
    wrote: list[Any] = []
    compose = script.compose

    def composed(hand: Any, *arguments: Any) -> Any:
        wrote.append(hand)
        return compose(hand, *arguments)

    monkeypatch.setattr(script, "compose", composed)
    judge = page_judge(Recognizer(load_model(default_model_path())))
    rng = np.random.default_rng(2)
    samples = script.Samples(rng)
    script.sample_composed([known], LETTERS, judge, samples, rng, share)
    assert samples.count >= LETTERS and len(wrote) >= 3
    assert {hand is known for hand in wrote} == by_somebody


def test_more_than_all_pages_are_refused(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["--data", "nowhere", "--output", "nowhere.npz", "--made-up", "1.5"]
    monkeypatch.setattr("sys.argv", ["make_page_samples.py", *arguments])
    with pytest.raises(SystemExit):
        script.main()
    assert "from 0 to 1, not 1.5" in capsys.readouterr().err
