"""Reading whole pages with the shipped model."""

from __future__ import annotations

from difflib import SequenceMatcher

import numpy as np
import pytest

from handwrite_gui.engine.data.synthesis.page import compose_page
from handwrite_gui.engine.data.synthesis.style import WritingStyle
from handwrite_gui.engine.errors import Cancelled
from handwrite_gui.engine.model_file import load_model
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.recognizer import Recognizer
from handwrite_gui.engine.resources import default_model_path

TEXT = "MILK BREAD 12 EGGS\nAPPLES AND PEARS\nCALL BOB AT 0475"


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer(load_model(default_model_path()))


def _likeness(result: PageResult, text: str = TEXT) -> float:
    """Share of characters, spaces and line breaks that agree, in order."""
    return SequenceMatcher(None, result.text, text, autojunk=False).ratio()


@pytest.mark.parametrize("seed", [3, 8, 21])
@pytest.mark.parametrize("paper", ["plain", "shaded"])
def test_a_page_is_read_line_by_line_and_word_by_word(
    recognizer: Recognizer, paper: str, seed: int
) -> None:
    result = recognizer.read_page(compose_page(TEXT, seed, paper=paper))  # type: ignore[arg-type]
    assert len(result.lines) == 3
    assert _likeness(result) > 0.9


@pytest.mark.parametrize("angle", [-35, -8, 15])
def test_slanting_lines_are_read(recognizer: Recognizer, angle: float) -> None:
    assert _likeness(recognizer.read_page(compose_page(TEXT, 3, angle=angle))) > 0.9


def test_broken_letters_are_put_together(recognizer: Recognizer) -> None:
    assert _likeness(recognizer.read_page(compose_page(TEXT, 3, broken=True))) > 0.8


def test_looped_capitals_that_touch_are_read(recognizer: Recognizer) -> None:
    """A second look that learned from printed capitals alone has 0.85 here."""
    read = []
    for seed in (0, 2, 3, 4):
        style = WritingStyle.random(np.random.default_rng([seed, 0]), script=1.0)
        page = compose_page(TEXT, seed, style=style, touching=True)
        read.append(_likeness(recognizer.read_page(page)))
    assert np.mean(read) > 0.92


@pytest.mark.parametrize("cap_height", [30, 110])
def test_the_size_of_the_writing_does_not_matter(recognizer: Recognizer, cap_height: float) -> None:
    assert _likeness(recognizer.read_page(compose_page(TEXT, 3, cap_height=cap_height))) > 0.9


def test_inverting_and_a_border_change_nothing(recognizer: Recognizer) -> None:
    page = compose_page(TEXT, 3)
    text = recognizer.read_page(page).text
    assert recognizer.read_page(255 - page).text == text
    framed = np.pad(page, ((60, 30), (20, 90), (0, 0)), mode="edge")
    assert recognizer.read_page(framed).text == text


@pytest.mark.parametrize("angle", [0, 20])
def test_characters_stand_where_their_ink_is(recognizer: Recognizer, angle: float) -> None:
    page = compose_page("HELLO\nWORLD", 4, angle=angle)
    result = recognizer.read_page(page)
    height, width = page.shape[:2]
    assert (result.width, result.height) == (width, height)
    dark = page.mean(axis=2) < 128
    for character in result.characters:
        x = [point[0] for point in character.quad]
        y = [point[1] for point in character.quad]
        assert 0 <= min(x) < max(x) <= width
        assert 0 <= min(y) < max(y) <= height
        assert dark[int(min(y)) : int(max(y)), int(min(x)) : int(max(x))].any()
        assert 0 <= character.probability <= 1
        assert character.label in [guess.label for guess in character.alternatives]


def test_a_large_photograph_is_read_in_its_own_pixels(recognizer: Recognizer) -> None:
    page = compose_page("BREAD", 3, cap_height=700)
    result = recognizer.read_page(page)
    assert result.text == "BREAD"
    assert max(point[0] for c in result.characters for point in c.quad) > 0.7 * page.shape[1]


@pytest.mark.parametrize(
    "page",
    [
        np.full((600, 800), 255, np.uint8),
        np.zeros((600, 800, 3), np.uint8),
        np.full((1, 1), 7, np.uint8),
        np.clip(200 + np.random.default_rng(1).normal(0, 12, (600, 800)), 0, 255).astype(np.uint8),
        np.random.default_rng(2).integers(0, 256, (600, 800, 3)).astype(np.uint8),
    ],
    ids=["white", "black", "one pixel", "grain", "noise"],
)
def test_where_nothing_is_written_nothing_is_read(recognizer: Recognizer, page: np.ndarray) -> None:
    assert recognizer.read_page(page).lines == ()


def test_an_alphabet_limits_what_is_read(recognizer: Recognizer) -> None:
    model = recognizer.model
    digits = Recognizer(model, "digits").read_page(compose_page(TEXT, 3)).text
    assert set(digits) <= set("0123456789 \n")


def test_full_stops_are_read_only_where_the_alphabet_has_them(recognizer: Recognizer) -> None:
    pages = [compose_page("THE END.", seed) for seed in range(6, 10)]
    assert [recognizer.read_page(page).text for page in pages] == ["THE END"] * 4
    everything = Recognizer(recognizer.model, "full")
    ends = [everything.read_page(page).text[-1] for page in pages]
    assert all(end in ".," for end in ends), ends


def test_progress_rises_to_one(recognizer: Recognizer) -> None:
    seen: list[float] = []
    recognizer.read_page(compose_page("AB", 3), on_progress=lambda share, what: seen.append(share))
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


@pytest.mark.parametrize("step", range(4))
def test_it_stops_when_asked(recognizer: Recognizer, step: int) -> None:
    answers = iter([False] * step + [True] * 50)
    with pytest.raises(Cancelled):
        recognizer.read_page(compose_page("AB", 3), should_stop=lambda: next(answers))
