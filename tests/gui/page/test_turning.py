"""Turning the page by hand and reading a part of it: each reads again, off the GUI thread."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.page.canvas import PageCanvas
from handwrite_gui.page.framing import UNFRAMED, Framing
from handwrite_gui.page.hit_testing import Bounds
from handwrite_gui.page.reading import Page, ReadingOptions
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, StandInStore, page, write_image

Settle = Callable[[], None]


def shown(view: PageView) -> Page:
    assert view.session.page is not None
    return view.session.page


def run(view: PageView, id: str, *arguments: object) -> None:
    """Ask for a command as its button and its shortcut do."""
    (command,) = [command for command in view.commands() if command.id == f"page.{id}"]
    command.callback(*arguments)


def is_enabled(view: PageView, id: str) -> bool:
    (command,) = [command for command in view.commands() if command.id == f"page.{id}"]
    return command.enabled is None or command.enabled()


# Turning


def test_a_quarter_turn_is_read_again(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    run(open_page, "turn-right")
    settle()
    assert recognizer.seen[-1].shape == (400, 300)
    assert shown(open_page).image.size == (300, 400)
    assert open_page.has_reading()
    for _ in range(3):
        run(open_page, "turn-right")
        settle()
    assert shown(open_page).image is shown(open_page).source
    assert shown(open_page).framing == UNFRAMED


def test_turns_asked_for_in_a_row_add_up(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    before = len(recognizer.seen)
    run(open_page, "turn-left")
    run(open_page, "turn-left")
    settle()
    assert shown(open_page).framing.quarters == 2
    assert shown(open_page).image.size == (400, 300)
    assert len(recognizer.seen) == before + 1, "what was overtaken is not read"


def test_turning_there_and_back_at_once_shows_the_page_as_it_was(
    open_page: PageView, settle: Settle
) -> None:
    image = shown(open_page).image
    run(open_page, "turn-left")
    run(open_page, "turn-right")
    settle()
    assert shown(open_page).image is image
    assert open_page.has_reading()


def test_a_free_angle_is_read_when_it_has_settled(
    qtbot: QtBot, open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    before = len(recognizer.seen)
    for angle in (1.0, 2.0, 3.5):
        open_page.tools.angle.setValue(angle)
    qtbot.waitUntil(lambda: len(recognizer.seen) > before)
    settle()
    assert len(recognizer.seen) == before + 1
    assert shown(open_page).framing == Framing(0, 3.5)
    width, height = shown(open_page).image.size
    assert width > 400
    assert height > 300


def test_cancelling_a_turn_brings_the_page_back(
    qtbot: QtBot, open_page: PageView, recognizer: StandInRecognizer
) -> None:
    before = shown(open_page)
    recognizer.hold = True
    open_page.session.turn(0, 7.5)
    qtbot.waitUntil(recognizer.waiting.is_set)
    qtbot.waitUntil(lambda: shown(open_page).framing.slant == 7.5)
    assert open_page.tools.angle.value() == 7.5
    run(open_page, "cancel")
    assert shown(open_page) is before
    assert open_page.tools.angle.value() == 0


def test_another_page_is_not_turned(open_page: PageView, tmp_path: Path, settle: Settle) -> None:
    run(open_page, "turn-left")
    open_page.open_path(write_image(tmp_path / "next.png", (200, 100)))
    settle()
    assert shown(open_page).image.name == "next.png"
    assert shown(open_page).framing == UNFRAMED


def test_a_page_is_turned_without_a_model_too(
    qtbot: QtBot, view: PageView, store: StandInStore, image_file: Path, settle: Settle
) -> None:
    recognizer = store.recognizer
    store._recognizer = None
    view.open_path(image_file)
    settle()
    run(view, "turn-right")
    settle()
    assert shown(view).image.size == (300, 400)
    store.put(recognizer)  # type: ignore[arg-type]
    settle()
    assert view.has_reading()


# A part of the page


def drag(canvas: PageCanvas, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag from one place of the image to another."""
    first, last = (QPoint(*map(round, canvas.viewport.to_view(at))) for at in (start, end))
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, Qt.KeyboardModifier.NoModifier, first)
    QTest.mouseMove(canvas, (first + last) / 2)
    QTest.mouseMove(canvas, last)
    QTest.mouseRelease(canvas, left, Qt.KeyboardModifier.NoModifier, last)


def test_only_the_region_that_was_dragged_is_read(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    canvas = open_page.workspace.canvas
    run(open_page, "choose-region", True)
    assert open_page.region_bar.isVisible()
    canvas._editor.region = Bounds(0, 0, 30, 30)  # type: ignore[union-attr]
    drag(canvas, (100, 50), (300, 200))
    open_page.region_bar.read_button.click()
    settle()
    height, width = recognizer.seen[-1].shape[:2]
    assert abs(width - 200) <= 3
    assert abs(height - 150) <= 3
    assert not open_page.region_bar.isVisible()
    region = shown(open_page).framing.region
    assert region is not None
    first = next(shown(open_page).reading.result.characters)  # type: ignore[union-attr]
    assert first.quad[0] == (region.left + 10, region.top + 10), "places are those on the page"


def test_the_whole_page_comes_back_with_one_command(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    assert not is_enabled(open_page, "whole-page")
    open_page.session.read_region(Bounds(10, 10, 200, 100))
    settle()
    assert recognizer.seen[-1].shape[:2] == (90, 190)
    assert is_enabled(open_page, "whole-page")
    run(open_page, "whole-page")
    settle()
    assert recognizer.seen[-1].shape[:2] == (300, 400)


def test_a_region_is_chosen_with_keys_alone(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    canvas = open_page.workspace.canvas
    run(open_page, "choose-region", True)
    start = canvas._editor.region  # type: ignore[union-attr]
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    QTest.keyClick(canvas, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    moved = canvas._editor.region  # type: ignore[union-attr]
    assert moved.left < start.left
    assert moved.top == start.top
    assert moved.height < start.height
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    settle()
    region = shown(open_page).framing.region
    assert region is not None
    assert abs(region.left - moved.left) < 1
    assert recognizer.seen[-1].shape[:2] == (region.height, region.width)


def test_escape_leaves_the_region_as_it_was(
    open_page: PageView, recognizer: StandInRecognizer
) -> None:
    before = len(recognizer.seen)
    run(open_page, "choose-region", True)
    assert is_enabled(open_page, "cancel")
    run(open_page, "cancel")
    assert not open_page.workspace.canvas.is_choosing_region
    assert not open_page.region_bar.isVisible()
    assert len(recognizer.seen) == before
    assert shown(open_page).framing.region is None
    assert not is_enabled(open_page, "cancel")


def test_a_click_beside_the_rectangle_leaves_it(open_page: PageView) -> None:
    canvas = open_page.workspace.canvas
    run(open_page, "choose-region", True)
    before = canvas._editor.region  # type: ignore[union-attr]
    drag(canvas, (2, 2), (3, 3))
    assert canvas._editor.region == before  # type: ignore[union-attr]


def test_the_page_can_be_moved_while_a_region_is_chosen(open_page: PageView) -> None:
    canvas = open_page.workspace.canvas
    run(open_page, "choose-region", True)
    before, region = canvas.viewport, canvas._editor.region  # type: ignore[union-attr]
    QTest.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, (200, 150), (150, 100))
    QTest.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.viewport != before
    assert canvas._editor.region == region  # type: ignore[union-attr]


def test_a_region_turns_with_the_page(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    open_page.session.read_region(Bounds(10, 20, 110, 60))
    settle()
    run(open_page, "turn-right")
    settle()
    assert shown(open_page).framing.region == Bounds(240, 10, 280, 110)
    assert recognizer.seen[-1].shape[:2] == (100, 40)


def test_cancelling_the_reading_of_a_region_brings_the_page_back(
    qtbot: QtBot, open_page: PageView, recognizer: StandInRecognizer
) -> None:
    before = shown(open_page)
    recognizer.hold = True
    open_page.session.read_region(Bounds(10, 20, 110, 60))
    qtbot.waitUntil(recognizer.waiting.is_set)
    open_page.session.cancel()
    assert shown(open_page) is before


# What is known of the writing


def choose(view: PageView, field: str, language: str | None) -> None:
    choices = view.tools.choices
    choices.field.setCurrentIndex(choices.field.findData(field))
    choices.language.setCurrentIndex(choices.language.findData(language))
    choices.field.activated.emit(choices.field.currentIndex())


def test_field_and_language_are_read_with_at_once(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    choose(open_page, "digits", None)
    settle()
    assert recognizer.options == [("en", "any"), (None, "digits")]
    assert not open_page.workspace.panel.notice.isVisible()


def test_a_field_that_the_alphabet_has_nothing_for_is_explained(
    open_page: PageView, store: StandInStore, errors: list[str], settle: Settle
) -> None:
    before = shown(open_page)
    store._recognizer._results[:] = [HandwriteError("No digits there.")]  # type: ignore[union-attr]
    choose(open_page, "digits", "en")
    settle()
    assert errors == ["No digits there."]
    assert shown(open_page) is before
    assert open_page.workspace.panel.notice.isVisible(), "the text was read with other settings"


def test_options_chosen_while_it_is_being_turned_are_read_with(
    open_page: PageView, recognizer: StandInRecognizer, settle: Settle
) -> None:
    open_page.session.turn(0, 5)
    open_page.session.set_options(ReadingOptions(None, "letters"))
    settle()
    assert recognizer.options[-1] == (None, "letters")
    assert shown(open_page).framing.slant == 5
    assert shown(open_page).reading.options.field == "letters"  # type: ignore[union-attr]


def test_saved_places_are_those_on_the_image_as_it_was_opened(
    open_page: PageView, store: StandInStore, tmp_path: Path, settle: Settle
) -> None:
    store._recognizer._results[:] = [page("A")]  # type: ignore[union-attr]
    run(open_page, "turn-right")
    settle()
    open_page.save_text(tmp_path / "turned.json")
    document = json.loads((tmp_path / "turned.json").read_text(encoding="utf-8"))
    assert (document["image"]["width"], document["image"]["height"]) == (400, 300)
    quad = document["lines"][0]["words"][0]["characters"][0]["quad"]
    # Its upper left corner at (10, 10) of the turned page is the lower left one of the original.
    assert quad[0] == pytest.approx([10, 290])
