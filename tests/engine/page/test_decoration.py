"""Lines under words, and boxes and circles around them, are not read."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from handwrite_gui.engine.data.synthesis.decoration import DECORATIONS, Decoration
from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.page.components import Component, find_components
from handwrite_gui.engine.page.decoration import without_frames, without_underlines
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

USUAL, PEN = 40.0, 4.0


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_model(default_model_path()), "alnum")


@pytest.mark.parametrize("decoration", DECORATIONS)
def test_decoration_is_not_read(recognizer: Recognizer, decoration: Decoration) -> None:
    text = "MILK BREAD 12 EGGS\nAPPLES AND PEARS\nCALL BOB AT 475"
    likeness = [
        SequenceMatcher(None, text, recognizer.read_page(page).text, autojunk=False).ratio()
        for page in (compose_page(text, seed, decoration=decoration) for seed in range(3, 7))
    ]
    assert np.mean(likeness) > 0.9, likeness


Shape = tuple[str, tuple[int, int, int, int]]


def _drawn(*shapes: Shape) -> NDArray[np.bool_]:
    """Lines and ellipses by one pen."""
    picture = Image.new("L", (600, 300), 0)
    draw = ImageDraw.Draw(picture)
    for kind, box in shapes:
        if kind == "line":
            draw.line(box, fill=255, width=4)
        else:
            draw.ellipse(box, outline=255, width=4)
    return np.asarray(picture) > 0


LETTERS: list[Shape] = [("ellipse", (200 + 50 * i, 100, 235 + 50 * i, 140)) for i in range(4)]


def _left_out(mask: NDArray[np.bool_]) -> list[Component]:
    labels, components = find_components(mask)
    kept = without_underlines(without_frames(labels, components, USUAL, PEN), USUAL, PEN)
    return [c for c in components if c not in kept]


def test_letters_alone_stay() -> None:
    assert not _left_out(_drawn(*LETTERS))


def test_a_zero_around_its_dot_stays() -> None:
    assert not _left_out(
        _drawn(("ellipse", (200, 80, 270, 170)), ("ellipse", (230, 120, 238, 128)))
    )


def test_a_large_letter_around_none_stays() -> None:
    assert not _left_out(_drawn(*LETTERS, ("ellipse", (20, 40, 150, 200))))


def test_a_circle_with_a_gap_goes() -> None:
    mask = _drawn(*LETTERS, ("ellipse", (160, 60, 430, 180)))
    mask[118:124, 150:170] = False
    assert [c.left for c in _left_out(mask)] == [160]


@pytest.mark.parametrize("climb", [0, 10, -10])
def test_a_line_below_letters_goes(climb: int) -> None:
    gone = _left_out(_drawn(*LETTERS, ("line", (195, 156, 390, 156 - climb))))
    assert [c.width > 190 for c in gone] == [True]


@pytest.mark.parametrize(
    "line",
    [(195, 92, 390, 92), (420, 120, 500, 120), (195, 230, 390, 230), (200, 156, 240, 156)],
    ids=["above", "beside", "far below", "short"],
)
def test_other_level_strokes_stay(line: tuple[int, int, int, int]) -> None:
    assert not _left_out(_drawn(*LETTERS, ("line", line)))
