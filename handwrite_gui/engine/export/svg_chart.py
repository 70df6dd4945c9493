"""Line charts as SVG text, for documents that have to stand alone."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray

_WIDTH, _HEIGHT = 640, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 56, 12, 12, 40
_MOST_POINTS = 600


@dataclass(frozen=True, eq=False, slots=True)
class Line:
    """One curve: its name in the legend, its points, and a CSS colour."""

    name: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    colour: str


def line_chart(lines: Sequence[Line], x_label: str, y_label: str) -> str:
    """An SVG element of curves over common axes that begin at zero.

    Points that are not finite are left out; of very many neighbouring ones their mean is drawn.
    """
    thin = [_thinned(line) for line in lines]
    x_end = max((float(line.x.max()) for line in thin if len(line.x)), default=1.0) or 1.0
    y_end = max((float(line.y.max()) for line in thin if len(line.y)), default=1.0) or 1.0
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'aria-label="{escape(y_label)} over {escape(x_label)}">'
    ]
    for value in _ticks(y_end):
        y = _place_y(value / y_end)
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>'
            f'<text x="{_LEFT - 6}" y="{y + 4}" text-anchor="end">{value:g}</text>'
        )
    for value in _ticks(x_end):
        x = _place_x(value / x_end)
        parts.append(f'<text x="{x}" y="{_HEIGHT - 22}" text-anchor="middle">{value:g}</text>')
    for line in thin:
        points = " ".join(
            f"{_place_x(x / x_end)},{_place_y(y / y_end)}"
            for x, y in zip(line.x.tolist(), line.y.tolist(), strict=True)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{line.colour}" stroke-width="1.5"/>'
        )
    bottom, right = _HEIGHT - _BOTTOM, _WIDTH - _RIGHT
    parts.append(
        f'<path class="axis" d="M{_LEFT},{_TOP}V{bottom}H{right}" fill="none"/>'
        f'<text x="{(_LEFT + right) / 2}" y="{_HEIGHT - 4}" text-anchor="middle">'
        f"{escape(x_label)}</text>"
        f'<text transform="translate(14,{(_TOP + bottom) / 2}) rotate(-90)" '
        f'text-anchor="middle">{escape(y_label)}</text></svg>'
    )
    legend = " ".join(
        f'<span><i style="background:{line.colour}"></i>{escape(line.name)}</span>'
        for line in lines
    )
    return f'{"".join(parts)}<p class="legend">{legend}</p>'


def _thinned(line: Line) -> Line:
    finite = np.isfinite(line.x) & np.isfinite(line.y)
    x, y = line.x[finite], line.y[finite]
    if len(x) > _MOST_POINTS:
        edges = np.linspace(0, len(x), _MOST_POINTS + 1).astype(np.int64)
        counts = np.diff(edges)
        x = np.add.reduceat(x, edges[:-1]) / counts
        y = np.add.reduceat(y, edges[:-1]) / counts
    return Line(line.name, x, y, line.colour)


def _ticks(end: float) -> list[float]:
    """Round numbers from 0 to ``end``, about five."""
    step = 10 ** math.floor(math.log10(end / 4))
    step *= next(factor for factor in (1, 2, 5, 10) if end / (step * factor) <= 6)
    return [round(index * step, 12) for index in range(int(end / step + 1e-9) + 1)]


def _place_x(share: float) -> float:
    return round(_LEFT + share * (_WIDTH - _LEFT - _RIGHT), 1)


def _place_y(share: float) -> float:
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)
