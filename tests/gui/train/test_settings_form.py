"""The form of a run's settings."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.training.settings import LIMITS, NumberLimit, TrainingSettings
from handwrite_gui.model_store import ModelStore
from handwrite_gui.settings import settings
from handwrite_gui.train.number_field import NumberField
from handwrite_gui.train.settings_form import LAYER_PRESETS, SettingsForm
from handwrite_gui.train.view import TrainView
from tests.gui.train.conftest import Show

OTHER = TrainingSettings(
    hidden=(300, 20),
    features="directions",
    activation="tanh",
    normalization="batch",
    initializer="he",
    optimizer="nesterov",
    learning_rate=3e-4,
    momentum=0.85,
    weight_decay=1e-5,
    dropout=0.2,
    input_dropout=0.1,
    label_smoothing=0.05,
    mixup=0.3,
    batch_size=96,
    epochs=7,
    schedule="step",
    warmup_steps=50,
    step_every=3,
    step_factor=0.3,
    augmentation=0.4,
    seed=11,
)


@pytest.fixture
def form(show: Show) -> SettingsForm:
    form = SettingsForm()
    form.resize(300, 800)
    show(form)
    form.set_class_count(36)
    return form


def test_the_form_begins_with_the_defaults(form: SettingsForm) -> None:
    assert form.settings() == TrainingSettings()


def test_every_setting_survives_the_form(form: SettingsForm) -> None:
    form.set_settings(OTHER)
    assert form.settings() == OTHER


def test_normalisation_and_mixup_can_be_chosen(form: SettingsForm) -> None:
    normalization = form.choices["normalization"]
    assert [normalization.itemText(i) for i in range(normalization.count())] == ["None", "Batch"]
    normalization.setCurrentIndex(1)
    form.numbers["mixup"].setValue(0.2)
    assert form.settings() == TrainingSettings(normalization="batch", mixup=0.2)


def test_what_has_no_field_is_kept(form: SettingsForm) -> None:
    form.set_settings(TrainingSettings(ema_decay=0.99))
    form.integers["epochs"].setValue(5)
    assert form.settings() == TrainingSettings(ema_decay=0.99, epochs=5)


@pytest.mark.parametrize("text", [text for text, _ in LAYER_PRESETS])
def test_a_preset_is_taken_over_without_its_explanation(form: SettingsForm, text: str) -> None:
    index = form.hidden.findData(text)
    form.hidden.setCurrentIndex(index)
    form.hidden.activated.emit(index)
    assert form.hidden.currentText() == text
    assert form.settings() is not None


def test_bad_layers_are_explained_while_they_are_typed(qtbot: QtBot, form: SettingsForm) -> None:
    edit = form.hidden.lineEdit()
    assert edit is not None
    edit.clear()
    qtbot.keyClicks(edit, "512, 2x6, abc")
    assert form.settings() is None
    assert form.layers_problem.isVisible()
    assert form.layers_problem.text() == "“abc” is not a whole number. Write widths like 512, 256."
    assert edit.property("invalid")
    edit.clear()
    qtbot.keyClicks(edit, "512, 26")
    assert form.settings() is not None
    assert not form.layers_problem.isVisible()
    assert form.summary.text().startswith("1024 → 512 → 26 → 36\n")


def test_with_bad_layers_a_run_cannot_start(view: TrainView) -> None:
    view.form.hidden.setEditText("many")
    assert not view.transport.main_button.isEnabled()
    view.start()
    assert not view.chooser.is_busy
    view.form.hidden.setEditText("32")
    assert view.transport.main_button.isEnabled()


def test_momentum_is_asked_for_where_it_applies(form: SettingsForm) -> None:
    for choice, applies in (
        ("Adam", False),
        ("Momentum", True),
        ("SGD", False),
        ("Nesterov", True),
    ):
        form.choices["optimizer"].setCurrentText(choice)
        assert form.numbers["momentum"].isVisible() == applies


def test_the_steps_of_a_schedule_are_asked_for_where_it_has_some(form: SettingsForm) -> None:
    form.advanced.set_open(True)
    for choice in ("constant", "step", "cosine"):
        form.choices["schedule"].setCurrentIndex(form.choices["schedule"].findData(choice))
        assert form.integers["step_every"].isVisible() == (choice == "step")


def test_finer_points_are_folded_away_at_first(qtbot: QtBot, form: SettingsForm) -> None:
    assert not form.numbers["dropout"].isVisible()
    assert form.advanced.toggle is not None
    qtbot.mouseClick(form.advanced.toggle, Qt.MouseButton.LeftButton)
    assert form.numbers["dropout"].isVisible()


def test_units_that_start_alike_are_warned_of(form: SettingsForm) -> None:
    form.choices["initializer"].setCurrentText("Zero")
    assert "stay alike" in form.summary.text()


def test_fields_keep_to_the_limits_of_the_engine(form: SettingsForm) -> None:
    for name, field in {**form.integers, **form.numbers}.items():
        limit = LIMITS[name]
        assert isinstance(limit, NumberLimit)
        assert limit.minimum <= field.minimum()
        assert field.maximum() <= limit.maximum


def test_the_wheel_scrolls_past_a_field(form: SettingsForm) -> None:
    field = form.integers["epochs"]
    form.hidden.setFocus()
    centre = field.rect().center()
    event = QWheelEvent(
        QPointF(centre),
        QPointF(field.mapToGlobal(centre)),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    assert field.value() == TrainingSettings().epochs
    assert not event.isAccepted()


def test_settings_are_remembered(qtbot: QtBot, view: TrainView, store: ModelStore) -> None:
    view.form.set_settings(OTHER)
    view.save_state(settings())
    again = TrainView(store)
    qtbot.addWidget(again, before_close_func=lambda view: view.shutdown())
    again.restore_state(settings())
    assert again.form.settings() == OTHER


@pytest.mark.parametrize("stored", ["no json", "[1]", '{"hidden": [0]}', '{"nonsense": 1}', "null"])
def test_damaged_settings_give_the_defaults(view: TrainView, stored: str) -> None:
    settings().setValue("train/settings", stored)
    view.restore_state(settings())
    assert view.form.settings() == TrainingSettings()


@pytest.mark.parametrize(
    ("typed", "value"), [("0.001", 1e-3), ("3e-4", 3e-4), ("1E-05", 1e-5), ("0,5", 0.5), ("2", 2.0)]
)
def test_numbers_are_typed_in_any_usual_way(
    qtbot: QtBot, show: Show, typed: str, value: float
) -> None:
    field = NumberField(NumberLimit(1e-9, 100))
    show(field)
    field.selectAll()
    qtbot.keyClicks(field, typed)
    assert field.value() == pytest.approx(value)


def test_what_is_no_number_cannot_be_typed(qtbot: QtBot, show: Show) -> None:
    field = NumberField(NumberLimit(0, 1))
    show(field)
    field.setValue(0.25)
    field.selectAll()
    qtbot.keyClicks(field, "abc")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value() == 0.25


def test_numbers_step_through_1_2_and_5(show: Show) -> None:
    field = NumberField(NumberLimit(0, 1))
    show(field)
    field.setValue(0.001)
    seen = []
    for _ in range(4):
        field.stepBy(1)
        seen.append(field.text())
    assert seen == ["0.002", "0.005", "0.01", "0.02"]
    field.stepBy(-4)
    assert field.text() == "0.001"
    field.setValue(0)
    field.stepBy(-1)
    assert field.value() == 0
    field.stepBy(1)
    assert field.value() == pytest.approx(1e-6)
