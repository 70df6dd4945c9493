"""A hand is learned, others are not forgotten, and both are measured."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.errors import Cancelled, HandwriteError
from handwrite_gui.engine.handwriting.adaptation import AdaptationSettings, with_head
from handwrite_gui.engine.handwriting.learning import (
    LARGEST_FALL,
    Learned,
    deal,
    keep_if_better,
    learn_hand,
)
from handwrite_gui.engine.handwriting.profiles import ProfileStore
from handwrite_gui.engine.handwriting.replay import General, general_knowledge
from handwrite_gui.engine.network.mlp import MLP
from tests.engine.handwriting.hands import odd_hand, small_model

# A hand that is like everybody's but for its pen.
_PLAIN = tuple(replace(s, label={"1": "7", "7": "1"}.get(s.label, s.label)) for s in odd_hand())


@cache
def general() -> General:
    return general_knowledge(small_model())


def learned_from(samples: tuple, **changes: object) -> Learned:
    settings = AdaptationSettings(**{"steps": 80, **changes})  # type: ignore[arg-type]
    return learn_hand(small_model(), samples, name="Ada", general=general(), settings=settings)


def test_the_model_it_starts_from_stays_as_it_is() -> None:
    before = small_model().network.copy_weights()
    learned_from(odd_hand())
    for old, new in zip(before, small_model().network.copy_weights(), strict=True):
        assert np.array_equal(old, new)


def test_only_the_last_layer_changes() -> None:
    adapted = learned_from(odd_hand()).model.network
    base = small_model().network
    assert np.array_equal(adapted.dense_layers[0].weights.value, base.dense_layers[0].weights.value)
    assert not np.array_equal(
        adapted.dense_layers[-1].weights.value, base.dense_layers[-1].weights.value
    )


def test_a_head_that_has_not_learned_the_hand_reads_no_longer() -> None:
    base = small_model()
    characters = "".join(base.classes[:2])
    head = MLP((base.network.hidden_units, 2))
    headed = replace(base, heads={characters: head})
    settings = AdaptationSettings(steps=20)
    adapted = learn_hand(headed, odd_hand(), general=general(), settings=settings).model
    assert adapted.heads == {}
    assert list(headed.heads) == [characters]


def test_equal_samples_give_equal_weights() -> None:
    first, second = learned_from(odd_hand()), learned_from(odd_hand())
    for one, two in zip(
        first.model.network.copy_weights(), second.model.network.copy_weights(), strict=True
    ):
        assert np.array_equal(one, two)


def test_a_hand_that_contradicts_everybody_is_not_learned_at_their_cost(tmp_path: Path) -> None:
    # Nobody else's 1 and 7 could be read any more: that must not be kept.
    learned = learned_from(odd_hand())
    profile = ProfileStore(tmp_path).create("Ada")
    fall = learned.general_before.accuracy - learned.general_after.accuracy
    if learned.verdict == "better":
        assert fall <= LARGEST_FALL
    else:
        assert keep_if_better(profile, small_model(), learned) is None
        assert profile.adaptations == ()


def test_what_is_not_better_is_not_kept(tmp_path: Path) -> None:
    learned = learned_from(_PLAIN, share=0.0)
    assert learned.verdict == "not better"
    profile = ProfileStore(tmp_path).create("Ada")
    assert keep_if_better(profile, small_model(), learned) is None
    assert profile.model() is None


def test_what_is_better_is_kept_and_reads(tmp_path: Path) -> None:
    learned = learned_from(_PLAIN)
    assert learned.verdict == "better"
    profile = ProfileStore(tmp_path).create("Ada")
    kept = keep_if_better(profile, small_model(), learned)
    assert kept is not None
    assert kept.samples == len(_PLAIN)
    assert kept.own_after is not None and kept.own_before is not None
    assert kept.own_after >= kept.own_before
    model = profile.model()
    assert model is not None
    assert "Ada" in model.card.name
    assert model.card.figures == {}


def test_without_a_pair_nothing_can_be_held_out() -> None:
    singles = tuple({sample.label: sample for sample in _PLAIN}.values())
    assert learned_from(singles).verdict == "too few"


def test_samples_the_model_has_no_class_for_are_named() -> None:
    strange = replace(_PLAIN[0], label="ß")
    assert learned_from((*_PLAIN, strange)).left_out == ("ß",)
    with pytest.raises(HandwriteError, match="no samples"):
        learned_from((strange,))


def test_a_model_of_unknown_characters_cannot_be_adapted() -> None:
    greek = replace(small_model(), classes=tuple("αβγδεζηθικ"))
    with pytest.raises(HandwriteError, match="forgetting"):
        general_knowledge(greek)


def test_it_can_be_cancelled_at_any_step() -> None:
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    with pytest.raises(Cancelled):
        learn_hand(small_model(), _PLAIN, general=general(), should_stop=should_stop)


def test_progress_goes_from_nothing_to_all() -> None:
    shares: list[float] = []
    learn_hand(
        small_model(),
        _PLAIN,
        general=general(),
        settings=AdaptationSettings(steps=5),
        on_progress=lambda share, text: shares.append(share),
    )
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_every_sample_of_a_pair_is_held_out_once_and_folds_are_even() -> None:
    targets = np.array([0, 0, 0, 1, 2, 2, 3, 3, 3, 3])
    folds = deal(targets, 4)
    assert folds[3] == -1
    assert sorted(np.bincount(folds[folds >= 0]).tolist()) == [2, 2, 2, 3]
    for target in (0, 2, 3):
        own = folds[targets == target]
        assert len(set(own.tolist())) == len(own)


def test_the_weights_go_a_share_of_the_way() -> None:
    network = small_model().network
    head = MLP((32, 10), initializer="zero")
    half = with_head(small_model(), head, 0.5)
    assert np.allclose(
        half.dense_layers[-1].weights.value, 0.5 * network.dense_layers[-1].weights.value
    )
