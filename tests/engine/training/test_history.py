"""The history grows, can be cut, and what was read from it stays."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.training import EpochRow, History


def row(epoch: int, step: int) -> EpochRow:
    return EpochRow(epoch, step, 1.0, 0.5, None, None, 1000.0, 2.0)


def test_keeps_every_batch_however_many() -> None:
    history = History()
    for step in range(5000):
        history.add_batch(step / 3, step / 5000)
    np.testing.assert_array_equal(history.batch_losses, np.arange(5000) / 3)
    np.testing.assert_array_equal(history.batch_accuracies, np.arange(5000) / 5000)
    assert history.steps == 5000


def test_what_was_read_does_not_change_later() -> None:
    history = History()
    for _ in range(10):
        history.add_batch(1.0, 0.0)
    losses = history.batch_losses
    history.truncate(5)
    for _ in range(3000):
        history.add_batch(2.0, 0.0)
    np.testing.assert_array_equal(losses, np.ones(10))


def test_cutting_forgets_batches_and_epochs_after_a_step() -> None:
    history = History()
    for step in range(6):
        history.add_batch(step, 0.0)
    history.add_epoch(row(1, 3))
    history.add_epoch(row(2, 6))
    history.truncate(4)
    np.testing.assert_array_equal(history.batch_losses, [0, 1, 2, 3])
    assert history.epochs == [row(1, 3)]


@pytest.mark.parametrize(
    "change",
    [{"epoch": "1"}, {"step": 1.5}, {"training_loss": None}, {"seconds": True}, {"more": 1}],
)
def test_a_row_of_other_types_is_refused(change: dict) -> None:
    values = row(1, 3).to_dict()
    assert EpochRow.from_dict(values) == row(1, 3)
    with pytest.raises(ValueError, match="epoch"):
        EpochRow.from_dict(values | change)
