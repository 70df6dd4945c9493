"""What is least sure is asked for first."""

from __future__ import annotations

import numpy as np

from handwrite_gui.engine.handwriting.profiles import Profile, ProfileStore
from handwrite_gui.engine.handwriting.teaching import Known, ask_for, how_well_known, keep_drawing
from handwrite_gui.engine.recognizer import Recognizer
from tests.engine.handwriting.hands import CLASSES, odd_hand, small_model


def test_a_character_without_samples_is_half_known() -> None:
    known = how_well_known(Recognizer(small_model()), [])
    assert [one.label for one in known] == list(CLASSES)
    assert {(one.samples, one.share) for one in known} == {(0, 0.5)}


def test_what_is_read_otherwise_than_it_is_called_is_known_least() -> None:
    known = how_well_known(Recognizer(small_model()), odd_hand())
    least = sorted(known, key=lambda one: one.share)[:2]
    assert {one.label for one in least} == {"1", "7"}
    assert all(one.samples == 8 for one in known)


def test_the_least_known_are_asked_for_first() -> None:
    known = [Known("a", 3, 0.9), Known("b", 3, 0.2), Known("c", 0, 0.5)]
    assert ask_for(known, 2) == ["b", "c"]


def test_few_characters_are_asked_for_twice_at_most() -> None:
    known = [Known(label, 0, 0.5) for label in "abc"]
    asked = ask_for(known, 20)
    assert sorted(asked) == list("aabbcc")


def test_equally_known_ones_come_in_another_order_each_round() -> None:
    known = [Known(label, 0, 0.5) for label in "abcdefghij"]
    assert ask_for(known, 10, seed=1) != ask_for(known, 10, seed=2)
    assert ask_for(known, 10, seed=1) == ask_for(known, 10, seed=1)


def test_a_drawing_becomes_a_sample(tmp_path) -> None:  # type: ignore[no-untyped-def]
    profile: Profile = ProfileStore(tmp_path).create("Ada")
    keep_drawing(profile, [np.array([[0.0, 0.0], [0.0, 50.0], [30.0, 50.0]])], "L")
    (sample,) = profile.samples.all()
    assert (sample.label, sample.origin) == ("L", "taught")
    assert sample.image.max() == 255
