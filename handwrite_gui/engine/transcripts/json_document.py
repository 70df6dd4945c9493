"""The program's own JSON, of which nothing is lost but digits."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, get_args

from handwrite_gui.engine.export.json_document import FORMAT, VERSION
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, PageResult, Quad, Word
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import ChangedBy
from handwrite_gui.engine.transcripts.xml_tree import XmlTrouble

_VERSIONS = (2, VERSION)
_CHANGES = (None, *get_args(ChangedBy))
_FARTHEST = 1e6


def read_json(text: str) -> list[ReadPage]:
    """The pages in the file, one a line.

    Raises:
        XmlTrouble: it is none of the program's, of a version that is not known, or damaged.
    """
    return [_page(document) for document in _documents(text)]


def _documents(text: str) -> Iterator[dict[str, Any]]:
    # Not splitlines, for which a text may hold line breaks of other kinds.
    for line in [text] if text.lstrip().startswith(("{\n", "{\r")) else text.split("\n"):
        if not line.strip():
            continue
        try:
            document = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise XmlTrouble("it is no JSON, or cut short.") from error
        if not isinstance(document, dict) or document.get("format") != FORMAT:
            raise XmlTrouble("it is JSON, but not of a page read by this program.")
        if document.get("version") not in _VERSIONS:
            raise XmlTrouble("it is of a version that this program does not know; update it.")
        yield document


def _page(document: dict[str, Any]) -> ReadPage:
    try:
        image = document["image"]
        result = PageResult(
            _size(image["width"]),
            _size(image["height"]),
            tuple(
                Line(
                    tuple(Word(tuple(map(_character, _some(word, "characters")))) for word in words)
                )
                for words in (_some(line, "words") for line in document["lines"])
            ),
        )
        return ReadPage(
            result,
            _text(image["name"]),
            _size(image.get("page", 1)),
            _text(document.get("model", "")),
        )
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise XmlTrouble("a part of it is missing or of another kind; it is damaged.") from error


def _word(document: dict[str, Any]) -> Word:
    return Word(tuple(map(_character, _some(document, "characters"))))


def _some(parent: dict[str, Any], name: str) -> list[dict[str, Any]]:
    children = parent[name]
    if not isinstance(children, list) or not children:
        raise ValueError(name)
    return children


def _character(one: dict[str, Any]) -> Character:
    a, b, c, d = ((_place(x), _place(y)) for x, y in one["quad"])
    quad: Quad = (a, b, c, d)
    changed_by = one.get("changed_by")
    if changed_by not in _CHANGES:
        raise ValueError("changed_by")
    guesses = tuple(
        Prediction(_text(guess["label"]), _chance(guess["probability"]))
        for guess in one["alternatives"]
    )
    return Character(_text(one["label"]), _chance(one["probability"]), guesses, quad, changed_by)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _size(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _FARTHEST:
        raise ValueError("size")
    return value


def _place(value: Any) -> float:
    number = float(value)
    if isinstance(value, str) or not abs(number) <= _FARTHEST:
        raise ValueError("place")
    return number


def _chance(value: Any) -> float:
    number = float(value)
    if isinstance(value, str) or not 0 <= number <= 1:
        raise ValueError("probability")
    return number
