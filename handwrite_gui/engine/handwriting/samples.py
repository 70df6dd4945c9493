"""The samples of one person's hand, kept in a file that no crash can harm.

The file is an SQLite data base: every change is a transaction, so that after a kill or a power
failure it holds what it held before the change or after it, and several programs may use it at
once.  A sample that is removed is only marked, and can be put back.
"""

from __future__ import annotations

import os
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from handwrite_gui.engine.data.dataset import Dataset
from handwrite_gui.engine.errors import HandwriteError, InputFileError

Origin = Literal["drawn", "taught", "corrected", "confirmed", "sheet"]
"""How a sample came to be: drawn and kept in the Draw view, asked for by *Teach*, corrected or
confirmed on a page, written on a sample sheet."""

LONGEST_SIDE = 96
"""Pixels; larger images are reduced.  The network is shown 32."""

_FAINTEST_INK = 24  # of 255, as for the normaliser
_TRIMMED_BELOW = 0.08  # share of the darkest ink
_LONGEST_STORED = 1 << 10
_APPLICATION_ID = 0x48574831  # “HWH1”, in the file's header
_VERSION = 1
_PATIENCE = 10.0  # seconds to wait for another program that writes
_SCHEMA = """
CREATE TABLE samples (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    label TEXT NOT NULL,
    origin TEXT NOT NULL,
    source TEXT NOT NULL,
    place TEXT UNIQUE,
    created TEXT NOT NULL,
    height INTEGER NOT NULL,
    width INTEGER NOT NULL,
    ink BLOB NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
);
"""
_INSERT = """
INSERT INTO samples (label, origin, source, place, created, height, width, ink)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (place) DO UPDATE SET label = excluded.label, origin = excluded.origin,
    source = excluded.source, created = excluded.created, height = excluded.height,
    width = excluded.width, ink = excluded.ink, removed = 0
RETURNING id
"""


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """One character in the person's hand.

    Attributes:
        id: its number in the store.
        image: uint8 ``(H, W)``, ink 255 on 0, trimmed to its ink.
        label: which character it is.
        origin: how it came to be.
        source: what it was taken from, the name of a file; "" where there is none.
        created: when, ISO 8601 with the time zone.
    """

    id: int
    image: NDArray[np.uint8]
    label: str
    origin: Origin
    source: str
    created: str


@dataclass(frozen=True, eq=False, slots=True)
class NewSample:
    """A sample to be kept; see :meth:`SampleStore.add`."""

    image: NDArray[np.uint8]
    label: str
    origin: Origin
    source: str = ""
    place: str | None = None


class SampleStore:
    """The samples in one file; may be used from several threads and processes at once.

    Args:
        path: of the file, made when the first sample is kept.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path)

    def add(
        self,
        image: NDArray[np.uint8],
        label: str,
        origin: Origin,
        *,
        source: str = "",
        place: str | None = None,
    ) -> int:
        """Keep one sample.

        Args:
            image: uint8 ``(H, W)``, ink bright on 0.
            label: one character.
            origin: see :data:`Origin`.
            source: the name of the file it was taken from.
            place: what is unique to where it stands, such as a page's fingerprint and a box: a
                sample kept from there before is replaced.

        Returns:
            The sample's number.

        Raises:
            HandwriteError: the image has no ink, or the file cannot be written.
            ValueError: the label is not one character, or the image of another shape or dtype.
        """
        return self.add_all([NewSample(image, label, origin, source, place)])[0]

    def add_all(self, samples: Iterable[NewSample]) -> list[int]:
        """Keep several samples, all or none; see :meth:`add`."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [_row(sample, now) for sample in samples]
        if not rows:
            return []
        with self._changing() as base:
            return [int(base.execute(_INSERT, row).fetchone()[0]) for row in rows]

    def replace_places(self, beginning: str, samples: Iterable[NewSample]) -> None:
        """Let these samples stand for all whose place begins so; all of it happens or nothing."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        rows = [_row(sample, now) for sample in samples]
        if not rows and not self.path.exists():
            return
        with self._changing() as base:
            base.execute(
                "UPDATE samples SET removed = 1 WHERE substr(place, 1, ?) = ?",
                (len(beginning), beginning),
            )
            for row in rows:
                base.execute(_INSERT, row).fetchone()

    def remove(self, ids: Sequence[int]) -> None:
        """Take samples out; :meth:`put_back` returns them."""
        self._mark(ids, removed=True)

    def remove_place(self, place: str) -> None:
        """Take out the sample that was kept from a place, if there is one."""
        if self.path.exists():
            with self._changing() as base:
                base.execute("UPDATE samples SET removed = 1 WHERE place = ?", (place,))

    def put_back(self, ids: Sequence[int]) -> None:
        """Return samples that were removed."""
        self._mark(ids, removed=False)

    def relabel(self, ids: Sequence[int], label: str) -> None:
        """Say that samples are another character."""
        self.relabel_each(dict.fromkeys(ids, label))

    def relabel_each(self, labels: Mapping[int, str]) -> None:
        """Say of each sample, by its number, which character it is; all of it or nothing."""
        for label in labels.values():
            _check_label(label)
        with self._changing() as base:
            base.executemany(
                "UPDATE samples SET label = ? WHERE id = ?",
                [(label, int(number)) for number, label in labels.items()],
            )

    def all(self, label: str | None = None) -> list[Sample]:
        """The samples in the order they were kept, of one character or of all.

        Raises:
            HandwriteError: the file is damaged or cannot be read.
        """
        where, values = ("", ()) if label is None else (" AND label = ?", (label,))
        rows = self._read(
            "SELECT id, label, origin, source, created, height, width, ink FROM samples "
            f"WHERE removed = 0{where} ORDER BY id",
            values,
        )
        return [self._sample(row) for row in rows]

    def counts(self) -> dict[str, int]:
        """How many samples each character has; characters without one are left out."""
        query = "SELECT label, COUNT(*) FROM samples WHERE removed = 0 GROUP BY label"
        return {str(label): int(count) for label, count in sorted(self._read(query))}

    def __len__(self) -> int:
        rows = self._read("SELECT COUNT(*) FROM samples WHERE removed = 0")
        return int(rows[0][0]) if rows else 0

    def dataset(self, name: str = "My handwriting") -> Dataset:
        """All samples as a labelled data set."""
        samples = self.all()
        return Dataset(
            [sample.image for sample in samples],
            np.array([sample.label for sample in samples], "<U1"),
            name,
        )

    def _sample(self, row: Sequence[Any]) -> Sample:
        number, label, origin, source, created, height, width, ink = row
        try:
            if not (0 < height <= _LONGEST_STORED and 0 < width <= _LONGEST_STORED):
                raise ValueError("a size out of range")
            # Never more than the size says, whatever the file holds.
            pixels = zlib.decompressobj().decompress(ink, height * width)
            image = np.frombuffer(pixels, np.uint8).reshape(height, width)
            _check_label(label)
            if origin not in get_args(Origin):
                raise ValueError(f"the origin {origin!r}")
        except (ValueError, TypeError, zlib.error) as problem:
            raise self._damaged(f"sample {number} has {problem}") from None
        return Sample(int(number), image, label, origin, str(source), str(created))

    def _mark(self, ids: Sequence[int], *, removed: bool) -> None:
        if not ids:
            return
        with self._changing() as base:
            base.executemany(
                "UPDATE samples SET removed = ? WHERE id = ?",
                [(int(removed), int(number)) for number in ids],
            )

    def _read(self, query: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._open() as base:
            return list(base.execute(query, values))

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction: all of what is done in it is kept, or nothing."""
        with self._open() as base:
            base.execute("BEGIN IMMEDIATE")
            try:
                yield base
            except BaseException:
                base.rollback()
                raise
            base.commit()

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of the calling thread's own, closed at the end."""
        try:
            with closing(
                sqlite3.connect(self.path, timeout=_PATIENCE, isolation_level=None)
            ) as base:
                self._prepare(base)
                yield base
        except sqlite3.OperationalError as problem:
            raise InputFileError(
                self.path,
                f"the samples cannot be read or written ({problem}); free some space, or see "
                "whether the folder may be written and no other program holds the file.",
            ) from None
        except sqlite3.DatabaseError as problem:
            raise self._damaged(str(problem)) from None

    def _prepare(self, base: sqlite3.Connection) -> None:
        """Make the table in a new file; see that an old one is ours."""
        if base.execute("PRAGMA application_id").fetchone()[0] == _APPLICATION_ID:
            version = base.execute("PRAGMA user_version").fetchone()[0]
            if version > _VERSION:
                raise HandwriteError(
                    f"{self.path.name}: the samples were written by a newer version of the "
                    "program; update it."
                )
            return
        base.execute("BEGIN IMMEDIATE")
        # Another program may have made the table while this one waited.
        if base.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
            if base.execute("SELECT COUNT(*) FROM sqlite_master").fetchone()[0]:
                base.rollback()
                raise self._damaged("it is the file of another program")
            base.execute(_SCHEMA)
            base.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
            base.execute(f"PRAGMA user_version = {_VERSION}")
        base.commit()

    def _damaged(self, what: str) -> HandwriteError:
        return InputFileError(
            self.path,
            f"the samples cannot be used ({what}); move the file out of {self.path.parent} to "
            "start afresh.",
        )


def _row(sample: NewSample, now: str) -> tuple[object, ...]:
    _check_label(sample.label)
    if sample.origin not in get_args(Origin):
        raise ValueError(f"there is no origin {sample.origin!r}")
    image = _trimmed(sample.image)
    height, width = image.shape
    ink = zlib.compress(np.ascontiguousarray(image).tobytes(), 6)
    return (
        sample.label, sample.origin, sample.source, sample.place, now, height, width, ink,
    )  # fmt: skip


def _check_label(label: str) -> None:
    if not isinstance(label, str) or len(label) != 1 or not label.isprintable() or label == " ":
        raise ValueError(f"the label {label!r}: one character is needed")


def _trimmed(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The ink without what is around it, reduced where it is larger than anybody needs."""
    if image.ndim != 2 or image.dtype != np.uint8:
        raise ValueError(f"a sample must be uint8 (H, W), not {image.dtype} {image.shape}")
    darkest = int(image.max()) if image.size else 0
    if darkest < _FAINTEST_INK:
        raise HandwriteError("There is no ink to keep; write the character first.")
    # A threshold far below the normaliser's: that decides on the box itself.
    inked = image >= darkest * _TRIMMED_BELOW
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    image = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    longer = max(image.shape)
    if longer > LONGEST_SIDE:
        height, width = (max(1, round(side * LONGEST_SIDE / longer)) for side in image.shape)
        reduced = Image.fromarray(image).resize((width, height), Image.Resampling.BOX)
        image = np.asarray(reduced, np.uint8)
    return image
