"""JSON that a person can read, and reading JSON that may hold anything."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from handwrite_gui.engine.page.result import Point, Quad

WIDTH = 100
"""Values that fit into so many columns stand on one line."""

LONGEST_TEXT = 10_000
FARTHEST = 1e7
"""Pixels; no picture is as large."""


class Damaged(Exception):  # noqa: N818 - it says what a file is, and never leaves the package
    """Something is not as it must be; the message says where and what."""


def rendered(value: object, indent: int = 0) -> str:
    """JSON with a line for each part that fits on one."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + indent <= WIDTH or not isinstance(value, (dict, list)):
        return flat
    pad = " " * (indent + 1)
    if isinstance(value, dict):
        parts = [f"{json.dumps(k)}: {rendered(v, indent + 1)}" for k, v in value.items()]
    else:
        parts = [rendered(part, indent + 1) for part in value]
    inside = f",\n{pad}".join(parts)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}\n{pad}{inside}\n{' ' * indent}{closing}"


class Reader:
    """A JSON object, asked for its members one by one.

    Every method raises :class:`Damaged` where a member is missing or of another kind.

    Args:
        raw: the object as it was parsed.
        place: where it stands in the file, for messages.
    """

    def __init__(self, raw: object, place: str = "") -> None:
        if not isinstance(raw, dict):
            raise Damaged(f"{place or 'the document'}: it must be an object")
        self.raw: dict[str, Any] = raw
        self._place = place

    def part(self, name: str) -> Reader:
        """An object in it."""
        return Reader(self.raw.get(name), self._at(name))

    def parts(self, name: str) -> list[Reader]:
        """A list of objects in it."""
        return [Reader(entry, f"{self._at(name)}[{i}]") for i, entry in enumerate(self._list(name))]

    def text(self, name: str) -> str:
        value = self.raw.get(name)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT:
            raise Damaged(f"{self._at(name)}: it must be a text")
        return value

    def label(self, name: str) -> str:
        """What a character is: a text without blanks, and not empty."""
        return _label(self.raw.get(name), self._at(name))

    def one_of(self, name: str, allowed: Sequence[str]) -> str:
        value = self.text(name)
        if value not in allowed:
            raise Damaged(f"{self._at(name)}: it must be one of {', '.join(allowed)}")
        return value

    def flag(self, name: str) -> bool:
        """True or false; false where it is missing."""
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            raise Damaged(f"{self._at(name)}: it must be true or false")
        return value

    def whole(self, name: str, least: int, most: int = 10**9) -> int:
        value = self.raw.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise Damaged(f"{self._at(name)}: it must be a whole number from {least}")
        return value

    def number(self, name: str, least: float, most: float) -> float:
        value = _number(self.raw.get(name), self._at(name))
        if not least <= value <= most:
            raise Damaged(f"{self._at(name)}: it must be within {least:g} and {most:g}")
        return value

    def numbers(self, name: str, count: int) -> list[float]:
        """A list of that many numbers."""
        values = [_number(value, self._at(name)) for value in self._list(name)]
        if len(values) != count:
            raise Damaged(f"{self._at(name)}: it must hold {count} numbers")
        return values

    def quad(self, name: str) -> Quad:
        return _quad(self.raw.get(name), self._at(name))

    def quads(self, name: str) -> list[Quad]:
        return [_quad(value, self._at(name)) for value in self._list(name)]

    def predictions(self, name: str) -> list[tuple[str, float]]:
        """Pairs of a label and its probability."""
        pairs = []
        for value in self._list(name):
            if not isinstance(value, list) or len(value) != 2:
                raise Damaged(f"{self._at(name)}: it must hold pairs")
            pairs.append((_label(value[0], self._at(name)), _number(value[1], self._at(name))))
        return pairs

    def _list(self, name: str) -> list[Any]:
        value = self.raw.get(name)
        if not isinstance(value, list):
            raise Damaged(f"{self._at(name)}: it must be a list")
        return value

    def _at(self, name: str) -> str:
        return f"{self._place}.{name}" if self._place else name


def _label(value: object, place: str) -> str:
    if not isinstance(value, str) or not value or len(value) > 100 or value.split() != [value]:
        raise Damaged(f"{place}: it must be a label without blanks")
    return value


def _number(value: object, place: str) -> float:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise Damaged(f"{place}: it must be a number")
    try:
        number = float(value)
    except OverflowError:  # a whole number of hundreds of digits
        number = math.inf
    if not math.isfinite(number):
        raise Damaged(f"{place}: it must be finite")
    return number


def _quad(value: object, place: str) -> Quad:
    if not isinstance(value, list) or len(value) != 4:
        raise Damaged(f"{place}: it must have four corners")
    corners: list[Point] = []
    for corner in value:
        if not isinstance(corner, list) or len(corner) != 2:
            raise Damaged(f"{place}: a corner must be two numbers")
        x, y = (_number(number, place) for number in corner)
        if max(abs(x), abs(y)) > FARTHEST:
            raise Damaged(f"{place}: a corner lies beyond every picture")
        corners.append((x, y))
    return corners[0], corners[1], corners[2], corners[3]
