"""Making a profile, teaching it, adapting, switching off and going back, as a person does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.handwriting.profiles import Adaptation, ProfileStore
from handwrite_gui.engine.handwriting.samples import NewSample
from handwrite_gui.engine.model_file import Model, save_model
from handwrite_gui.handwriting.view import HandView
from handwrite_gui.model_store import PROFILE_KEY, SHIPPED, ModelStore
from handwrite_gui.settings import settings
from tests.engine.handwriting.hands import CLASSES, odd_hand, small_model
from tests.gui.pen import write

ADAPTATION = Adaptation(0, "2026-01-02T03:04:05+00:00", "base", 50, 0.8, 0.9, 0.95, 0.949, 2.5)


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Model:
    """A small model of digits that stands for the shipped one."""
    path = tmp_path / "shipped.npz"
    save_model(small_model(), path)
    for module in ("engine.resources", "model_store"):
        monkeypatch.setattr(f"handwrite_gui.{module}.default_model_path", lambda: path)
    return small_model()


@pytest.fixture
def store(qtbot: QtBot, shipped: Model) -> Iterator[ModelStore]:
    model_store = ModelStore()
    model_store.load_default()
    qtbot.waitUntil(lambda: model_store.recognizer is not None)
    yield model_store
    model_store.shutdown()


@pytest.fixture
def view(qtbot: QtBot, store: ModelStore) -> Iterator[HandView]:
    hand_view = HandView(store)
    qtbot.addWidget(hand_view)
    hand_view.resize(1200, 740)
    hand_view.show()
    yield hand_view
    hand_view.shutdown()


@pytest.fixture
def ada(qtbot: QtBot, view: HandView) -> HandView:
    """The view with a profile and its state shown."""
    with qtbot.waitSignal(view.session.looked):
        view.create_profile("Ada")
    return view


def test_without_a_profile_the_view_invites_to_make_one(view: HandView) -> None:
    assert view.first_button.isVisible()
    assert not view.teach.isVisible()
    assert not view.delete_button.isEnabled()


def test_the_invitation_is_shown_whole(view: HandView) -> None:
    label = view.invitation
    assert label.height() >= label.heightForWidth(label.width())


def test_a_new_profile_is_in_use_and_remembered(ada: HandView) -> None:
    assert ada.profiles.currentText() == "Ada"
    assert ada.teach.isVisible()
    assert settings().read(PROFILE_KEY, "") == ada.session.profile.id  # type: ignore[union-attr]
    assert len(ada.grid.known) == len(CLASSES)


def test_a_name_that_is_taken_is_explained(qtbot: QtBot, ada: HandView) -> None:
    with qtbot.waitSignal(ada.error_raised) as caught:
        ada.create_profile("Ada")
    assert "already" in str(caught.args[0])
    assert ada.profiles.currentText() == "Ada"


def test_another_name_ends_nothing_that_is_going_on(ada: HandView) -> None:
    ada.start_teaching()
    label = ada.teach.label
    write(ada.teach.canvas, "L")
    ada.session.rename("Ada L.")
    assert ada.profiles.currentText() == "Ada L."
    assert ada.teach.label == label
    assert not ada.teach.drawing.is_empty
    ada.teach.stop()
    ada.start_teaching()
    assert ada.teach.label  # it is still known which characters are known least


def test_another_profile_ends_what_is_going_on(ada: HandView) -> None:
    ada.start_teaching()
    ada.create_profile("Bo")
    assert not ada.teach.label


def test_what_is_written_becomes_a_sample_of_what_was_asked(qtbot: QtBot, ada: HandView) -> None:
    ada.start_teaching()
    label = ada.teach.label
    assert label
    assert label in ada.teach.prompt.text()
    write(ada.teach.canvas, "L")
    with qtbot.waitSignal(ada.session.kept):
        QTest.keyClick(ada.teach.canvas, Qt.Key.Key_Return)
    profile = ada.session.profile
    assert profile is not None
    (sample,) = profile.samples.all()
    assert (sample.label, sample.origin) == (label, "taught")
    assert ada.teach.label != label
    assert ada.teach.drawing.is_empty
    qtbot.waitUntil(lambda: sum(one.samples for one in ada.grid.known) == 1)


def test_enter_on_empty_paper_keeps_nothing(ada: HandView) -> None:
    ada.start_teaching()
    label = ada.teach.label
    QTest.keyClick(ada.teach.canvas, Qt.Key.Key_Return)
    assert ada.teach.label == label


def test_back_takes_the_last_sample_out_and_asks_again(qtbot: QtBot, ada: HandView) -> None:
    ada.start_teaching()
    first = ada.teach.label
    write(ada.teach.canvas, "O")
    with qtbot.waitSignal(ada.session.kept):
        ada.teach.next()
    ada.teach.skip()
    ada.teach.back()
    assert ada.teach.label == first
    profile = ada.session.profile
    assert profile is not None
    qtbot.waitUntil(lambda: len(profile.samples) == 0)


def test_back_before_the_sample_is_on_the_disk_takes_it_out_too(
    qtbot: QtBot, ada: HandView
) -> None:
    ada.start_teaching()
    write(ada.teach.canvas, "O")
    ada.teach.next()
    ada.teach.back()
    profile = ada.session.profile
    assert profile is not None
    qtbot.waitUntil(lambda: not ada._to_take_back)
    qtbot.waitUntil(lambda: len(profile.samples) == 0)


def test_the_end_of_a_round_adapts_in_the_background(qtbot: QtBot, ada: HandView) -> None:
    ada.start_teaching()
    write(ada.teach.canvas, "T")
    ada.teach.next()
    with qtbot.waitSignal(ada.session.learned, timeout=60_000):
        QTest.keyClick(ada.teach.canvas, Qt.Key.Key_Escape)
        assert ada.session.is_learning
        assert ada.learning.cancel_button.isVisible()
    # One character, written once: nothing could be measured, so nothing was kept.
    assert "Not kept" in ada.learning.outcome.text()
    assert ada.session.profile is not None
    assert ada.session.profile.adaptations == ()


def test_adapting_can_be_cancelled_and_changes_nothing(qtbot: QtBot, ada: HandView) -> None:
    profile = ada.session.profile
    assert profile is not None
    profile.samples.add_all([NewSample(s.image, s.label, "taught") for s in odd_hand()])
    ada.session.learn()
    ada.learning.cancel_button.click()
    qtbot.waitUntil(lambda: not ada.session.is_learning, timeout=20_000)
    assert profile.adaptations == ()


def test_the_adapted_model_reads_is_switched_off_and_returned_to(
    qtbot: QtBot, store: ModelStore, ada: HandView, shipped: Model
) -> None:
    profile = ada.session.profile
    assert profile is not None
    profile.keep(shipped, ADAPTATION)
    with qtbot.waitSignal(ada.session.looked):
        ada.session.activate(1)
    qtbot.waitUntil(lambda: ada.learning.switch.isChecked())
    assert store.source == f"{SHIPPED}, adapted to Ada"
    assert "90.0" in ada.learning.figures.text()

    ada.learning.switch.click()
    qtbot.waitUntil(lambda: store.source == SHIPPED)
    assert not profile.enabled
    qtbot.waitUntil(lambda: not ada.learning.switch.isChecked())

    ada.learning.switch.click()
    qtbot.waitUntil(lambda: store.source != SHIPPED)
    qtbot.waitUntil(lambda: ada.learning.switch.isChecked())
    ada.learning.versions.setCurrentIndex(0)
    ada.learning.versions.activated.emit(0)
    qtbot.waitUntil(lambda: store.source == SHIPPED)
    assert profile.active is None


def test_another_profile_has_a_model_of_its_own(
    qtbot: QtBot, store: ModelStore, ada: HandView, shipped: Model
) -> None:
    assert ada.session.profile is not None
    ada.session.profile.keep(shipped, ADAPTATION)
    ada.session.activate(1)
    qtbot.waitUntil(lambda: store.source != SHIPPED)
    ada.create_profile("Bo")
    qtbot.waitUntil(lambda: store.source == SHIPPED)
    ada.session.choose(ada.profiles.itemData(ada.profiles.findText("Ada")))
    qtbot.waitUntil(lambda: store.source != SHIPPED)


def test_a_damaged_model_is_explained_and_the_shipped_one_reads(
    qtbot: QtBot, store: ModelStore, ada: HandView, shipped: Model
) -> None:
    profile = ada.session.profile
    assert profile is not None
    kept = profile.keep(shipped, ADAPTATION)
    (profile.folder / kept.file_name).write_bytes(b"rubbish")
    with qtbot.waitSignal(store.failed):
        ada.session.activate(1)
    qtbot.waitUntil(lambda: store.source == SHIPPED and not store.is_loading)


def test_the_profile_is_in_use_again_the_next_time(
    qtbot: QtBot, store: ModelStore, fresh_profiles: Path, shipped: Model
) -> None:
    profile = ProfileStore().create("Ada")
    profile.keep(shipped, ADAPTATION)
    settings().setValue(PROFILE_KEY, profile.id)
    store.load_hand(profile.id)
    qtbot.waitUntil(lambda: store.source == f"{SHIPPED}, adapted to Ada")
    view = HandView(store)
    qtbot.addWidget(view)
    view.restore_state(settings())
    assert view.profiles.currentText() == "Ada"
    view.shutdown()


def test_a_deleted_profile_is_gone_from_the_list(qtbot: QtBot, ada: HandView) -> None:
    ada.session.delete()
    assert ada.profiles.currentText() == "Nobody's"
    assert ada.profiles.count() == 1
    assert ada.first_button.isVisible()
