"""The command “adapt”."""

from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_gui.engine.handwriting.profiles import FOLDER_VARIABLE, ProfileStore
from handwrite_gui.engine.handwriting.samples import NewSample
from handwrite_gui.engine.model_file import load_model, save_model
from tests.cli.conftest import Run
from tests.engine.handwriting.hands import odd_hand, small_model


@pytest.fixture(autouse=True)
def profiles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ProfileStore:
    """A small model stands for the shipped one, and Ada swaps her 1 and 7."""
    path = tmp_path / "shipped.npz"
    save_model(small_model(), path)
    monkeypatch.setattr("handwrite_gui.engine.resources.default_model_path", lambda: path)
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "profiles"))
    store = ProfileStore()
    samples = [NewSample(one.image, one.label, "sheet") for one in odd_hand()]
    store.create("Ada").samples.add_all(samples)
    return store


def test_what_reads_a_hand_better_is_kept_and_named(run: Run, profiles: ProfileStore) -> None:
    outcome = run("adapt", "Ada")
    assert outcome.status == 0
    assert outcome.err.startswith("Kept: of 80 samples held out in turn")
    path = Path(outcome.out.strip())
    assert load_model(path).classes == small_model().classes
    assert profiles.find("Ada").active is not None
    listed = run("adapt").out.splitlines()[1]
    assert listed.startswith("Ada")
    assert listed.endswith(path.name)
    assert run("adapt", "Ada", "--off").status == 0
    assert run("adapt").out.rstrip().endswith("(off)")
    assert run("adapt", "Ada", "--on").status == 0
    assert profiles.find("Ada").enabled


def test_a_profile_that_is_not_there_is_named(run: Run) -> None:
    outcome = run("adapt", "Bob")
    assert outcome.status == 1
    assert "no profile “Bob”; there is “Ada”" in outcome.err


def test_a_profile_without_samples_is_explained(run: Run, profiles: ProfileStore) -> None:
    profiles.create("Bob")
    outcome = run("adapt", "Bob")
    assert outcome.status == 1
    assert "sample" in outcome.err


def test_switching_needs_a_profile(run: Run) -> None:
    assert run("adapt", "--off").status == 2
