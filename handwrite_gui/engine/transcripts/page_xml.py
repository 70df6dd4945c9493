"""PAGE XML of any version (https://github.com/PRImA-Research-Lab/PAGE-XML)."""

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
    words_of,
)
from handwrite_gui.engine.transcripts.xml_tree import XmlTrouble, parse_xml, text_of

_NOWHERE = box_quad(0, 0, 0, 0)
_CENTIMETRES_AN_INCH = 2.54


def read_page_xml(data: bytes) -> list[ReadPage]:
    """The pages in the file, mostly one.

    Raises:
        XmlTrouble: something in it makes no sense.
    """
    pages: list[ReadPage] = []
    creators: list[str] = []

    def take(element: Element) -> None:
        if element.tag == "Creator":
            creators.append(text_of(element))
        else:
            pages.append(_page(element, len(pages) + 1, creators[0] if creators else ""))

    parse_xml(data, lambda e: e.tag in {"Page", "Creator"}, take)
    return pages


def _page(element: Element, index: int, creator: str) -> ReadPage:
    width, height = (number(element.get(name, "0")) for name in ("imageWidth", "imageHeight"))
    name = element.get("imageFilename", "")
    return ReadPage(
        page(_lines(element), width, height),
        re.split(r"[/\\]", name)[-1],
        index,
        creator.partition(", model ")[2],
        _dpi(element),
    )


def _dpi(page: Element) -> float | None:
    value = page.get("imageXResolution")
    unit = page.get("imageResolutionUnit")
    if value is None or unit not in {"PPI", "PPCM"} or number(value) <= 0:
        return None
    return number(value) * (_CENTIMETRES_AN_INCH if unit == "PPCM" else 1.0)


def _lines(page: Element) -> Iterator[Line]:
    for region in _in_reading_order(page):
        for line in region.iter("TextLine"):
            words = _words(line)
            if words:
                yield Line(words)


def _in_reading_order(page: Element) -> list[Element]:
    """The outermost text regions, those first that the reading order names."""
    regions = [one for one in page if one.tag.endswith("Region") and one.tag != "ImageRegion"]
    order: dict[str, int] = {}
    for reference in page.iterfind("ReadingOrder//*[@regionRef]"):
        order.setdefault(reference.get("regionRef", ""), len(order))
    return sorted(regions, key=lambda region: order.get(region.get("id", ""), len(order)))


def _words(line: Element) -> tuple[Word, ...]:
    place = _quad(line) or _NOWHERE
    inner = line.findall("Word")
    words = tuple(one for one in (_word(w, place) for w in inner) if one is not None)
    if words:
        return words
    text, chance, _ = _text(line)
    return words_of(text or "", chance, place)


def _word(element: Element, line: Quad) -> Word | None:
    place = _quad(element) or line
    characters = [_character(one, place) for one in element.findall("Glyph")]
    text, chance, _ = _text(element)
    return word(text, chance, place, characters)


def _character(element: Element, word: Quad) -> Character:
    text, chance, others = _text(element)
    return character(text or "", chance, _quad(element) or word, others)


def _text(element: Element) -> tuple[str | None, float, list[Prediction]]:
    """The text that counts, how sure it is, and the alternatives after it."""
    found = []
    for position, one in enumerate(element.findall("TextEquiv")):
        unicode = one.find("Unicode")
        index = one.get("index", "")
        rank = int(index) if re.fullmatch(r"[0-9]{1,6}", index) else position
        found.append((rank, position, "" if unicode is None else text_of(unicode), one.get("conf")))
    if not found:
        return None, probability(None), []
    (_, _, text, conf), *others = sorted(found, key=lambda one: one[:2])
    return text, probability(conf), [Prediction(t, probability(c or "0")) for _, _, t, c in others]


def _quad(element: Element) -> Quad | None:
    coords = element.find("Coords")
    if coords is None:
        return None
    outline = coords.get("points")
    if outline is None:  # as before 2013
        values = [p.get(axis, "") for p in coords.findall("Point") for axis in ("x", "y")]
    else:
        values = re.split(r"[\s,]+", outline.strip())
    numbers = [number(value) for value in values if value]
    if len(numbers) % 2 or not numbers:
        raise XmlTrouble("an outline has no corners; the file is damaged.")
    return quad_of(list(zip(numbers[::2], numbers[1::2], strict=True)))
