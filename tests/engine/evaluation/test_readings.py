"""How single samples were read: the worst of them, the least certain, and calibration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from handwrite_gui.engine.evaluation.metrics import reliability
from handwrite_gui.engine.evaluation.readings import Readings, calibration, least_certain, worst
from handwrite_gui.engine.network.losses import softmax

TARGETS = np.array([0, 0, 1, 1, 2])
LOGITS = np.log(
    np.array(
        [
            [0.9, 0.05, 0.05],  # right and sure
            [0.1, 0.6, 0.3],  # wrong
            [0.98, 0.01, 0.01],  # wrong and sure
            [0.3, 0.4, 0.3],  # right and unsure
            [0.1, 0.1, 0.8],
        ],
        np.float32,
    )
)


def readings() -> Readings:
    return Readings.of_logits(LOGITS, TARGETS)


def test_every_sample_has_its_prediction_and_two_probabilities() -> None:
    found = readings()
    assert found.predictions.tolist() == [0, 1, 0, 1, 2]
    assert found.confidences == pytest.approx([0.9, 0.6, 0.98, 0.4, 0.8], abs=1e-6)
    assert found.label_probabilities == pytest.approx([0.9, 0.1, 0.01, 0.4, 0.8], abs=1e-6)
    assert len(found) == 5


def test_the_worst_are_those_read_wrong_with_the_most_certainty() -> None:
    assert worst(readings(), TARGETS, 10).tolist() == [2, 1]
    assert worst(readings(), TARGETS, 1).tolist() == [2]


def test_the_least_certain_come_first_right_or_wrong() -> None:
    assert least_certain(readings(), 2).tolist() == [3, 1]


@given(
    arrays(np.float32, (40, 3), elements=st.floats(-8, 8, width=32)),
    arrays(np.int64, 40, elements=st.integers(0, 2)),
)
def test_calibration_needs_no_more_than_readings(
    logits: np.ndarray[tuple[int, int], np.dtype[np.float32]],
    targets: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    found = calibration(Readings.of_logits(logits, targets), targets)
    assert found == reliability(softmax(logits), targets)
