"""Correct a page, and the hand in use has the sample."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.handwriting.profiles import Profile, ProfileStore
from handwrite_gui.engine.page.result import PageResult
from handwrite_gui.model_store import PROFILE_KEY
from handwrite_gui.page.view import PageView
from handwrite_gui.settings import settings
from tests.gui.page.pages import StandInRecognizer, StandInStore, page, write_image


@pytest.fixture
def profile(fresh_profiles: Path) -> Profile:
    return ProfileStore().create("Ada")


def _written(path: Path, result: PageResult) -> Path:
    """A picture with a stroke where each character is."""
    with Image.open(write_image(path)) as opened:
        picture = opened.copy()
    pen = ImageDraw.Draw(picture)
    for character in result.characters:
        (left, top), (right, bottom) = character.quad[0], character.quad[2]
        middle = (left + right) / 2
        pen.line([(middle, top + 1), (middle, bottom - 1)], fill=0, width=3)
    picture.save(path)
    return path


@pytest.fixture
def view(qtbot: QtBot, tmp_path: Path) -> Iterator[PageView]:
    result = page("DEEP NET", "IS ON", sure=lambda index: 0.5)
    store = StandInStore(StandInRecognizer(result))
    page_view = PageView(store)
    qtbot.addWidget(page_view)
    page_view.show()
    page_view.open_path(_written(tmp_path / "list.png", result))
    qtbot.waitUntil(lambda: page_view.session.page is not None and not page_view.is_busy)
    yield page_view
    page_view.shutdown()
    store.shutdown()


def test_a_confirmed_character_becomes_a_sample_and_undo_takes_it_back(
    qtbot: QtBot, view: PageView, profile: Profile
) -> None:
    settings().setValue(PROFILE_KEY, profile.id)
    view.go_to_most_doubtful()
    with qtbot.waitSignal(view.page_samples.kept) as kept:
        QTest.keyClick(view.workspace.canvas, Qt.Key.Key_Return)
    assert kept.args == [1]
    (sample,) = profile.samples.all()
    assert (sample.origin, sample.source) == ("confirmed", "list.png")
    document = view.session.page.document  # type: ignore[union-attr]
    with qtbot.waitSignal(view.page_samples.kept) as kept:
        document.undo()
    assert kept.args == [0]
    assert len(profile.samples) == 0


def test_without_a_profile_nothing_is_kept(qtbot: QtBot, view: PageView, profile: Profile) -> None:
    view.go_to_most_doubtful()
    with qtbot.assertNotEmitted(view.page_samples.kept, wait=1500):
        QTest.keyClick(view.workspace.canvas, Qt.Key.Key_Return)
    assert len(profile.samples) == 0


def test_one_correction_is_one_sample_also_where_the_view_is_closed_at_once(
    view: PageView, profile: Profile
) -> None:
    settings().setValue(PROFILE_KEY, profile.id)
    view.go_to_most_doubtful()
    QTest.keyClick(view.workspace.canvas, Qt.Key.Key_Q)
    view.shutdown()
    assert [(s.label, s.origin) for s in profile.samples.all()] == [("Q", "corrected")]
