"""The PDF of a sample sheet."""

import io
from pathlib import Path

import numpy as np
import pytest
from pypdf import PdfReader

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    PAPER_SIZES,
    PaperSize,
    make_sheet,
    mark_centres,
    paper_size,
)
from handwrite_gui.engine.handwriting.sample_sheet.printing import sheet_pdf
from tests.engine.handwriting.sample_sheet.paper import SCALE, printed


@pytest.mark.parametrize("paper", PAPER_SIZES)
def test_there_is_a_leaf_for_every_page_of_the_papers_size(paper: PaperSize) -> None:
    sheet = make_sheet(ALPHABETS["full"], 5, paper)
    pages = PdfReader(io.BytesIO(sheet_pdf(sheet))).pages
    assert len(pages) == sheet.pages > 1
    for page in pages:
        size = float(page.mediabox.width), float(page.mediabox.height)
        assert size == pytest.approx([side * 72 / 25.4 for side in paper_size(paper)], abs=0.1)


def test_prompts_say_which_of_the_characters_of_one_shape_is_meant() -> None:
    text = PdfReader(io.BytesIO(sheet_pdf(make_sheet("0Oo", 1)))).pages[0].extract_text()
    assert [word for word in ("digit", "capital", "small") if word in text] == [
        "digit", "capital", "small",
    ]  # fmt: skip


def test_it_is_drawn_with_lines_and_text_and_small() -> None:
    data = sheet_pdf(make_sheet(ALPHABETS["full"], 5))
    assert b"/Image" not in data
    assert len(data) < 40_000


def test_what_stands_where_people_write_is_as_bright_as_paper_in_red(tmp_path: Path) -> None:
    sheet = make_sheet("AB", 1)
    picture = printed(sheet, 1, tmp_path)
    for cell in sheet.cells(1):
        top, bottom = round((cell.prompt.top - 1) * SCALE), round((cell.box.bottom + 1) * SCALE)
        left, right = round((cell.box.left - 1) * SCALE), round((cell.box.right + 1) * SCALE)
        around = picture[top:bottom, left:right]
        assert around[..., 2].min() < 150  # it can be seen
        assert around[..., 0].min() > 220
        x, y = (round(place * SCALE) for place in cell.box.centre)
        assert np.all(picture[y - 25 : y + 25, x - 25 : x + 25] == 255)


def test_the_top_left_mark_is_unlike_the_others(tmp_path: Path) -> None:
    sheet = make_sheet("AB", 1)
    picture = printed(sheet, 1, tmp_path)[..., 0]
    dark = []
    for x, y in mark_centres("a4"):
        row, column, half = round(y * SCALE), round(x * SCALE), round(4.5 * SCALE)
        dark.append(np.mean(picture[row - half : row + half, column - half : column + half] < 128))
    assert dark[0] < min(dark[1:]) - 0.1
