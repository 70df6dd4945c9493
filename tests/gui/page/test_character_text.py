"""What is said in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.page_document.edits import Relabel
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.page.character_text import describe_selection, summary, tool_tip
from handwrite_gui.page.confidence import Confidence, confidence_of, percent
from handwrite_gui.page.shown_page import ShownPage
from handwrite_gui.page.text_map import CharacterRange, TextMap
from tests.gui.page.pages import BLANK, hiding_page, inferred_page, page


def shown_page(result: PageResult) -> ShownPage:
    return ShownPage.of(Writing.of(result))


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
    shown = shown_page(page("AB", "C", sure=lambda index: (0.9, 0.8, 0.7)[index]))
    assert summary(shown, 1.26).replace("\u00a0", " ") == (
        "3 characters · 2 lines · mean confidence 80 % · 1.3 s"
    )


def test_summary_of_a_blank_page_is_calm() -> None:
    said = summary(shown_page(BLANK), 0.01).replace("\u00a0", " ")
    assert said == "No writing found · under 0.1 s"


def test_summary_says_what_the_shapes_did_not_decide() -> None:
    writing = Relabel(0, "X").applied(Writing.of(inferred_page("A0", 1, "O")))
    writing = replace(writing, aside=writing.characters[:1])
    said = summary(ShownPage.of(writing), 1.0)
    assert "1 inferred · 1 corrected · 1 correction where no character was found" in said


def test_a_selection_is_described_for_a_screen_reader() -> None:
    shown = shown_page(page("AB CD", "E", sure=lambda index: 0.3 if index == 4 else 0.95))
    text = TextMap.of(shown.result)
    one = describe_selection(shown, text, CharacterRange(4, 4)).replace("\u00a0", " ")
    assert one == "E, doubtful, 30 %, line 2"
    several = describe_selection(shown, text, CharacterRange(1, 4))
    assert several == "4 characters selected from line 1: B CD E"


def test_a_screen_reader_hears_what_was_inferred_and_corrected() -> None:
    result = inferred_page("A0", 1, "O")
    shown = ShownPage.of(Relabel(0, "X").applied(Writing.of(result)))
    text = TextMap.of(shown.result)
    first = describe_selection(shown, text, CharacterRange(0, 0)).replace("\u00a0", " ")
    assert first == "X, corrected, 100 %, line 1, read as A"
    second = describe_selection(shown, text, CharacterRange(1, 1)).replace("\u00a0", " ")
    assert second == "O, sure, 95 %, line 1, seen 0, inferred O (language)"


def test_a_screen_reader_hears_that_a_letter_has_no_ink_of_its_own() -> None:
    writing = Writing.of(hiding_page("FINK", 1))
    shown, as_seen = (ShownPage.of(writing, as_seen=seen) for seen in (False, True))
    said, seen = (
        describe_selection(one, TextMap.of(one.result), CharacterRange(1, 1))
        for one in (shown, as_seen)
    )
    assert said.startswith("I, sure, ")
    assert said.endswith(", not seen, inferred I (language)")
    assert seen.startswith("nothing, sure, ")
    assert tool_tip(shown, 1) == "<table></table>Sure; not seen, inferred I (language)"


def test_tool_tip_shows_alternatives_and_escapes_them() -> None:
    tip = tool_tip(shown_page(page("&", sure=lambda _: 0.9)), 0).replace("\u00a0", " ")
    assert "<b>&amp;</b>" in tip
    assert "90 %" in tip
    assert "10 %" in tip
