"""hOCR 1.2 (Breuel 2007; https://kba.github.io/hocr-spec/1.2/): a web page with places."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree

from handwrite_gui.engine.export.geometry import (
    Box,
    baseline,
    bounds,
    direction,
    is_upright,
    line_quad,
    rounded,
    word_quad,
)
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.export.xml import Element, child, serialized
from handwrite_gui.engine.page.result import Character, Line, PageResult, Quad, Word

_DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">\n'
)
_STEEPEST_BASELINE = 1.0
_CAPABILITIES = "ocr_page ocr_line ocrx_word ocrx_cinfo ocrp_poly"


def hocr(pages: Sequence[ReadPage]) -> bytes:
    """The file, every character as an ``ocrx_cinfo`` with its box and confidence.

    Boxes are whole pixels.  A place that is turned has its corners beside its box, as ``poly``.

    Args:
        pages: at least one; they become the pages of one file.
    """
    root = ElementTree.Element(
        "html", {"xmlns": "http://www.w3.org/1999/xhtml", "xml:lang": "en", "lang": "en"}
    )
    head = child(root, "head")
    child(head, "title", pages[0].name)
    child(
        head,
        "meta",
        **{"http-equiv": "Content-Type", "content": "text/html;charset=utf-8"},
    )
    child(head, "meta", name="ocr-system", content=pages[0].engine)
    child(head, "meta", name="ocr-capabilities", content=_CAPABILITIES)
    child(head, "meta", name="ocr-number-of-pages", content=str(len(pages)))
    body = child(root, "body")
    for number, page in enumerate(pages, 1):
        _page(body, page, number)
    return serialized(root, _DOCTYPE)


def _page(body: Element, page: ReadPage, number: int) -> None:
    result = page.result
    quoted = page.name.replace("\\", "\\\\").replace('"', '\\"')
    title = f'image "{quoted}"; bbox 0 0 {result.width} {result.height}'
    title += f"; ppageno {page.page_number - 1}"
    if page.dpi is not None:
        title += f"; scan_res {round(page.dpi)} {round(page.dpi)}"
    element = child(body, "div", **{"class": "ocr_page"}, id=f"page_{number}", title=title)
    for index, line in enumerate(result.lines, 1):
        element.text = element.text or "\n"
        _line(element, line, result, f"{number}_{index}")


def _line(parent: Element, line: Line, page: PageResult, name: str) -> None:
    quad = line_quad(line)
    title = _place(quad, page) + _baseline(
        line, Box(*rounded(bounds(quad), page.width, page.height))
    )
    element = child(parent, "span", **{"class": "ocr_line"}, id=f"line_{name}", title=title)
    for index, word in enumerate(line.words, 1):
        _word(element, word, page, f"{name}_{index}")
        # The gap between two words, for whoever takes the text alone.
        element[-1].tail = " " if index < len(line.words) else None
    element.tail = "\n"


def _word(parent: Element, word: Word, page: PageResult, name: str) -> None:
    confidence = min(character.probability for character in word.characters)
    title = f"{_place(word_quad(word), page)}; x_wconf {round(100 * _within(confidence))}"
    element = child(parent, "span", **{"class": "ocrx_word"}, id=f"word_{name}", title=title)
    for character in word.characters:
        _character(element, character, page)


def _character(parent: Element, character: Character, page: PageResult) -> None:
    title = f"x_{_place(character.quad, page).replace('bbox', 'bboxes', 1)}"
    title += f"; x_conf {100 * _within(character.probability):.2f}"
    child(parent, "span", character.label, **{"class": "ocrx_cinfo"}, title=title)


def _place(quad: Quad, page: PageResult) -> str:
    text = "bbox {} {} {} {}".format(*rounded(bounds(quad), page.width, page.height))
    if is_upright(quad):
        return text
    return text + "; poly " + " ".join(f"{round(x)} {round(y)}" for x, y in quad)


def _baseline(line: Line, box: Box) -> str:
    """Slope and offset from the lower left corner of the box, where the line is no steep one."""
    (left, start), (right, end) = baseline(line)
    along = direction([c.quad for word in line.words for c in word.characters])
    if along[0] <= 0 or right <= left or abs(end - start) > _STEEPEST_BASELINE * (right - left):
        return ""
    slope = (end - start) / (right - left)
    return f"; baseline {slope:.4f} {start + slope * (box.left - left) - box.bottom:.1f}"


def _within(probability: float) -> float:
    return min(max(probability, 0.0), 1.0)
