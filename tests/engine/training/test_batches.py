"""Batches: each epoch shows every sample once, in an order of its own, scaled to 0…1."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.training import TrainingData
from handwrite_gui.engine.training.batches import Batches, Mixing


def numbered(count: int) -> TrainingData:
    """Sample i has the input (i, 255) and the target i."""
    inputs = np.full((count, 2), 255, np.uint8)
    inputs[:, 0] = np.arange(count)
    return TrainingData(inputs, np.arange(count))


def targets_of_epoch(batches: Batches, epoch: int) -> list[int]:
    steps = range(epoch * batches.per_epoch, (epoch + 1) * batches.per_epoch)
    return [int(t) for step in steps for t in batches.batch(step).targets]


def test_an_epoch_shows_every_sample_once_in_a_new_order() -> None:
    batches = Batches(numbered(50), 8, seed=1)
    first, second = targets_of_epoch(batches, 0), targets_of_epoch(batches, 1)
    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second


def test_the_last_batch_has_what_is_left() -> None:
    batches = Batches(numbered(50), 8, seed=1)
    assert batches.per_epoch == 7
    sizes = [len(batches.batch(step).targets) for step in range(8)]
    assert sizes == [8, 8, 8, 8, 8, 8, 2, 8]
    assert sizes == [batches.size(step) for step in range(8)]


def test_inputs_belong_to_their_targets_and_are_fractions() -> None:
    batches = Batches(numbered(50), 8, seed=1)
    for step in range(10):
        inputs, targets, _ = batches.batch(step)
        assert inputs.dtype == np.float32
        np.testing.assert_allclose(inputs[:, 0] * 255, targets, rtol=1e-5)
        np.testing.assert_allclose(inputs[:, 1], 1, rtol=1e-6)


def test_any_batch_can_be_had_without_those_before_it() -> None:
    ahead = Batches(numbered(50), 8, seed=1)
    expected = [ahead.batch(step).targets.tolist() for step in range(20)]
    for step in (19, 3, 7):
        assert Batches(numbered(50), 8, seed=1).batch(step).targets.tolist() == expected[step]
    assert Batches(numbered(50), 8, seed=2).batch(0).targets.tolist() != expected[0]


def test_every_sample_comes_with_the_classes_it_is_told_apart_from() -> None:
    data = numbered(40)
    groups = np.array([np.arange(40) < 20, np.arange(40) >= 20, np.ones(40, np.bool_)])
    group = np.where(np.arange(40) % 3 == 0, 2, np.arange(40) // 20).astype(np.uint8)
    batches = Batches(TrainingData(data.inputs, data.targets, "", groups, group), 8, seed=1)
    for step in range(7):
        _, targets, among = batches.batch(step)
        np.testing.assert_array_equal(among, groups[group[targets]])
    assert Batches(data, 8, seed=1).batch(0).among is None


def test_buffers_are_reused() -> None:
    batches = Batches(numbered(50), 8, seed=1)
    assert np.shares_memory(batches.batch(0).inputs, batches.batch(1).inputs)


def test_augmentation_gets_bytes_and_a_generator_of_its_own_for_each_batch() -> None:
    drawn = []

    def augmenter(raw: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        assert raw.dtype == np.uint8
        drawn.append(rng.random())
        return raw.astype(np.float32)

    batches = Batches(numbered(50), 8, seed=1, augmenter=augmenter)
    for step in (0, 1, 0):
        inputs, targets, _ = batches.batch(step)
        np.testing.assert_array_equal(inputs[:, 0], targets)
    assert drawn[0] == drawn[2] != drawn[1]


@pytest.mark.parametrize(
    ("inputs", "targets", "named"),
    [
        (np.zeros((3, 4), np.float32), np.zeros(3, np.int64), "inputs"),
        (np.zeros((3, 2, 2), np.uint8), np.zeros(3, np.int64), "inputs"),
        (np.zeros((3, 4), np.uint8), np.zeros(2, np.int64), "targets"),
        (np.zeros((3, 4), np.uint8), np.zeros(3, np.float64), "targets"),
    ],
)
def test_data_of_other_shapes_or_types_are_refused(
    inputs: np.ndarray, targets: np.ndarray, named: str
) -> None:
    with pytest.raises(ValueError, match=named):
        TrainingData(inputs, targets)


def test_the_fingerprint_tells_data_apart() -> None:
    data = numbered(5)
    assert data.fingerprint == numbered(5).fingerprint
    other_input = data.inputs.copy()
    other_input[0, 0] += 1
    others = [
        TrainingData(other_input, data.targets),
        TrainingData(data.inputs, data.targets[::-1]),
        TrainingData(data.inputs.reshape(10, 1), np.zeros(10, np.int64)),
    ]
    assert len({d.fingerprint for d in [data, *others]}) == 4


class TestMixing:
    def test_a_mixture_of_inputs_goes_with_the_same_mixture_of_targets(self) -> None:
        inputs = np.eye(4, dtype=np.float32)[[0, 1, 2, 3] * 5]
        targets = np.array([0, 1, 2, 3] * 5)
        mixed, shares = Mixing(0.4, 4)(inputs, targets, np.random.default_rng(1))
        # An input is one-hot of its own target, so both must come out alike.
        np.testing.assert_allclose(mixed, shares, atol=1e-6)
        np.testing.assert_allclose(shares.sum(axis=1), 1, rtol=1e-6)
        assert ((shares > 0).sum(axis=1) == 2).any()
        np.testing.assert_array_equal(inputs.argmax(axis=1), targets)

    def test_alpha_says_how_even_mixtures_are(self) -> None:
        inputs, targets = np.eye(2, dtype=np.float32), np.array([0, 1])

        def larger_share(alpha: float) -> float:
            shares = [
                Mixing(alpha, 2)(inputs, targets, np.random.default_rng(seed))[1].max()
                for seed in range(300)
            ]
            return float(np.mean(shares))

        assert larger_share(0.05) > 0.95 > 0.85 > larger_share(5)

    def test_batches_are_mixed_the_same_way_each_time(self) -> None:
        made = [Batches(numbered(50), 8, seed=1, mixing=Mixing(1, 50)) for _ in range(2)]
        for step in (5, 2):
            (inputs, shares, _), (again, shares_again, _) = (b.batch(step) for b in made)
            np.testing.assert_array_equal(inputs, again)
            np.testing.assert_array_equal(shares, shares_again)
            numbers = shares @ np.arange(50, dtype=np.float32)
            np.testing.assert_allclose(inputs[:, 0] * 255, numbers, rtol=1e-4)
