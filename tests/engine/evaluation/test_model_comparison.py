"""Two models on the same characters."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.data.dataset import Dataset
from handwrite_gui.engine.data.synthesis import synthesize
from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.evaluation.model_comparison import compare_models
from handwrite_gui.engine.model_file import Model, ModelCard
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.recognizer import Recognizer
from tests.engine.handwriting.hands import CLASSES, small_model


@pytest.fixture(scope="module")
def data() -> Dataset:
    return synthesize((*CLASSES, "A"), 12, 5)


def guesser(classes: str = "0123456789") -> Model:
    """A model that has learned nothing."""
    network = MLP((1024, len(classes)), rng=np.random.default_rng(3))
    return Model(network, tuple(classes), ModelCard("guesser"))


def test_the_figures_are_those_of_each_model_alone(data: Dataset) -> None:
    comparison = compare_models(guesser(), small_model(), data)
    digits = data.of_classes(CLASSES)
    for model, figures in ((guesser(), comparison.first), (small_model(), comparison.second)):
        read = [own[0].label for own in Recognizer(model).classify(list(digits.images))]
        assert figures.accuracy == pytest.approx(np.mean(np.array(read) == digits.labels))
    assert comparison.left_out == 12
    assert comparison.first.samples == 120


def test_differences_add_up_and_the_largest_comes_first(data: Dataset) -> None:
    comparison = compare_models(guesser(), small_model(), data)
    gains = [abs(one.gain) for one in comparison.classes]
    assert gains == sorted(gains, reverse=True)
    assert sum(one.samples for one in comparison.classes) == 120
    difference = sum(one.second - one.first for one in comparison.classes)
    assert difference == comparison.only_second - comparison.only_first
    assert comparison.p_value < 1e-6


def test_a_model_is_as_good_as_itself(data: Dataset) -> None:
    comparison = compare_models(small_model(), small_model(), data)
    assert comparison.only_first == comparison.only_second == 0
    assert comparison.p_value == 1
    assert not any(one.gain for one in comparison.classes)


def test_both_choose_only_from_what_both_know(data: Dataset) -> None:
    comparison = compare_models(guesser("01A"), small_model(), data)
    assert comparison.first.classes == 2
    assert {one.label for one in comparison.classes} == {"0", "1"}


def test_what_cannot_be_compared_is_explained(data: Dataset) -> None:
    with pytest.raises(HandwriteError, match="do not choose between the same"):
        compare_models(guesser("AB"), small_model(), data)
    with pytest.raises(HandwriteError, match="none of the characters"):
        compare_models(guesser("01"), small_model(), data.of_classes(["A", "2"]))


def test_it_can_be_stopped(data: Dataset) -> None:
    with pytest.raises(Cancelled):
        compare_models(guesser(), small_model(), data, should_stop=lambda: True)
