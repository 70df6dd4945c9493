"""Which way up a page is."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

TEXT = "MILK BREAD 12 EGGS\nAPPLES AND PEARS\nCALL BOB AT 0475"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_model(default_model_path()))


@pytest.mark.parametrize("seed", [3, 8])
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarter_turns_do_not_change_what_is_read(
    recognizer: Recognizer, seed: int, quarters: int
) -> None:
    page = compose_page(TEXT, seed)
    turned = np.rot90(page, quarters).copy()
    assert recognizer.read_page(turned).text == recognizer.read_page(page).text


@pytest.mark.parametrize("angle", [75, 102, 140, 175, 200, 255, 300])
def test_any_angle_is_read(recognizer: Recognizer, angle: float) -> None:
    text = recognizer.read_page(compose_page(TEXT, 3, angle=angle)).text
    upright = recognizer.read_page(compose_page(TEXT, 3)).text
    wrong = sum(a != b for a, b in zip(text, upright, strict=False))
    assert len(text) == pytest.approx(len(upright), abs=3)
    assert wrong <= 12


@pytest.mark.parametrize("letter", "AFGHINOSXZ6M")
def test_a_lone_letter_stays_as_it_is(recognizer: Recognizer, letter: str) -> None:
    (character,) = recognizer.read_page(compose_page(letter, 4)).characters
    left_top, right_top, *_ = character.quad
    assert left_top[1] == pytest.approx(right_top[1], abs=1)
    assert left_top[0] < right_top[0]


@pytest.mark.parametrize("word", ["HI", "SOS", "WOW", "NOON", "69", "OX", "MOM", "1961"])
def test_a_short_word_that_looks_alike_turned_stays_as_it_is(
    recognizer: Recognizer, word: str
) -> None:
    first = next(iter(recognizer.read_page(compose_page(word, 4)).characters))
    assert first.quad[0][0] < first.quad[1][0]


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_one_line_is_enough(recognizer: Recognizer, quarters: int) -> None:
    page = np.rot90(compose_page("BREAD AND BUTTER", 7), quarters).copy()
    upright = recognizer.read_page(compose_page("BREAD AND BUTTER", 7)).text
    assert recognizer.read_page(page).text == upright


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_characters_are_found_where_they_stand_on_a_turned_page(
    recognizer: Recognizer, quarters: int
) -> None:
    page = compose_page("HELLO\nWORLD", 4)
    upright = recognizer.read_page(page)
    turned = recognizer.read_page(np.rot90(page, quarters).copy())
    height, width = page.shape[:2]
    for before, after in zip(upright.characters, turned.characters, strict=True):
        corners = np.array(before.quad)
        size = width, height
        for _ in range(quarters):
            # Counter-clockwise: what was at the right edge is now at the top.
            corners = np.stack([corners[:, 1], size[0] - corners[:, 0]], axis=1)
            size = size[1], size[0]
        assert np.array(after.quad) == pytest.approx(corners, abs=2)
