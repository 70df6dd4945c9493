"""A PDF that shows the picture and can be searched: the text lies on it, invisible.

The text stands where its ink is, so that marking it with the mouse marks the writing.  Its font
has no outlines and one made-up code for every label, which a table (``ToUnicode``) translates
into any characters of Unicode.  That is how searchable scans are usually made; here the font is
one of PDF's own kind (Type 3), which needs no font file.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from statistics import median

from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    NameObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from handwrite_gui.engine.export.geometry import (
    baseline,
    bounds,
    direction,
    from_frame,
    to_frame,
)
from handwrite_gui.engine.export.picture_file import is_bilevel, jpeg
from handwrite_gui.engine.export.read_page import ReadPage, program
from handwrite_gui.engine.page.result import Line, Point

_POINTS_AN_INCH = 72.0
_GLYPH_WIDTH = 500  # thousandths of the font's size; readers guess the size of such fonts by it
_HEIGHT_OF_CAPITALS = 0.7  # of the font's size, in which writing is usually set
_LEAST_ADVANCE = 0.05  # of the height of the line, for characters that stand on one another
_CODES_A_FONT = 200
_FARTHEST_FROM_LINE = 0.5  # of the line's height: a word that is farther stands on its own


def searchable_pdf(pages: Sequence[ReadPage]) -> bytes:
    """The file, a sheet for a page, of the size that the picture's resolution gives.

    Args:
        pages: at least one, with their pictures.

    Raises:
        ValueError: a page has no picture.
    """
    writer = PdfWriter()
    fonts = _Fonts()
    contents = []
    for page in pages:
        result = page.result
        scale = _POINTS_AN_INCH / page.sensible_dpi
        sheet = writer.add_blank_page(result.width * scale, result.height * scale)
        content = _picture_content(result.width * scale, result.height * scale)
        content += _text_content(page, scale, fonts)
        picture = writer._add_object(_picture(page))
        stream = DecodedStreamObject()
        stream.set_data(content.encode("ascii"))
        sheet[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
        contents.append((sheet, picture))
    made = DictionaryObject(
        {NameObject(name): writer._add_object(font) for name, font in fonts.made(writer)}
    )
    shared = writer._add_object(made)
    for sheet, picture in contents:
        sheet[NameObject("/Resources")] = DictionaryObject(
            {
                NameObject("/Font"): shared,
                NameObject("/XObject"): DictionaryObject({NameObject("/Im0"): picture}),
            }
        )
    writer.add_metadata(
        {
            "/Title": pages[0].name,
            "/Creator": pages[0].engine,
            "/Producer": program(),
        }
    )
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _picture(page: ReadPage) -> StreamObject:
    pixels = page.picture
    stream = EncodedStreamObject()
    bits, colours = 8, "/DeviceGray" if pixels.ndim == 2 else "/DeviceRGB"
    if is_bilevel(pixels):
        import numpy as np

        bits, filter_name = 1, "/FlateDecode"
        stream._data = zlib.compress(np.packbits(pixels > 0, axis=1).tobytes(), 9)
    else:
        filter_name = "/DCTDecode"
        stream._data = jpeg(pixels)
    stream.update(
        {
            NameObject("/Type"): NameObject("/XObject"),
            NameObject("/Subtype"): NameObject("/Image"),
            NameObject("/Width"): NumberObject(pixels.shape[1]),
            NameObject("/Height"): NumberObject(pixels.shape[0]),
            NameObject("/ColorSpace"): NameObject(colours),
            NameObject("/BitsPerComponent"): NumberObject(bits),
            NameObject("/Filter"): NameObject(filter_name),
        }
    )
    return stream


def _picture_content(width: float, height: float) -> str:
    return f"q {width:.3f} 0 0 {height:.3f} 0 0 cm /Im0 Do Q\n"


def _text_content(page: ReadPage, scale: float, fonts: _Fonts) -> str:
    if not page.result.lines:
        return ""
    lines = [_line_content(line, scale, page.result.height, fonts) for line in page.result.lines]
    return "BT 3 Tr\n" + "".join(lines) + "ET\n"


def _line_content(line: Line, scale: float, page_height: int, fonts: _Fonts) -> str:
    """Operators for a line: each word is put where it stands, its characters side by side.

    A character is as wide as it is to the next one, so that no gap inside a word looks like one
    between words; the space after a word is as wide as that gap.
    """
    quads = [character.quad for word in line.words for character in word.characters]
    along = direction(quads)
    first, last = (to_frame(point, along) for point in baseline(line))
    boxes = [bounds(to_frame(point, along) for point in quad) for quad in quads]
    height = max(median(box.height for box in boxes), 1.0)
    size = height / _HEIGHT_OF_CAPITALS
    parts = []
    index = 0
    for number, word in enumerate(line.words):
        own = boxes[index : index + len(word.characters)]
        index += len(own)
        starts = _rising([box.left for box in own], _LEAST_ADVANCE * height)
        end = max(max(box.right for box in own), starts[-1] + _LEAST_ADVANCE * height)
        foot = _foot(starts[0], end, first, last, median(box.bottom for box in own), height)
        parts.append(_matrix(from_frame((starts[0], foot), along), along, scale, page_height))
        for character, start, stop in zip(word.characters, starts, [*starts[1:], end], strict=True):
            parts.append(fonts.show(character.label, stop - start, size, scale))
        if number + 1 < len(line.words):
            gap = max(boxes[index].left - end, _LEAST_ADVANCE * height)
            parts.append(fonts.show(" ", gap, size, scale))
    return "".join(parts)


def _rising(starts: Sequence[float], least: float) -> list[float]:
    """Where characters begin, each at least a little after the one before."""
    result = [starts[0]]
    for start in starts[1:]:
        result.append(max(start, result[-1] + least))
    return result


def _foot(start: float, end: float, first: Point, last: Point, own: float, height: float) -> float:
    """How far down a word stands: on its line's baseline, if it is near that."""
    width = last[0] - first[0]
    share = ((start + end) / 2 - first[0]) / width if width > 0 else 0.0
    on_line = first[1] + share * (last[1] - first[1])
    return on_line if abs(on_line - own) <= _FARTHEST_FROM_LINE * height else own


def _matrix(origin: Point, along: Point, scale: float, page_height: int) -> str:
    """Text begins at a point of the picture, whose y goes down; that of a PDF goes up."""
    x, y = origin[0] * scale, (page_height - origin[1]) * scale
    cos, sin = along[0], -along[1]
    return f"{cos:.5f} {sin:.5f} {-sin:.5f} {cos:.5f} {x:.3f} {y:.3f} Tm\n"


class _Fonts:
    """Gives every label a code, in as many fonts as that takes."""

    def __init__(self) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        self._current: tuple[int, float] | None = None

    def show(self, label: str, advance: float, size: float, scale: float) -> str:
        """Operators that put a label, stretched to ``advance`` pixels."""
        font, code = self._place(label)
        stretch = 100_000 * advance / (_GLYPH_WIDTH * size)
        return f"/F{font} {size * scale:.3f} Tf {stretch:.2f} Tz <{code:02x}> Tj\n"

    def _place(self, label: str) -> tuple[int, int]:
        if label not in self._places:
            self._places[label] = divmod(len(self._places), _CODES_A_FONT)
        return self._places[label]

    def made(self, writer: PdfWriter) -> list[tuple[str, PdfObject]]:
        """The fonts that were used, with their names."""
        fonts: dict[int, dict[int, str]] = {}
        for label, (font, code) in self._places.items():
            fonts.setdefault(font, {})[code] = label
        return [(f"/F{number}", _font(labels, writer)) for number, labels in fonts.items()]


def _font(labels: dict[int, str], writer: PdfWriter) -> DictionaryObject:
    nothing = DecodedStreamObject()
    # Nothing is drawn, but the box is told: PDFium passes over glyphs without one.
    nothing.set_data(f"{_GLYPH_WIDTH} 0 0 -250 {_GLYPH_WIDTH} 750 d1".encode("ascii"))
    glyph = writer._add_object(nothing)
    table = DecodedStreamObject()
    table.set_data(_to_unicode(labels).encode("ascii"))
    last = max(labels)
    names = [NameObject(f"/glyph{code}") for code in range(last + 1)]
    one = FloatObject("0.001")
    zero = NumberObject(0)
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type3"),
            NameObject("/FontBBox"): ArrayObject(
                [zero, NumberObject(-250), NumberObject(_GLYPH_WIDTH), NumberObject(750)]
            ),
            NameObject("/FontMatrix"): ArrayObject([one, zero, zero, one, zero, zero]),
            NameObject("/FirstChar"): zero,
            NameObject("/LastChar"): NumberObject(last),
            NameObject("/Widths"): ArrayObject([NumberObject(_GLYPH_WIDTH)] * (last + 1)),
            NameObject("/Encoding"): DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Encoding"),
                    NameObject("/Differences"): ArrayObject([zero, *names]),
                }
            ),
            NameObject("/CharProcs"): DictionaryObject(dict.fromkeys(names, glyph)),
            NameObject("/Resources"): DictionaryObject(),
            NameObject("/ToUnicode"): writer._add_object(table.flate_encode()),
        }
    )


def _to_unicode(labels: dict[int, str]) -> str:
    """The table from codes to text (PDF 32000-1, section 9.10.3)."""
    rows = [
        f"<{code:02x}> <{label.encode('utf-16-be', 'replace').hex()}>"
        for code, label in sorted(labels.items())
    ]
    # A block may have at most 100 rows.
    blocks = [rows[start : start + 100] for start in range(0, len(rows), 100)]
    body = "".join(
        f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar\n" for block in blocks
    )
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<00> <ff>\nendcodespacerange\n"
        f"{body}endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    )
