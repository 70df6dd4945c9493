from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from handwrite_gui.__main__ import main


class Outcome(NamedTuple):
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process, as ``python -m handwrite_gui`` would."""

    def run_command(*arguments: str | Path) -> Outcome:
        capsys.readouterr()
        status = main([str(argument) for argument in arguments])
        return Outcome(status, *capsys.readouterr())

    return run_command


def bars(count: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """Three characters that any network tells apart: I upright, T with a roof, L with a floor.

    Returns:
        images uint8 (count, 20, 20), ink 255 on 0, and their labels.
    """
    rng = np.random.default_rng(seed)
    images = np.zeros((count, 20, 20), np.uint8)
    labels = rng.choice(list("ILT"), count)
    for image, label in zip(images, labels, strict=True):
        left, top = rng.integers(3, 6, 2)
        image[top : top + 12, left + 4 : left + 6] = 255
        if label == "T":
            image[top : top + 2, left : left + 10] = 255
        if label == "L":
            image[top + 10 : top + 12, left + 4 : left + 12] = 255
    return images, labels


@pytest.fixture(scope="session")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An .npz file of 300 labelled images of three classes."""
    path = tmp_path_factory.mktemp("data") / "bars.npz"
    images, labels = bars(300, seed=1)
    np.savez(path, images=images, labels=labels)
    return path


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory, labelled: Path) -> Path:
    """A model that knows I, L and T."""
    path = tmp_path_factory.mktemp("model") / "bars_model.npz"
    arguments = ["train", "--data", str(labelled), "--epochs", "8", "--learning-rate", "0.01"]
    assert main([*arguments, "--output", str(path)]) == 0
    return path
