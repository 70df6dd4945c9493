from __future__ import annotations

import math
import string

import numpy as np
import pytest

from handwrite_gui.engine.evaluation.figures import allowed_logits, figures_of_logits
from handwrite_gui.engine.evaluation.look_alikes import LOOK_ALIKES, merged_accuracy
from handwrite_gui.engine.model_file import Model, ModelCard
from handwrite_gui.engine.network import MLP


def test_look_alikes_are_those_of_the_shape() -> None:
    groups: dict[str, set[str]] = {}
    for name in string.digits + string.ascii_letters:
        groups.setdefault(LOOK_ALIKES.get(name, name), set()).add(name)
    merged = {"".join(sorted(group)) for group in groups.values() if len(group) > 1}
    capitals = {f"{c.upper()}{c}" for c in "ckpsuvwxyz"}
    assert merged == {"0Oo", "1Il", *capitals}


def test_merged_accuracy_forgives_look_alikes_only() -> None:
    classes = ("0", "O", "5", "S", "s")
    targets = np.array([0, 1, 3, 4, 2])
    predictions = np.array([1, 0, 4, 4, 3])  # 0 for O, O for 0, s for S, s, S for 5
    assert merged_accuracy(targets, predictions, classes) == pytest.approx(4 / 5)
    assert math.isnan(merged_accuracy(targets[:0], predictions[:0], classes))


def test_figures() -> None:
    logits = np.log(
        [
            [0.7, 0.2, 0.1],  # 0, right
            [0.6, 0.3, 0.1],  # O, read as 0
            [0.6, 0.3, 0.1],  # A, third
            [0.1, 0.1, 0.8],  # A, right
        ]
    )
    figures = figures_of_logits("four", logits, np.array([0, 1, 2, 2]), ("0", "O", "A"))
    assert (figures.name, figures.classes, figures.samples) == ("four", 3, 4)
    assert figures.accuracy == pytest.approx(0.5)
    assert figures.merged == pytest.approx(0.75)
    assert figures.top_two == pytest.approx(0.75)
    # Both of 0.6 are wrong; 0.7 and 0.8 are right, in bins of their own.
    assert figures.calibration_error == pytest.approx((2 * 0.6 + 0.3 + 0.2) / 4)


def test_no_samples_have_no_figures() -> None:
    figures = figures_of_logits("none", np.empty((0, 3)), np.empty(0, np.int64), "ABC")
    assert figures.samples == 0
    assert math.isnan(figures.accuracy)
    assert math.isnan(figures.top_two)
    assert math.isnan(figures.calibration_error)


def test_an_alphabet_leaves_out_other_classes_and_their_samples() -> None:
    network = MLP((4, 4), initializer="zero")
    network.dense_layers[0].weights.value[:] = np.eye(4)
    model = Model(network, tuple("Ab1D"), ModelCard("eye"), (2, 2))
    inputs = (np.eye(4) * 255).astype(np.uint8)
    logits, targets, names = allowed_logits(model, inputs, np.arange(4), "1DA")
    assert names == ("A", "1", "D")
    np.testing.assert_array_equal(targets, [0, 1, 2])
    np.testing.assert_allclose(logits, np.eye(3))
