"""Looking through the samples of a hand, taking out what is wrong, and changing one's mind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.commands import Command
from handwrite_gui.engine.handwriting.profiles import Profile
from handwrite_gui.engine.handwriting.samples import NewSample
from handwrite_gui.engine.model_file import Model
from handwrite_gui.handwriting.samples_panel import SamplesPanel
from handwrite_gui.handwriting.view import HandView
from handwrite_gui.model_store import ModelStore
from handwrite_gui.theme import theme
from tests.engine.handwriting.hands import ink, small_model

LABELS = "0011223"


@pytest.fixture
def store(qtbot: QtBot) -> Iterator[ModelStore]:
    model_store = ModelStore()
    model: Model = small_model()
    model_store.use(model, "test")
    yield model_store
    model_store.shutdown()


@pytest.fixture
def view(qtbot: QtBot, store: ModelStore, monkeypatch: pytest.MonkeyPatch) -> Iterator[HandView]:
    hand_view = HandView(store)
    # The profile's own model is the one that is there.
    monkeypatch.setattr(store, "load_hand", lambda profile: None)
    qtbot.addWidget(hand_view)
    hand_view.resize(1200, 740)
    hand_view.show()
    with qtbot.waitSignal(hand_view.session.looked):
        hand_view.create_profile("Ada")
    profile = hand_view.session.profile
    assert profile is not None
    profile.samples.add_all(
        [
            NewSample(ink(seed), label, "taught" if seed % 2 else "corrected", "list.png")
            for seed, label in enumerate(LABELS)
        ]
    )
    with qtbot.waitSignal(hand_view.session.browsed):
        hand_view.tabs.setCurrentWidget(hand_view.samples)
    yield hand_view
    hand_view.shutdown()


@pytest.fixture
def panel(view: HandView) -> SamplesPanel:
    return view.samples


@pytest.fixture
def profile(view: HandView) -> Profile:
    assert view.session.profile is not None
    return view.session.profile


def shown(panel: SamplesPanel) -> str:
    return "".join(own.sample.label for own in panel.list.samples.samples)


def choose(panel: SamplesPanel, *rows: int) -> None:
    panel.list.choose([panel.list.samples.samples[row].sample.id for row in rows])


def command(view: HandView, name: str) -> Command:
    return next(c for c in view.commands() if c.id == f"hand.{name}")


def run(qtbot: QtBot, view: HandView, name: str) -> None:
    wanted = command(view, name)
    assert wanted.enabled is None or wanted.enabled()
    with qtbot.waitSignal(view.session.browsed):
        wanted.callback()


def test_all_samples_are_shown_by_character(panel: SamplesPanel) -> None:
    assert shown(panel) == LABELS
    assert panel.count.text() == "7"
    assert panel.list.samples.image(0).width() > 0


def test_they_are_filtered_by_character_and_origin(panel: SamplesPanel) -> None:
    panel.label_filter.setCurrentIndex(panel.label_filter.findData("1"))
    panel.label_filter.activated.emit(panel.label_filter.currentIndex())
    assert shown(panel) == "11"
    panel.origin_filter.setCurrentIndex(panel.origin_filter.findData("taught"))
    panel.origin_filter.activated.emit(panel.origin_filter.currentIndex())
    assert shown(panel) == "1"
    assert panel.count.text() == "1 of 7"


def test_doubtful_ones_alone(panel: SamplesPanel) -> None:
    panel.doubtful_filter.click()
    assert all(own.is_doubtful for own in panel.list.samples.samples)


def test_one_says_where_it_came_from(panel: SamplesPanel) -> None:
    choose(panel, 0)
    assert "0 · corrected, list.png" in panel.detail.text()
    choose(panel, 0, 1)
    assert panel.detail.text() == "2 samples chosen"


def test_however_many_are_chosen_who_follows_is_told_once(panel: SamplesPanel) -> None:
    told: list[str] = []
    choose(panel, 1)
    panel.list.selectionModel().selectionChanged.connect(lambda: told.append(panel.detail.text()))
    choose(panel, 0, 1, 2, 4, 6)
    assert told == ["5 samples chosen"]
    assert [own.sample.label for own in panel.list.chosen] == list("00123")
    choose(panel)
    assert panel.list.chosen == []


def test_deleting_is_undone_and_redone(
    qtbot: QtBot, view: HandView, panel: SamplesPanel, profile: Profile
) -> None:
    choose(panel, 0, 2)
    with qtbot.waitSignal(view.session.browsed):
        QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert shown(panel) == "01223"
    assert profile.samples.counts() == {"0": 1, "1": 1, "2": 2, "3": 1}
    run(qtbot, view, "undo")
    assert shown(panel) == LABELS
    assert len(panel.list.chosen) == 2
    run(qtbot, view, "redo")
    assert shown(panel) == "01223"


def test_typing_relabels_what_is_chosen_and_undo_gives_each_its_own_back(
    qtbot: QtBot, view: HandView, panel: SamplesPanel, profile: Profile
) -> None:
    choose(panel, 1, 6)
    with qtbot.waitSignal(view.session.browsed):
        QTest.keyClicks(panel.list, "9")
    assert profile.samples.counts() == {"0": 1, "1": 2, "2": 2, "9": 2}
    assert [own.sample.label for own in panel.list.chosen] == ["9", "9"]
    run(qtbot, view, "undo")
    assert shown(panel) == LABELS


def test_nothing_happens_where_nothing_is_chosen(view: HandView, panel: SamplesPanel) -> None:
    panel.delete()
    panel.relabel("9")
    assert not panel.undo_stack.canUndo()
    assert not panel.delete_button.isEnabled()


def test_another_profile_shows_its_own_and_undoes_nothing_of_the_last(
    qtbot: QtBot, view: HandView, panel: SamplesPanel
) -> None:
    choose(panel, 0)
    with qtbot.waitSignal(view.session.browsed):
        panel.delete()
    with qtbot.waitSignal(view.session.browsed):
        view.create_profile("Grace")
    assert shown(panel) == ""
    assert not panel.undo_stack.canUndo()
    assert "No samples yet" in panel.detail.text()


def test_undo_on_the_other_tab_is_of_strokes(view: HandView, panel: SamplesPanel) -> None:
    choose(panel, 0)
    panel.delete()
    view.tabs.setCurrentWidget(view.teaching)
    enabled = command(view, "undo").enabled
    assert enabled is not None
    assert not enabled()


def test_a_deleted_profile_is_restored_with_all_its_samples(
    qtbot: QtBot, view: HandView, panel: SamplesPanel, profile: Profile
) -> None:
    view.session.delete()
    assert view.session.profile is None
    (child,) = command(view, "restore").children()  # type: ignore[misc]
    assert child.title == "Ada"
    with qtbot.waitSignal(view.session.browsed):
        child.callback()
    assert view.profiles.currentText() == "Ada"
    assert shown(panel) == LABELS
    assert command(view, "restore").children() == []  # type: ignore[misc]


def test_both_themes_paint_the_samples(qtbot: QtBot, panel: SamplesPanel) -> None:
    light = panel.list.grab().toImage()
    theme().set_appearance("dark")
    assert panel.list.grab().toImage() != light
