"""A page's reading as a JSON document, with everything there is to know."""

from __future__ import annotations

import json
from typing import Any

from handwrite_gui import __version__
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word

FORMAT = "handwrite-page"
VERSION = 2
"""2 added ``text_seen`` of the page, and ``seen`` and ``changed_by`` of characters."""


def json_document(result: PageResult, image_name: str) -> str:
    """The document on one line, without a line break at its end.

    ``label`` and ``text`` are as inferred, ``seen`` and ``text_seen`` as the shapes alone say;
    ``changed_by`` is ``"context"`` or ``"language"`` where both differ, else null.
    Positions are pixels of the image, rounded to tenths; probabilities are rounded to 4 digits.

    Args:
        result: what was read.
        image_name: of the file it was read from, without its folder.
    """
    document = {
        "format": FORMAT,
        "version": VERSION,
        "program": f"Handwrite {__version__}",
        "image": {"name": image_name, "width": result.width, "height": result.height},
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
