"""Histograms over time as pictures."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.insight.ribbon import ribbon


def test_every_moment_shows_the_last_histogram_before_it() -> None:
    low, high = np.array([4, 0, 0]), np.array([0, 0, 9])
    levels = ribbon([0.0, 7.5], [low, high], columns=11)
    assert levels.shape == (3, 11)
    assert levels[2, :10].tolist() == [255] * 10, "the lowest bin is at the bottom"
    assert levels[0].tolist() == [0] * 10 + [255]


def test_tails_are_lifted() -> None:
    levels = ribbon([0.0], [np.array([100, 1])], columns=1)
    assert levels[1, 0] == 255
    assert 20 < levels[0, 0] < 30


def test_nothing_is_no_picture() -> None:
    with pytest.raises(ValueError, match="0 histograms"):
        ribbon([], [])
