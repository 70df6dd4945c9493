"""Where everything stands on a sample sheet, in millimetres from its top left corner, y down.

Whoever prints a sheet and whoever reads it ask here; nothing of it may change without another
:data:`VERSION`, or sheets that were printed before could not be read any more.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NamedTuple, get_args

from handwrite_gui.engine.errors import HandwriteError

VERSION = 1
"""Of the layout, the code and the order of the characters together."""

PaperSize = Literal["a4", "letter"]
PAPER_SIZES: tuple[PaperSize, ...] = get_args(PaperSize)

CHARACTERS = (
    string.digits
    + string.ascii_uppercase
    + string.ascii_lowercase
    + string.punctuation
    + "".join(chr(code) for code in range(0xA1, 0x100) if code != 0xAD)
)
"""All that a sheet can ask for, in the order in which it does: ASCII and Latin-1."""

MOST_COPIES = 20

_SIZES: MappingProxyType[PaperSize, tuple[float, float]] = MappingProxyType(
    {"a4": (210.0, 297.0), "letter": (215.9, 279.4)}
)
MARK_SIDE = 9.0
_MARK_MARGIN = 10.0  # printers leave about 5 mm at the rim
RING_HOLE = 5 / 7  # of the mark's side
CORE = 3.4 / 7
SPECIAL_CORE = 1.8 / 7
"""The top left mark has a smaller core, which says how the sheet lies."""

CODE_ROWS, CODE_COLUMNS = 4, 66
CODE_SQUARE = 2.2

TICK_SIDE = 2.2
_COLUMN_TICKS_Y = 29.0

_GRID_TOP = 32.6
_GRID_SIDE = 22.0
_GRID_BOTTOM = 21.0
PITCH_X, PITCH_Y = 15.0, 19.4
BOX_WIDTH, BOX_HEIGHT = 12.4, 12.8
BOX_TOP = 5.0
"""Below the top of the cell; the prompt stands above it."""
LINE_WIDTH = 0.3
BASELINE = 0.7
"""Where writing may stand, as a share of the box's height; small ticks beside the box show it."""
BASELINE_TICK = 0.9

PROMPT_SIZE = 3.9
"""Height of the prompt's font."""


class Point(NamedTuple):
    """A place on the paper."""

    x: float
    y: float


class Rect(NamedTuple):
    """A rectangle on the paper."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.left + self.width

    @property
    def bottom(self) -> float:
        return self.top + self.height

    @property
    def centre(self) -> Point:
        return Point(self.left + self.width / 2, self.top + self.height / 2)

    @classmethod
    def around(cls, centre: Point, width: float, height: float) -> Rect:
        return cls(centre.x - width / 2, centre.y - height / 2, width, height)


@dataclass(frozen=True, slots=True)
class Cell:
    """A box for one character.

    Attributes:
        number: on its page, from 1, along the rows.
        label: the character that is asked for.
        box: what is written into.
        prompt: where the printed character stands, above the box.
    """

    number: int
    label: str
    box: Rect
    prompt: Rect


@dataclass(frozen=True, slots=True)
class SampleSheet:
    """What is asked for, and on which paper.

    Attributes:
        characters: each once, in the order of :data:`CHARACTERS`.
        copies: how often each is asked for, 1 to :data:`MOST_COPIES`.
        paper: its size.
    """

    characters: str
    copies: int
    paper: PaperSize = "a4"

    @property
    def grid(self) -> tuple[int, int]:
        """Rows and columns of cells of a full page."""
        width, height = _SIZES[self.paper]
        rows = int((height - _GRID_TOP - _GRID_BOTTOM) / PITCH_Y)
        return rows, int((width - 2 * _GRID_SIDE) / PITCH_X)

    @property
    def pages(self) -> int:
        rows, columns = self.grid
        return -(-len(self.characters) * self.copies // (rows * columns))

    def cells(self, page: int) -> tuple[Cell, ...]:
        """The cells of a page, from 1.

        All characters come once before any comes again: who writes the same one five times in a
        row does not write as usual.
        """
        rows, columns = self.grid
        asked = self.characters * self.copies
        first = (page - 1) * rows * columns
        left = (paper_size(self.paper)[0] - columns * PITCH_X) / 2
        cells = []
        for index, label in enumerate(asked[first : first + rows * columns]):
            row, column = divmod(index, columns)
            x, y = left + column * PITCH_X, _GRID_TOP + row * PITCH_Y
            inset = (PITCH_X - BOX_WIDTH) / 2
            cells.append(
                Cell(
                    index + 1,
                    label,
                    Rect(x + inset, y + BOX_TOP, BOX_WIDTH, BOX_HEIGHT),
                    Rect(x + inset, y + 0.4, BOX_WIDTH, BOX_TOP - 0.7),
                )
            )
        return tuple(cells)


def make_sheet(characters: str, copies: int, paper: PaperSize = "a4") -> SampleSheet:
    """A sheet that asks for each of some characters so often.

    Raises:
        HandwriteError: no characters, some that cannot be printed, or too many copies or pages.
    """
    wanted = set(characters) - set(string.whitespace)
    unknown = "".join(sorted(wanted - set(CHARACTERS)))
    if unknown:
        raise HandwriteError(
            f"A sample sheet cannot ask for {' '.join(unknown)}: only letters, digits and marks of "
            "Western European languages can be printed; leave the others out."
        )
    if not wanted:
        raise HandwriteError("Name at least one character for the sample sheet.")
    if not 1 <= copies <= MOST_COPIES:
        raise HandwriteError(
            f"A sample sheet asks for each character 1 to {MOST_COPIES} times, not {copies}."
        )
    if paper not in PAPER_SIZES:
        raise HandwriteError(f"There is no paper “{paper}”; choose {' or '.join(PAPER_SIZES)}.")
    return SampleSheet("".join(c for c in CHARACTERS if c in wanted), copies, paper)


def paper_size(paper: PaperSize) -> tuple[float, float]:
    """Width and height."""
    return _SIZES[paper]


def mark_centres(paper: PaperSize) -> tuple[Point, Point, Point, Point]:
    """Middles of the registration marks: top left, top right, bottom right, bottom left."""
    width, height = _SIZES[paper]
    near = _MARK_MARGIN + MARK_SIDE / 2
    far_x, far_y = width - near, height - near
    return Point(near, near), Point(far_x, near), Point(far_x, far_y), Point(near, far_y)


def tick_centres(paper: PaperSize) -> tuple[Point, ...]:
    """Middles of the small squares at the ends of all rows and columns of cells.

    They tell how the paper is bent; they are printed on every page, however many cells it has.
    """
    rows, columns = SampleSheet("0", 1, paper).grid
    top_left, _, bottom_right, _ = mark_centres(paper)
    width, _ = _SIZES[paper]
    left = (width - columns * PITCH_X) / 2
    xs = [left + (column + 0.5) * PITCH_X for column in range(columns)]
    ys = [_GRID_TOP + row * PITCH_Y + BOX_TOP + BOX_HEIGHT / 2 for row in range(rows)]
    return (
        *(Point(x, _COLUMN_TICKS_Y) for x in xs),
        *(Point(x, bottom_right.y) for x in xs),
        *(Point(top_left.x, y) for y in ys),
        *(Point(bottom_right.x, y) for y in ys),
    )


def code_area(paper: PaperSize) -> Rect:
    """The squares that say which sheet it is, between the upper marks."""
    width, _ = _SIZES[paper]
    middle = Point(width / 2, mark_centres(paper)[0].y)
    return Rect.around(middle, CODE_COLUMNS * CODE_SQUARE, CODE_ROWS * CODE_SQUARE)
