"""What the printed squares of a sheet say: which sheet it is, so that reading it asks nothing.

33 bytes, most significant bit first, along the columns of four rows of squares: version, paper,
page, copies, a bit for each of the 192 places of :data:`~.layout.CHARACTERS`, and a checksum
(CRC-32, as in PNG).  They are mixed with a fixed pattern, so that about half of the squares are
black whatever they say, and light and dark can be told apart everywhere.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.handwriting.sample_sheet.layout import (
    CHARACTERS,
    CODE_COLUMNS,
    CODE_ROWS,
    PAPER_SIZES,
    VERSION,
    SampleSheet,
)

_MASK_BYTES = 24
_HEADER_BYTES = 5
_CHECK_BYTES = 4
_BYTES = _HEADER_BYTES + _MASK_BYTES + _CHECK_BYTES
_PATTERN_SEED = b"handwrite sample sheet"

Bits = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Identity:
    """Which page of which sheet it is.

    Attributes:
        version: of the layout; where it is another than ours nothing else is known.
        sheet: None for another version.
        page: from 1.
    """

    version: int
    sheet: SampleSheet | None = None
    page: int = 0


def to_bits(sheet: SampleSheet, page: int) -> Bits:
    """The squares of a page, bool (rows, columns), True for black."""
    mask = 0
    for character in sheet.characters:
        mask |= 1 << CHARACTERS.index(character)
    header = bytes((VERSION, PAPER_SIZES.index(sheet.paper), page, sheet.copies, 0))
    payload = header + mask.to_bytes(_MASK_BYTES, "big")
    payload += zlib.crc32(payload).to_bytes(_CHECK_BYTES, "big")
    mixed = bytes(a ^ b for a, b in zip(payload, _pattern(), strict=True))
    bits = np.unpackbits(np.frombuffer(mixed, np.uint8)).astype(bool)
    return np.ascontiguousarray(bits.reshape(CODE_COLUMNS, CODE_ROWS).T)


def from_bits(bits: Bits) -> Identity | None:
    """What squares say; None where the checksum is wrong: these are none, or not read rightly."""
    packed = np.packbits(bits.T.reshape(-1)).tobytes()
    payload = bytes(a ^ b for a, b in zip(packed, _pattern(), strict=True))
    body, check = payload[:-_CHECK_BYTES], payload[-_CHECK_BYTES:]
    if zlib.crc32(body).to_bytes(_CHECK_BYTES, "big") != check:
        return None
    version, paper, page, copies = body[:4]
    if version != VERSION:
        return Identity(version)
    mask = int.from_bytes(body[_HEADER_BYTES:], "big")
    characters = "".join(c for place, c in enumerate(CHARACTERS) if mask >> place & 1)
    if paper >= len(PAPER_SIZES) or not characters or not copies:
        return None
    sheet = SampleSheet(characters, copies, PAPER_SIZES[paper])
    return Identity(version, sheet, page) if 1 <= page <= sheet.pages else None


def _pattern() -> bytes:
    """Bytes that look like chance and are always the same."""
    return hashlib.shake_128(_PATTERN_SEED).digest(_BYTES)
