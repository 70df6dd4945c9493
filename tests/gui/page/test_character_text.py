"""What is said in words."""

from __future__ import annotations

import pytest

from handwrite_gui.page.character_text import describe_selection, summary, tool_tip
from handwrite_gui.page.confidence import Confidence, confidence_of, percent
from handwrite_gui.page.text_map import CharacterRange, TextMap
from tests.gui.page.pages import BLANK, character, page


@pytest.mark.parametrize(
    ("probability", "said"),
    [(0.97, "97 %"), (1.0, "100 %"), (0.9999, "> 99 %"), (0.001, "< 1 %"), (0.0, "0 %")],
)
def test_certainty_is_claimed_only_where_there_is_any(probability: float, said: str) -> None:
    assert percent(probability).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("probability", "confidence"),
    [
        (1.0, Confidence.HIGH),
        (0.8, Confidence.HIGH),
        (0.79, Confidence.MEDIUM),
        (0.5, Confidence.MEDIUM),
        (0.49, Confidence.LOW),
        (0.0, Confidence.LOW),
    ],
)
def test_confidence_has_three_steps(probability: float, confidence: Confidence) -> None:
    assert confidence_of(probability) is confidence


def test_summary_counts_and_averages() -> None:
    result = page("AB", "C", sure=lambda index: (0.9, 0.8, 0.7)[index])
    assert summary(result, 1.26).replace("\u00a0", " ") == (
        "3 characters · 2 lines · mean confidence 80 % · 1.3 s"
    )


def test_summary_of_a_blank_page_is_calm() -> None:
    assert summary(BLANK, 0.01).replace("\u00a0", " ") == "No writing found · under 0.1 s"


def test_a_selection_is_described_for_a_screen_reader() -> None:
    text = TextMap.of(page("AB CD", "E", sure=lambda index: 0.3 if index == 4 else 0.95))
    one = describe_selection(text, CharacterRange(4, 4)).replace("\u00a0", " ")
    assert one == "E, doubtful, 30 %, line 2"
    several = describe_selection(text, CharacterRange(1, 4))
    assert several == "4 characters selected from line 1: B CD E"


def test_tool_tip_shows_alternatives_and_escapes_them() -> None:
    tip = tool_tip(character("&", 0, 0, 0.9)).replace("\u00a0", " ")
    assert "<b>&amp;</b>" in tip
    assert "90 %" in tip
    assert "10 %" in tip
