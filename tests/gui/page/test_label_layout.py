"""Labels are legible at every zoom: a chip a character, a chip a word, or none."""

from __future__ import annotations

from handwrite_gui.page.confidence import Confidence
from handwrite_gui.page.label_layout import Chip, ChipMetrics, lay_out_chips
from handwrite_gui.page.oriented import WordBox
from handwrite_gui.page.text_map import CharacterRange, TextMap
from handwrite_gui.page.viewport import Viewport
from tests.gui.page.pages import HEIGHT, WIDTH, page

METRICS = ChipMetrics(advance=lambda text: 7.0 * len(text), height=14.0, padding=3.0)


def chips(*lines: str, scale: float, x: float = 0, doubtful: tuple[int, ...] = ()) -> list[Chip]:
    text = TextMap.of(page(*lines, sure=lambda index: 0.2 if index in doubtful else 0.95))
    quads = [c.quad for c in text.characters]
    boxes = [WordBox.around(quads[word.first : word.last + 1]) for word in text.words]
    viewport = Viewport((WIDTH, HEIGHT), (WIDTH, HEIGHT), scale=scale, x=x)
    return list(lay_out_chips(text, quads, boxes, viewport, METRICS))


def test_large_characters_have_a_chip_each() -> None:
    laid = chips("DEEP NET", scale=1)
    assert [chip.text for chip in laid] == list("DEEPNET")
    assert laid[0].bounds.bottom == 10, "it stands on the character's upper edge"
    assert laid[0].bounds.centre[0] == 20, "in its middle"


def test_small_characters_share_a_chip_with_their_word() -> None:
    laid = chips("DEEP NET", scale=0.5)
    assert [chip.text for chip in laid] == ["DEEP", "NET"]
    assert laid[1].characters == CharacterRange(4, 6)


def test_tiny_words_have_no_chip() -> None:
    assert chips("DEEP NET", scale=0.2) == []


def test_doubt_is_marked_without_colour() -> None:
    laid = chips("DEEP", scale=1, doubtful=(2,))
    assert [chip.text for chip in laid] == ["D", "E", "E?", "P"]
    assert laid[2].confidence is Confidence.LOW


def test_a_word_is_as_sure_as_its_least_sure_character() -> None:
    (word,) = chips("DEEP", scale=0.5, doubtful=(2,))
    assert word.confidence is Confidence.LOW


def test_only_what_is_in_view_is_laid_out() -> None:
    assert [chip.text for chip in chips("DEEP NET", scale=1, x=-150)] == list("NET")
