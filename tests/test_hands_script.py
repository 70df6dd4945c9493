"""Who writes the pages that are learned from: here those who do not exist."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
LABELS = "Rr7."


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("hands")


def test_a_made_up_hand_writes_every_character_on_the_line(script: ModuleType) -> None:
    for seed in range(10):
        hand = script.made_up_hand(LABELS, np.random.default_rng(seed))
        assert hand.words == []
        written = hand.characters["made up"]
        assert [label for label, _ in written] == [
            label for label in LABELS for _ in range(script.SIMILAR)
        ]
        for label, letter in written:
            points = np.concatenate(letter)
            assert points[:, 0].min() == pytest.approx(0)
            assert points[:, 1].max() == pytest.approx(1, abs=0.35)
            if label == "R":
                assert np.ptp(points[:, 1]) == pytest.approx(1, abs=0.35)


def test_who_writes_script_writes_words_of_capitals(script: ModuleType) -> None:
    kinds = []
    for seed in range(40):
        characters = script.made_up_hand(LABELS, np.random.default_rng(seed)).characters
        kinds.append(set(characters))
        assert {label for label, _ in characters.get("capitals", [])} <= {"R"}
    printed = kinds.count({"made up"})
    assert printed + kinds.count({"made up", "capitals"}) == 40
    assert printed / 40 == pytest.approx(1 - script.SCRIPT, abs=0.2)


def test_a_font_is_a_hand_of_its_letters_and_digits(script: ModuleType, tmp_path: Path) -> None:
    labels = "7Ax,7Bg"
    writers = [100_002] * 4 + [100_003] * 3
    strokes = [np.array([[0.0, 0.0], [4.0, 8.0]]) for _ in labels]
    path = tmp_path / "fonts.npz"
    np.savez(
        path,
        labels=np.array(list(labels)),
        writer=np.array(writers, np.int32),
        points=np.concatenate(strokes).astype(np.float32),
        stroke_len=np.full(len(labels), 2, np.int32),
        n_strokes=np.ones(len(labels), np.int32),
    )
    first, second = script.load_fonts(path, "5:2,3,4")
    kinds = [
        {k: "".join(c for c, _ in own) for k, own in h.characters.items()} for h in (first, second)
    ]
    assert kinds[0] == {"unipen_digits": "7", "unipen_upper": "A", "unipen_lower": "x"}
    assert kinds[1] == {"unipen_digits": "7", "unipen_upper": "B", "unipen_lower": "g"}
    assert first.words == []
    (_, capital), (_, small) = first.characters["unipen_upper"] + first.characters["unipen_lower"]
    assert np.ptp(np.concatenate(capital)[:, 1]) == pytest.approx(1)
    assert np.ptp(np.concatenate(small)[:, 1]) == pytest.approx(script.X_HEIGHT)
    assert len(script.load_fonts(path, "5:3")) == 1
