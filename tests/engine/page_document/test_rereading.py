"""What the person said of a page stays, however it is read again."""

from __future__ import annotations

from dataclasses import replace

from handwrite_gui.engine.page.result import PageResult, box_quad
from handwrite_gui.engine.page_document.edits import (
    Draw,
    Edit,
    Erase,
    Merge,
    MoveLine,
    Part,
    ReadAgain,
    Relabel,
    Split,
)
from handwrite_gui.engine.page_document.places import around, divided
from handwrite_gui.engine.page_document.writing import Gap, Writing, unread
from tests.engine.page_document.pages import character, read, written


def done(writing: Writing, *edits: Edit) -> Writing:
    for edit in edits:
        writing = edit.applied(writing)
    return writing


def again(writing: Writing, *lines: str) -> str:
    return ReadAgain(read(*lines)).applied(writing).text


def test_a_page_of_which_nothing_was_said_is_the_new_reading() -> None:
    result = read("A8", "C")
    assert ReadAgain(result).applied(written("AB")) == Writing.of(result)


def test_labels_stay_at_their_places() -> None:
    writing = done(written("DEEP NET"), Relabel(4, "H"))
    assert again(writing, "0EE9 MET") == "0EE9 HET"


def test_a_label_without_a_character_waits() -> None:
    writing = done(written("DEEP NET"), Relabel(4, "H"))
    shorter = ReadAgain(read("DEEP")).applied(writing)
    assert shorter.text == "DEEP"
    assert [c.label for c in shorter.aside] == ["H"]
    assert again(shorter, "DEEP NET") == "DEEP HET"


def test_what_was_deleted_is_not_read_again() -> None:
    writing = done(written("A.B C"), Erase(1, 1))
    assert again(writing, "A.B C") == "AB C"


def test_boxes_stay_in_place_of_what_is_read_there() -> None:
    first = written("ORN OFF")
    whole = Merge(1, 2, unread(around([c.quad for c in first.characters[1:3]])), "M")
    assert again(done(first, whole), "ORN OFF") == "OM OFF"
    halves = divided(first.characters[0].quad, 2)
    cut = Split(0, (character("I", 0, 0), character("J", 0, 0)))
    parted = replace(cut, parts=tuple(replace(unread(h), label="I") for h in halves))
    assert again(done(first, parted), "ORN OFF") == "IIRN OFF"


def test_a_label_under_a_drawn_box_waits() -> None:
    box = unread(box_quad(10, 10, 30, 30))
    first = done(written("1"), Draw(box, "N"), Relabel(0, "A"))
    after = ReadAgain(read("1")).applied(first)
    assert sorted([*after.text, *(c.label for c in after.aside)]) == ["A", "N"]


def test_a_drawn_box_stays_where_nothing_is_read() -> None:
    writing = done(written("A B"), Draw(character("-", 35, 10)))
    assert writing.text == "A-B"
    assert again(writing, "A B") == "A-B"
    assert again(writing, "X") == "X-"


def test_spaces_and_line_breaks_stay() -> None:
    writing = done(written("TODO LIST"), Part(2, Gap.SPACE), Part(4, Gap.LINE))
    assert writing.text == "TO DO\nLIST"
    assert again(writing, "T0DO LIST") == "T0 DO\nLIST"


def test_the_order_of_lines_stays_with_what_is_new_in_them() -> None:
    writing = done(written("AB", "CD", "EF"), MoveLine(4, -1), MoveLine(2, -1))
    assert writing.text == "EF\nAB\nCD"
    assert again(writing, "AB", "CD", "EF") == "EF\nAB\nCD"
    assert again(writing, "AB", "CD", "EFG") == "EFG\nAB\nCD"


def test_what_lies_outside_of_the_part_that_is_read_waits() -> None:
    writing = done(written("AB", "CD"), Draw(character("X", 60, 60), "X"), Relabel(0, "Q"))
    assert writing.text == "QB\nCDX"
    part = PageResult(400, 300, read("AB").lines)
    cut = ReadAgain(part, box_quad(0, 0, 400, 40)).applied(writing)
    assert cut.text == "QB"
    assert again(cut, "AB", "CD") == "QB\nCDX"


def test_a_page_that_is_read_some_pixels_off_is_the_same() -> None:
    moved = PageResult(
        400,
        300,
        tuple(
            type(line)(
                tuple(
                    type(word)(
                        tuple(
                            replace(
                                c,
                                quad=tuple((x + 2, y - 1) for x, y in c.quad),  # type: ignore[arg-type]
                            )
                            for c in word.characters
                        )
                    )
                    for word in line.words
                )
            )
            for line in read("TODO LIST").lines
        ),
    )
    writing = done(written("TODO LIST"), Part(2, Gap.SPACE), Relabel(7, "X"))
    assert ReadAgain(moved).applied(writing).text == "TO DO LISX"
