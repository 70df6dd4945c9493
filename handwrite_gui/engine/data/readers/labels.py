"""What the numbers mean that stand for characters in published data sets.

The rule, for every format whose labels are numbers:

1. A file named ``emnist-SPLIT…`` follows ``emnist-SPLIT-mapping.txt`` beside it, or the same
   table built in where that file is missing (Cohen, Afshar, Tapson & van Schaik 2017).
2. Otherwise the largest number tells: up to 9 the digits themselves; 25 (from 0) or 26 (from 1)
   the letters A to Z; 35 the digits, then A to Z; 46 the 47 classes of EMNIST balanced; 61 the
   digits, A to Z, a to z.  Any other largest number has no agreed meaning and is refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from string import ascii_lowercase, ascii_uppercase, digits
from typing import Any

import numpy as np
from numpy.typing import NDArray

from handwrite_gui.engine.data.dataset import LabelArray
from handwrite_gui.engine.errors import DatasetError

_BY_CLASS = digits + ascii_uppercase + ascii_lowercase
# Lower-case letters that look like their capitals share the capital's class.
_MERGED = digits + ascii_uppercase + "abdefghnqrt"
_LETTERS_FROM_1 = dict(enumerate(ascii_uppercase, start=1))

EMNIST_NUMBERING: Mapping[str, Mapping[int, str]] = {
    "byclass": dict(enumerate(_BY_CLASS)),
    "bymerge": dict(enumerate(_MERGED)),
    "balanced": dict(enumerate(_MERGED)),
    "letters": _LETTERS_FROM_1,
    "digits": dict(enumerate(digits)),
    "mnist": dict(enumerate(digits)),
}
"""Name of an EMNIST split to its numbering."""

_NUMBERING_BY_LARGEST: Mapping[int, Mapping[int, str]] = {
    25: dict(enumerate(ascii_uppercase)),
    26: _LETTERS_FROM_1,
    35: dict(enumerate(digits + ascii_uppercase)),
    46: dict(enumerate(_MERGED)),
    61: dict(enumerate(_BY_CLASS)),
}


def emnist_split(path: Path) -> str | None:
    """The EMNIST split a file belongs to by its name, or None if it is not one of EMNIST's."""
    match = re.match(r"emnist-(\w+?)(?=[-.]|$)", path.name, re.IGNORECASE)
    if match is None or match[1].lower() not in EMNIST_NUMBERING:
        return None
    return match[1].lower()


def is_transposed(path: Path) -> bool:
    """Whether the images in a file lie on their side: EMNIST's IDX and CSV files do."""
    return path.name.lower().startswith("emnist-")


def characters_of_numbers(numbers: NDArray[Any], path: Path) -> LabelArray:
    """Characters ``<U1`` (N,) for integer labels (N,), by the rule in the module's description.

    Args:
        numbers: integers, at least one.
        path: the file they come from; its name and its neighbours say how it numbers.

    Raises:
        DatasetError: a number has no meaning.
    """
    split = emnist_split(path)
    largest = int(numbers.max())
    if split is not None:
        mapping_file = path.with_name(f"emnist-{split}-mapping.txt")
        numbering = (
            _read_mapping(mapping_file) if mapping_file.is_file() else EMNIST_NUMBERING[split]
        )
    elif 0 <= largest <= 9:
        numbering = dict(enumerate(digits))
    elif largest in _NUMBERING_BY_LARGEST:
        numbering = _NUMBERING_BY_LARGEST[largest]
    else:
        raise DatasetError(
            path,
            f"the labels are numbers up to {largest}, for which there is no agreed meaning; "
            f"write the characters themselves as labels.",
        )
    return apply_numbering(numbers, numbering, path)


def apply_numbering(numbers: NDArray[Any], numbering: Mapping[int, str], path: Path) -> LabelArray:
    """Characters ``<U1`` (N,) by a table, of numbers (N,) of any type.

    Raises:
        DatasetError: a number is not in the table.
    """
    used, position = np.unique(numbers, return_inverse=True)
    unknown = [number for number in used.tolist() if number not in numbering]
    if unknown:
        raise DatasetError(
            path,
            f"the label {unknown[0]:g} stands for no character here (they go from "
            f"{min(numbering)} to {max(numbering)}): these are other labels than the file's "
            f"name or its other labels suggest, or the file is damaged.",
        )
    return np.array([numbering[number] for number in used.tolist()], dtype="<U1")[position]


def _read_mapping(path: Path) -> dict[int, str]:
    """EMNIST's own table: on each line the number, then the character's code."""
    try:
        rows = [line.split() for line in path.read_text("ascii").splitlines() if line.strip()]
        mapping = {int(row[0]): chr(int(row[1])) for row in rows}
    except (OSError, ValueError, IndexError, OverflowError) as error:
        raise DatasetError(
            path,
            "is not a table of label numbers and character codes; put EMNIST's own file in its "
            "place, or remove it to use the built-in table.",
        ) from error
    if not mapping:
        raise DatasetError(path, "is empty; remove it to use the built-in table.")
    return mapping
