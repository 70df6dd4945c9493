"""The searchable PDF: its text in reading order, each word over its ink."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from html import unescape
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from pypdf import PdfReader

from handwrite_gui.engine.export.formats import documents, export
from handwrite_gui.engine.export.geometry import bounds, from_frame, word_quad
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from tests.engine.export.pages import PAGE, RESULT, line, picture

needs_poppler = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="needs pdftotext, of poppler-utils"
)


def pdftotext(data: bytes, folder: Path, *options: str) -> str:
    path = folder / "page.pdf"
    path.write_bytes(data)
    done = subprocess.run(
        ["pdftotext", "-enc", "UTF-8", *options, path, "-"], capture_output=True, check=True
    )
    assert done.stderr == b""
    return done.stdout.decode("utf-8")


def tilted(result: PageResult, degrees: float) -> PageResult:
    """The same writing going down to the right."""
    radians = np.deg2rad(degrees)
    along = (float(np.cos(radians)), float(np.sin(radians)))

    def turned(one: Character) -> Character:
        a, b, c, d = (from_frame(point, along) for point in one.quad)
        return Character(one.label, one.probability, one.alternatives, (a, b, c, d))

    lines = tuple(
        Line(tuple(Word(tuple(map(turned, word.characters))) for word in line.words))
        for line in result.lines
    )
    return PageResult(result.width, result.height, lines)


@needs_poppler
@pytest.mark.parametrize("degrees", [0, 3])
def test_pdftotext_returns_the_text_in_reading_order(tmp_path: Path, degrees: float) -> None:
    page = ReadPage(tilted(RESULT, degrees), "page.jpg", pixels=PAGE.pixels)
    text = pdftotext(export(page, "pdf"), tmp_path)
    assert text.split() == RESULT.text.split()
    lines = [line for line in text.replace("\f", "").splitlines() if line]
    assert lines == RESULT.text.splitlines()


@needs_poppler
@pytest.mark.parametrize("degrees", [0, 4])
@pytest.mark.parametrize("dpi", [None, 96.0, 300.0])
def test_words_stand_over_their_ink(tmp_path: Path, degrees: float, dpi: float | None) -> None:
    page = ReadPage(tilted(RESULT, degrees), "page.jpg", dpi=dpi, pixels=PAGE.pixels)
    found = pdftotext(export(page, "pdf"), tmp_path, "-bbox")
    (sheet,) = re.findall(r'<page width="([\d.]+)" height="([\d.]+)"', found)
    width = float(sheet[0])
    scale = page.result.width / width
    boxes = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*)</word>', found
    )
    words = [word for line in page.result.lines for word in line.words]
    assert [unescape(box[4]) for box in boxes] == [word.text for word in words]
    for box, word in zip(boxes, words, strict=True):
        place = bounds(word_quad(word))
        for stored, meant in zip(box[::2][:2], (place.left, place.right), strict=True):
            assert abs(float(stored) * scale - meant) <= 0.03 * page.result.width
        middle = (float(box[1]) + float(box[3])) / 2 * scale
        assert place.top <= middle <= place.bottom


@needs_poppler
def test_all_of_unicode(tmp_path: Path) -> None:
    # More labels than one font has codes, from every plane, and some of several characters.
    labels = [chr(c) for c in range(0x100, 0x180)] + [chr(c) for c in range(0x4E00, 0x4E80)]
    labels += ["😀", "𝔄", "rn", "<", "&", "\\", "("]

    def word(label: str, left: float, top: float) -> Word:
        # Of two characters: letters that are evenly apart are read as one word.
        places = (box_quad(x, top, x + 12, top + 30) for x in (left, left + 13))
        return Word(tuple(Character(label, 1.0, (), place) for place in places))

    lines = []
    for row in range(0, len(labels), 20):
        top = 20.0 + 50 * row / 20
        lines.append(
            Line(tuple(word(c, 40 * i, top) for i, c in enumerate(labels[row : row + 20])))
        )
    result = PageResult(820, 800, tuple(lines))
    page = ReadPage(result, "page.jpg", pixels=np.full((800, 820), 255, np.uint8))
    assert pdftotext(export(page, "pdf"), tmp_path).split() == [2 * label for label in labels]


def test_another_reader_finds_the_characters_over_their_boxes() -> None:
    document = pypdfium2.PdfDocument(export(PAGE, "pdf"))
    sheet = document[0]
    text = sheet.get_textpage()
    assert text.get_text_bounded().split() == RESULT.text.split()
    scale = sheet.get_width() / RESULT.width
    characters = list(RESULT.characters)
    placed = [
        (text.get_text_range(i, 1), text.get_charbox(i, loose=True))
        for i in range(text.count_chars())
    ]
    seen = [(label, box) for label, box in placed if label.strip()]
    assert len(seen) == len(characters)
    for (label, (left, _, right, _)), one in zip(seen, characters, strict=True):
        assert label == one.label
        place = bounds(one.quad)
        assert left / scale - 3 <= (place.left + place.right) / 2 <= right / scale + 3
    document.close()


def test_the_picture_is_shown_and_the_text_is_not() -> None:
    document = pypdfium2.PdfDocument(export(PAGE, "pdf"))
    sheet = document[0]
    scale = RESULT.width / sheet.get_width()
    shown = sheet.render(scale=scale, grayscale=True).to_numpy().reshape(600, 800)
    difference = np.abs(shown.astype(int) - picture(RESULT))
    assert np.quantile(difference, 0.99) < 30
    document.close()


def test_a_sheet_is_as_large_as_the_resolution_says() -> None:
    sheet = PdfReader(io.BytesIO(export(PAGE, "pdf"))).pages[0]
    assert (float(sheet.mediabox.width), float(sheet.mediabox.height)) == (384, 288)
    camera = ReadPage(RESULT, "photo.jpg", dpi=72.0, pixels=PAGE.pixels)
    sheet = PdfReader(io.BytesIO(export(camera, "pdf"))).pages[0]
    assert float(sheet.mediabox.width) == pytest.approx(11.69 * 72, abs=0.1)


def test_pages_in_colour_and_in_black_and_white() -> None:
    colour = np.zeros((600, 800, 3), np.uint8)
    colour[:] = (200, 40, 90)
    bilevel = np.where(PAGE.picture > 128, 255, 0).astype(np.uint8)
    pages = [
        ReadPage(RESULT, "scan.tif", 1, "m", pixels=colour),
        ReadPage(RESULT, "scan.tif", 2, "m", pixels=bilevel),
    ]
    ((_, data),) = documents(pages, "pdf", "scan")
    document = pypdfium2.PdfDocument(data)
    assert len(document) == 2
    red = document[0].render(rev_byteorder=True).to_numpy()[50, 50, :3]
    assert np.abs(red.astype(int) - (200, 40, 90)).max() < 6
    scale = 800 / document[1].get_width()
    shown = document[1].render(scale=scale, grayscale=True).to_numpy()[:600, :800].squeeze()
    assert (np.abs(shown.astype(int) - bilevel) > 60).mean() < 0.02
    document.close()


def test_says_who_made_it() -> None:
    information = PdfReader(io.BytesIO(export(PAGE, "pdf"))).metadata
    assert information is not None
    assert information.title == PAGE.image_name
    assert "default" in (information.creator or "")


def test_characters_on_one_another_and_upside_down() -> None:
    inside = Line((Word((line("AB", 50).words[0].characters[0],) * 3),))
    upside_down = tilted(PageResult(800, 600, (line("AB", -300, left=-600),)), 180)
    for result in (PageResult(800, 600, (inside,)), upside_down):
        page = ReadPage(result, "p", pixels=np.full((600, 800), 255, np.uint8))
        text = PdfReader(io.BytesIO(export(page, "pdf"))).pages[0].extract_text()
        assert "".join(text.split()) == result.text
