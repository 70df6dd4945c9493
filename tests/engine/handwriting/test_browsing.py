"""Samples are read to find those that are doubtful, and filtered."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from handwrite_gui.engine.handwriting.browsing import (
    BrowsedSample,
    browse_samples,
    filter_samples,
)
from handwrite_gui.engine.handwriting.samples import NewSample, Origin, Sample, SampleStore
from handwrite_gui.engine.recognizer import Recognizer
from tests.engine.handwriting.hands import ink, small_model


def browsed(
    number: int, label: str, share: float | None, origin: Origin = "drawn"
) -> BrowsedSample:
    sample = Sample(number, np.zeros((2, 2), np.uint8), label, origin, "", "2026-01-01")
    return BrowsedSample(sample, "X", share)


ALL = [
    browsed(1, "b", 0.9),
    browsed(2, "a", 0.3, "taught"),
    browsed(3, "a", 0.8, "corrected"),
    browsed(4, "c", 0.1, "taught"),
    browsed(5, "ß", None),
]


def ids(samples: list[BrowsedSample]) -> list[int]:
    return [own.sample.id for own in samples]


def test_they_stand_by_character_and_then_as_they_were_kept() -> None:
    assert ids(filter_samples(ALL)) == [2, 3, 1, 4, 5]


def test_filters_hold_together() -> None:
    assert ids(filter_samples(ALL, label="a")) == [2, 3]
    assert ids(filter_samples(ALL, origin="taught")) == [2, 4]
    assert ids(filter_samples(ALL, label="a", origin="taught")) == [2]
    assert ids(filter_samples(ALL, label="z")) == []


def test_the_most_doubtful_come_first_and_what_nobody_knows_is_not_in_doubt() -> None:
    assert ids(filter_samples(ALL, only_doubtful=True)) == [4, 2]


def test_every_sample_is_read(tmp_path: Path) -> None:
    store = SampleStore(tmp_path / "samples.sqlite")
    store.add_all([NewSample(ink(seed), label, "taught") for seed, label in enumerate("07q")])
    recognizer = Recognizer(small_model())
    found = browse_samples(recognizer, store.all())
    chances = recognizer.probabilities([own.sample.image for own in found])
    assert [own.read_as for own in found] == [
        recognizer.classes[int(row.argmax())] for row in chances
    ]
    assert found[0].share == pytest.approx(float(chances[0][recognizer.classes.index("0")]))
    assert found[2].share is None
    assert browse_samples(recognizer, []) == []


def test_several_labels_change_together_or_not_at_all(tmp_path: Path) -> None:
    store = SampleStore(tmp_path / "samples.sqlite")
    one, two = store.add_all([NewSample(ink(seed), "a", "taught") for seed in range(2)])
    store.relabel_each({one: "b", two: "c"})
    assert [sample.label for sample in store.all()] == ["b", "c"]
    with pytest.raises(ValueError, match="one character"):
        store.relabel_each({one: "d", two: "no"})
    assert [sample.label for sample in store.all()] == ["b", "c"]
