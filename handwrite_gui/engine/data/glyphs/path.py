"""A notation for pen strokes, after METAFONT: points the pen passes, and how it gets from each
to the next.

::

    path      = stroke { ";" stroke }
    stroke    = knot { join knot }
    join      = ".."  |  "--"  |  "---"
    knot      = x "," y [ "{" direction "}" ]
    direction = "up" | "down" | "left" | "right" | degrees | "curl"

``..`` is a smooth curve, ``--`` a straight line, and ``---`` a straight line that the curves
beside it continue without a corner.  A direction says where the pen heads at a knot (degrees
counter-clockwise from right, as one sees it); ``{curl}`` is a corner between two curves.  A stroke
of one knot is a dot.  So a letter U is ``0,0 --- 0,65 .. 32,100 .. 64,65 --- 64,0``.

The curves are cubic Bézier splines whose handles are chosen by the mock-curvature equations of
J. D. Hobby, "Smooth, easy to compute interpolating splines", Discrete & Computational Geometry 1
(1986), with tension 1 and curl 1: what METAFONT draws for the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

SPACING = 4.0
"""Greatest distance between neighbouring points of a traced stroke, in the units of the path."""

_KNOT = re.compile(
    r"(?P<x>-?\d+(?:\.\d+)?),(?P<y>-?\d+(?:\.\d+)?)(?:\{(?P<direction>[a-z]+|-?\d+)\})?"
)
_JOINS = re.compile(r"\s+(\.\.|---?)\s+")
_NAMED_DIRECTIONS = {"right": 0.0, "up": 90.0, "left": 180.0, "down": 270.0}


_Angles = NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class TracedStroke:
    """One stroke as a polyline that still knows its knots.

    Attributes:
        points: float64 ``(P, 2)``, x and y, y down, at most :data:`SPACING` apart; every knot is
            one of them.
        position: float64 ``(P,)`` where each point is among the knots: 1.25 is a quarter of the
            way from knot 1 to knot 2.
        straight: bool ``(K - 1,)`` which of the joins between the K knots are straight.
    """

    points: NDArray[np.float64]
    position: NDArray[np.float64]
    straight: NDArray[np.bool_]

    @property
    def knots(self) -> int:
        """How many knots the stroke has."""
        return len(self.straight) + 1


@dataclass(frozen=True, slots=True)
class _Knot:
    place: complex
    direction: float | None
    """Heading in radians, y down; None where it follows from the neighbours."""
    corner: bool


def trace(path: str) -> tuple[TracedStroke, ...]:
    """The polylines that a path describes, one a stroke.

    Raises:
        ValueError: the path does not follow the notation; the message names the part.
    """
    return tuple(_trace_stroke(stroke.strip()) for stroke in path.split(";"))


def _trace_stroke(text: str) -> TracedStroke:
    parts = _JOINS.split(text)
    knots = [_parse_knot(part) for part in parts[::2]]
    joins = parts[1::2]
    straight = np.array([join != ".." for join in joins], np.bool_)
    points = [np.array([knots[0].place])]
    position = [np.zeros(1)]
    for index, (start, first, second, end) in enumerate(_bezier_pieces(knots, joins)):
        count = max(1, int(np.ceil(_polygon_length(start, first, second, end) / SPACING)))
        t = np.arange(1, count + 1) / count
        s = 1 - t
        points.append(
            s * s * s * start + 3 * s * s * t * first + 3 * s * t * t * second + t * t * t * end
        )
        position.append(index + t)
    place = np.concatenate(points)
    return TracedStroke(
        np.stack([place.real, place.imag], axis=1), np.concatenate(position), straight
    )


def _parse_knot(text: str) -> _Knot:
    match = _KNOT.fullmatch(text)
    if match is None:
        raise ValueError(f"“{text}” is not a knot: write x,y or x,y{{direction}}.")
    place = complex(float(match["x"]), float(match["y"]))
    name = match["direction"]
    if name is None or name == "curl":
        return _Knot(place, None, name is not None)
    if name.isalpha() and name not in _NAMED_DIRECTIONS:
        raise ValueError(f"“{name}” is not a direction in “{text}”.")
    degrees = _NAMED_DIRECTIONS[name] if name.isalpha() else float(name)
    return _Knot(place, -np.deg2rad(degrees), False)


def _polygon_length(*places: complex) -> float:
    return sum(abs(after - before) for before, after in pairwise(places))


def _bezier_pieces(
    knots: list[_Knot], joins: list[str]
) -> list[tuple[complex, complex, complex, complex]]:
    """Start, two handles and end of the cubic piece for each join."""
    pieces: list[tuple[complex, complex, complex, complex]] = []
    first = 0
    while first < len(joins):
        last = first + 1
        if joins[first] == "..":
            # A run of curves that shape each other, up to what fixes or frees the direction.
            while last < len(joins) and joins[last] == ".." and _follows(knots[last]):
                last += 1
            incoming = _heading(knots, joins, first, first - 1)
            outgoing = _heading(knots, joins, last, last)
            places = np.array([knot.place for knot in knots[first : last + 1]])
            pieces += _hobby(places, incoming, outgoing)
        else:
            start, end = knots[first].place, knots[last].place
            pieces.append((start, start + (end - start) / 3, end - (end - start) / 3, end))
        first = last
    return pieces


def _follows(knot: _Knot) -> bool:
    return knot.direction is None and not knot.corner


def _heading(knots: list[_Knot], joins: list[str], knot: int, join: int) -> float | None:
    """Direction that a run of curves has to keep at ``knot``, where ``join`` is beyond it."""
    if knots[knot].corner or knots[knot].direction is not None:
        return knots[knot].direction
    if 0 <= join < len(joins) and joins[join] == "---":
        return float(np.angle(knots[join + 1].place - knots[join].place))
    return None


def _hobby(
    places: NDArray[np.complex128], incoming: float | None, outgoing: float | None
) -> list[tuple[complex, complex, complex, complex]]:
    """Cubic pieces through ``places`` with the headings at both ends, None for curl 1.

    The unknowns are the angles theta between each chord and the curve that leaves along it; psi is
    how far the chords turn at a knot.
    """
    chords = np.diff(places)
    lengths = np.abs(chords)
    chord_angles = np.angle(chords)
    count = len(chords)
    psi = np.zeros(count + 1)
    psi[1:-1] = _wrapped(np.diff(chord_angles))
    matrix = np.zeros((count + 1, count + 1))
    right = np.zeros(count + 1)
    for k in range(1, count):
        before, after = 1 / lengths[k - 1], 1 / lengths[k]
        matrix[k, k - 1 : k + 2] = before, 2 * (before + after), after
        right[k] = -2 * before * psi[k] - after * psi[k + 1]
    if incoming is None:
        matrix[0, :2] = 1
        right[0] = -psi[1]
    else:
        matrix[0, 0] = 1
        right[0] = _wrapped(np.array(incoming - chord_angles[0]))
    if outgoing is None:
        # Between two free ends a single curve is straight, which two equal rows leave open.
        matrix[count, count - 1 :] = (1, 1) if count > 1 or incoming is not None else (0, 1)
    else:
        matrix[count, count] = 1
        right[count] = _wrapped(np.array(outgoing - chord_angles[-1]))
    theta = np.linalg.solve(matrix, right)
    phi = -psi[1:] - theta[1:]
    leave = np.exp(1j * theta[:-1]) * chords * _velocity(theta[:-1], phi)
    arrive = np.exp(-1j * phi) * chords * _velocity(phi, theta[:-1])
    starts, ends = places[:-1], places[1:]
    return list(
        zip(
            starts.tolist(),
            (starts + leave).tolist(),
            (ends - arrive).tolist(),
            ends.tolist(),
            strict=True,
        )
    )


def _wrapped(angle: _Angles) -> _Angles:
    """The same angle in −π … π."""
    return np.asarray((angle + np.pi) % (2 * np.pi) - np.pi)


def _velocity(theta: _Angles, phi: _Angles) -> _Angles:
    """Length of a handle as a share of the chord."""
    sin_theta, cos_theta, sin_phi, cos_phi = np.sin(theta), np.cos(theta), np.sin(phi), np.cos(phi)
    return np.asarray(
        (
            2
            + np.sqrt(2)
            * (sin_theta - sin_phi / 16)
            * (sin_phi - sin_theta / 16)
            * (cos_theta - cos_phi)
        )
        / (3 * (1 + (np.sqrt(5) - 1) / 2 * cos_theta + (3 - np.sqrt(5)) / 2 * cos_phi))
    )
