"""Which picture a reading belongs to, and whether it fits one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from handwrite_gui.engine.errors import TranscriptError
from handwrite_gui.engine.export.geometry import bounds
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.file_suffixes import PICTURES
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.engine.transcripts.scaling import scaled

_SAME_SHAPE_WITHIN = 0.02
"""By how much width and height may differ in scale: rounding, and margins that were cut off."""


def fitted(path: Path, page: ReadPage, width: int, height: int) -> PageResult:
    """A reading with its places on a picture, which may be larger or smaller than the one read.

    Args:
        path: of the reading, for messages.
        page: the reading.
        width, height: of the picture, in pixels.

    Raises:
        TranscriptError: the picture has another shape, so that the places would lie beside the
            writing.
    """
    result = page.result
    corners = [corner for character in result.characters for corner in character.quad]
    if not corners:
        return PageResult(width, height, ())
    box = bounds(corners)
    ends = round(max(box.right, 1)), round(max(box.bottom, 1))
    if (result.width, result.height) == ends and ends[0] <= width and ends[1] <= height:
        # The file does not say how large its picture is: the text is all that is known of it.
        return PageResult(width, height, result.lines)
    across, down = width / max(result.width, 1), height / max(result.height, 1)
    if abs(across / down - 1) > _SAME_SHAPE_WITHIN:
        whose = f" ({page.name})" if page.name else ""
        raise TranscriptError(
            path,
            f"it is the reading of a picture{whose} of {result.width} × {result.height} pixels and "
            f"does not fit one of {width} × {height}; open the picture that was read.",
        )
    return scaled(result, width, height)


def names(page: ReadPage, picture: str) -> bool:
    """Whether a reading says that it is that of the picture of this file name."""
    return bool(page.name) and page.name.casefold() == picture.casefold()


def picture_of(page: ReadPage, reading: Path, among: Iterable[Path]) -> Path | None:
    """The picture of a reading: the one it names, else the one that is called like the reading.

    Args:
        page: a page of the reading.
        reading: its file, which may have two suffixes: ``scan.alto.xml``.
        among: files that may be the picture.
    """
    known = list(among)
    named = next((path for path in known if names(page, path.name)), None)
    stems = {reading.name[:end].casefold() for end in _dots(reading.name)}
    return named or next((path for path in known if path.stem.casefold() in stems), None)


def pictures_beside(reading: Path) -> list[Path]:
    """The files in a reading's folder that may be pictures.

    Raises:
        TranscriptError: the folder cannot be read.
    """
    try:
        return sorted(path for path in reading.parent.iterdir() if path.suffix.lower() in PICTURES)
    except OSError as error:
        raise TranscriptError(
            reading, f"its folder cannot be searched for its picture ({error.strerror})."
        ) from error


def _dots(name: str) -> list[int]:
    return [i for i, sign in enumerate(name) if sign == "." and i]
