"""Editing characters with keys and commands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.page.result import box_quad
from handwrite_gui.page.text_map import CharacterRange
from handwrite_gui.page.view import PageView
from tests.gui.page.pages import StandInRecognizer, StandInStore, page
from tests.gui.page.test_correcting import run, select, text

Settle = Callable[[], None]


@pytest.fixture
def read_boxes(qtbot: QtBot, open_page: PageView) -> Callable[[], None]:
    return lambda: qtbot.waitUntil(lambda: not open_page.editor.is_busy)


def test_one_goes_through_the_doubtful_ones_confirming_or_correcting(
    view: PageView, store: StandInStore, settle: Settle, image_file: object
) -> None:
    doubts = {1: 0.6, 4: 0.3, 9: 0.4}
    store.put(
        StandInRecognizer(page("DEEP NET", "IS ON", sure=lambda index: doubts.get(index, 0.95)))
    )
    view.open_path(image_file)  # type: ignore[arg-type]
    settle()
    canvas = view.workspace.canvas
    view.go_to_most_doubtful()
    assert canvas.selection == CharacterRange(4, 4)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert canvas.selection == CharacterRange(9, 9), "the most doubtful of what is left"
    QTest.keyClicks(canvas, "O")
    view.go_to_most_doubtful()
    assert canvas.selection == CharacterRange(1, 1)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert [c.corrected for c in view.session.page.document.writing.characters if c.corrected] == [  # type: ignore[union-attr]
        "E",
        "N",
        "O",
    ]


def test_what_was_looked_at_is_not_shown_again_at_once(open_page: PageView) -> None:
    document = open_page.editor.document
    assert document is not None
    writing = document.writing
    doubted = replace(writing.characters[6], read=replace(writing.characters[6].read))
    assert doubted == writing.characters[6]
    open_page.go_to_most_doubtful()
    first = open_page.workspace.canvas.selection
    open_page.go_to_most_doubtful()
    assert open_page.workspace.canvas.selection == first, "there is only one"


def test_one_key_takes_the_next_alternative(open_page: PageView) -> None:
    select(open_page, 0)
    run(open_page, "next-alternative")
    assert text(open_page) == "#EEP NET\nIS ON"
    run(open_page, "next-alternative")
    assert text(open_page) == "DEEP NET\nIS ON", "round again"
    run(open_page, "previous-alternative")
    assert text(open_page) == "#EEP NET\nIS ON"
    run(open_page, "undo")
    assert text(open_page) == "DEEP NET\nIS ON", "it is one thing done"


def test_words_and_lines_are_parted_by_commands(open_page: PageView) -> None:
    select(open_page, 2)
    run(open_page, "insert-space")
    assert text(open_page) == "DE EP NET\nIS ON"
    run(open_page, "insert-line-break")
    assert text(open_page) == "DE\nEP NET\nIS ON"
    run(open_page, "join")
    assert text(open_page) == "DEEP NET\nIS ON"
    assert open_page.workspace.canvas.selection == CharacterRange(2, 2)


def test_the_reading_order_is_changed_by_commands(open_page: PageView) -> None:
    select(open_page, 7)
    run(open_page, "move-line-up")
    assert text(open_page) == "IS ON\nDEEP NET"
    assert open_page.workspace.canvas.selection == CharacterRange(0, 0)
    run(open_page, "move-later")
    assert text(open_page) == "SI ON\nDEEP NET"
    assert open_page.workspace.canvas.selection == CharacterRange(1, 1)


def test_delete_removes_what_is_selected(open_page: PageView) -> None:
    open_page.workspace.select(CharacterRange(0, 3))
    run(open_page, "delete")
    assert text(open_page) == "NET\nIS ON"
    assert open_page.workspace.canvas.selection == CharacterRange(0, 0)


def test_characters_are_joined_and_what_they_are_is_read(
    open_page: PageView, read_boxes: Callable[[], None]
) -> None:
    open_page.workspace.select(CharacterRange(4, 5))
    run(open_page, "merge")
    read_boxes()
    # The picture is blank: nothing is read in any box.
    assert text(open_page) == "DEEP \N{REPLACEMENT CHARACTER}T\nIS ON"
    assert open_page.workspace.canvas.selection == CharacterRange(4, 4)
    QTest.keyClicks(open_page.workspace.canvas, "M")
    assert text(open_page) == "DEEP MT\nIS ON"


def test_a_box_is_drawn_moved_and_halved(
    open_page: PageView, read_boxes: Callable[[], None]
) -> None:
    editor = open_page.editor
    editor.draw(box_quad(310, 10, 330, 30))
    read_boxes()
    assert open_page.workspace.canvas.selection == CharacterRange(7, 7)
    QTest.keyClicks(open_page.workspace.canvas, "X")
    assert text(open_page) == "DEEP NET X\nIS ON"
    editor.reshape(7, box_quad(310, 60, 330, 90))
    read_boxes()
    assert open_page.workspace.overlay is not None
    assert open_page.workspace.overlay.hits.quads[7] == box_quad(310, 60, 330, 90)
    assert editor.split()
    read_boxes()
    assert open_page.workspace.canvas.selection == CharacterRange(7, 8)
    assert not editor.split((0, 0), (5, 5)), "several are selected"


def test_edits_of_a_turned_page_are_made_on_the_page_as_it_was_opened(
    open_page: PageView, settle: Settle, read_boxes: Callable[[], None]
) -> None:
    open_page.turn(1)
    settle()
    assert open_page.session.page is not None
    open_page.editor.draw(box_quad(100, 310, 120, 330))
    read_boxes()
    made = open_page.session.page.document.writing.characters
    quads = [c.quad for c in made if c.is_placed]
    assert quads == [((310, 200), (310, 180), (330, 180), (330, 200))]
