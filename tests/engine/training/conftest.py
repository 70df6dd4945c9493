"""Small data that a network can learn in well under a second."""

from __future__ import annotations

import numpy as np
import pytest

from handwrite_gui.engine.training import TrainingData

CLASSES = "ABCD"


def clusters(count: int, *, width: int = 64, spread: float = 40, seed: int = 0) -> TrainingData:
    """Points around one random centre for each class, as bytes."""
    centres = np.random.default_rng(99).integers(40, 216, (len(CLASSES), width))
    rng = np.random.default_rng(seed)
    targets = rng.integers(0, len(CLASSES), count)
    points = centres[targets] + rng.normal(0, spread, (count, width))
    return TrainingData(np.clip(points, 0, 255).astype(np.uint8), targets, name=f"clusters {seed}")


@pytest.fixture(scope="session")
def training() -> TrainingData:
    """250 samples: with a batch size of 32, seven whole batches and one of 26."""
    return clusters(250)


@pytest.fixture(scope="session")
def validation() -> TrainingData:
    return clusters(60, seed=1)
