"""What one corrects teaches the hand that is in use."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.handwriting.profiles import Profile, ProfileStore
from handwrite_gui.model_store import PROFILE_KEY
from handwrite_gui.page.view import PageView
from handwrite_gui.settings import settings
from tests.gui.page.test_correcting import run, select


@pytest.fixture
def profile(view: PageView, tmp_path: Path) -> Profile:
    """A hand in use, in a folder of the test's own."""
    folder = tmp_path / "hands"
    view.hand_samples._profiles = folder
    made = ProfileStore(folder).create("Ada")
    settings().setValue(PROFILE_KEY, made.id)
    return made


@pytest.fixture
def written(view: PageView, tmp_path: Path, settle: Callable[[], None]) -> PageView:
    """A page with ink in its first box, and none in the others."""
    picture = Image.new("L", (400, 300), 255)
    ImageDraw.Draw(picture).line((13, 13, 27, 27), fill=0, width=3)
    picture.save(tmp_path / "written.png")
    view.open_path(tmp_path / "written.png")
    settle()
    return view


def keep(qtbot: QtBot, view: PageView) -> None:
    view.hand_samples.keep()
    qtbot.waitUntil(lambda: not view.hand_samples.is_busy)


def test_a_corrected_character_becomes_a_sample(
    qtbot: QtBot, profile: Profile, written: PageView, errors: list[str]
) -> None:
    select(written, 0)
    written.editor.correct("B")
    select(written, 1)
    written.editor.correct("X")  # in an empty box
    keep(qtbot, written)
    (sample,) = profile.samples.all()
    assert (sample.label, sample.origin, sample.source) == ("B", "corrected", "written.png")
    assert not errors


def test_a_confirmed_one_does_and_another_label_replaces_it(
    qtbot: QtBot, profile: Profile, written: PageView
) -> None:
    select(written, 0)
    written.editor.confirm()
    keep(qtbot, written)
    assert [(s.label, s.origin) for s in profile.samples.all()] == [("D", "confirmed")]
    written.editor.correct("O")
    keep(qtbot, written)
    assert [(s.label, s.origin) for s in profile.samples.all()] == [("O", "corrected")]


def test_undoing_takes_the_sample_out_and_redoing_puts_it_back(
    qtbot: QtBot, profile: Profile, written: PageView
) -> None:
    select(written, 0)
    written.editor.correct("B")
    keep(qtbot, written)
    run(written, "undo")
    keep(qtbot, written)
    assert profile.samples.all() == []
    run(written, "redo")
    keep(qtbot, written)
    assert [s.label for s in profile.samples.all()] == ["B"]


def test_without_a_hand_nothing_is_kept(qtbot: QtBot, written: PageView, tmp_path: Path) -> None:
    select(written, 0)
    written.editor.correct("B")
    keep(qtbot, written)
    assert not (tmp_path / "hands").exists()
