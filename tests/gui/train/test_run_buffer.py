"""The buffer between the training thread and the window."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from handwrite_gui.engine.evaluation.readings import Readings
from handwrite_gui.engine.training.events import BatchDone, EpochDone
from handwrite_gui.train.confusion_summary import confusion_summary
from handwrite_gui.train.run_buffer import Evaluation, RunBuffer, RunPlan

PLAN = RunPlan(epochs=10, batches_per_epoch=5, training_count=500)


def batch(step: int, *, seconds: float | None = None, loss: float = 1.0) -> BatchDone:
    epoch = (step - 1) // PLAN.batches_per_epoch + 1
    return BatchDone(step, epoch, loss, 0.5, 1e-3, step * 0.1 if seconds is None else seconds)


def epoch_done(epoch: int, accuracy: float | None) -> EpochDone:
    step = epoch * PLAN.batches_per_epoch
    loss = None if accuracy is None else 1 - accuracy
    return EpochDone(epoch, step, 1.0, 0.5, loss, accuracy, None, None, 1000.0, step * 0.1 + 0.05)


def test_nothing_is_taken_twice() -> None:
    buffer = RunBuffer(PLAN)
    assert buffer.take() is None
    buffer.add_batch(batch(1))
    assert buffer.take() is not None
    assert buffer.take() is None


def test_all_batches_between_two_looks_arrive_at_once() -> None:
    buffer = RunBuffer(PLAN)
    for step in range(1, 8):
        buffer.add_batch(batch(step))
    update = buffer.take()
    assert update is not None
    assert len(update.curves.position) == 7
    assert update.progress.step == 7
    assert update.progress.epoch == 2


def test_time_and_speed_follow_from_the_batches() -> None:
    buffer = RunBuffer(PLAN)
    for step in range(1, 26):
        buffer.add_batch(batch(step, seconds=0.1 * step))
    progress = buffer.take().progress  # type: ignore[union-attr]
    assert progress.seconds == pytest.approx(2.5)
    assert progress.remaining_seconds == pytest.approx(2.5)
    # 100 samples a batch, ten batches a second.
    assert progress.samples_per_second == pytest.approx(1000)


def test_the_best_epoch_is_remembered() -> None:
    buffer = RunBuffer(PLAN)
    for epoch, accuracy in ((1, 0.6), (2, 0.8), (3, 0.7)):
        buffer.add_batch(batch(epoch * 5))
        buffer.add_epoch(epoch_done(epoch, accuracy), None)
    progress = buffer.take().progress  # type: ignore[union-attr]
    assert progress.best_epoch == 2
    assert progress.validation_accuracy == 0.7


def test_a_run_without_validation_has_no_best_epoch() -> None:
    buffer = RunBuffer(PLAN)
    buffer.add_batch(batch(5))
    buffer.add_epoch(epoch_done(1, None), None)
    progress = buffer.take().progress  # type: ignore[union-attr]
    assert progress.best_epoch is None
    assert progress.validation_accuracy is None


def test_an_evaluation_arrives_once() -> None:
    buffer = RunBuffer(PLAN)
    summary = confusion_summary(np.eye(2, dtype=np.int64), "ab", 1)
    buffer.add_batch(batch(5))
    buffer.add_epoch(epoch_done(1, 1.0), Evaluation(summary, Readings.empty(2)))
    assert buffer.take().evaluation is not None  # type: ignore[union-attr]
    buffer.add_batch(batch(6))
    assert buffer.take().evaluation is None  # type: ignore[union-attr]


def test_a_reader_in_another_thread_sees_whole_batches_in_order() -> None:
    plan = RunPlan(epochs=1, batches_per_epoch=20_000, training_count=20_000)
    buffer = RunBuffer(plan)

    def train() -> None:
        for step in range(1, 20_001):
            buffer.add_batch(BatchDone(step, 1, float(step), 0.0, 1e-3, step * 1e-3))

    thread = threading.Thread(target=train)
    thread.start()
    seen = 0
    while seen < 20_000:
        update = buffer.take()
        if update is None:
            continue
        losses = update.curves.loss
        assert losses.tolist() == list(range(1, len(losses) + 1))
        assert update.progress.step == len(losses) > seen
        seen = len(losses)
    thread.join()
