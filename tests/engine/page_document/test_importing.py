"""Putting the reading of another program into a document."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.page_document.document_file import (
    PageDocument,
    PictureFile,
    load_document,
    save_document,
)
from handwrite_gui.engine.page_document.edits import ImportReading, ReadAgain, Relabel
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.engine.prediction import Prediction
from tests.engine.page_document.pages import read, written


def test_it_takes_the_place_of_what_was_read_and_says_where_it_is_from() -> None:
    writing = ImportReading(read("DEAR SIR"), "a.hocr").applied(written("DEEP NET"))
    assert writing.text == "DEAR SIR"
    assert writing.imported_from == "a.hocr"
    assert writing.has_decisions


def test_what_the_person_said_stays() -> None:
    corrected = Relabel(0, "B").applied(written("DEEP NET"))
    assert ImportReading(read("DEAR SIR"), "a").applied(corrected).text == "BEAR SIR"


def test_edits_keep_where_it_is_from_and_reading_again_ends_it() -> None:
    imported = ImportReading(read("DEAR SIR"), "a").applied(written("DEEP NET"))
    assert Relabel(1, "F").applied(imported).imported_from == "a"
    assert ReadAgain(read("DEEP NET")).applied(imported).imported_from == ""


labels = st.text(st.characters(codec="utf-8"), max_size=4)
words = st.lists(st.tuples(labels, labels), min_size=1, max_size=3)


@settings(max_examples=60)
@given(st.lists(words, max_size=3))
def test_whatever_labels_a_reading_has_the_document_can_be_saved_and_opened(
    lines: list[list[tuple[str, str]]],
) -> None:
    box = box_quad(1, 1, 5, 5)
    made = [
        Line((Word(tuple(Character(a, 0.5, (Prediction(b, 0.5),), box) for a, b in line)),))
        for line in lines
    ]
    writing = ImportReading(PageResult(40, 30, tuple(made)), "a").applied(Writing(40, 30))
    document = PageDocument("a", PictureFile("a.png", b"any"), writing)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.handwrite")
        save_document(path, document)
        assert load_document(path).writing == writing


def test_its_file_says_so_too(tmp_path: Path) -> None:
    writing = replace(written("AB"), imported_from="scan.alto.xml")
    document = PageDocument("scan.png", PictureFile("scan.png", b"any"), writing)
    save_document(tmp_path / "a.handwrite", document)
    assert load_document(tmp_path / "a.handwrite").writing == writing
