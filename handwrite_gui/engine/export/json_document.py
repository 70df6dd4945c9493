"""A page's reading as a JSON document, with everything there is to know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from handwrite_gui import __version__
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word

FORMAT = "handwrite-page"
VERSION = 3
"""2 added ``text_seen`` of the page, and ``seen`` and ``changed_by`` of characters; 3 ``model``
and the ``page`` of the image."""


def json_lines(pages: Sequence[ReadPage]) -> bytes:
    """A document a line for each page, in UTF-8 (JSON Lines)."""
    documents = (
        json_document(page.result, page.name, page_number=page.page_number, model=page.model)
        for page in pages
    )
    return "".join(f"{document}\n" for document in documents).encode("utf-8", "replace")


def json_document(
    result: PageResult, image_name: str, *, page_number: int = 1, model: str = ""
) -> str:
    """The document on one line, without a line break at its end.

    ``resources/schemas/handwrite-page.schema.json`` is its JSON Schema.

    ``label`` and ``text`` are as inferred, ``seen`` and ``text_seen`` as the shapes alone say;
    ``changed_by`` is ``"context"`` or ``"language"`` where both differ, else null.
    Positions are pixels of the image, rounded to tenths; probabilities are rounded to 4 digits.

    Args:
        result: what was read.
        image_name: of the file it was read from, without its folder.
        page_number: which page of that file it is, from 1.
        model: name of the model that read it, "" if unknown.
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "program": f"Handwrite {__version__}",
        "model": model,
        "image": {
            "name": image_name,
            "page": page_number,
            "width": result.width,
            "height": result.height,
        },
        "text": result.text,
        "text_seen": result.text_seen,
        "lines": [_line(line) for line in result.lines],
    }
    return json.dumps(document, ensure_ascii=False)


def _line(line: Line) -> dict[str, Any]:
    return {"text": line.text, "words": [_word(word) for word in line.words]}


def _word(word: Word) -> dict[str, Any]:
    return {"text": word.text, "characters": [_character(c) for c in word.characters]}


def _character(character: Character) -> dict[str, Any]:
    return {
        "label": character.label,
        "seen": character.seen,
        "changed_by": character.changed_by,
        "probability": round(character.probability, 4),
        "quad": [[round(x, 1), round(y, 1)] for x, y in character.quad],
        "alternatives": [
            {"label": guess.label, "probability": round(guess.probability, 4)}
            for guess in character.alternatives
        ],
    }
