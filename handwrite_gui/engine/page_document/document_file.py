"""The file of a page as a document: its picture, what was read, and what the person said of it.

It is a zip file with ``document.json``, which any program and any person can read, and the picture
as its own file holds it; or the picture is linked, and lies where the document says.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import IO, Any

from handwrite_gui import __version__
from handwrite_gui.engine.errors import DocumentFileError
from handwrite_gui.engine.page.result import Character, Quad
from handwrite_gui.engine.page_document.json_values import Damaged, Reader, rendered
from handwrite_gui.engine.page_document.writing import DocumentCharacter, Gap, Writing
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.text.decoding import ChangedBy
from handwrite_gui.engine.whole_file import (
    remove_half_written,
    why_not_written,
    written_whole,
)

FORMAT = "handwrite-document"
VERSION = 1

MIGRATIONS: MappingProxyType[int, Callable[[dict[str, Any]], dict[str, Any]]] = MappingProxyType({})
"""By version: what makes the next version of a document of that one."""

_JSON = "document.json"
_SURROGATE = re.compile("[\ud800-\udfff]")
_MOST_MEMBERS = 100
_MOST_JSON = 256 << 20  # bytes: some 300,000 characters
_MOST_PICTURE = 1 << 30
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    UnicodeDecodeError,
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class PictureFile:
    """The picture of a page as its own file holds it.

    Attributes:
        name: of that file, without its folder; its ending says what it is.
        data: all of it.
    """

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """SHA-256, in hexadecimal digits."""
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True, slots=True)
class ReadWith:
    """With what a page was read.

    Attributes:
        model: what it is called.
        alphabet: name of the alphabet.
        language: a code such as ``en``; None for none.
        field: ``any``, ``digits`` or ``letters``.
        seconds: how long it took.
    """

    model: str
    alphabet: str
    language: str | None
    field: str
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Framed:
    """How the picture is turned, and what of it is read.

    Attributes:
        quarters: quarter turns clockwise, 0 to 3.
        slant: degrees clockwise on top of them.
        region: left, top, right and bottom of the part that is read, in pixels of the turned
            picture; None for all of it.
    """

    quarters: int = 0
    slant: float = 0.0
    region: tuple[float, float, float, float] | None = None


@dataclass(frozen=True, slots=True)
class PageDocument:
    """A page as a document.

    Attributes:
        title: what the page is called: the name of the picture's file, or what was pasted.
        picture: its picture.
        writing: what stands on it.
        framed: how it is looked at.
        read_with: with what it was read last; None where it was not.
        link: the picture's file, where it is linked and not in the document.
    """

    title: str
    picture: PictureFile
    writing: Writing
    framed: Framed = Framed()
    read_with: ReadWith | None = None
    link: Path | None = None


def save_document(path: str | os.PathLike[str], document: PageDocument) -> None:
    """Write a document's file, so that it is there completely or not at all.

    The same document gives the same bytes.  A linked picture is named by its way from the
    document's folder, so that both can be moved together.

    Raises:
        DocumentFileError: it cannot be written; an older file stays as it was.
    """
    path = Path(path)
    try:
        with written_whole(path) as file:
            write_document(file, document, path.parent)
    except OSError as error:
        raise DocumentFileError(path, f"it was not saved: {why_not_written(error)}") from error
    remove_half_written(path)


def write_document(file: IO[bytes], document: PageDocument, folder: Path) -> None:
    """Write a document to an open file, which is in ``folder``."""
    inside = "picture" + PurePosixPath(document.picture.name).suffix.lower()
    linked = None if document.link is None else _way(document.link, folder)
    text = rendered(_to_json(document, inside, linked))
    with zipfile.ZipFile(file, "w") as archive:
        _add(archive, _JSON, _encoded(text), zipfile.ZIP_DEFLATED)
        if linked is None:
            # It is compressed already, as pictures are.
            _add(archive, inside, document.picture.data, zipfile.ZIP_STORED)


def _encoded(text: str) -> bytes:
    """JSON as UTF-8.

    What is no text, such as a byte of a file name in another code, is escaped, and Python's parser
    gives it back as it was.
    """
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text).encode("utf-8")


def load_document(path: str | os.PathLike[str]) -> PageDocument:
    """Read a document's file without trusting it.

    Raises:
        DocumentFileError: it is missing, no document, damaged, of a newer version, or its linked
            picture is missing or another one.
    """
    path = Path(path)
    try:
        with path.open("rb") as file, zipfile.ZipFile(file) as archive:
            raw = _json_of(path, archive)
            linked = raw["image"].get("linked")
            data = _linked(path, raw["image"], linked) if linked else _picture(path, archive, raw)
            return _from_json(raw, data, _resolved(path, linked) if linked else None)
    except FileNotFoundError:
        raise DocumentFileError(path, "there is no such file; check the name.") from None
    except IsADirectoryError:
        raise DocumentFileError(path, "this is a folder; choose a file inside it.") from None
    except Damaged as damage:
        raise DocumentFileError(
            path, f"the file is damaged ({damage}); open a copy of it if there is one."
        ) from None
    except _DAMAGE:
        raise DocumentFileError(path, _what_is_wrong(path)) from None
    except OSError as error:
        raise DocumentFileError(
            path, f"the file cannot be opened: {error.strerror or error}."
        ) from None


# The zip file


def _add(archive: zipfile.ZipFile, name: str, data: bytes, compression: int) -> None:
    info = zipfile.ZipInfo(name)  # its date is 1980, not now
    info.compress_type = compression
    archive.writestr(info, data)


def _json_of(path: Path, archive: zipfile.ZipFile) -> dict[str, Any]:
    if len(archive.infolist()) > _MOST_MEMBERS or _JSON not in archive.namelist():
        raise DocumentFileError(path, "this is no page that was saved with Handwrite.")
    text = _member(archive, _JSON, _MOST_JSON).decode("utf-8")
    try:
        raw: dict[str, Any] = json.loads(text, parse_constant=_no_constant)
    except ValueError as error:
        raise Damaged(f"{_JSON}: {error}") from None
    if not isinstance(raw, dict) or raw.get("format") != FORMAT:
        raise DocumentFileError(path, "this is no page that was saved with Handwrite.")
    version = raw.get("version")
    if isinstance(version, int) and version > VERSION:
        raise DocumentFileError(
            path, "it was saved by a newer version of Handwrite; open it with that one."
        )
    while version != VERSION:
        migrate = MIGRATIONS.get(version) if isinstance(version, int) else None
        if migrate is None:
            raise Damaged("it has no version that is known")
        raw = migrate(raw)
        version = raw.get("version")
    if not isinstance(raw.get("image"), dict):
        raise Damaged("image: it is missing")
    return raw


def _member(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """A member's bytes; never more than its directory entry says."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise Damaged(f"{name}: it is missing") from None
    if info.file_size > most:
        raise Damaged(f"{name}: it is too large")
    with archive.open(info) as stream:
        data = stream.read(info.file_size)
        if len(data) != info.file_size or stream.read(1):
            raise Damaged(f"{name}: its size is wrong")
    return data


def _picture(path: Path, archive: zipfile.ZipFile, raw: dict[str, Any]) -> bytes:
    name = raw["image"].get("file")
    if not isinstance(name, str):
        raise Damaged("image.file: it is missing")
    return _member(archive, name, _MOST_PICTURE)


def _linked(path: Path, image: dict[str, Any], linked: object) -> bytes:
    place = _resolved(path, linked)
    try:
        if place.stat().st_size > _MOST_PICTURE:
            raise Damaged("image.linked: the picture is too large")
        data = place.read_bytes()
    except OSError:
        raise DocumentFileError(
            path, f"its picture {place.name} is not at {place.parent} any more; put it back there."
        ) from None
    if hashlib.sha256(data).hexdigest() != image.get("sha256"):
        raise DocumentFileError(
            path,
            f"its picture {place.name} was changed since, and what was read no longer lies where "
            "it did; put the former picture back, or open the picture by itself.",
        )
    return data


def _resolved(path: Path, linked: object) -> Path:
    if not isinstance(linked, str) or not linked or "\0" in linked:
        raise Damaged("image.linked: it is no file name")
    return Path(os.path.normpath(path.absolute().parent / linked))


def _way(link: Path, folder: Path) -> str:
    """A file's name as seen from a folder; in full where the two have nothing in common."""
    link = link.absolute()
    with contextlib.suppress(ValueError):  # another drive
        return Path(os.path.relpath(link, folder.absolute())).as_posix()
    return link.as_posix()


def _what_is_wrong(path: Path) -> str:
    with contextlib.suppress(OSError), path.open("rb") as file:
        start = file.read(4)
        if not start:
            return "the file is empty; open a copy of it if there is one."
        if not start.startswith(b"PK"):
            return "this is no page that was saved with Handwrite."
    return "the file is damaged or cut off; open a copy of it if there is one."


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is no number")


# The JSON in it


def _to_json(document: PageDocument, inside: str, linked: str | None) -> dict[str, Any]:
    writing, read_with, framed = document.writing, document.read_with, document.framed
    picture: dict[str, Any] = {
        "title": document.title,
        "name": document.picture.name,
        "width": writing.width,
        "height": writing.height,
    }
    if linked is None:
        picture["file"] = inside
    else:
        picture |= {"linked": linked, "sha256": document.picture.digest}
    return {
        "format": FORMAT,
        "version": VERSION,
        "program": f"Handwrite {__version__}",
        "image": picture,
        "shown": {
            "quarters": framed.quarters,
            "slant": framed.slant,
            "region": None if framed.region is None else list(framed.region),
        },
        "read_with": None
        if read_with is None
        else {
            "model": read_with.model,
            "alphabet": read_with.alphabet,
            "language": read_with.language,
            "field": read_with.field,
            "seconds": read_with.seconds,
        },
        "text": writing.text,
        "lines": _lines_to_json(writing),
        "aside": [_character_to_json(c) | {"gap": c.gap.name.lower()} for c in writing.aside],
        "erased": [_quad_to_json(quad) for quad in writing.erased],
    } | ({"imported_from": writing.imported_from} if writing.imported_from else {})


def _lines_to_json(writing: Writing) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = []
    for character in writing.characters:
        if character.gap is Gap.LINE:
            lines.append({"words": []})
        if character.gap is not Gap.NONE:
            lines[-1]["words"].append({"text": "", "characters": []})
        word = lines[-1]["words"][-1]
        word["text"] += character.label
        word["characters"].append(_character_to_json(character))
    return lines


def _character_to_json(character: DocumentCharacter) -> dict[str, Any]:
    read = character.read
    made: dict[str, Any] = {"label": character.label, "quad": _quad_to_json(read.quad)}
    flags = {
        "corrected": character.corrected is not None,
        "placed": character.is_placed,
        "joined": character.is_joined,
    }
    made |= {name: True for name, is_set in flags.items() if is_set}
    made["read"] = {
        "label": read.label,
        "probability": read.probability,
        "changed_by": read.changed_by,
        "alternatives": [[guess.label, guess.probability] for guess in read.alternatives],
    }
    return made


def _quad_to_json(quad: Quad) -> list[list[float]]:
    return [[x, y] for x, y in quad]


def _from_json(raw: dict[str, Any], data: bytes, link: Path | None) -> PageDocument:
    root = Reader(raw)
    image, shown = root.part("image"), root.part("shown")
    characters = [
        _character_from_json(entry, gap)
        for line in root.parts("lines")
        for number, word in enumerate(line.parts("words"))
        for place, entry in enumerate(word.parts("characters"))
        for gap in (Gap.NONE if place else Gap.SPACE if number else Gap.LINE,)
    ]
    writing = Writing(
        image.whole("width", least=1),
        image.whole("height", least=1),
        aside=tuple(
            _character_from_json(entry, Gap[entry.one_of("gap", _GAPS).upper()])
            for entry in root.parts("aside")
        ),
        erased=tuple(root.quads("erased")),
        imported_from=root.text("imported_from") if "imported_from" in raw else "",
    ).with_characters(characters)
    read_with = root.part("read_with") if raw.get("read_with") is not None else None
    region = None if shown.raw.get("region") is None else shown.numbers("region", 4)
    return PageDocument(
        image.text("title"),
        PictureFile(PurePosixPath(image.text("name")).name or "picture", data),
        writing,
        Framed(
            shown.whole("quarters", least=0, most=3),
            shown.number("slant", -45.0, 45.0),
            None if region is None else (region[0], region[1], region[2], region[3]),
        ),
        None
        if read_with is None
        else ReadWith(
            read_with.text("model"),
            read_with.text("alphabet"),
            None if read_with.raw.get("language") is None else read_with.text("language"),
            read_with.text("field"),
            read_with.number("seconds", 0.0, float("inf")),
        ),
        link,
    )


_GAPS = tuple(gap.name.lower() for gap in Gap)
_CHANGED_BY: tuple[ChangedBy, ...] = ("context", "language")


def _character_from_json(entry: Reader, gap: Gap) -> DocumentCharacter:
    read = entry.part("read")
    changed_by: ChangedBy | None = None
    if read.raw.get("changed_by") is not None:
        changed_by = next(
            name for name in _CHANGED_BY if name == read.one_of("changed_by", _CHANGED_BY)
        )
    character = Character(
        read.label("label"),
        read.number("probability", 0.0, 1.0),
        tuple(Prediction(*pair) for pair in read.predictions("alternatives")),
        entry.quad("quad"),
        changed_by,
    )
    label = entry.label("label")
    # Whoever writes another label into the file by hand means it.
    is_corrected = entry.flag("corrected") or label != character.label
    return DocumentCharacter(
        character,
        gap,
        label if is_corrected else None,
        entry.flag("placed"),
        entry.flag("joined"),
    )
