"""Tags and text of HTML that need not be well formed, in time that grows with its length.

``html.parser`` of older Pythons takes time that grows with the square of it on files made for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

_NAME = re.compile(r"(/?)([A-Za-z][A-Za-z0-9:_-]{0,100})")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=]{1,100})\s*(=?)\s*")
_UNQUOTED = re.compile(r"[^\s>]*")
_END_OF_TAG = re.compile(r"[\s/]*>")


class Tag(NamedTuple):
    """A tag: its name in small letters, whether it closes, and whether it closes itself."""

    name: str
    closes: bool
    is_empty: bool
    attributes: dict[str, str]


def tokens(text: str) -> Iterator[Tag | str]:
    """Tags, and text with its references resolved; comments and declarations are left out.

    What a comment, a tag or a quoted value that never ends would hold is left out as well.
    """
    place = 0
    while True:
        start = text.find("<", place)
        if start < 0:
            start = len(text)
        if start > place:
            yield unescape(text[place:start])
        if start == len(text):
            return
        name = _NAME.match(text, start + 1)
        if name is not None:
            tag, place = _tag(text, name)
            if tag is None:
                return
            yield tag
        elif text.startswith(("<!", "<?"), start):
            end = "-->" if text.startswith("<!--", start) else ">"
            place = text.find(end, start + 2)
            if place < 0:
                return
            place += len(end)
        else:
            yield "<"
            place = start + 1


def _tag(text: str, name: re.Match[str]) -> tuple[Tag | None, int]:
    """A tag and where it ends; None for one that does not."""
    place = name.end()
    attributes: dict[str, str] = {}
    while True:
        end = _END_OF_TAG.match(text, place)
        if end is not None:
            is_empty = "/" in end[0]
            return Tag(name[2].lower(), name[1] == "/", is_empty, attributes), end.end()
        attribute = _ATTRIBUTE.match(text, place)
        if attribute is None:
            return None, place
        place = attribute.end()
        value = ""
        if attribute[2]:
            value, place = _value(text, place)
            if place < 0:
                return None, place
        attributes.setdefault(attribute[1].lower(), unescape(value))


def _value(text: str, place: int) -> tuple[str, int]:
    quote = text[place : place + 1]
    if quote in {'"', "'"}:
        end = text.find(quote, place + 1)
        return (text[place + 1 : end], end + 1) if end >= 0 else ("", -1)
    value = _UNQUOTED.match(text, place)
    return (value[0], value.end()) if value is not None else ("", place)
