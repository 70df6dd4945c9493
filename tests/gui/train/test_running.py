"""A run as a person sees it: start, watch, pause, step, resume, stop, close."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from handwrite_gui.model_store import ModelStore
from handwrite_gui.train.run_buffer import RunUpdate
from handwrite_gui.train.session import RunState
from handwrite_gui.train.view import TrainView


def steps(view: TrainView) -> int:
    assert view.session.trainer is not None
    return view.session.trainer.steps_done


def pause(qtbot: QtBot, view: TrainView) -> None:
    qtbot.mouseClick(view.transport.main_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.session.state is RunState.PAUSED)


def test_before_the_first_run_the_view_says_what_will_appear(view: TrainView) -> None:
    assert view.pages.shows_preview
    assert view.transport.main_button.text() == "Start"
    assert view.transport.main_button.isEnabled()
    for button in ("stop_button", "use_button", "save_button"):
        assert not getattr(view.transport, button).isEnabled()


def test_training_makes_the_loss_curve_fall(qtbot: QtBot, view: TrainView) -> None:
    updates: list[RunUpdate] = []
    view.session.updated.connect(updates.append)
    qtbot.mouseClick(view.transport.main_button, Qt.MouseButton.LeftButton)

    def has_fallen() -> bool:
        if not updates:
            return False
        loss = updates[-1].curves.smooth_loss
        return bool(loss[-1] < 0.5 * loss[0])

    qtbot.waitUntil(has_fallen, timeout=10_000)

    def is_drawn() -> bool:  # in turns of the event loop that come after the update
        loss = view.curves.loss.smooth.getData()[1]
        accuracy = view.curves.accuracy.smooth.getData()[1]
        return bool(loss[-1] < loss[0] and accuracy[-1] > 0.5)

    qtbot.waitUntil(is_drawn, timeout=10_000)
    assert not view.pages.shows_preview
    qtbot.waitUntil(lambda: view.figures.epoch.value.text().endswith("of 100,000"))
    assert float(view.figures.loss.value.text()) < 2.3


def test_figures_arrive_in_batches_not_one_by_one(qtbot: QtBot, running: TrainView) -> None:
    updates: list[RunUpdate] = []
    before = steps(running)
    running.session.updated.connect(updates.append)
    qtbot.wait(1000)
    batches = steps(running) - before
    assert 1 <= len(updates) <= 20
    assert batches > 5 * len(updates)


def test_paused_means_that_no_more_batches_are_learned(qtbot: QtBot, running: TrainView) -> None:
    pause(qtbot, running)
    before = steps(running)
    qtbot.wait(150)
    assert steps(running) == before
    assert running.transport.main_button.text() == "Resume"
    assert running.transport.state_label.full_text == "Paused"


def test_a_step_learns_exactly_one_batch_and_shows_it(qtbot: QtBot, running: TrainView) -> None:
    pause(qtbot, running)
    for _ in range(3):
        before = steps(running)
        qtbot.mouseClick(running.transport.step_button, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda before=before: steps(running) == before + 1)
        qtbot.wait(50)
        assert steps(running) == before + 1
    text = f"After {steps(running):,} batches"
    qtbot.waitUntil(lambda: running.inside.first_layer.read_out.text() == text)


def test_a_run_can_begin_with_a_single_step(qtbot: QtBot, view: TrainView) -> None:
    qtbot.mouseClick(view.transport.step_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: view.session.state is RunState.PAUSED, timeout=10_000)
    assert steps(view) == 1


def test_a_step_while_running_pauses_the_run(qtbot: QtBot, running: TrainView) -> None:
    qtbot.mouseClick(running.transport.step_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: running.session.state is RunState.PAUSED)


def test_resuming_goes_on_from_where_it_was(qtbot: QtBot, running: TrainView) -> None:
    pause(qtbot, running)
    before = steps(running)
    qtbot.mouseClick(running.transport.main_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: steps(running) > before + 5)
    assert running.session.state is RunState.RUNNING


@pytest.mark.parametrize("paused", [False, True])
def test_stopping_keeps_the_model_and_frees_the_settings(
    qtbot: QtBot, running: TrainView, paused: bool
) -> None:
    assert running.form.is_frozen
    assert not running.chooser.isEnabled()
    if paused:
        pause(qtbot, running)
    qtbot.mouseClick(running.transport.stop_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: running.session.state is RunState.IDLE)
    assert not running.form.is_frozen
    assert running.chooser.isEnabled()
    assert running.transport.main_button.text() == "Start"
    assert running.transport.save_button.isEnabled()
    assert running.transport.state_label.full_text == f"Stopped after {steps(running):,} batches"


def test_a_second_run_starts_afresh_in_the_same_thread(qtbot: QtBot, running: TrainView) -> None:
    first, thread = running.session.trainer, running.session.thread_of_runs
    running.stop()
    qtbot.waitUntil(lambda: running.session.state is RunState.IDLE)
    qtbot.mouseClick(running.transport.main_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: running.session.state is RunState.RUNNING, timeout=10_000)
    assert running.session.trainer is not first
    assert running.session.thread_of_runs is thread


def test_a_run_ends_by_itself_after_its_epochs(qtbot: QtBot, view: TrainView) -> None:
    view.form.integers["epochs"].setValue(3)
    view.start()
    with qtbot.waitSignal(view.session.ended, timeout=10_000) as ended:
        pass
    assert ended.args[0].reason == "finished"
    assert view.transport.state_label.full_text == "Finished after 3 epochs"
    assert view.figures.epoch.value.text() == "3 of 3"
    assert len(view.curves.loss.validation.getData()[0]) == 3


def test_a_diverged_run_says_what_to_do(qtbot: QtBot, view: TrainView, errors: list[str]) -> None:
    view.form.choices["optimizer"].setCurrentText("SGD")
    view.form.numbers["learning_rate"].setValue(100)
    view.form.choices["activation"].setCurrentText("Identity")
    view.form.hidden.setEditText("64, 64, 64")
    view.start()
    with qtbot.waitSignal(view.session.ended, timeout=10_000):
        pass
    assert len(errors) == 1
    assert "learning rate" in errors[0]
    assert view.transport.state_label.full_text.startswith("Diverged")
    assert view.transport.main_button.isEnabled()


@pytest.mark.parametrize("paused", [False, True])
def test_closing_while_training_ends_the_thread(
    qtbot: QtBot, running: TrainView, paused: bool
) -> None:
    if paused:
        pause(qtbot, running)
    thread = running.session.thread_of_runs
    assert thread is not None
    assert thread.isRunning()
    running.shutdown()
    assert thread.isFinished()


def test_closing_while_the_data_are_made_ends_the_work(view: TrainView) -> None:
    view.chooser.fields.per_class.setValue(20_000)
    view.start()
    assert view.chooser.is_busy
    view.shutdown()


def test_starting_can_be_called_off_while_the_data_are_made(qtbot: QtBot, view: TrainView) -> None:
    view.chooser.fields.per_class.setValue(5000)
    qtbot.mouseClick(view.transport.main_button, Qt.MouseButton.LeftButton)
    assert view.transport.main_button.text() == "Cancel"
    qtbot.mouseClick(view.transport.main_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.chooser.is_busy, timeout=10_000)
    qtbot.wait(50)
    assert view.session.state is RunState.IDLE
    assert view.session.trainer is None
    assert view.transport.main_button.text() == "Start"


def test_the_thread_never_starts_without_a_run(view: TrainView) -> None:
    assert view.session.thread_of_runs is None


def test_the_model_can_be_used_while_training_goes_on(
    qtbot: QtBot, running: TrainView, store: ModelStore
) -> None:
    with qtbot.waitSignal(store.changed, timeout=10_000):
        qtbot.mouseClick(running.transport.use_button, Qt.MouseButton.LeftButton)
    assert running.session.state is RunState.RUNNING
    assert store.source == "training"
    assert store.recognizer is not None
    assert store.recognizer.classes == tuple("0123456789")
    assert store.model is not None
    weights = store.model.network.first_layer_weights.copy()
    before = steps(running)
    qtbot.waitUntil(lambda: steps(running) > before + 20)
    assert (store.model.network.first_layer_weights == weights).all()


def test_giving_up_the_data_gives_up_the_start(qtbot: QtBot, view: TrainView) -> None:
    view.chooser.fields.per_class.setValue(5000)
    view.start()
    qtbot.mouseClick(view.chooser.cancel_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not view.chooser.is_busy, timeout=10_000)
    assert view.is_idle
    assert view.transport.main_button.text() == "Start"


def test_starting_while_data_are_being_read_waits_for_them(qtbot: QtBot, view: TrainView) -> None:
    view.chooser.prepare()
    assert view.chooser.is_busy
    view.start()
    qtbot.waitUntil(lambda: view.session.state is RunState.RUNNING, timeout=10_000)


def test_the_end_is_told_to_who_looks_at_another_view(qtbot: QtBot, view: TrainView) -> None:
    notices: list[str] = []
    view.notice.connect(notices.append)
    view.form.integers["epochs"].setValue(1)
    view.start()
    with qtbot.waitSignal(view.session.ended, timeout=20_000):
        pass
    assert notices == [], "who watches the run needs no notice"
    view.start()
    view.hide()
    with qtbot.waitSignal(view.notice, timeout=20_000):
        pass
    assert notices == ["Training: finished after 1 epoch."]


def test_a_run_without_progress_ends_early_and_says_so(qtbot: QtBot, view: TrainView) -> None:
    view.form.integers["patience"].setValue(2)
    view.form.numbers["learning_rate"].setValue(0.02)
    view.start()
    with qtbot.waitSignal(view.session.ended, timeout=60_000):
        pass
    assert "epochs: no lower validation loss in 2 epochs" in view.transport.state_label.full_text
