"""The file of a document: what goes in comes out, and what is wrong with one is said."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from handwrite_gui.engine.errors import DocumentFileError
from handwrite_gui.engine.page_document import document_file
from handwrite_gui.engine.page_document.document_file import (
    Framed,
    PageDocument,
    PictureFile,
    ReadWith,
    load_document,
    save_document,
)
from handwrite_gui.engine.page_document.edits import Erase, Part, Relabel
from handwrite_gui.engine.page_document.writing import Gap
from tests.engine.page_document.pages import written

PICTURE = PictureFile("scan.png", bytes(range(256)))


@pytest.fixture
def document() -> PageDocument:
    writing = Relabel(1, "É").applied(written("DEEP NET", "IS ON"))
    writing = Part(2, Gap.SPACE).applied(Erase(9, 9).applied(writing))
    writing = replace(writing, aside=writing.characters[:1])
    return PageDocument(
        "scan.png",
        PICTURE,
        writing,
        Framed(1, -2.5, (1.0, 2.0, 30.0, 40.0)),
        ReadWith("The shipped model", "alnum", None, "any", 1.25),
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "page.handwrite"


@pytest.mark.skipif(os.name == "nt", reason="names are text there")
def test_a_picture_whose_name_is_no_text_can_be_kept_and_linked(
    document: PageDocument, path: Path
) -> None:
    name = os.fsdecode(b"caf\xe9.png")
    picture = path.with_name(name)
    picture.write_bytes(PICTURE.data)
    named = replace(document, title=name, picture=PictureFile(name, PICTURE.data))
    for link in (None, picture):
        save_document(path, replace(named, link=link))
        assert load_document(path) == replace(named, link=link)


def change(path: Path, how: Callable[[dict[str, Any]], object]) -> None:
    """Rewrite the JSON in a document."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    raw = json.loads(members["document.json"])
    how(raw)
    members["document.json"] = json.dumps(raw).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)


def test_all_of_it_comes_back(path: Path, document: PageDocument) -> None:
    save_document(path, document)
    assert load_document(path) == document


def test_the_same_document_gives_the_same_bytes(path: Path, document: PageDocument) -> None:
    save_document(path, document)
    first = path.read_bytes()
    save_document(path, document)
    assert path.read_bytes() == first


def test_a_person_can_read_it(path: Path, document: PageDocument) -> None:
    save_document(path, document)
    with zipfile.ZipFile(path) as archive:
        assert archive.read("picture.png") == PICTURE.data
        text = archive.read("document.json").decode()
    raw = json.loads(text)
    assert raw["text"] == document.writing.text
    assert raw["lines"][0]["words"][0]["text"] == "DÉ"
    assert "É" in text, "not as an escape"
    assert max(map(len, text.splitlines())) < 200


def test_a_linked_picture_moves_along_with_its_document(
    tmp_path: Path, document: PageDocument
) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    picture = before / "scan.png"
    picture.write_bytes(PICTURE.data)
    linked = replace(document, link=picture)
    save_document(before / "page.handwrite", linked)
    assert (before / "page.handwrite").stat().st_size < 4000
    assert load_document(before / "page.handwrite") == linked
    before.rename(after)
    assert load_document(after / "page.handwrite").link == after / "scan.png"


@pytest.mark.parametrize(
    ("become", "said"),
    [
        (None, "its picture scan.png is not at"),
        (b"another", "its picture scan.png was changed since"),
    ],
)
def test_a_linked_picture_that_is_not_the_same_is_told(
    tmp_path: Path, document: PageDocument, become: bytes | None, said: str
) -> None:
    picture = tmp_path / "scan.png"
    picture.write_bytes(PICTURE.data)
    save_document(tmp_path / "page.handwrite", replace(document, link=picture))
    if become is None:
        picture.unlink()
    else:
        picture.write_bytes(become)
    with pytest.raises(DocumentFileError, match=said):
        load_document(tmp_path / "page.handwrite")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"no zip at all", "this is no page that was saved with Handwrite"),
        (b"PK\x03\x04 cut off", "damaged or cut off"),
    ],
)
def test_what_is_no_document_is_told(path: Path, content: bytes, said: str) -> None:
    path.write_bytes(content)
    with pytest.raises(DocumentFileError, match=said):
        load_document(path)


def test_a_missing_file_and_a_folder_are_told(path: Path, tmp_path: Path) -> None:
    with pytest.raises(DocumentFileError, match="there is no such file"):
        load_document(path)
    with pytest.raises(DocumentFileError, match="this is a folder"):
        load_document(tmp_path)


def test_every_cut_off_file_is_refused(path: Path, document: PageDocument) -> None:
    save_document(path, document)
    whole = path.read_bytes()
    for length in range(0, len(whole), 97):
        path.write_bytes(whole[:length])
        with pytest.raises(DocumentFileError):
            load_document(path)


def test_every_changed_byte_is_noticed_or_harmless(path: Path, document: PageDocument) -> None:
    save_document(path, document)
    whole = path.read_bytes()
    for place in range(0, len(whole), 61):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
        with contextlib.suppress(DocumentFileError):
            assert load_document(path) == document


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (lambda raw: raw.update(format="other"), "no page that was saved"),
        (lambda raw: raw.update(version=99), "newer version"),
        (lambda raw: raw.update(version=0), "no version"),
        (lambda raw: raw.update(lines=3), "lines: it must be a list"),
        (lambda raw: raw["image"].update(width=-1), "image.width"),
        (lambda raw: raw["image"].update(file="../../etc/passwd"), "it is missing"),
        (lambda raw: raw["shown"].update(slant=1e400), "damaged"),
        (lambda raw: raw["lines"][0]["words"][0]["characters"][0].update(label=""), "label"),
        (
            lambda raw: raw["lines"][0]["words"][0]["characters"][0].update(quad=[[0, 0]]),
            r"lines\[0\].words\[0\].characters\[0\].quad: it must have four corners",
        ),
        (
            lambda raw: raw["lines"][0]["words"][0]["characters"][0]["read"].update(
                probability=10**400
            ),
            "probability",
        ),
        (lambda raw: raw["aside"][0].update(gap="wide"), "gap: it must be one of"),
    ],
)
def test_what_is_wrong_in_it_is_told(
    path: Path, document: PageDocument, how: Callable[[dict[str, Any]], object], said: str
) -> None:
    save_document(path, document)
    change(path, how)
    with pytest.raises(DocumentFileError, match=said):
        load_document(path)


def test_an_older_version_is_migrated(
    path: Path, document: PageDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one would be that had no deletions yet."""
    save_document(path, document)
    change(path, lambda raw: (raw.pop("erased"), raw.update(version=0)))
    monkeypatch.setattr(
        document_file, "MIGRATIONS", {0: lambda raw: {**raw, "erased": [], "version": 1}}
    )
    loaded = load_document(path)
    assert loaded.writing == replace(document.writing, erased=())


# Writing


def failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "you may not write there"),
        (errno.EIO, "choose another folder or name"),
    ],
)
def test_a_failed_saving_leaves_the_older_file_and_says_why(
    path: Path,
    document: PageDocument,
    monkeypatch: pytest.MonkeyPatch,
    number: int,
    said: str,
) -> None:
    save_document(path, document)
    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", failing(number))
    with pytest.raises(DocumentFileError, match=f"page.handwrite: it was not saved: .*{said}"):
        save_document(path, replace(document, title="other"))
    assert path.read_bytes() == before
    assert [p.name for p in path.parent.iterdir()] == ["page.handwrite"]


def test_what_a_killed_program_left_beside_it_goes_with_the_next_saving(
    tmp_path: Path, document: PageDocument
) -> None:
    path = tmp_path / "scan [1].handwrite"
    left, other, fresh = (
        tmp_path / name
        for name in (
            ".scan [1].handwrite.0123abcd.tmp",
            ".scan 1.handwrite.0123abcd.tmp",
            ".scan [1].handwrite.0123abce.tmp",  # another window is writing it
        )
    )
    for one in (left, other, fresh):
        one.write_bytes(b"half")
    for one in (left, other):
        os.utime(one, (1e9, 1e9))
    save_document(path, document)
    assert sorted(tmp_path.iterdir()) == sorted([path, other, fresh])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no full device here")
def test_a_disk_that_is_really_full(document: PageDocument) -> None:
    with pytest.raises(OSError, match="No space left"), Path("/dev/full").open("wb") as file:
        document_file.write_document(file, document, Path("/"))


def test_a_folder_that_is_gone_is_told(tmp_path: Path, document: PageDocument) -> None:
    with pytest.raises(DocumentFileError, match="its folder is no longer there"):
        save_document(tmp_path / "gone" / "page.handwrite", document)


def test_a_file_that_must_not_be_written_is_not_replaced(
    path: Path, document: PageDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_document(path, document)
    monkeypatch.setattr(os, "access", lambda *_: False)  # whoever runs the tests may be root
    with pytest.raises(DocumentFileError, match="you may not write there"):
        save_document(path, document)


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights")
def test_a_link_stays_a_link_and_permissions_stay(path: Path, document: PageDocument) -> None:
    real = path.with_name("real.handwrite")
    save_document(real, document)
    real.chmod(0o640)
    path.symlink_to(real)
    save_document(path, replace(document, title="other"))
    assert path.is_symlink()
    assert load_document(real).title == "other"
    assert real.stat().st_mode & 0o777 == 0o640
