"""Bringing a reading to a picture of another size."""

from __future__ import annotations

from dataclasses import replace

from handwrite_gui.engine.page.result import Line, PageResult, Quad, Word


def scaled(result: PageResult, width: int, height: int) -> PageResult:
    """The reading with its places on a picture of another size, or unit of length.

    A PDF that is drawn finer than it was read, or ALTO in tenths of millimetres, differs so.
    """
    if (result.width, result.height) == (width, height) or not (result.width and result.height):
        return replace(result, width=width, height=height)
    across, down = width / result.width, height / result.height

    def moved(quad: Quad) -> Quad:
        a, b, c, d = ((x * across, y * down) for x, y in quad)
        return (a, b, c, d)

    lines = tuple(
        Line(
            tuple(
                Word(tuple(replace(c, quad=moved(c.quad)) for c in word.characters))
                for word in line.words
            )
        )
        for line in result.lines
    )
    return PageResult(width, height, lines)
