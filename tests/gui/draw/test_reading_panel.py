"""The panel shows a reading of any length, and what the context changed."""

from __future__ import annotations

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from handwrite_gui.draw.reading_panel import ReadingPanel
from handwrite_gui.engine.drawing.result import DrawingResult, DrawnCharacter, DrawnLine
from handwrite_gui.engine.prediction import Prediction


def character(label: str, index: int, guesses: str = "") -> DrawnCharacter:
    predictions = tuple(
        Prediction(guess, 0.5 ** (rank + 1)) for rank, guess in enumerate(guesses or label)
    )
    seen = np.full((32, 32), index, np.uint8)
    return DrawnCharacter(label, predictions, (0, 0, 1, 1), (index,), seen)


def word(text: str) -> DrawingResult:
    return result(tuple(character(label, i) for i, label in enumerate(text)))


def result(*words: tuple[DrawnCharacter, ...]) -> DrawingResult:
    return DrawingResult((DrawnLine(words),))


@pytest.fixture
def panel(qtbot: QtBot) -> ReadingPanel:
    panel = ReadingPanel()
    qtbot.addWidget(panel)
    panel.resize(panel.width(), 700)
    panel.show()
    qtbot.waitExposed(panel)
    return panel


@pytest.mark.parametrize("length", [1, 3, 8, 24])
def test_every_character_has_a_button_inside_the_strip(
    qtbot: QtBot, panel: ReadingPanel, length: int
) -> None:
    panel.show_result(word("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:length]), -1)
    qtbot.wait(20)
    strip = panel.word
    buttons = [strip.button(index) for index in range(length)]
    for index, button in enumerate(buttons):
        assert button.isVisible()
        assert strip.rect().contains(button.geometry()), index
        assert not any(button.geometry().intersects(b.geometry()) for b in buttons[:index])


def test_a_shorter_word_hides_the_rest(panel: ReadingPanel) -> None:
    panel.show_result(word("LONGER"), -1)
    panel.show_result(word("UP"), -1)
    assert panel.word.text == "UP"
    assert not panel.word.button(2).isVisible()


def test_the_character_of_the_newest_stroke_is_selected(panel: ReadingPanel) -> None:
    panel.show_result(word("ABC"), 1)
    assert panel.index == 1
    image = panel.network_input.image
    assert image is not None
    assert image.pixelIndex(0, 0) == 1


def test_a_choice_stays_while_it_can(panel: ReadingPanel) -> None:
    panel.show_result(word("ABC"), -1)
    panel.select(1)
    panel.show_result(word("ABCD"), -1)
    assert panel.index == 1
    panel.show_result(word("A"), -1)
    assert panel.index == 0
    panel.show_result(None, -1)
    assert panel.index == -1


def test_what_the_word_decided_is_said(panel: ReadingPanel) -> None:
    panel.show_result(result((character("O", 0, "0O"), character("K", 1))), 0)
    assert panel._context.text() == "O fits the word"
    panel.select(1)
    assert panel._context.text() == ""


def test_of_a_long_text_what_was_written_last_is_in_sight(
    qtbot: QtBot, panel: ReadingPanel
) -> None:
    def lines(count: int) -> DrawingResult:
        return DrawingResult(
            tuple(
                DrawnLine(
                    (tuple(character(label, 5 * row + i) for i, label in enumerate("LINES")),)
                )
                for row in range(count)
            )
        )

    def is_in_sight(index: int) -> bool:
        button = panel.word.button(index)
        return not button.visibleRegion().isEmpty()

    for count in range(1, 11):
        panel.show_result(lines(count), 5 * count - 1)
        qtbot.waitUntil(lambda count=count: is_in_sight(5 * count - 1))  # type: ignore[misc]
    assert not is_in_sight(0)
    assert panel.text == "\n".join(["LINES"] * 10)
    assert panel.bars.isVisible()


def test_a_space_parts_the_buttons_of_two_words(qtbot: QtBot, panel: ReadingPanel) -> None:
    panel.show_result(result((character("A", 0),), (character("B", 1), character("C", 2))), -1)
    qtbot.wait(20)
    one, two, three = (panel.word.button(index).geometry() for index in range(3))
    assert two.left() - one.right() > 2 * (three.left() - two.right())
    assert panel.word.text == panel.text == "A BC"
