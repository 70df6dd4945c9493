"""What the XML formats have in common: writing elements, and text that XML can hold."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from handwrite_gui.engine.page.result import Quad

# XML 1.0, section 2.2: these no file can hold, not even as a reference.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = ElementTree.Element


def xml_text(text: str) -> str:
    """The text with U+FFFD in the place of characters that XML has no way to write."""
    return _FORBIDDEN.sub("\ufffd", text)


def child(parent: Element, tag: str, text: str | None = None, **attributes: str) -> Element:
    """Appends an element; attributes keep their order."""
    element = ElementTree.SubElement(
        parent, tag, {name: xml_text(value) for name, value in attributes.items()}
    )
    if text is not None:
        element.text = xml_text(text)
    return element


def serialized(root: Element, doctype: str = "") -> bytes:
    """The whole file in UTF-8, ending in a line break."""
    body = ElementTree.tostring(root, encoding="unicode")
    # A reader turns a bare carriage return into a line feed (XML 1.0, section 2.11).
    body = body.replace("\r", "&#13;")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}{body}\n'.encode()


def number(value: float) -> str:
    """Pixels to a tenth, without a point where there is none to give."""
    text = f"{value:.1f}"
    return text[:-2] if text.endswith(".0") else text


def chance(probability: float) -> str:
    """A probability to four digits, never outside of 0 to 1."""
    return f"{min(max(probability, 0.0), 1.0):.4f}"


def points(quad: Quad) -> str:
    """Corners as ``x,y x,y …``."""
    return " ".join(f"{number(x)},{number(y)}" for x, y in quad)
