"""What a sample sheet asks for, and where on the paper."""

from itertools import pairwise

import pytest

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    MOST_COPIES,
    PAPER_SIZES,
    PITCH_X,
    PaperSize,
    code_area,
    make_sheet,
    mark_centres,
    paper_size,
    tick_centres,
)


@pytest.mark.parametrize("paper", PAPER_SIZES)
@pytest.mark.parametrize("copies", [1, 3, MOST_COPIES])
def test_every_character_is_asked_for_as_often_as_wanted(paper: PaperSize, copies: int) -> None:
    sheet = make_sheet(ALPHABETS["full"], copies, paper)
    asked = [cell.label for page in range(1, sheet.pages + 1) for cell in sheet.cells(page)]
    assert {asked.count(label) for label in ALPHABETS["full"]} == {copies}
    assert len(asked) == copies * len(ALPHABETS["full"])


def test_all_characters_come_once_before_any_comes_again() -> None:
    asked = [cell.label for cell in make_sheet("CAB", 2).cells(1)]
    assert asked == ["A", "B", "C", "A", "B", "C"]


@pytest.mark.parametrize("paper", PAPER_SIZES)
def test_nothing_overlaps_and_all_is_on_the_paper(paper: PaperSize) -> None:
    sheet = make_sheet(ALPHABETS["full"], MOST_COPIES, paper)
    width, height = paper_size(paper)
    cells = sheet.cells(1)
    lowest = mark_centres(paper)[2].y - 5
    assert all(cell.box.left > 20 and cell.box.right < width - 20 for cell in cells)
    assert all(cell.prompt.top > code_area(paper).bottom for cell in cells)
    assert all(cell.box.bottom < lowest < height for cell in cells)
    assert all(cell.prompt.bottom < cell.box.top for cell in cells)
    boxes = [cell.box for cell in cells]
    for one, other in pairwise(boxes):
        assert other.left - one.left == pytest.approx(PITCH_X) or other.top > one.bottom


def test_the_ends_of_every_row_and_column_have_a_tick() -> None:
    sheet = make_sheet("0", 1)
    rows, columns = sheet.grid
    assert len(tick_centres("a4")) == 2 * (rows + columns)


@pytest.mark.parametrize(
    ("characters", "copies", "named"),
    [("", 1, "at least one"), ("aЖ", 1, "Ж"), ("a", 0, "not 0"), ("a", MOST_COPIES + 1, "times")],
)
def test_what_cannot_be_asked_for_is_explained(characters: str, copies: int, named: str) -> None:
    with pytest.raises(HandwriteError, match=named):
        make_sheet(characters, copies)
