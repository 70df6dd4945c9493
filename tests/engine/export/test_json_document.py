from __future__ import annotations

import json
from typing import Any

from handwrite_gui import __version__
from handwrite_gui.engine.export.json_document import json_document
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.prediction import Prediction


def character(label: str, left: float) -> Character:
    return Character(
        label,
        0.912345,
        (Prediction(label, 0.912345), Prediction("Ö", 0.04), Prediction('"', 0.000012)),
        box_quad(left, 5.04, left + 8.26, 25.0),
    )


PAGE = PageResult(
    640,
    480,
    (
        Line((Word((character("A", 10.0), character("B", 20.0))), Word((character("7", 40.0),)))),
        Line((Word((character("?", 0.0),)),)),
    ),
)


def document(result: PageResult = PAGE, name: str = "page.jpg") -> dict[str, Any]:
    parsed = json.loads(json_document(result, name))
    assert isinstance(parsed, dict)
    return parsed


def test_it_is_one_line_without_a_break_so_that_documents_can_follow_one_another() -> None:
    assert "\n" not in json_document(PAGE, "two\nlines.jpg")


def test_says_what_it_is_and_who_wrote_it() -> None:
    found = document()
    assert list(found) == [
        "format",
        "version",
        "program",
        "model",
        "image",
        "text",
        "text_seen",
        "lines",
    ]
    assert found["format"] == "handwrite-page"
    assert found["version"] == 3
    assert found["program"] == f"Handwrite {__version__}"
    assert found["image"] == {"name": "page.jpg", "page": 1, "width": 640, "height": 480}


def test_the_texts_are_those_of_the_page_its_lines_and_its_words() -> None:
    found = document()
    assert found["text"] == PAGE.text == "AB 7\n?"
    assert [line["text"] for line in found["lines"]] == ["AB 7", "?"]
    assert [word["text"] for word in found["lines"][0]["words"]] == ["AB", "7"]


def test_every_character_has_its_place_its_probability_and_its_alternatives() -> None:
    first = document()["lines"][0]["words"][0]["characters"][0]
    assert first == {
        "label": "A",
        "seen": "A",
        "changed_by": None,
        "probability": 0.9123,
        "quad": [[10.0, 5.0], [18.3, 5.0], [18.3, 25.0], [10.0, 25.0]],
        "alternatives": [
            {"label": "A", "probability": 0.9123},
            {"label": "Ö", "probability": 0.04},
            {"label": '"', "probability": 0.0},
        ],
    }


def test_says_what_was_seen_and_what_changed_it() -> None:
    quad = box_quad(0, 0, 8, 10)
    inferred = Character("O", 0.97, (Prediction("0", 0.6), Prediction("O", 0.4)), quad, "language")
    page = PageResult(20, 20, (Line((Word((character("B", 0.0), inferred)),)),))
    found = document(page)
    assert (found["text"], found["text_seen"]) == ("BO", "B0")
    changed = found["lines"][0]["words"][0]["characters"][1]
    assert (changed["label"], changed["seen"], changed["changed_by"]) == ("O", "0", "language")


def test_no_character_is_lost() -> None:
    labels = [
        one["label"]
        for line in document()["lines"]
        for word in line["words"]
        for one in word["characters"]
    ]
    assert labels == [one.label for one in PAGE.characters]


def test_letters_of_all_languages_stay_readable() -> None:
    assert "Übung – 手.jpg" in json_document(PAGE, "Übung – 手.jpg")
    assert document(name="Übung – 手.jpg")["image"]["name"] == "Übung – 手.jpg"


def test_a_page_without_writing() -> None:
    found = document(PageResult(10, 20, ()))
    assert found["text"] == ""
    assert found["lines"] == []
