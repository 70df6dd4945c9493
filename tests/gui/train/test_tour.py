"""The guided tour: what it says, what it runs, and what it leaves alone."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from handwrite_gui.engine.resources import resource_path
from handwrite_gui.engine.training.runs import RunStore
from handwrite_gui.settings import settings
from handwrite_gui.theme import theme
from handwrite_gui.train.data_source import PreparedData, prepare_data
from handwrite_gui.train.session import RunState
from handwrite_gui.train.tour.formula_view import FormulaView
from handwrite_gui.train.tour.formulas import FORMULAS
from handwrite_gui.train.tour.steps import (
    DIGITS,
    PLACES,
    STEPS,
    VALIDATION_SHARE,
    Experiment,
)
from handwrite_gui.train.tour.tour_panel import TourPanel
from handwrite_gui.train.view import TrainView

EXPERIMENTS = {experiment.key: experiment for step in STEPS for experiment in step.experiments}


@pytest.fixture(scope="module")
def digits() -> PreparedData:
    """Made once for all tests: each experiment would make the same."""
    return prepare_data(DIGITS, validation_share=VALIDATION_SHARE)


@pytest.fixture
def view(view: TrainView, digits: PreparedData) -> TrainView:
    view.guide.data[DIGITS] = digits
    return view


def turn_to(view: TrainView, key: str) -> Experiment:
    """Show the step with that experiment."""
    experiment = EXPERIMENTS[key]
    number = next(n for n, step in enumerate(STEPS) if experiment in step.experiments)
    view.show_tour(True)
    view.tour.turn_to(number)
    return experiment


def run(qtbot: QtBot, view: TrainView, key: str) -> str:
    """Press the button of an experiment and wait for what the tour says of it."""
    turn_to(view, key)
    view.tour.buttons[key].click()
    assert view.guide.is_busy
    qtbot.waitUntil(lambda: not view.guide.is_busy, timeout=60_000)
    return view.tour.findings[key]


# What it says


def test_every_formula_that_is_told_is_drawn_and_no_other() -> None:
    told = {part[1:] for step in STEPS for part in step.parts if part.startswith("=")}
    assert told == set(FORMULAS)
    folder = resource_path("formulas/softmax.svg").parent
    assert {path.stem for path in folder.glob("*.svg")} == told


@pytest.mark.parametrize("name", FORMULAS)
def test_a_formula_has_no_colour_of_its_own(name: str) -> None:
    svg = resource_path(f"formulas/{name}.svg").read_text(encoding="utf-8")
    assert "currentColor" in svg
    assert "black" not in svg and "#" not in svg


@pytest.mark.parametrize("appearance", ["light", "dark"])
@pytest.mark.parametrize("name", ["softmax", "weight-gradient"])
def test_a_formula_is_painted_in_the_colour_of_text(
    name: str, appearance: str, show: Callable[[QWidget], None]
) -> None:
    theme().set_appearance(appearance)
    view = FormulaView(name)
    view.resize(280, view.sizeHint().height())
    show(view)
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.array(image.constBits()).reshape(image.height(), image.width(), 4)[..., :3]
    text = QColor(theme().tokens.text)
    distance = np.abs(pixels.astype(int) - [text.blue(), text.green(), text.red()]).max(axis=2)
    assert np.count_nonzero(distance < 30) > 60
    assert view.accessibleName()


def test_experiments_and_steps_have_names_of_their_own() -> None:
    assert len(EXPERIMENTS) == sum(len(step.experiments) for step in STEPS)
    assert len({step.key for step in STEPS}) == len(STEPS)
    assert all(step.places and set(step.places) <= set(PLACES) for step in STEPS)


# What it runs


def test_softmax_regression_begins_at_the_logarithm_of_the_classes(
    qtbot: QtBot, view: TrainView, errors: list[str]
) -> None:
    words = run(qtbot, view, "softmax")
    assert f"loss of {math.log(10):.4f}; ln 10 is {math.log(10):.4f}" in words
    trainer = view.session.trainer
    assert trainer is not None
    assert trainer.settings == EXPERIMENTS["softmax"].settings
    last = trainer.history.epochs[-1]
    assert last.validation_loss is not None and last.validation_accuracy is not None
    assert f"{math.exp(-last.validation_loss):.0%}" in words
    assert f"{last.validation_accuracy:.1%} of the digits" in words
    assert view.pages.page == "curves"
    assert view.tour.finding.text() == words
    assert not errors


def test_the_gradients_of_the_very_run_are_checked(qtbot: QtBot, view: TrainView) -> None:
    words = run(qtbot, view, "gradients")
    assert words.startswith("Right: ")
    assert view.inside.check.verdict.text() == words
    assert view.inside.check.table.rowCount() == 3
    assert view.inside.check.isVisible()


def test_a_study_is_run_and_told_with_the_figures_of_its_runs(
    qtbot: QtBot, view: TrainView
) -> None:
    words = run(qtbot, view, "rate")
    records = [record for record in view.runs.store.runs() if record.study is not None]
    assert sorted(record.settings.learning_rate for record in records) == [0.02, 0.2, 2.0]
    for record in records:
        assert record.last is not None and record.last.validation_accuracy is not None
        assert f"Rate {record.settings.learning_rate:g}: " in words
        assert f"{record.last.validation_accuracy:.1%} right" in words
    assert "Best was η = 0.2." in words


def test_the_gradient_vanishes_in_sigmoids_and_not_with_the_remedies(
    qtbot: QtBot, view: TrainView
) -> None:
    words = run(qtbot, view, "sigmoid")
    assert "times smaller than those in hidden layer 4" in words
    sigmoid = view.session.trainer
    assert sigmoid is not None and (sigmoid.history.epochs[-1].validation_accuracy or 0) < 0.2
    for key in ("xavier", "he"):
        assert "about as large as" in run(qtbot, view, key)
        remedied = view.session.trainer
        assert remedied is not None
        assert (remedied.history.epochs[-1].validation_accuracy or 0) > 0.9
    # The run before is drawn beside each remedy.
    qtbot.waitUntil(lambda: len(view.curves.overlays) == 1, timeout=10_000)


def test_what_was_drawn_stays_in_the_place_of_the_step(qtbot: QtBot, view: TrainView) -> None:
    view.show_tour(True)
    for place in PLACES:
        view.guide.show_place(place)
        shown = "inside" if place not in view.pages.keys else place
        assert view.pages.page == shown


# What it leaves alone


def test_settings_and_data_of_the_person_stay_as_they_are(qtbot: QtBot, view: TrainView) -> None:
    view.form.hidden.setEditText("48")
    before = view.form.settings(), view.chooser.source, view.chooser.share
    run(qtbot, view, "softmax")
    assert (view.form.settings(), view.chooser.source, view.chooser.share) == before
    view.save_state(settings())
    assert '"hidden": [48]' in settings().read("train/settings", "")
    view.tour.close_button.click()
    assert not view.shows_tour
    assert view.form.isVisible() and not view.form.is_frozen
    assert view.can_start


def test_a_run_that_goes_on_is_not_ended_for_an_experiment(
    qtbot: QtBot, running: TrainView
) -> None:
    turn_to(running, "softmax")
    assert not running.tour.buttons["softmax"].isEnabled()
    assert "A run goes on" in running.tour.state.text()
    running.guide.run(EXPERIMENTS["softmax"])
    assert running.session.state is RunState.RUNNING
    running.stop()
    qtbot.waitUntil(lambda: running.tour.buttons["softmax"].isEnabled(), timeout=10_000)
    assert not running.tour.state.isVisible()


def test_a_run_that_was_stopped_is_drawn_again_after_the_tour(
    qtbot: QtBot, running: TrainView
) -> None:
    running.stop()
    qtbot.waitUntil(lambda: running.is_idle, timeout=10_000)
    own = running.runs.current
    assert own is not None
    run(qtbot, running, "softmax")
    assert RunStore().can_continue(RunStore().read(own.id))
    running.show_tour(False)
    assert list(running.runs.model.shown) == [own.id]


def test_a_run_of_the_tour_has_its_name_and_is_kept(qtbot: QtBot, view: TrainView) -> None:
    run(qtbot, view, "softmax")
    (record,) = RunStore().runs()
    assert record.name == "Tour: Learn without a hidden layer"
    assert record.state == "finished"


# Coming and going


def test_an_experiment_can_be_stopped_and_run_again(qtbot: QtBot, view: TrainView) -> None:
    turn_to(view, "first-layer")
    view.tour.buttons["first-layer"].click()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=20_000)
    assert view.tour.stop_button.isVisible()
    view.tour.stop_button.click()
    qtbot.waitUntil(lambda: not view.guide.is_busy, timeout=10_000)
    assert "Stopped" in view.tour.findings["first-layer"]
    assert view.tour.buttons["first-layer"].isEnabled()


def test_making_the_characters_can_be_stopped(qtbot: QtBot, view: TrainView) -> None:
    turn_to(view, "confusion")
    view.tour.buttons["confusion"].click()
    view.tour.stop_button.click()
    qtbot.waitUntil(lambda: not view.guide.is_busy, timeout=20_000)
    assert view.session.trainer is None
    assert view.tour.buttons["confusion"].isEnabled()


def test_another_step_can_be_read_while_an_experiment_runs(qtbot: QtBot, view: TrainView) -> None:
    turn_to(view, "softmax")
    view.tour.buttons["softmax"].click()
    view.tour.next_button.click()
    assert view.tour.state.text() == "The experiment of another step goes on."
    assert not view.tour.buttons["gradients"].isEnabled()
    view.tour.close_button.click()
    qtbot.waitUntil(lambda: not view.guide.is_busy, timeout=20_000)
    assert "ln 10" in view.tour.findings["softmax"]


def test_the_tour_goes_from_step_to_step_and_back(qtbot: QtBot, view: TrainView) -> None:
    view.show_tour(True)
    assert not view.tour.back_button.isEnabled()
    for step in STEPS[1:]:
        view.tour.next_button.click()
        assert view.tour.step is step
    assert view.tour.next_button.text() == "Finish"
    view.tour.back_button.click()
    assert view.tour.step is STEPS[-2]
    view.tour.next_button.click()
    view.tour.next_button.click()
    assert not view.shows_tour


def test_the_step_and_what_was_found_are_remembered(qtbot: QtBot, view: TrainView) -> None:
    words = run(qtbot, view, "softmax")
    view.tour.next_button.click()
    view.tour.save_state(settings())
    again = TourPanel()
    qtbot.addWidget(again)
    again.restore_state(settings())
    assert again.step is STEPS[1]
    assert again.findings == {"softmax": words}
    assert again.steps.itemText(0).endswith("✓")


@pytest.mark.parametrize(
    "kept", ["{", "[]", '{"step": 3, "findings": 4}', '{"findings": {"a": 1}}']
)
def test_what_cannot_be_read_begins_the_tour_anew(kept: str, qtbot: QtBot) -> None:
    settings().setValue("train/tour", kept)
    panel = TourPanel()
    qtbot.addWidget(panel)
    panel.restore_state(settings())
    assert panel.step is STEPS[0]
    assert not panel.findings
