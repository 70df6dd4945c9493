"""hOCR of any program (https://kba.github.io/hocr-spec/1.2/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, Quad, Word, box_quad
from handwrite_gui.engine.transcripts.building import (
    character,
    number,
    page,
    probability,
    quad_of,
    word,
    words_of,
)
from handwrite_gui.engine.transcripts.xml_tree import parse_html, text_of

_LINES = frozenset({"ocr_line", "ocr_header", "ocr_footer", "ocr_caption", "ocr_textfloat"})
_WORDS = frozenset({"ocrx_word", "ocr_word"})
_CHARACTERS = frozenset({"ocrx_cinfo", "ocr_cinfo"})
_PROPERTY = re.compile(r"""([a-z_]+)((?:\s+(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^\s;"']+))*)\s*(?:;|$)""")
_NOWHERE = box_quad(0, 0, 0, 0)


def read_hocr(text: str) -> list[ReadPage]:
    """The pages in the file.

    Raises:
        XmlTrouble: something in it makes no sense.
    """
    pages: list[ReadPage] = []
    systems: list[str] = []

    def take(element: Element) -> None:
        if element.tag == "meta":
            if element.get("name") == "ocr-system":
                systems.append(element.get("content", ""))
        else:
            pages.append(_page(element, len(pages) + 1, systems[0] if systems else ""))

    parse_html(text, lambda e: e.tag == "meta" or "ocr_page" in _classes(e), take)
    return pages


def _page(element: Element, number_in_file: int, system: str) -> ReadPage:
    properties = _properties(element)
    quad = _quad(properties) or _NOWHERE
    name = properties.get("image", "").strip()
    if name[:1] in {'"', "'"}:
        name = re.sub(r"\\(.)", r"\1", name[1:-1])
    shown = properties.get("ppageno", "")
    return ReadPage(
        page(_lines(element, quad), quad[2][0], quad[2][1]),
        re.split(r"[/\\]", name)[-1],
        int(shown) + 1 if re.fullmatch(r"[0-9]{1,6}", shown) else number_in_file,
        system.partition(", model ")[2],
        _dpi(properties),
    )


def _lines(page: Element, quad: Quad) -> Iterator[Line]:
    for element in page.iter():
        if _classes(element) & _LINES:
            properties = _properties(element)
            place = _quad(properties) or quad
            inner = [one for one in element.iter() if _classes(one) & _WORDS]
            if inner:
                words = tuple(w for w in (_word(one, place) for one in inner) if w is not None)
            else:
                chance = probability(properties.get("x_conf"), 100)
                words = words_of(text_of(element), chance, place)
            if words:
                yield Line(words)


def _word(element: Element, line: Quad) -> Word | None:
    properties = _properties(element)
    place = _quad(properties) or line
    chance = probability(properties.get("x_wconf"), 100)
    inner = [one for one in element.iter() if _classes(one) & _CHARACTERS]
    characters = [_character(one, chance, place) for one in inner]
    text = text_of(element)
    own = "".join(one.label for one in characters)
    # White space around the elements of characters is only for the eye.
    same = "".join(text.split()) == "".join(own.split())
    return word(None if characters and same else text, chance, place, characters)


def _character(element: Element, chance: float, word: Quad) -> Character:
    properties = _properties(element)
    place = _quad(properties) or word
    own = properties.get("x_conf") or properties.get("x_confs")
    if own is not None:
        chance = probability(own.split()[0] if own.split() else None, 100)
    return character(text_of(element), chance, place)


def _classes(element: Element) -> frozenset[str]:
    return frozenset(element.get("class", "").split())


def _properties(element: Element) -> dict[str, str]:
    title = element.get("title", "")[:100_000]
    return {m[1]: m[2].strip() for m in _PROPERTY.finditer(title)}


def _quad(properties: dict[str, str]) -> Quad | None:
    outline = properties.get("poly", "").split()
    if len(outline) >= 8 and len(outline) % 2 == 0:
        values = [number(value) for value in outline]
        return quad_of(list(zip(values[::2], values[1::2], strict=True)))
    edges = (properties.get("bbox") or properties.get("x_bboxes") or "").split()
    if len(edges) < 4:
        return None
    left, top, right, bottom = (number(value) for value in edges[:4])
    return box_quad(left, top, right, bottom)


def _dpi(properties: dict[str, str]) -> float | None:
    values = properties.get("scan_res", "").split()
    return number(values[0]) if values and number(values[0]) > 0 else None
