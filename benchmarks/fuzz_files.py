"""Feeds mutated files to every reader and importer: only the documented errors may come out.

Every seed file, a picture, a PDF, a transcript, a saved page or a file made to attack, is changed
at random in several ways and read.  A reading may end with pages or with the reader's own error; it
has to end within 5 seconds and within 500 MB more than the process had.  Prints a table by kind of
file, and each file that broke the rule is kept.

    python benchmarks/fuzz_files.py --count 20000 --keep failures/

The files are numbered and the same on every machine: a run is divided, or goes on where it ended,
with ``--first``.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import resource
import signal
import struct
import sys
import tempfile
import time
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image

from handwrite_gui.engine.documents.pages import page_count, read_page_picture
from handwrite_gui.engine.errors import DocumentFileError, ImageFileError, TranscriptError
from handwrite_gui.engine.export.formats import export
from handwrite_gui.engine.export.read_page import ReadPage
from handwrite_gui.engine.page.result import Character, Line, PageResult, Word, box_quad
from handwrite_gui.engine.page_document.document_file import (
    PageDocument,
    PictureFile,
    load_document,
    write_document,
)
from handwrite_gui.engine.page_document.edits import ImportReading, Relabel
from handwrite_gui.engine.page_document.writing import Writing
from handwrite_gui.engine.prediction import Prediction
from handwrite_gui.engine.transcripts.fitting import fitted
from handwrite_gui.engine.transcripts.reading import read_transcript

PICTURE, TRANSCRIPT, DOCUMENT, DOCUMENT_JSON = "picture", "transcript", "document", "json"
SECONDS = 5
MEGABYTES = 500
_SECONDS_OF_SILENCE = 60 * SECONDS  # by the clock: a machine with other work is slow
_FILES_A_PROCESS = 400  # so that memory is measured from a fresh start now and then


class Seed(NamedTuple):
    """A file to begin with: its name, its bytes, and what reads it."""

    name: str
    data: bytes
    reader: str


class Verdict(NamedTuple):
    """How reading a file ended: ``read``, ``refused``, or what went wrong; seconds and MB."""

    outcome: str
    seconds: float
    megabytes: float


def seeds() -> list[Seed]:
    """Files of every kind that is read."""
    return [*_pictures(), *_transcripts(), *_documents(), *_attacks()]


def _pictures() -> list[Seed]:
    grey = Image.fromarray(np.random.default_rng(1).integers(0, 255, (48, 64), np.uint8))
    kinds: list[tuple[str, Image.Image, str, dict[str, object]]] = [
        ("grey.png", grey, "PNG", {}),
        ("palette.png", grey.convert("P"), "PNG", {"transparency": 3}),
        ("bilevel.png", grey.convert("1"), "PNG", {}),
        ("colour.jpg", grey.convert("RGB"), "JPEG", {}),
        ("print.jpg", grey.convert("CMYK"), "JPEG", {}),
        ("page.webp", grey.convert("RGB"), "WEBP", {}),
        ("page.bmp", grey, "BMP", {}),
        ("page.gif", grey, "GIF", {}),
        ("page.avif", grey.convert("RGB"), "AVIF", {}),
        ("fax.tif", grey.convert("1"), "TIFF", {"compression": "group4"}),
        ("pages.tif", grey, "TIFF", {"save_all": True, "append_images": [grey, grey]}),
        ("lzw.tif", grey.convert("RGB"), "TIFF", {"compression": "tiff_lzw"}),
        ("page.pdf", grey, "PDF", {"save_all": True, "append_images": [grey]}),
    ]
    found = []
    for name, image, kind, options in kinds:
        buffer = io.BytesIO()
        image.save(buffer, kind, **options)  # type: ignore[arg-type]
        found.append(Seed(name, buffer.getvalue(), PICTURE))
    found.append(Seed("searchable.pdf", export(_page(np.asarray(grey)), "pdf"), PICTURE))
    if find_spec("pillow_heif") is not None:
        import pillow_heif

        buffer = io.BytesIO()
        pillow_heif.from_pillow(grey.convert("RGB")).save(buffer)
        found.append(Seed("page.heic", buffer.getvalue(), PICTURE))
    return found


def _documents() -> list[Seed]:
    """The whole file, whose checksums find most changes, and the JSON in it alone."""
    buffer = io.BytesIO()
    page = _page(np.zeros((48, 64), np.uint8))
    writing = Relabel(1, "ö").applied(Writing.of(page.result))
    picture = io.BytesIO()
    Image.fromarray(page.picture).save(picture, "PNG")
    document = PageDocument("page", PictureFile("page.png", picture.getvalue()), writing)
    write_document(buffer, document, Path())
    with zipfile.ZipFile(buffer) as archive:
        text = archive.read("document.json")
    return [
        Seed("page.handwrite", buffer.getvalue(), DOCUMENT),
        Seed("document.json", text, DOCUMENT_JSON),
    ]


def _packed(text: bytes) -> bytes:
    """A document's file around its JSON."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("document.json", text)
        archive.writestr("picture.png", b"any")
    return buffer.getvalue()


def _page(pixels: np.ndarray) -> ReadPage:
    quads = [box_quad(4 + 9 * i, 5, 11 + 9 * i, 20) for i in range(6)]
    letters = [
        Character(label, 0.9, (Prediction(label, 0.9), Prediction("ß", 0.1)), quad)
        for label, quad in zip("Äb<&手7", quads, strict=True)
    ]
    words = (Word(tuple(letters[:3])), Word(tuple(letters[3:])))
    return ReadPage(PageResult(64, 48, (Line(words),)), "page.png", 1, "default", 300.0, pixels)


def _transcripts() -> list[Seed]:
    page = _page(np.zeros((48, 64), np.uint8))
    names = {"hocr": "page.hocr", "alto": "page.xml", "pagexml": "page.xml", "json": "page.json"}
    return [Seed(file, export(page, name), TRANSCRIPT) for name, file in names.items()]


def _attacks() -> list[Seed]:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "lol"}">' for n in range(12))
    alto = b'<alto><Layout><Page ID="p" WIDTH="9" HEIGHT="9"><PrintSpace><TextBlock><TextLine>%s'
    deep = b"<a>" * 100_000
    return [
        Seed("laughs.xml", f"<!DOCTYPE alto [{lol}]><alto>&l11;</alto>".encode(), TRANSCRIPT),
        Seed(
            "outside.xml",
            b'<!DOCTYPE alto [<!ENTITY x SYSTEM "file:///etc/passwd">]><alto>&x;</alto>',
            TRANSCRIPT,
        ),
        Seed("deep.xml", b"<PcGts><Page>" + deep, TRANSCRIPT),
        Seed("deep.hocr", b"<html><div class='ocr_page'>" + deep, TRANSCRIPT),
        Seed("tags.hocr", b"<html>" + b"<" * 200_000, TRANSCRIPT),
        Seed("comments.hocr", b"<html>" + b"<!-" * 100_000, TRANSCRIPT),
        Seed("declarations.hocr", b"<html>" + b"<![" * 100_000, TRANSCRIPT),
        Seed("references.hocr", b"<html><div class='ocr_page'>" + b"&#x" * 200_000, TRANSCRIPT),
        Seed("title.hocr", b"<html><div class='ocr_page' title='" + b"bbox " * 100_000, TRANSCRIPT),
        Seed("wide.xml", alto % (b'<String CONTENT="a"/>' * 200_000), TRANSCRIPT),
        Seed("numbers.json", b'{"format":"handwrite-page","version":' + b"9" * 100_000, TRANSCRIPT),
        Seed("deep.json", b"{" + b'"a":[' * 100_000, TRANSCRIPT),
        Seed("bomb.png", _png_bomb(12_000, 12_000), PICTURE),
        Seed("claims.png", _png_bomb(60_000, 60_000, rows=10), PICTURE),
    ]


def _png_bomb(width: int, height: int, rows: int | None = None) -> bytes:
    """A small file of a picture of one colour."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + width)
    pixels = b"".join(packer.compress(row) for _ in range(rows or height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def mutated(data: bytes, rng: np.random.Generator) -> bytes:
    """Cut, changed, doubled, spliced; sometimes nothing."""
    result = bytearray(data)
    for _ in range(int(rng.integers(1, 4))):
        if not result:
            break
        place = int(rng.integers(len(result)))
        length = int(rng.integers(1, max(2, min(len(result), 64))))
        match int(rng.integers(8)):
            case 0:
                del result[place:]
            case 1:
                del result[place : place + length]
            case 2:
                result[place:place] = result[place : place + length] * int(rng.integers(1, 50))
            case 3:
                result[place : place + length] = rng.bytes(length)
            case 4:
                for at in rng.integers(0, len(result), 8):
                    result[at] = int(rng.integers(256))
            case 5:
                result[place : place + 4] = b"\xff\xff\xff\x7f"
            case 6:
                result[place : place + 1] = rng.choice([b"<", b"&", b'"', b"-1", b"1e999", b"\0"])
            case _:
                reach = min(200, len(result))  # headers say what is in the rest
                for at in rng.integers(0, reach, 4):
                    result[at] = int(rng.integers(256))
    return bytes(result)


def judge(seed: Seed, data: bytes, folder: Path) -> Verdict:
    """Reads a file as the program does."""
    path = folder / seed.name
    path.write_bytes(_packed(data) if seed.reader == DOCUMENT_JSON else data)
    before = _peak()
    # Of this process: others on the machine do not count.
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, 4 * SECONDS)
    try:
        outcome = _read(path, seed.reader)
    except _Alarm:
        outcome = "endless"
    except Exception as error:
        outcome = f"{type(error).__name__}: {str(error)[:80]}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
    seconds, megabytes = time.process_time() - start, _peak() - before
    if seconds > SECONDS and outcome in {"read", "refused"}:
        outcome = "slow"
    if megabytes > MEGABYTES and outcome in {"read", "refused"}:
        outcome = "large"
    return Verdict(outcome, seconds, megabytes)


def _read(path: Path, reader: str) -> str:
    try:
        if reader == TRANSCRIPT:
            for page in read_transcript(path):
                imported = ImportReading(fitted(path, page, 64, 48), path.name)
                imported.applied(Writing(64, 48))
        elif reader in {DOCUMENT, DOCUMENT_JSON}:
            load_document(path)
        else:
            for page in range(1, min(page_count(path), 3) + 1):
                read_page_picture(path, page, dpi=100, grey=page % 2 == 1)
    except (ImageFileError, TranscriptError, DocumentFileError):
        return "refused"
    return "read"


class _Alarm(Exception):  # noqa: N818 - not an error of the program's
    pass


def _ring(number: int, frame: object) -> None:
    raise _Alarm


def _peak() -> float:
    """MB that the process has ever taken."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / (1_000_000 if sys.platform == "darwin" else 1000)


def _work(connection: Connection) -> None:
    signal.signal(signal.SIGPROF, _ring)
    every = seeds()
    with tempfile.TemporaryDirectory() as folder:
        while (task := connection.recv()) is not None:
            index, number = task
            data = _data(every[index], number)
            connection.send(judge(every[index], data, Path(folder)))


def _data(seed: Seed, number: int) -> bytes:
    """The file of a number; the first of every seed is as it is."""
    rng = np.random.default_rng([number, zlib.crc32(seed.name.encode())])
    return seed.data if number == 0 else mutated(seed.data, rng)


def run(first: int, count: int, keep: Path | None, tell: Callable[[str], None]) -> bool:
    """Reads ``count`` files from number ``first`` on; whether all kept the rule."""
    every = seeds()
    outcomes: dict[str, Counter[str]] = defaultdict(Counter)
    slowest: Counter[str] = Counter()
    largest: Counter[str] = Counter()
    worker: _Worker | None = None
    for position in range(first, first + count):
        index, number = position % len(every), position // len(every)
        seed = every[index]
        if worker is None or worker.done >= _FILES_A_PROCESS:
            if worker is not None:
                worker.end()
            worker = _Worker()
        verdict = worker.ask(index, number)
        if not worker.is_alive:
            worker = None
        outcomes[seed.name][verdict.outcome] += 1
        slowest[seed.name] = max(slowest[seed.name], verdict.seconds)  # type: ignore[assignment]
        largest[seed.name] = max(largest[seed.name], verdict.megabytes)  # type: ignore[assignment]
        if verdict.outcome not in {"read", "refused"}:
            tell(f"{position}: {number}-{seed.name}: {verdict}")
            if keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / f"{number}-{seed.name}").write_bytes(_data(seed, number))
    if worker is not None:
        worker.end()
    tell(f"{'file':<20}{'read':>7}{'refused':>9}{'wrong':>7}{'slowest s':>11}{'most MB':>9}")
    wrong = 0
    for name, found in outcomes.items():
        bad = found.total() - found["read"] - found["refused"]
        wrong += bad
        tell(
            f"{name:<20}{found['read']:>7}{found['refused']:>9}{bad:>7}"
            f"{slowest[name]:>11.2f}{largest[name]:>9.0f}"
        )
    tell(f"{count} files from {first} on, {wrong} broke the rule")
    return wrong == 0


class _Worker:
    """A process that reads, and may die of it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_work, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()
        self.done = 0
        self.is_alive = True

    def ask(self, index: int, number: int) -> Verdict:
        """How a file was read; where the process died or had to be ended, how it did."""
        self.done += 1
        try:
            self._connection.send((index, number))
            if self._connection.poll(_SECONDS_OF_SILENCE):
                verdict: Verdict = self._connection.recv()
                return verdict
        except (EOFError, OSError):
            self._process.join(SECONDS)
            self.is_alive = False
            return Verdict(f"died with exit status {self._process.exitcode}", 0.0, 0.0)
        self.is_alive = False
        self._process.kill()
        return Verdict(f"silent for {_SECONDS_OF_SILENCE} s", 0.0, 0.0)

    def end(self) -> None:
        self._connection.send(None)
        self._process.join()


def _tell(text: str) -> None:
    print(text, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first file")
    parser.add_argument("--keep", type=Path, help="folder for the files that broke the rule")
    options = parser.parse_args()
    return 0 if run(options.first, options.count, options.keep, _tell) else 1


if __name__ == "__main__":
    sys.exit(main())
