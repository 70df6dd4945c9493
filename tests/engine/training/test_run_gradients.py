"""The gradient check of a run's own network, loss and data."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.training import Trainer, TrainingData, TrainingSettings
from handwrite_gui.engine.training.run_gradients import check_gradients, new_network
from tests.engine.training.conftest import clusters

CLASSES = "ABCD"


@pytest.mark.parametrize(
    "settings",
    [
        TrainingSettings(hidden=()),
        TrainingSettings(hidden=(8, 6), activation="sigmoid", initializer="xavier"),
        TrainingSettings(hidden=(8,), normalization="batch", dropout=0.3, label_smoothing=0.1),
        TrainingSettings(hidden=(8,), features="directions", input_dropout=0.1),
    ],
    ids=["softmax", "sigmoids", "normalised", "directions"],
)
def test_back_propagation_is_right_before_and_during_a_run(settings: TrainingSettings) -> None:
    training = clusters(60, width=256)  # images of 16 × 16: the smallest that have directions
    network = new_network(settings, training.inputs.shape[1], len(CLASSES))
    before = check_gradients(network, settings, training, samples=10)
    trainer = Trainer(settings, training, None, CLASSES)
    events = trainer.run()
    for _ in range(5):
        next(events)
    during = check_gradients(trainer.learned_network(), settings, training, samples=10)
    for checks in (before, during):
        assert [check.layer for check in checks] == list(range(len(settings.hidden) + 1))
        assert all(check.is_right for check in checks), checks


def test_the_network_of_a_run_that_begins_is_the_one_that_is_checked(
    training: TrainingData,
) -> None:
    settings = TrainingSettings(hidden=(8,), seed=5)
    network = new_network(settings, training.inputs.shape[1], len(CLASSES))
    begun = Trainer(settings, training, None, CLASSES).learned_network()
    for ours, theirs in zip(network.copy_weights(), begun.copy_weights(), strict=True):
        np.testing.assert_array_equal(ours, theirs)
