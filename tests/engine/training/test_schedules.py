"""The learning rate at every step."""

from __future__ import annotations

import pytest

from handwrite_gui.engine.training import TrainingSettings
from handwrite_gui.engine.training.schedules import make_schedule

BATCHES = 10


def rates(**settings: object) -> list[float]:
    chosen = TrainingSettings(learning_rate=0.8, **settings)
    schedule = make_schedule(chosen, BATCHES)
    return [schedule(step) for step in range(chosen.epochs * BATCHES)]


def test_constant() -> None:
    assert set(rates(epochs=3)) == {0.8}


def test_step_drops_after_every_so_many_epochs() -> None:
    result = rates(schedule="step", epochs=5, step_every=2, step_factor=0.5)
    assert result == [0.8] * 20 + [0.4] * 20 + [0.2] * 10


def test_cosine_goes_from_the_full_rate_over_half_of_it_to_almost_nothing() -> None:
    result = rates(schedule="cosine", epochs=4)
    assert result[0] == 0.8
    assert result[20] == pytest.approx(0.4)
    assert 0 < result[-1] < 0.8 * 0.002
    assert result == sorted(result, reverse=True)


def test_warm_up_rises_linearly_and_then_hands_over() -> None:
    result = rates(epochs=2, warmup_steps=4)
    assert result[:6] == pytest.approx([0.2, 0.4, 0.6, 0.8, 0.8, 0.8])


def test_cosine_after_warm_up_still_ends_at_almost_nothing() -> None:
    result = rates(schedule="cosine", epochs=2, warmup_steps=5)
    assert result[4] == result[5] == pytest.approx(0.8)
    assert result[5:] == sorted(result[5:], reverse=True)
    assert result[-1] < 0.8 * 0.02


def test_a_warm_up_longer_than_the_run_is_all_rise() -> None:
    result = rates(schedule="cosine", epochs=1, warmup_steps=100)
    assert result == pytest.approx([0.008 * (step + 1) for step in range(10)])
