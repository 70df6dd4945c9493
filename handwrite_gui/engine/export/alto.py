"""ALTO 4.4 (Library of Congress, https://www.loc.gov/standards/alto/): XML of libraries."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from handwrite_gui import __version__
from handwrite_gui.engine.export.geometry import (
    baseline,
    bounds,
    is_upright,
    line_quad,
    parted,
    word_quad,
)
from handwrite_gui.engine.export.read_page import ReadPage, mean_probability
from handwrite_gui.engine.export.xml import Element, chance, child, number, points, serialized
from handwrite_gui.engine.page.result import Character, Line, Point, Quad, Word

NAMESPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = "http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_LONGEST_VARIANT = 3  # characters that the schema lets a variant have


def alto(pages: Sequence[ReadPage]) -> bytes:
    """The file, every character as a ``Glyph`` with its variants.

    Places are pixels to a tenth; those that are turned have their corners as ``Shape``.  The
    schema gives a ``Glyph`` exactly one character: a label of several becomes as many glyphs,
    which share its place.

    Args:
        pages: at least one; they become the pages of one file.
    """
    root = ElementTree.Element(
        "alto",
        {
            "xmlns": NAMESPACE,
            "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
            "xsi:schemaLocation": f"{NAMESPACE} {_SCHEMA}",
            "SCHEMAVERSION": "4.4",
        },
    )
    _description(child(root, "Description"), pages[0])
    layout = child(root, "Layout")
    for index, page in enumerate(pages, 1):
        _page(layout, page, index)
    return serialized(root)


def _description(parent: Element, page: ReadPage) -> None:
    child(parent, "MeasurementUnit", "pixel")
    child(child(parent, "sourceImageInformation"), "fileName", page.name)
    processing = child(parent, "Processing", ID="processing")
    child(processing, "processingCategory", "contentGeneration")
    child(processing, "processingStepDescription", "handwriting recognition")
    if page.model:
        child(processing, "processingStepSettings", f"model {page.model}")
    software = child(processing, "processingSoftware")
    child(software, "softwareName", "Handwrite")
    child(software, "softwareVersion", __version__)


def _page(layout: Element, page: ReadPage, index: int) -> None:
    result = page.result
    size = {"HEIGHT": str(result.height), "WIDTH": str(result.width)}
    element = child(
        layout,
        "Page",
        ID=f"page_{index}",
        PROCESSINGREFS="processing",
        **size,
        PHYSICAL_IMG_NR=str(page.page_number),
        PC=chance(mean_probability(result)),
    )
    space = child(element, "PrintSpace", **size, HPOS="0", VPOS="0")
    if not result.lines:
        return
    corners = [point for line in result.lines for point in line_quad(line)]
    block = child(space, "TextBlock", ID=f"block_{index}", **_box(corners))
    for line_index, line in enumerate(result.lines, 1):
        _line(block, line, f"{index}_{line_index}")


def _line(block: Element, line: Line, name: str) -> None:
    quad = line_quad(line)
    foot = " ".join(f"{number(x)},{number(y)}" for x, y in baseline(line))
    element = child(block, "TextLine", ID=f"line_{name}", **_box(quad), BASELINE=foot)
    _shape(element, quad)
    for index, word in enumerate(line.words, 1):
        _word(element, word, f"{name}_{index}")
        if index < len(line.words):
            child(element, "SP")


def _word(line: Element, word: Word, name: str) -> None:
    quad = word_quad(word)
    least = min(character.probability for character in word.characters)
    element = child(
        line, "String", ID=f"word_{name}", **_box(quad), CONTENT=word.text, WC=chance(least)
    )
    _shape(element, quad)
    for character in word.characters:
        _glyphs(element, character)


def _glyphs(string: Element, character: Character) -> None:
    parts = parted(character.quad, len(character.label))
    for sign, quad in zip(character.label, parts, strict=True):
        glyph = child(string, "Glyph", CONTENT=sign, GC=chance(character.probability), **_box(quad))
        _shape(glyph, quad)
        if len(parts) == 1:
            for label, probability in character.alternatives:
                if len(label) <= _LONGEST_VARIANT:
                    child(glyph, "Variant", CONTENT=label, VC=chance(probability))


def _shape(element: Element, quad: Quad) -> None:
    if not is_upright(quad):
        child(child(element, "Shape"), "Polygon", POINTS=points(quad))


def _box(corners: Sequence[Point]) -> dict[str, str]:
    box = bounds(corners)
    # Of the edges as they are written, so that the far ones are where they were.
    left, top, right, bottom = (round(edge, 1) for edge in box)
    return {
        "HPOS": number(left),
        "VPOS": number(top),
        "WIDTH": number(right - left),
        "HEIGHT": number(bottom - top),
    }
