"""The PDF of a sample sheet: lines, squares and text, nothing that a printer could blur.

What is printed where people write is orange.  In the red of a picture it is as bright as the paper,
where blue and black pens are dark: that is how forms have always been printed.
"""

from __future__ import annotations

import io
from types import MappingProxyType

from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from handwrite_gui.engine.export.read_page import program
from handwrite_gui.engine.handwriting.sample_sheet.identity import to_bits
from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    BASELINE,
    BASELINE_TICK,
    CODE_SQUARE,
    CORE,
    LINE_WIDTH,
    MARK_SIDE,
    PROMPT_SIZE,
    RING_HOLE,
    SPECIAL_CORE,
    TICK_SIDE,
    Cell,
    Point,
    Rect,
    SampleSheet,
    code_area,
    mark_centres,
    paper_size,
    tick_centres,
)

_POINTS_A_MM = 72 / 25.4
_BLACK, _GREY, _WHITE = "0 0 0", "0.25 0.25 0.25", "1 1 1"
_LINE, _PROMPT = "1 0.74 0.55", "0.9 0.4 0.1"
_HINT_SIZE = 2.0
_TEXT_SIZE = 3.1
_TITLE_SIZE = 4.2
_OVERLAP = 0.02  # mm: squares side by side must not show a seam
_NARROW, _WIDE = frozenset("Iijl.,-'`|:;"), frozenset("MWmw")
_WIDTHS = (0.35, 0.76, 0.95)  # of narrow characters, others and wide ones, of the font's size
_HINTS = MappingProxyType({
    **dict.fromkeys("01", "digit"),
    **dict.fromkeys("CIKOPSUVWXYZ", "capital"),
    **dict.fromkeys("ciklopsuvwxyz", "small"),
    ".": "full stop", ",": "comma", "-": "dash", "'": "apostrophe", "`": "grave",
    "_": "underscore", "|": "bar", "\"": "quote", ":": "colon", ";": "semicolon",
    "^": "caret", "~": "tilde", "\u00b7": "dot", "\u00b8": "cedilla", "\u00a8": "dots",
    "\u00af": "macron", "\u00b4": "acute", "\u00b0": "degree", "\u00ba": "ordinal",
})  # fmt: skip
"""What tells a character from those of the same shape."""


def sheet_pdf(sheet: SampleSheet) -> bytes:
    """The file, to be printed at any size."""
    width, height = (side * _POINTS_A_MM for side in paper_size(sheet.paper))
    writer = PdfWriter()
    fonts = DictionaryObject(
        {
            NameObject("/F0"): writer._add_object(_font("/Helvetica")),
            NameObject("/F1"): writer._add_object(_font("/Helvetica-Bold")),
        }
    )
    for number in range(1, sheet.pages + 1):
        page = writer.add_blank_page(width, height)
        stream = DecodedStreamObject()
        stream.set_data(_content(sheet, number).encode("ascii"))
        page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
    writer.add_metadata({"/Title": "Handwrite sample sheet", "/Producer": program()})
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _font(name: str) -> DictionaryObject:
    """One of the fonts that every reader of PDF has (PDF 32000-1, section 9.6.2.2)."""
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject(name),
            NameObject("/Encoding"): NameObject("/WinAnsiEncoding"),
        }
    )


def _content(sheet: SampleSheet, number: int) -> str:
    top_left, *others = mark_centres(sheet.paper)
    parts = [_mark(top_left, SPECIAL_CORE), *(_mark(centre, CORE) for centre in others)]
    area = code_area(sheet.paper)
    bits = to_bits(sheet, number)
    for row, column in zip(*bits.nonzero(), strict=True):
        parts.append(
            _filled(
                Rect(
                    area.left + float(column) * CODE_SQUARE,
                    area.top + float(row) * CODE_SQUARE,
                    CODE_SQUARE + _OVERLAP,
                    CODE_SQUARE + _OVERLAP,
                ),
                _BLACK,
            )
        )
    parts += [
        _filled(Rect.around(centre, TICK_SIDE, TICK_SIDE), _BLACK)
        for centre in tick_centres(sheet.paper)
    ]
    cells = sheet.cells(number)
    left = cells[0].box.left
    title = "Sample sheet" if sheet.pages == 1 else f"Sample sheet, {number} of {sheet.pages}"
    parts.append(_text(title, Point(left, 24.2), _TITLE_SIZE, _GREY, bold=True))
    guidance = "Write each character into its box with a blue or black pen, as you usually write."
    more = "Leave out what you like; scribble over what went wrong. Photograph all four corners."
    parts.append(_text(guidance, Point(left + 43, 22.6), _TEXT_SIZE - 0.3, _GREY))
    parts.append(_text(more, Point(left + 43, 26.0), _TEXT_SIZE - 0.3, _GREY))
    parts += [_cell(cell) for cell in cells]
    height = paper_size(sheet.paper)[1] * _POINTS_A_MM
    # Millimetres with y down from here on.
    scale = f"{_POINTS_A_MM:.6f} 0 0 {-_POINTS_A_MM:.6f} 0 {height:.3f} cm\n"
    return f"q {scale}{''.join(parts)}Q\n"


def _mark(centre: Point, core: float) -> str:
    sides = (1.0, _BLACK), (RING_HOLE, _WHITE), (core, _BLACK)
    return "".join(
        _filled(Rect.around(centre, MARK_SIDE * share, MARK_SIDE * share), colour)
        for share, colour in sides
    )


def _cell(cell: Cell) -> str:
    box = cell.box
    baseline = box.top + BASELINE * box.height
    lines = [
        f"{box.left:.3f} {box.top:.3f} {box.width:.3f} {box.height:.3f} re S\n",
        _line(Point(box.left - BASELINE_TICK, baseline), Point(box.left, baseline)),
        _line(Point(box.right, baseline), Point(box.right + BASELINE_TICK, baseline)),
    ]
    foot = cell.prompt.bottom - 0.9
    parts = [
        f"{_LINE} RG {LINE_WIDTH} w\n",
        *lines,
        _text(cell.label, Point(cell.prompt.left + 0.2, foot), PROMPT_SIZE, _PROMPT, bold=True),
    ]
    hint = _HINTS.get(cell.label, "")
    if hint:
        width = _WIDTHS[1 + (cell.label in _WIDE) - (cell.label in _NARROW)]
        beside = cell.prompt.left + 0.9 + width * PROMPT_SIZE
        parts.append(_text(hint, Point(beside, foot), _HINT_SIZE, _PROMPT))
    return "".join(parts)


def _line(start: Point, end: Point) -> str:
    return f"{start.x:.3f} {start.y:.3f} m {end.x:.3f} {end.y:.3f} l S\n"


def _filled(rect: Rect, colour: str) -> str:
    place = f"{rect.left:.3f} {rect.top:.3f} {rect.width:.3f} {rect.height:.3f}"
    return f"{colour} rg {place} re f\n"


def _text(text: str, foot: Point, size: float, colour: str, *, bold: bool = False) -> str:
    """Text that begins at a place; the page's y goes down, that of fonts up."""
    codes = text.encode("cp1252", "replace").hex()
    return (
        f"BT {colour} rg /F{int(bold)} {size:.2f} Tf 1 0 0 -1 {foot.x:.3f} {foot.y:.3f} Tm "
        f"<{codes}> Tj ET\n"
    )
