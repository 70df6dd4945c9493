"""Whom the letters of scripts/crowd.py are of, and what is set from them."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from handwrite_gui.engine.data.strokes import render_fitted
from handwrite_gui.engine.data.synthesis.characters import synthesize_strokes
from handwrite_gui.engine.data.synthesis.style import WritingStyle
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer, page_judge
from handwrite_gui.engine.resources import default_model_path

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(SCRIPTS)
    return importlib.import_module("crowd")


def _drawn(label: str, rng: np.random.Generator) -> list[np.ndarray]:
    return [s for s in synthesize_strokes(label, rng, WritingStyle.random(rng)) if len(s)]


def _pictures(folder: Path, names: tuple[str, ...]) -> None:
    """A file of every name: all characters once, an X that is said to be an O, and nothing."""
    rng = np.random.default_rng(3)
    for name in names:
        images = np.zeros((len(CHARACTERS) + 2, 48, 48), np.uint8)
        for image, label in zip(images, CHARACTERS + "X", strict=False):
            drawn = render_fitted(_drawn(label, rng), longer_side=40, pen_width=3.0)
            image[: drawn.shape[0], : drawn.shape[1]] = drawn
        np.savez(folder / f"{name}.npz", images=images, labels=np.array(list(CHARACTERS + "OQ")))


def test_everybodys_letters_are_set_in_words(script: ModuleType, tmp_path: Path) -> None:
    _pictures(tmp_path, script.PICTURES)
    rng = np.random.default_rng(1)
    sized = importlib.import_module("hands").sized
    own = [("E", sized(_drawn("E", rng), "E"))]
    hand = importlib.import_module("hands").Hand([], {"unipen_upper": own})
    judge = page_judge(Recognizer(load_model(default_model_path())))

    crowd = script.Crowd([hand], tmp_path, judge)
    most = 1 + len(script.PICTURES) * len(CHARACTERS)
    assert 0.85 * most < crowd.count <= most

    page = crowd.hand(np.random.default_rng(2))
    letters = {label for kind in page.characters.values() for label, _ in kind}
    assert letters >= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    assert page.characters["unipen_upper"][0] is own[0]
    assert all(label.isdigit() for label, _ in page.characters["unipen_digits"])
    assert len(page.words) == script.WORDS
    assert len({word.text for word in page.words}) > script.WORDS / 2
    for word in page.words:
        assert len(word.letters) == len(word.text) and word.text.isalpha()
        left = [min(stroke[:, 0].min() for stroke in letter) for letter in word.letters]
        assert left == sorted(left)


def test_the_same_chances_set_the_same_page(script: ModuleType, tmp_path: Path) -> None:
    _pictures(tmp_path, script.PICTURES)
    judge = page_judge(Recognizer(load_model(default_model_path())))
    crowd = script.Crowd([], tmp_path, judge)
    one, other = (crowd.hand(np.random.default_rng(5)) for _ in range(2))
    assert [word.text for word in one.words] == [word.text for word in other.words]
    assert np.array_equal(one.words[0].letters[0][0], other.words[0].letters[0][0])
    assert [w.text for w in crowd.hand(np.random.default_rng(6)).words] != [
        word.text for word in one.words
    ]


def test_what_is_not_read_as_what_it_is_said_to_be_is_left_out(
    script: ModuleType, tmp_path: Path
) -> None:
    _pictures(tmp_path, script.PICTURES)
    judge = page_judge(Recognizer(load_model(default_model_path())))
    crowd = script.Crowd([], tmp_path, judge)
    kinds = crowd.hand(np.random.default_rng(0)).characters
    labels = [label for label, _ in kinds["unipen_upper"]]
    assert labels.count("O") <= len(script.PICTURES)
    assert labels.count("Q") <= len(script.PICTURES)
