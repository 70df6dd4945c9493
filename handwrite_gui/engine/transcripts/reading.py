"""One door to the formats: pages from a file of any of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from handwrite_gui.engine.errors import TranscriptError
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.transcripts.alto import read_alto
from handwrite_gui.engine.transcripts.hocr import read_hocr
from handwrite_gui.engine.transcripts.json_document import read_json
from handwrite_gui.engine.transcripts.page_xml import read_page_xml
from handwrite_gui.engine.transcripts.xml_tree import MOST_BYTES, XmlTrouble

_ROOT = re.compile(rb"<(?:[\w.-]+:)?(alto|PcGts|html)\b", re.IGNORECASE)
_LOOKED_AT = 100_000  # bytes in which the root element begins
_FORMATS = "hOCR, ALTO, PAGE XML or this program's JSON"


def read_transcript(path: str | os.PathLike[str]) -> list[ReadPage]:
    """The pages of a file in hOCR, ALTO, PAGE XML or the program's JSON, told by what is in it.

    Words and lines without the places of their characters get them in equal shares.  Nothing
    outside of the file is opened, whatever it names.

    Returns:
        at least one page; without their pictures.

    Raises:
        TranscriptError: the file is missing, of another kind, damaged, or too large.
    """
    path = Path(path)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TranscriptError(
                path, f"it is larger than {MOST_BYTES // 1_000_000} MB; divide it by pages."
            )
        data = path.read_bytes()
    except OSError as error:
        raise TranscriptError(path, f"it cannot be opened: {error.strerror}.") from error
    except ValueError as error:
        raise TranscriptError(path, "it cannot be opened; check its name.") from error
    try:
        pages = parse_transcript(data)
    except XmlTrouble as error:
        raise TranscriptError(path, str(error)) from error
    except (MemoryError, RecursionError) as error:
        raise TranscriptError(path, "it is too large or too deep to be read.") from error
    if not pages:
        raise TranscriptError(path, "it holds no page.")
    return pages


def parse_transcript(data: bytes) -> list[ReadPage]:
    """The same for the bytes of a file.

    Raises:
        XmlTrouble: they are of no known format, or damaged.
    """
    start = data[:_LOOKED_AT]
    if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return read_json(_decoded(data))
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        # UTF-16, in which some programs write XML.
        data = _decoded(data, "utf-16").encode("utf-8")
        data = re.sub(rb"^\s*<\?xml[^>]*\?>", b"", data)
        start = data[:_LOOKED_AT]
    root = _ROOT.search(start)
    if root is None:
        raise XmlTrouble(f"it is none of {_FORMATS}.")
    match root[1].lower():
        case b"alto":
            return read_alto(data)
        case b"pcgts":
            return read_page_xml(data)
        case _:
            return read_hocr(_decoded(data))


def _decoded(data: bytes, encoding: str = "utf-8-sig") -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise XmlTrouble("its text is no UTF-8; save it as UTF-8.") from error
