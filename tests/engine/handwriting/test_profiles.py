"""Profiles keep hands apart, and adaptations can be returned to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.handwriting.profiles import (
    KEPT_ADAPTATIONS,
    PROFILE,
    Adaptation,
    Profile,
    ProfileStore,
)
from tests.engine.handwriting.hands import ink, small_model


@pytest.fixture
def store(tmp_path: Path) -> ProfileStore:
    return ProfileStore(tmp_path / "profiles")


@pytest.fixture
def profile(store: ProfileStore) -> Profile:
    return store.create("Ada")


def an_adaptation() -> Adaptation:
    return Adaptation(0, "2026-01-02T03:04:05+00:00", "small", 50, 0.8, 0.9, 0.95, 0.949, 2.5)


def test_a_new_store_is_empty_and_makes_no_folder(store: ProfileStore) -> None:
    assert store.profiles() == []
    assert not store.folder.exists()


def test_each_person_has_samples_of_their_own(store: ProfileStore) -> None:
    ada, bo = store.create("Ada"), store.create("Bo")
    ada.samples.add(ink(), "a", "taught")
    assert len(ada.samples) == 1
    assert len(bo.samples) == 0
    assert [profile.name for profile in store.profiles()] == ["Ada", "Bo"]


def test_a_name_is_needed_and_taken_once(store: ProfileStore, profile: Profile) -> None:
    with pytest.raises(HandwriteError, match="needs a name"):
        store.create("  ")
    with pytest.raises(HandwriteError, match="already"):
        store.create(" Ada ")
    profile.rename("Ada L.")
    assert store.open(profile.id).name == "Ada L."


def test_a_deleted_profile_can_be_restored_with_all_it_had(
    store: ProfileStore, profile: Profile
) -> None:
    profile.samples.add(ink(), "a", "taught")
    store.delete(profile)
    assert store.profiles() == []
    with pytest.raises(HandwriteError, match="deleted"):
        store.open(profile.id)
    (deleted,) = store.profiles(deleted=True)
    store.restore(deleted)
    assert len(store.open(profile.id).samples) == 1


def test_without_an_adaptation_there_is_no_model(profile: Profile) -> None:
    assert profile.model() is None


def test_an_adaptation_reads_until_it_is_switched_off(profile: Profile) -> None:
    kept = profile.keep(small_model(), an_adaptation())
    assert kept.number == 1
    model = profile.model()
    assert model is not None
    assert model.classes == small_model().classes
    profile.switch(False)
    assert profile.model() is None
    profile.switch(True)
    assert profile.model() is not None


def test_one_can_go_back_to_any_adaptation_and_to_none(profile: Profile) -> None:
    for _ in range(2):
        profile.keep(small_model(), an_adaptation())
    profile.activate(1)
    assert profile.active is not None
    assert profile.active.number == 1
    profile.activate(0)
    assert profile.model() is None
    with pytest.raises(HandwriteError, match="no adaptation 7"):
        profile.activate(7)


def test_old_adaptations_go_with_their_files(profile: Profile) -> None:
    for _ in range(KEPT_ADAPTATIONS + 2):
        profile.keep(small_model(), an_adaptation())
    numbers = [one.number for one in profile.adaptations]
    assert numbers == list(range(3, KEPT_ADAPTATIONS + 3))
    assert len(list(profile.folder.glob("*.npz"))) == KEPT_ADAPTATIONS


def test_a_model_that_is_gone_is_explained(profile: Profile) -> None:
    kept = profile.keep(small_model(), an_adaptation())
    (profile.folder / kept.file_name).unlink()
    with pytest.raises(HandwriteError, match="no such file"):
        profile.model()


def test_a_failed_save_leaves_the_profile_as_it_was(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.keep(small_model(), an_adaptation())
    before = (profile.folder / PROFILE).read_text(encoding="utf-8")
    broken = small_model().network.copy()
    broken.parameters[0].value[0, 0] = np.inf
    with pytest.raises(HandwriteError, match="not finite"):
        profile.keep(
            type(small_model())(broken, tuple("0123456789"), small_model().card), an_adaptation()
        )
    assert (profile.folder / PROFILE).read_text(encoding="utf-8") == before


def test_a_damaged_profile_is_passed_over_and_explained(
    store: ProfileStore, profile: Profile
) -> None:
    (profile.folder / PROFILE).write_text("{", encoding="utf-8")
    assert store.profiles() == []
    with pytest.raises(HandwriteError, match="samples are still"):
        store.open(profile.id)


@pytest.mark.parametrize("name", ["", "..", "a/b", ".hidden"])
def test_ids_lead_nowhere_else(store: ProfileStore, name: str) -> None:
    with pytest.raises(HandwriteError):
        store.open(name)


def test_another_folder_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDWRITE_PROFILES", str(tmp_path / "elsewhere"))
    assert ProfileStore().create("Ada").folder.parent == tmp_path / "elsewhere"
