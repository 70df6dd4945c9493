"""PAGE XML 2019-07-15 (Pletschacher & Antonacopoulos 2010): XML of text recognition research."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

from handwrite_gui.engine.export.geometry import baseline, bounds, line_quad, word_quad
from handwrite_gui.engine.export.read_page import ReadPage, mean_probability
from handwrite_gui.engine.export.xml import Element, chance, child, serialized
from handwrite_gui.engine.page.result import Character, Line, PageResult, Point, Word, box_quad

NAMESPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"


def page_xml(page: ReadPage, *, now: datetime | None = None) -> bytes:
    """The file, every character as a ``Glyph``: its label first, then the alternatives.

    Places are whole pixels on the page, as the schema has it.

    Args:
        page: a file of this kind holds one page.
        now: when it is written; the present by default.
    """
    root = ElementTree.Element(
        "PcGts",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}/pagecontent.xsd",
        },
    )
    metadata = child(root, "Metadata")
    written = (now or datetime.now(UTC)).isoformat(timespec="seconds")
    child(metadata, "Creator", page.engine)
    child(metadata, "Created", written)
    child(metadata, "LastChange", written)
    result = page.result
    element = child(
        root,
        "Page",
        imageFilename=page.name,
        imageWidth=str(result.width),
        imageHeight=str(result.height),
        conf=chance(mean_probability(result)),
    )
    if page.dpi is not None:
        dpi = f"{page.dpi:.4g}"
        element.set("imageXResolution", dpi)
        element.set("imageYResolution", dpi)
        element.set("imageResolutionUnit", "PPI")
    if result.lines:
        _region(element, result)
    return serialized(root)


def _region(page: Element, result: PageResult) -> None:
    order = child(child(page, "ReadingOrder"), "OrderedGroup", id="order")
    child(order, "RegionRefIndexed", index="0", regionRef="region")
    region = child(page, "TextRegion", id="region", type="paragraph")
    corners = [point for line in result.lines for point in line_quad(line)]
    _coords(region, box_quad(*bounds(corners)), result)
    for index, line in enumerate(result.lines, 1):
        _line(region, line, result, f"l{index}")
    _text(region, result.text)


def _line(region: Element, line: Line, page: PageResult, name: str) -> None:
    element = child(region, "TextLine", id=name)
    _coords(element, line_quad(line), page)
    child(element, "Baseline", points=_points(baseline(line), page))
    for index, word in enumerate(line.words, 1):
        _word(element, word, page, f"{name}w{index}")
    _text(element, line.text, min(c.probability for w in line.words for c in w.characters))


def _word(line: Element, word: Word, page: PageResult, name: str) -> None:
    element = child(line, "Word", id=name)
    _coords(element, word_quad(word), page)
    for index, character in enumerate(word.characters, 1):
        _glyph(element, character, page, f"{name}c{index}")
    _text(element, word.text, min(character.probability for character in word.characters))


def _glyph(word: Element, character: Character, page: PageResult, name: str) -> None:
    element = child(word, "Glyph", id=name)
    _coords(element, character.quad, page)
    _text(element, character.label, character.probability, index=0)
    for index, (label, probability) in enumerate(character.alternatives, 1):
        _text(element, label, probability, index)


def _text(
    parent: Element, text: str, probability: float | None = None, index: int | None = None
) -> None:
    attributes = {}
    if index is not None:
        attributes["index"] = str(index)
    if probability is not None:
        attributes["conf"] = chance(probability)
    child(child(parent, "TextEquiv", **attributes), "Unicode", text)


def _coords(parent: Element, quad: tuple[Point, ...], page: PageResult) -> None:
    child(parent, "Coords", points=_points(quad, page))


def _points(corners: tuple[Point, ...], page: PageResult) -> str:
    return " ".join(
        f"{min(max(round(x), 0), page.width)},{min(max(round(y), 0), page.height)}"
        for x, y in corners
    )
