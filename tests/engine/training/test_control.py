"""Pausing, stepping and stopping, from the same thread and from others."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from handwrite_gui.engine.training import (
    BatchDone,
    EpochDone,
    Event,
    Paused,
    Resumed,
    Trainer,
    TrainingData,
    TrainingDone,
    TrainingSettings,
)
from handwrite_gui.engine.training.control import RunControl, Turn
from tests.engine.training.conftest import CLASSES, clusters

LONG = TrainingSettings(hidden=(16,), batch_size=32, epochs=100_000)
SHORT = TrainingSettings(hidden=(16,), batch_size=32, epochs=2)
PATIENCE = 20.0
"""Seconds until a test gives up waiting; nothing that works takes that long."""


class Run:
    """A trainer's run in a thread of its own."""

    def __init__(self, trainer: Trainer) -> None:
        self.trainer = trainer
        self.events: queue.Queue[Event] = queue.Queue()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _work(self) -> None:
        for event in self.trainer.run():
            self.events.put(event)

    def next(self) -> Event:
        return self.events.get(timeout=PATIENCE)

    def until(self, kind: type[Event]) -> list[Event]:
        """Events up to the first of a kind, that one included."""
        seen = [self.next()]
        while not isinstance(seen[-1], kind):
            seen.append(self.next())
        return seen

    def is_quiet(self) -> bool:
        time.sleep(0.1)
        return self.events.empty()


@contextmanager
def running(trainer: Trainer) -> Iterator[Run]:
    run = Run(trainer)
    try:
        yield run
    finally:
        trainer.stop()
        run.thread.join(PATIENCE)
        assert not run.thread.is_alive()


@pytest.fixture
def trainer(training: TrainingData, validation: TrainingData) -> Trainer:
    return Trainer(LONG, training, validation, CLASSES)


def test_pause_waits_and_resume_goes_on(trainer: Trainer) -> None:
    with running(trainer) as run:
        run.until(BatchDone)
        trainer.pause()
        paused = run.until(Paused)[-1]
        assert isinstance(paused, Paused)
        assert paused.step == trainer.steps_done
        assert trainer.paused
        assert run.is_quiet()
        assert trainer.steps_done == paused.step
        trainer.resume()
        assert run.next() == Resumed(paused.step)
        following = run.next()
        assert isinstance(following, BatchDone)
        assert following.step == paused.step + 1
        assert not trainer.paused


def test_a_pause_and_its_end_are_each_reported_once(trainer: Trainer) -> None:
    with running(trainer) as run:
        trainer.pause()
        trainer.pause()
        run.until(Paused)
        trainer.resume()
        trainer.resume()
        assert isinstance(run.next(), Resumed)
        assert isinstance(run.next(), BatchDone)


def test_step_learns_exactly_one_batch_while_paused(trainer: Trainer) -> None:
    with running(trainer) as run:
        trainer.pause()
        run.until(Paused)
        before = trainer.steps_done
        for number in (1, 2, 3):
            trainer.step()
            event = run.next()
            if isinstance(event, EpochDone):  # the batch before completed an epoch
                event = run.next()
            assert isinstance(event, BatchDone)
            assert event.step == before + number
        trainer.pause()
        time.sleep(0.1)
        assert trainer.steps_done == before + 3


def test_step_before_the_run_learns_the_first_batch_and_pauses(trainer: Trainer) -> None:
    trainer.step()
    with running(trainer) as run:
        first = run.next()
        assert isinstance(first, BatchDone)
        assert first.step == 1
        assert run.next() == Paused(1)
        assert run.is_quiet()


def test_step_while_running_learns_one_more_and_pauses(trainer: Trainer) -> None:
    run = trainer.run()
    next(run)
    trainer.step()
    second = next(run)
    assert isinstance(second, BatchDone)
    assert second.step == 2
    assert next(run) == Paused(2)
    run.close()


def test_a_step_that_completes_an_epoch_reports_it(
    training: TrainingData, validation: TrainingData
) -> None:
    trainer = Trainer(SHORT, training, validation, CLASSES)
    run = trainer.run()
    for _ in range(7):
        next(run)
    trainer.step()
    kinds = [type(next(run)) for _ in range(3)]
    assert kinds == [BatchDone, EpochDone, Paused]
    run.close()


def test_pause_before_the_run_pauses_it_as_it_begins(trainer: Trainer) -> None:
    trainer.pause()
    with running(trainer) as run:
        assert run.next() == Paused(0)


def test_stop_ends_a_running_run(trainer: Trainer) -> None:
    with running(trainer) as run:
        run.until(BatchDone)
        trainer.stop()
        done = run.until(TrainingDone)[-1]
        assert isinstance(done, TrainingDone)
        assert done.reason == "stopped"
        assert done.step == trainer.steps_done
        run.thread.join(PATIENCE)
        assert run.events.empty()


def test_stop_ends_a_paused_run(trainer: Trainer) -> None:
    with running(trainer) as run:
        trainer.pause()
        run.until(Paused)
        trainer.stop()
        assert isinstance(run.next(), TrainingDone)


def test_stop_before_the_run_ends_it_as_it_begins(trainer: Trainer) -> None:
    trainer.stop()
    assert list(trainer.run()) == [TrainingDone("stopped", 0, 0)]


def test_a_stopped_run_continues_as_if_never_stopped(
    training: TrainingData, validation: TrainingData
) -> None:
    straight = Trainer(SHORT, training, validation, CLASSES)
    for _ in straight.run():
        pass
    halting = Trainer(SHORT, training, validation, CLASSES)
    endings: list[TrainingDone] = []
    while not endings or endings[-1].reason != "finished":
        for event in halting.run():
            if isinstance(event, BatchDone) and event.step % 3 == 0:
                halting.stop()
            if isinstance(event, TrainingDone):
                endings.append(event)
    assert [done.step for done in endings] == [3, 6, 9, 12, 15, 16]
    assert halting.history.batch_losses.tolist() == straight.history.batch_losses.tolist()
    np.testing.assert_array_equal(halting.first_layer_weights(), straight.first_layer_weights())


def test_a_pause_does_not_outlive_its_run(trainer: Trainer) -> None:
    run = trainer.run()
    next(run)
    trainer.pause()
    trainer.stop()
    assert isinstance(next(run), TrainingDone)
    assert next(run, None) is None
    assert isinstance(next(trainer.run()), BatchDone)


def test_evaluation_stops_early_and_is_done_later(training: TrainingData) -> None:
    trainer = Trainer(SHORT, training, clusters(5000, seed=2), CLASSES)
    run = trainer.run()
    for _ in range(8):
        next(run)
    trainer.stop()
    assert next(run) == TrainingDone("stopped", 1, 8)
    assert next(run, None) is None
    assert not trainer.history.epochs
    resumed = next(trainer.run())
    assert isinstance(resumed, EpochDone)
    assert resumed.epoch == 1


def test_a_closed_iterator_leaves_the_trainer_usable(trainer: Trainer) -> None:
    run = trainer.run()
    next(run)
    run.close()
    following = next(trainer.run())
    assert isinstance(following, BatchDone)
    assert following.step == 2


def test_two_runs_at_once_are_refused(trainer: Trainer) -> None:
    first = trainer.run()
    next(first)
    with pytest.raises(RuntimeError, match="running already"):
        next(trainer.run())
    assert isinstance(next(first), BatchDone)
    first.close()


def test_a_finished_trainer_is_finished_again(training: TrainingData) -> None:
    trainer = Trainer(SHORT, training, None, CLASSES)
    for _ in trainer.run():
        pass
    assert list(trainer.run()) == [TrainingDone("finished", 2, 16)]


def test_an_error_in_the_data_reaches_the_caller_and_blocks_nobody(
    training: TrainingData,
) -> None:
    def broken(raw: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        raise ZeroDivisionError

    trainer = Trainer(SHORT, training, None, CLASSES, augmenter=broken)
    with pytest.raises(ZeroDivisionError):
        next(trainer.run())
    assert trainer.model().card.figures["steps"] == 0


def test_models_can_be_taken_while_batches_go_on(trainer: Trainer) -> None:
    with running(trainer) as run:
        run.until(BatchDone)
        waits = []
        for _ in range(20):
            started = time.perf_counter()
            model = trainer.model()
            waits.append(time.perf_counter() - started)
            assert model.card.figures["steps"] > 0
            time.sleep(0.005)
        assert np.median(waits) < 0.1


def test_a_snapshot_is_never_taken_in_the_middle_of_an_update(training: TrainingData) -> None:
    settings = TrainingSettings(hidden=(300,), batch_size=32, epochs=100_000, optimizer="sgd")
    trainer = Trainer(settings, training, None, CLASSES)
    network = trainer._learner.network

    def all_parameters_count_up(rate: float) -> None:
        for parameter in network.parameters:
            parameter.value += 1
            time.sleep(0.0002)

    for parameter in network.parameters:
        parameter.value[...] = 0
    rng = np.random.default_rng(0)
    trainer._learner.optimizer.step = all_parameters_count_up
    with running(trainer) as run:
        run.until(BatchDone)
        for _ in range(30):
            time.sleep(rng.uniform(0, 0.003))  # to meet the trainer at any point of its work
            values = [np.unique(w) for w in trainer.model().network.copy_weights()]
            assert all(len(v) == 1 and v == values[0] for v in values)


class TestRunControl:
    """What the trainer's promises to other threads rest on."""

    @staticmethod
    def in_thread(work: Callable[[], None]) -> threading.Thread:
        thread = threading.Thread(target=work)
        thread.start()
        return thread

    def test_a_change_waits_for_readers_and_readers_for_a_change(self) -> None:
        control = RunControl()
        order: list[str] = []

        def change() -> None:
            with control.changing():
                order.append("change begins")
                time.sleep(0.05)
                order.append("change ends")

        def read() -> None:
            with control.reading():
                order.append("second reader")

        with control.reading():
            changer = self.in_thread(change)
            time.sleep(0.05)
            order.append("first reader ends")
        while "change begins" not in order:
            time.sleep(0.001)
        reader = self.in_thread(read)
        changer.join(PATIENCE)
        reader.join(PATIENCE)
        assert order == ["first reader ends", "change begins", "change ends", "second reader"]

    def test_a_waiting_reader_goes_before_the_next_change(self) -> None:
        control = RunControl()
        order: list[str] = []

        def read() -> None:
            with control.reading():
                order.append("reader")

        with control.changing():
            reader = self.in_thread(read)
            while not control._readers:
                time.sleep(0.001)
        with control.changing():
            order.append("next change")
        reader.join(PATIENCE)
        assert order == ["reader", "next change"]

    def test_two_readers_read_at_once(self) -> None:
        control = RunControl()
        with control.reading(), control.reading():
            pass

    def test_a_pause_sleeps_until_it_is_woken(self, monkeypatch: pytest.MonkeyPatch) -> None:
        control = RunControl()
        waits: list[float | None] = []
        wait = control._condition.wait

        def counted(timeout: float | None = None) -> bool:
            waits.append(timeout)
            return wait(timeout)

        monkeypatch.setattr(control._condition, "wait", counted)
        control.pause()
        assert control.next_turn() is Turn.PAUSED
        waker = threading.Timer(0.1, control.resume)
        waker.start()
        assert control.next_turn() is Turn.RESUMED
        waker.join(PATIENCE)
        assert waits == [None]
