"""Every presentation of a sample is another one, and still the same character."""

from __future__ import annotations

import time
from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handwrite_gui.engine.data.augmentation import Augmenter
from handwrite_gui.engine.data.augmentation_ranges import AugmentationRanges
from handwrite_gui.engine.data.normalizer import normalize
from handwrite_gui.engine.data.synthesis import synthesize

NOTHING = AugmentationRanges(**dict.fromkeys(asdict(AugmentationRanges()), 0.0))
ROWS, COLUMNS = np.indices((32, 32)) - 15.5


@pytest.fixture(scope="module")
def inputs() -> np.ndarray:
    """uint8 (240, 1024), normalised characters."""
    made = synthesize("ABR258", 40, seed=3)
    return normalize(made.images).reshape(240, -1)


def augmented(
    inputs: np.ndarray, strength: float, seed: int = 0, ranges: AugmentationRanges | None = None
) -> np.ndarray:
    return Augmenter(strength, ranges=ranges)(inputs, np.random.default_rng(seed))


def only(**ranges: float) -> AugmentationRanges:
    return replace(NOTHING, **ranges)


def centres(batch: np.ndarray) -> np.ndarray:
    """Centres of the ink (B, 2), y before x."""
    images = batch.reshape(-1, 32, 32).astype(np.float64)
    ink = images.sum(axis=(1, 2))
    down, right = (images * ROWS).sum(axis=(1, 2)), (images * COLUMNS).sum(axis=(1, 2))
    return np.stack([down, right], axis=1) / ink[:, None]


def plain(inputs: np.ndarray) -> np.ndarray:
    return inputs.astype(np.float32) * np.float32(1 / 255)


# What comes out


def test_no_strength_is_the_sample_in_0_to_1_as_the_network_reads_bytes(inputs: np.ndarray) -> None:
    out = augmented(inputs, 0)
    assert out.dtype == np.float32
    np.testing.assert_array_equal(out, plain(inputs))
    np.testing.assert_allclose(out, inputs / 255, rtol=2e-7)
    assert out.max() == 1


@given(st.floats(0, 1), st.integers(0, 30), st.integers(0, 1000))
@settings(max_examples=40, deadline=None)
def test_shape_type_and_range(strength: float, count: int, seed: int) -> None:
    batch = np.random.default_rng(seed).integers(0, 256, (count, 1024), np.uint8)
    out = augmented(batch, strength, seed)
    assert out.shape == (count, 1024)
    assert out.dtype == np.float32
    assert not out.size or (out.min() >= 0 and out.max() <= 1)


def test_blank_samples_stay_nearly_blank() -> None:
    out = augmented(np.zeros((40, 1024), np.uint8), 1.0)
    assert np.isfinite(out).all()
    assert np.median(out.max(axis=1)) == 0  # noise is all that some of them get
    assert out.mean() < 0.02


def test_the_darkest_ink_stays_full(inputs: np.ndarray) -> None:
    assert augmented(inputs, 1.0).max(axis=1).min() > 0.9


@pytest.mark.parametrize("strength", [0.0, 0.7])
def test_writes_to_the_buffer_that_is_given(inputs: np.ndarray, strength: float) -> None:
    augmenter = Augmenter(strength)
    out = np.full(inputs.shape, np.nan, np.float32)
    assert augmenter(inputs, np.random.default_rng(4), out=out) is out
    np.testing.assert_array_equal(out, augmenter(inputs, np.random.default_rng(4)))


def test_the_samples_given_are_not_changed(inputs: np.ndarray) -> None:
    before = inputs.copy()
    augmented(inputs, 1.0)
    np.testing.assert_array_equal(inputs, before)


@pytest.mark.parametrize("strength", [-0.1, 1.01, float("nan")])
def test_a_strength_beyond_0_to_1_is_refused(strength: float) -> None:
    with pytest.raises(ValueError, match="strength must be within 0 and 1"):
        Augmenter(strength)


# Chance


def test_the_same_state_of_the_generator_gives_the_same_batch(inputs: np.ndarray) -> None:
    np.testing.assert_array_equal(augmented(inputs, 0.8, seed=7), augmented(inputs, 0.8, seed=7))
    assert (augmented(inputs, 0.8, seed=7) != augmented(inputs, 0.8, seed=8)).any()


def test_a_batch_leaves_no_trace_in_the_augmenter(inputs: np.ndarray) -> None:
    augmenter = Augmenter(1.0, seed=2)
    first = augmenter(inputs, np.random.default_rng(1))
    augmenter(inputs[:50], np.random.default_rng(2))
    np.testing.assert_array_equal(augmenter(inputs, np.random.default_rng(1)), first)


def test_the_seed_makes_the_bank_of_displacements(inputs: np.ndarray) -> None:
    one, same, other = (
        Augmenter(1.0, seed=seed)(inputs, np.random.default_rng(1)) for seed in (5, 5, 6)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_every_presentation_of_a_sample_is_another(inputs: np.ndarray) -> None:
    shown = augmented(np.repeat(inputs[:1], 100, axis=0), 0.5)
    assert len(np.unique(shown, axis=0)) == 100


def test_more_strength_changes_more(inputs: np.ndarray) -> None:
    changes = [
        np.abs(augmented(inputs, strength) - plain(inputs)).mean()
        for strength in (0.05, 0.2, 0.5, 1.0)
    ]
    assert changes == sorted(changes)
    assert changes[0] < 0.25 * changes[-1]


# Each change on its own


def test_ranges_of_nothing_change_nothing(inputs: np.ndarray) -> None:
    np.testing.assert_array_equal(augmented(inputs, 1.0, ranges=NOTHING), plain(inputs))


def test_samples_move_by_at_most_the_translation_and_not_to_one_side(inputs: np.ndarray) -> None:
    moved = augmented(inputs, 1.0, ranges=only(translation=2.0))
    shift = centres(moved) - centres(plain(inputs))
    assert np.abs(shift).max() < 2.1
    assert (np.abs(shift).max(axis=0) > 1.7).all()
    # Uniform in ±2: the mean of 240 has a standard error of 0.075.
    assert np.abs(shift.mean(axis=0)).max() < 0.3


def test_all_of_it_moves_the_ink_to_no_side(inputs: np.ndarray) -> None:
    shift = centres(augmented(inputs, 1.0)) - centres(plain(inputs))
    assert np.abs(shift.mean(axis=0)).max() < 0.3


def test_a_turn_is_at_most_the_rotation() -> None:
    bar = np.zeros((32, 32), np.uint8)
    bar[14:18, 4:28] = 255
    turned = augmented(np.tile(bar.reshape(1, -1), (200, 1)), 1.0, ranges=only(rotation=0.26))
    images = turned.reshape(-1, 32, 32)
    angles = (
        np.arctan2(
            2 * (images * ROWS * COLUMNS).sum(axis=(1, 2)),
            (images * (COLUMNS**2 - ROWS**2)).sum(axis=(1, 2)),
        )
        / 2
    )
    assert np.abs(angles).max() == pytest.approx(0.26, abs=0.02)
    assert angles.min() < -0.2
    assert angles.max() > 0.2


def test_a_slant_moves_the_top_against_the_bottom() -> None:
    stem = np.zeros((32, 32), np.uint8)
    stem[4:28, 14:18] = 255
    slanted = augmented(np.tile(stem.reshape(1, -1), (200, 1)), 1.0, ranges=only(shear=0.35))
    images = slanted.reshape(-1, 32, 32)
    upper, lower = (
        (images[:, rows] * COLUMNS[0]).sum(axis=(1, 2)) / images[:, rows].sum(axis=(1, 2))
        for rows in (slice(4, 10), slice(22, 28))
    )
    slant = (upper - lower) / 18
    assert slant.min() == pytest.approx(-0.35, abs=0.05)
    assert slant.max() == pytest.approx(0.35, abs=0.05)
    np.testing.assert_allclose(centres(slanted), 0, atol=0.1)


def test_the_size_changes_by_at_most_the_scale() -> None:
    square = np.zeros((32, 32), np.uint8)
    square[8:24, 8:24] = 255
    batch = np.tile(square.reshape(1, -1), (200, 1))
    sides = np.sqrt(augmented(batch, 1.0, ranges=only(scale=0.13)).sum(axis=1))
    assert sides.min() == pytest.approx(16 / 1.13, abs=0.3)
    assert sides.max() == pytest.approx(16 * 1.13, abs=0.3)
    stretched = augmented(batch, 1.0, ranges=only(aspect=0.2)).reshape(-1, 32, 32)
    aspects = stretched[:, :, 16].sum(axis=1) / stretched[:, 16].sum(axis=1)
    assert aspects.min() == pytest.approx(1 / 1.2, abs=0.03)
    assert aspects.max() == pytest.approx(1.2, abs=0.03)


def test_the_elastic_displacement_bends_but_does_not_tear(inputs: np.ndarray) -> None:
    bent = augmented(inputs, 1.0, ranges=only(elastic=1.3))
    assert np.abs(bent - plain(inputs)).mean() > 0.01
    np.testing.assert_allclose(bent.sum(axis=1), plain(inputs).sum(axis=1), rtol=0.35)
    assert np.abs(centres(bent) - centres(plain(inputs))).max() < 2.5


def test_a_third_gets_a_thicker_pen_and_a_third_a_thinner_one(inputs: np.ndarray) -> None:
    before = plain(inputs)
    thicker = augmented(inputs, 1.0, ranges=only(thicken=1.0))
    assert (thicker >= before - 1e-6).all()
    assert (thicker != before).any(axis=1).sum() == 80
    thinner = augmented(inputs, 1.0, ranges=only(thin=0.8)).reshape(-1, 32, 32)
    changed = (thinner.reshape(before.shape) != before).any(axis=1)
    assert changed.sum() == 80
    # Thinned and then stretched to full ink again: less of it is well inked.
    assert ((thinner > 0.1).sum() / (before > 0.1).sum()) <= 1


def test_a_third_is_out_of_focus_and_a_quarter_noisy(inputs: np.ndarray) -> None:
    before = plain(inputs)
    blurred = augmented(inputs, 1.0, ranges=only(blur=0.8))
    assert (blurred != before).any(axis=1).sum() == 80
    noisy = augmented(inputs, 1.0, ranges=only(noise=0.08))
    chosen = (noisy != before).any(axis=1)
    assert chosen.sum() == 60
    assert (noisy - before)[chosen].std() < 0.08


def test_a_batch_of_one_is_deformed(inputs: np.ndarray) -> None:
    out = augmented(inputs[:1], 1.0)
    assert out.shape == (1, 1024)
    assert np.abs(out - plain(inputs[:1])).max() > 0.2


def test_samples_do_not_leak_into_their_neighbours(inputs: np.ndarray) -> None:
    batch = np.zeros((9, 1024), np.uint8)
    batch[4] = 255
    out = augmented(batch, 1.0, ranges=replace(AugmentationRanges(), noise=0.0))
    assert (out.any(axis=1) == batch.any(axis=1)).all()


def test_it_keeps_up_with_a_network() -> None:
    # The bank of displacements is what makes it fast: a filter for each sample takes ten times
    # as long.  The bound is loose, for busy machines.
    batch = np.random.default_rng(0).integers(0, 256, (512, 1024), np.uint8)
    augmenter, rng = Augmenter(1.0), np.random.default_rng(0)
    fastest = np.inf
    for _ in range(5):
        start = time.perf_counter()
        augmenter(batch, rng)
        fastest = min(fastest, time.perf_counter() - start)
    assert 512 / fastest > 3000
