"""A full disk, a read-only folder and files that are gone: a profile says so, and loses nothing."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting import samples as samples_module
from handwrite_gui.engine.handwriting.profiles import PROFILE, Adaptation, Profile, ProfileStore
from tests.engine.handwriting.hands import ink, small_model

MADE = Adaptation(0, "2026-01-02T03:04:05+00:00", "base", 50, 0.8, 0.9, 0.95, 0.949, 2.5)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """With three samples and an adapted model."""
    made = ProfileStore(tmp_path / "profiles").create("Ada")
    for number, label in enumerate("abc"):
        made.samples.add(ink(number), label, "taught")
    made.keep(small_model(), MADE)
    return made


def held(profile: Profile) -> tuple[object, ...]:
    state = (profile.folder / PROFILE).read_text(encoding="utf-8")
    return state, [(s.id, s.label) for s in profile.samples.all()], len(profile.adaptations)


CHANGES: dict[str, Callable[[Profile], object]] = {
    "rename": lambda profile: profile.rename("Grace"),
    "switch": lambda profile: profile.switch(False),
    "go back": lambda profile: profile.activate(0),
    "adapt": lambda profile: profile.keep(small_model(), MADE),
}
SAMPLE_CHANGES: dict[str, Callable[[Profile], object]] = {
    "add": lambda profile: profile.samples.add(ink(9), "z", "drawn"),
    "remove": lambda profile: profile.samples.remove([1]),
    "relabel": lambda profile: profile.samples.relabel([1, 2], "q"),
    "replace": lambda profile: profile.samples.replace_places("page", []),
}


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_where_nothing_can_be_written_the_profile_stays_and_says_why(
    profile: Profile,
    change: Callable[[Profile], object],
    number: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = held(profile)

    def fail(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", fail)
        with pytest.raises(HandwriteError, match=os.strerror(number)):
            change(profile)
    assert held(profile) == before
    assert not list(profile.folder.glob(".*.tmp"))
    change(profile)


@pytest.mark.parametrize("change", SAMPLE_CHANGES.values(), ids=SAMPLE_CHANGES)
def test_on_a_full_disk_the_samples_stay_and_say_why(
    profile: Profile, change: Callable[[Profile], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = held(profile)
    connect = sqlite3.connect

    class Full(sqlite3.Connection):
        """As where no page can be added or written."""

        def commit(self) -> None:
            raise sqlite3.OperationalError("database or disk is full")

    def connect_full(*arguments: object, **keywords: object) -> sqlite3.Connection:
        return connect(*arguments, **keywords, factory=Full)  # type: ignore[call-overload, no-any-return]

    with monkeypatch.context() as full:
        full.setattr(samples_module.sqlite3, "connect", connect_full)
        with pytest.raises(HandwriteError, match=r"disk is full.*free some space"):
            change(profile)
    assert held(profile) == before
    change(profile)


def test_a_data_base_that_may_not_grow_keeps_all_of_a_lot_or_nothing(profile: Profile) -> None:
    # SQLite itself says that the disk is full, in the middle of a lot.
    before = held(profile)
    store = profile.samples
    prepare = store._prepare

    def no_more_pages(base: sqlite3.Connection) -> None:
        prepare(base)
        pages = base.execute("PRAGMA page_count").fetchone()[0]
        base.execute(f"PRAGMA max_page_count = {pages}")

    store._prepare = no_more_pages  # type: ignore[method-assign]
    noise = np.random.default_rng(1).integers(0, 256, (20, 90, 90), np.uint8)
    big = [samples_module.NewSample(image, "x", "sheet") for image in noise]
    with pytest.raises(HandwriteError, match="full"):
        store.add_all(big)
    store._prepare = prepare  # type: ignore[method-assign]
    assert held(profile) == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write")
@pytest.mark.parametrize("change", [*CHANGES.values(), *SAMPLE_CHANGES.values()])
def test_a_folder_that_must_not_be_written(
    profile: Profile, change: Callable[[Profile], object]
) -> None:
    before = held(profile)
    files = list(profile.folder.iterdir())
    modes = [path.stat().st_mode for path in files]
    for path in files:
        path.chmod(0o444)
    profile.folder.chmod(0o555)
    try:
        with pytest.raises(HandwriteError):
            change(profile)
    finally:
        profile.folder.chmod(0o755)
        for path, mode in zip(files, modes, strict=True):
            path.chmod(mode)
    assert held(profile) == before


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_profile_that_was_removed_meanwhile_is_told(
    profile: Profile, change: Callable[[Profile], object]
) -> None:
    shutil.rmtree(profile.folder)
    with pytest.raises(HandwriteError):
        change(profile)


def test_samples_of_a_folder_that_was_removed_are_told(profile: Profile) -> None:
    shutil.rmtree(profile.folder)
    assert profile.samples.all() == []
    with pytest.raises(HandwriteError, match="cannot be read or written"):
        profile.samples.add(ink(1), "a", "drawn")


def test_samples_that_were_removed_meanwhile_begin_anew(profile: Profile) -> None:
    profile.samples.path.unlink()
    assert profile.samples.all() == []
    profile.samples.add(ink(1), "n", "drawn")
    assert [sample.label for sample in profile.samples.all()] == ["n"]


def test_what_a_killed_program_left_goes_when_the_next_one_adapts(profile: Profile) -> None:
    for name in (".adapted-0002.npz.1a2b.tmp", f".{PROFILE}.3c4d.tmp", "adapted-0099.npz"):
        (profile.folder / name).write_bytes(b"half")
    profile.keep(small_model(), MADE)
    models = {one.file_name for one in profile.adaptations}
    assert {path.name for path in profile.folder.glob("*.npz")} == models
    assert not list(profile.folder.glob(".*.tmp"))
