"""The Draw view as a person uses it: draw, read, choose, undo, copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.commands import Command
from handwrite_gui.draw.view import DrawView
from handwrite_gui.engine.handwriting.profiles import Profile, ProfileStore
from handwrite_gui.engine.model_file import Model
from handwrite_gui.model_store import PROFILE_KEY, ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.theme import theme
from tests.gui.pen import stroke, write


@pytest.fixture
def empty_store(qtbot: QtBot) -> Iterator[ModelStore]:
    store = ModelStore()
    yield store
    store.shutdown()


@pytest.fixture
def store(empty_store: ModelStore, shipped_model: Model) -> ModelStore:
    empty_store.use(shipped_model, "test")
    return empty_store


def shown(qtbot: QtBot, store: ModelStore) -> DrawView:
    view = DrawView(store)
    qtbot.addWidget(view, before_close_func=lambda view: view.shutdown())
    view.resize(1180, 740)
    view.show()
    qtbot.waitExposed(view)
    return view


@pytest.fixture
def view(qtbot: QtBot, store: ModelStore) -> DrawView:
    return shown(qtbot, store)


def command(view: DrawView, name: str) -> Command:
    return next(c for c in view.commands() if c.id == f"draw.{name}")


def settle(qtbot: QtBot, view: DrawView) -> None:
    """Wait for the reading of what was drawn last."""
    qtbot.waitUntil(lambda: not view.reader.is_busy)


def test_an_empty_canvas_predicts_nothing(qtbot: QtBot, view: DrawView) -> None:
    qtbot.wait(60)
    assert view.panel.text == ""
    assert view.panel.bars.predictions == ()
    assert view.panel.network_input.image is None


@pytest.mark.parametrize("letter", ["R", "L", "O", "T"])
def test_a_letter_is_read(qtbot: QtBot, view: DrawView, letter: str) -> None:
    view.alphabet_chooser.setCurrentIndex(view.alphabet_chooser.findData("upper"))
    view.alphabet_chooser.activated.emit(view.alphabet_chooser.currentIndex())
    write(view.canvas, letter)
    settle(qtbot, view)
    assert view.panel.text == letter
    best = view.panel.bars.predictions[0]
    assert best.label == letter
    assert 0.5 < best.probability <= 1


def test_the_prediction_comes_while_the_pen_is_still_down(qtbot: QtBot, view: DrawView) -> None:
    stroke(view.canvas, [(200, 100), (195, 300), (320, 300)], lift=False)
    qtbot.waitUntil(lambda: len(view.panel.text) == 1)
    assert view.canvas.is_drawing
    assert view.drawing.is_empty
    assert view.panel.bars.predictions


def test_letters_side_by_side_are_read_as_a_word(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "TOLL", scale=1.2)
    settle(qtbot, view)
    assert len(view.panel.text) == 4
    assert view.panel.text.upper().replace("0", "O").replace("1", "L")[1:3] == "OL"


def test_the_character_drawn_last_is_selected_and_shown(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "TOL", scale=1.2)
    settle(qtbot, view)
    assert view.panel.index == 2
    stroke(view.canvas, [(96, 180), (160, 182)])  # a second bar on the T
    settle(qtbot, view)
    assert view.panel.index == 0


def test_choosing_a_character_shows_its_guesses_and_input(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "TO", scale=1.2)
    settle(qtbot, view)
    of_the_last = view.panel.network_input.image, view.panel.bars.predictions
    QTest.mouseClick(view.panel.word.button(0), Qt.MouseButton.LeftButton)
    assert view.panel.index == 0
    assert view.panel.network_input.image != of_the_last[0]
    assert view.panel.bars.predictions != of_the_last[1]
    assert view.panel.bars.predictions[0].label == view.panel.text[0]


def test_arrow_keys_choose_a_character(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "TO", scale=1.2)
    settle(qtbot, view)
    view.panel.word.button(1).setFocus()
    QTest.keyClick(view.panel.word.button(1), Qt.Key.Key_Left)
    assert view.panel.index == 0


def test_the_network_sees_the_whole_character_whatever_its_size(
    qtbot: QtBot, view: DrawView
) -> None:
    heights = []
    for scale in (0.5, 3.0):
        write(view.canvas, "L", scale=scale)
        settle(qtbot, view)
        image = view.panel.network_input.image
        assert image is not None
        rows = [y for y in range(32) if any(image.pixelIndex(x, y) > 127 for x in range(32))]
        heights.append(len(rows))
        view.drawing.clear()
    assert heights[0] >= 20
    assert abs(heights[0] - heights[1]) <= 1


def test_undo_redo_and_clear_are_followed_by_the_reading(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "LO", scale=1.2)
    settle(qtbot, view)
    both = view.panel.text
    command(view, "undo").callback()
    settle(qtbot, view)
    assert view.panel.text == both[0]
    command(view, "redo").callback()
    settle(qtbot, view)
    assert view.panel.text == both
    command(view, "clear").callback()
    assert view.panel.text == ""
    assert view.panel.network_input.image is None
    command(view, "undo").callback()
    settle(qtbot, view)
    assert view.panel.text == both


def test_undo_while_the_pen_is_down_gives_up_that_stroke(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "L")
    stroke(view.canvas, [(300, 100), (300, 300)], lift=False)
    command(view, "undo").callback()
    assert len(view.canvas.strokes) == 1
    assert not view.canvas.is_drawing


def test_commands_can_be_used_only_when_they_would_do_something(
    qtbot: QtBot, view: DrawView
) -> None:
    def usable() -> set[str]:
        return {c.id for c in view.commands() if c.enabled is None or c.enabled()}

    assert usable() == set()
    write(view.canvas, "L")
    settle(qtbot, view)
    assert usable() == {"draw.undo", "draw.clear", "draw.copy_text"}
    view.drawing.undo()
    assert usable() == {"draw.redo"}


def test_copy_puts_the_word_on_the_clipboard(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "LO", scale=1.2)
    settle(qtbot, view)
    command(view, "copy_text").callback()
    assert QGuiApplication.clipboard().text() == view.panel.text != ""


def test_the_alphabet_limits_what_is_read(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "O")
    settle(qtbot, view)
    for name, allowed in (("digits", str.isdigit), ("upper", str.isupper)):
        view._store.set_alphabet(name)
        settle(qtbot, view)
        assert allowed(view.panel.text)
        assert all(allowed(label) for label, _ in view.panel.bars.predictions)


def test_pointing_at_a_character_outlines_it(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "L", at=(100, 100))
    settle(qtbot, view)
    plain = view.canvas.grab().toImage()
    QTest.mouseMove(view.canvas, QPoint(130, 200))
    assert view.canvas.grab().toImage() != plain
    QTest.mouseMove(view.canvas, QPoint(500, 500))
    assert view.canvas.grab().toImage() == plain


def test_both_themes_paint_the_panel_in_their_own_colours(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "L")
    settle(qtbot, view)
    light = view.panel.grab().toImage()
    theme().set_appearance("dark")
    assert view.panel.grab().toImage().pixelColor(180, 20).name() == theme().tokens.surface
    image = view.panel.network_input.image
    assert image is not None
    assert image.colorTable()[0] & 0xFFFFFF == int(theme().tokens.surface[1:], 16)
    theme().set_appearance("light")
    assert view.panel.grab().toImage() == light


def test_everything_is_reached_by_the_tab_key_and_has_a_name(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "L")
    settle(qtbot, view)
    view.canvas.setFocus()
    reached = []
    for _ in range(12):
        focused = view.focusWidget()
        assert focused.accessibleName(), focused
        reached.append(focused.accessibleName())
        view.focusNextChild()
    assert {"Drawing canvas", "Undo", "Clear", "Alphabet", "Copy Text"} <= set(reached)


# Without a model.


def test_it_says_that_there_is_no_model_and_reads_when_one_comes(
    qtbot: QtBot, empty_store: ModelStore, shipped_model: Model
) -> None:
    view = shown(qtbot, empty_store)
    write(view.canvas, "L")
    qtbot.wait(60)
    assert view.panel.text == ""
    assert "no model" in view.panel.word.placeholder
    empty_store.use(shipped_model, "test")
    qtbot.waitUntil(lambda: len(view.panel.text) == 1)


# Several lines


def test_several_lines_are_read_and_copied_with_their_breaks(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "TOLL", at=(40, 40), scale=0.9)
    write(view.canvas, "ROT", at=(40, 200), scale=0.9)
    settle(qtbot, view)
    one, two = view.panel.text.splitlines()
    assert (len(one), len(two)) == (4, 3)
    command(view, "copy_text").callback()
    assert QGuiApplication.clipboard().text() == f"{one}\n{two}"
    tops = [view.panel.word.button(index).y() for index in range(7)]
    assert len(set(tops[:4])) == 1
    assert min(tops[4:]) > tops[0]


def test_the_character_that_was_read_is_outlined_where_it_stands(
    qtbot: QtBot, view: DrawView
) -> None:
    write(view.canvas, "LO", at=(40, 40), scale=0.9)
    write(view.canvas, "T", at=(40, 200), scale=0.9)
    settle(qtbot, view)
    with qtbot.waitSignal(view.canvas.hovered) as hovered:
        QTest.mouseMove(view.canvas, QPoint(70, 240))
    assert hovered.args == [2]


# Scratching out


def scribble(view: DrawView, left: float, top: float, right: float, bottom: float) -> None:
    ends = [
        (left if number % 2 else right, top + (bottom - top) * number / 8) for number in range(9)
    ]
    stroke(view.canvas, ends)
    while view.scratch_outs.is_busy:
        QTest.qWait(5)


def test_a_scribble_deletes_what_it_covers_and_undo_brings_it_back(
    qtbot: QtBot, view: DrawView
) -> None:
    write(view.canvas, "LOT")
    settle(qtbot, view)
    before = view.panel.text
    with qtbot.waitSignal(view.scratch_outs.scratched) as scratched:
        scribble(view, 225, 115, 340, 275)
    assert scratched.args == [1]
    settle(qtbot, view)
    assert view.panel.text.replace(" ", "") == before[0] + before[2]
    strokes = len(view.drawing.strokes)
    command(view, "undo").callback()  # it was meant as writing
    assert len(view.drawing.strokes) == strokes + 2
    command(view, "undo").callback()
    settle(qtbot, view)
    assert view.panel.text == before
    command(view, "redo").callback()
    command(view, "redo").callback()
    assert len(view.drawing.strokes) == strokes


def test_writing_over_a_letter_deletes_nothing(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "R")
    write(view.canvas, "R", at=(84, 124))
    while view.scratch_outs.is_busy:
        qtbot.wait(5)
    qtbot.wait(20)
    assert len(view.drawing.strokes) == 6


# Saying what a character is


@pytest.fixture
def profile(fresh_profiles: Path) -> Profile:
    made = ProfileStore().create("Ada")
    settings().setValue(PROFILE_KEY, made.id)
    return made


def samples(qtbot: QtBot, view: DrawView, profile: Profile) -> list[tuple[str, str, str]]:
    qtbot.waitUntil(lambda: not view.samples.is_busy)
    return [(s.label, s.origin, s.source) for s in profile.samples.all()]


def test_another_label_stands_and_becomes_a_sample(
    qtbot: QtBot, view: DrawView, profile: Profile
) -> None:
    write(view.canvas, "LO")
    settle(qtbot, view)
    read = view.panel.text
    QTest.mouseClick(view.panel.word.button(1), Qt.MouseButton.LeftButton)
    QTest.keyClick(view.panel.word.button(1), "q")
    settle(qtbot, view)
    assert view.panel.text == f"{read[0]}Q"  # the alphabet has capitals alone
    assert view.panel.index == 1
    assert samples(qtbot, view, profile) == [("Q", "drawn", read)]
    write(view.canvas, "T", at=(400, 120))
    settle(qtbot, view)
    assert view.panel.text[:2] == f"{read[0]}Q"


def test_undo_takes_the_sample_back_and_redo_brings_it_again(
    qtbot: QtBot, view: DrawView, profile: Profile
) -> None:
    write(view.canvas, "L")
    settle(qtbot, view)
    view.panel.right_button.click()
    assert [label for label, _, _ in samples(qtbot, view, profile)] == [view.panel.text]
    view.say(0, "E")
    assert [label for label, _, _ in samples(qtbot, view, profile)] == ["E"]
    command(view, "undo").callback()
    assert [label for label, _, _ in samples(qtbot, view, profile)] == ["L"]
    command(view, "undo").callback()
    assert samples(qtbot, view, profile) == []
    command(view, "redo").callback()
    assert [label for label, _, _ in samples(qtbot, view, profile)] == ["L"]


def test_clearing_the_paper_keeps_what_was_learned(
    qtbot: QtBot, view: DrawView, profile: Profile
) -> None:
    write(view.canvas, "L")
    settle(qtbot, view)
    view.say(0, "L")
    command(view, "clear").callback()
    assert view.drawing.said == ()
    assert len(samples(qtbot, view, profile)) == 1


def test_a_click_on_a_guess_says_that_it_is_the_one(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "O")
    settle(qtbot, view)
    second = view.panel.bars.predictions[1].label
    QTest.mouseClick(view.panel.bars, Qt.MouseButton.LeftButton, pos=QPoint(100, 28 + 14))
    settle(qtbot, view)
    assert view.panel.text == second


def test_the_menu_of_a_character_has_what_it_may_be(qtbot: QtBot, view: DrawView) -> None:
    write(view.canvas, "O")
    settle(qtbot, view)
    guesses = [guess.label for guess in view.panel.bars.predictions]
    menu = view.character_menu(0)
    texts = [action.text().split("\t")[0] for action in menu.actions()]
    assert texts[: len(guesses)] == guesses
    menu.actions()[2].trigger()
    settle(qtbot, view)
    assert view.panel.text == guesses[2]
    view.take_back(0)
    settle(qtbot, view)
    assert view.drawing.said == ()
    menu.deleteLater()


def test_without_a_profile_a_correction_holds_and_nothing_is_kept(
    qtbot: QtBot, view: DrawView, fresh_profiles: Path
) -> None:
    write(view.canvas, "L")
    settle(qtbot, view)
    with qtbot.waitSignal(view.status_message) as told:
        view.say(0, "E")
    settle(qtbot, view)
    assert view.panel.text == "E"
    assert "My Hand" in told.args[0]
    assert not fresh_profiles.exists()
