"""A head comes from the last outputs of a training, and what decides in the end has others' say."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.errors import HandwriteError
from handwrite_gui.engine.model_file import Model, ModelCard
from handwrite_gui.engine.network.mlp import MLP
from handwrite_gui.engine.training.heads import (
    join_head,
    split_head,
    with_general_say,
    without_general_say,
)

CLASSES = tuple("A17B")
HEAD = "17"
X = np.random.default_rng(0).random((5, 1024), np.float32)


@pytest.fixture
def joined() -> Model:
    """As it is trained: the outputs of four classes, and two of a head after them."""
    network = MLP((1024, 8, 6), rng=np.random.default_rng(1))
    return Model(network, (*CLASSES, "1 (own)", "7 (own)"), ModelCard("joined"))


def test_the_last_outputs_become_the_head(joined: Model) -> None:
    model = split_head(joined, HEAD)
    logits = joined.network.predict_logits(X)
    assert model.classes == CLASSES
    general, own = model.logits(X, HEAD)
    np.testing.assert_allclose(general, logits[:, :4], rtol=1e-5)
    np.testing.assert_allclose(own, logits[:, 4:], rtol=1e-5)


def test_joining_is_the_inverse_of_splitting(joined: Model) -> None:
    again = join_head(split_head(joined, HEAD), HEAD)
    for one, other in zip(again.network.copy_weights(), joined.network.copy_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(HandwriteError, match="has no head for AB"):
        join_head(split_head(joined, HEAD), "AB")


def test_the_general_outputs_have_a_third_of_the_say(joined: Model) -> None:
    split = split_head(joined, HEAD)
    model = with_general_say(split)
    general, own = split.logits(X, HEAD)
    same, decided = model.logits(X, HEAD)
    np.testing.assert_array_equal(same, general)
    np.testing.assert_allclose(decided, (2 * own + general[:, [1, 2]]) / 3, rtol=1e-4, atol=1e-5)


def test_what_a_head_learned_itself_is_found_again(joined: Model) -> None:
    split = split_head(joined, HEAD)
    again = without_general_say(with_general_say(split))
    np.testing.assert_allclose(again.logits(X, HEAD)[1], split.logits(X, HEAD)[1], atol=1e-5)


def test_a_model_without_a_head_stays_as_it_is(joined: Model) -> None:
    assert split_head(joined, "") is joined
    assert join_head(joined, "") is joined
    assert not with_general_say(joined).heads
