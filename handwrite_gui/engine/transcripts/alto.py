"""ALTO of any version (https://www.loc.gov/standards/alto/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, Quad, Word, box_quad
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.transcripts.building import (
    character,
    number,
    page,
    probability,
    quad_of,
    word,
)
from handwrite_gui.engine.transcripts.xml_tree import XmlTrouble, parse_xml, text_of

_DPI = {"pixel": None, "mm10": 254.0, "inch1200": 1200.0}
_NOWHERE = box_quad(0, 0, 0, 0)


def read_alto(data: bytes) -> list[ReadPage]:
    """The pages in the file.  Its unit of length counts as a pixel.

    Raises:
        XmlTrouble: something in it makes no sense.
    """
    pages: list[ReadPage] = []
    told = {"fileName": "", "MeasurementUnit": "pixel", "processingStepSettings": ""}

    def take(element: Element) -> None:
        if element.tag in told:
            told[element.tag] = text_of(element).strip()
        else:
            pages.append(_page(element, len(pages) + 1, told))

    parse_xml(data, lambda e: e.tag == "Page" or e.tag in told, take)
    return pages


def _page(element: Element, index: int, told: dict[str, str]) -> ReadPage:
    shown = element.get("PHYSICAL_IMG_NR", "")
    result = page(
        _lines(element), number(element.get("WIDTH", "0")), number(element.get("HEIGHT", "0"))
    )
    return ReadPage(
        result,
        re.split(r"[/\\]", told["fileName"])[-1],
        int(shown) if re.fullmatch(r"[1-9][0-9]{0,5}", shown) else index,
        told["processingStepSettings"].partition("model ")[2],
        _DPI.get(told["MeasurementUnit"]),
    )


def _lines(page: Element) -> Iterator[Line]:
    for line in page.iter("TextLine"):
        place = _quad(line) or _NOWHERE
        words = [_word(one, place) for one in line.iter("String")]
        hyphen = line.find("HYP")
        if hyphen is not None and words:
            words.append(word(hyphen.get("CONTENT"), 1.0, _quad(hyphen) or place, ()))
            words = _with_hyphen(words)
        known = tuple(one for one in words if one is not None)
        if known:
            yield Line(known)


def _with_hyphen(words: list[Word | None]) -> list[Word | None]:
    """The hyphen at the end of a line belongs to its last word."""
    *before, last, hyphen = words
    if last is None or hyphen is None or last.text.endswith(hyphen.text):
        return [*before, last]
    return [*before, Word((*last.characters, *hyphen.characters))]


def _word(element: Element, line: Quad) -> Word | None:
    place = _quad(element) or line
    chance = probability(element.get("WC"))
    characters = [_character(one, place) for one in element.iter("Glyph")]
    return word(element.get("CONTENT"), chance, place, characters)


def _character(element: Element, word: Quad) -> Character:
    variants = [
        Prediction(one.get("CONTENT", ""), probability(one.get("VC", "0")))
        for one in element.findall("Variant")
    ]
    return character(
        element.get("CONTENT", ""), probability(element.get("GC")), _quad(element) or word, variants
    )


def _quad(element: Element) -> Quad | None:
    outline = element.find("Shape/Polygon")
    if outline is not None:
        values = [number(v) for v in re.split(r"[\s,]+", outline.get("POINTS", "").strip()) if v]
        if len(values) < 6 or len(values) % 2:
            raise XmlTrouble("an outline has no corners; the file is damaged.")
        return quad_of(list(zip(values[::2], values[1::2], strict=True)))
    edges = [element.get(name) for name in ("HPOS", "VPOS", "WIDTH", "HEIGHT")]
    if any(edge is None for edge in edges):
        return None
    left, top, width, height = (number(edge or "") for edge in edges)
    return box_quad(left, top, left + width, top + height)
