"""What the shipped model must reach on handwriting that is not part of the project.

The collections and the scoring scripts lie beside the repository where this project is
developed; elsewhere these tests are skipped.  The writers measured on are not those the model
learned from, and the MNIST test set was never trained on.
"""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared collections and scoring scripts are not here"
)


class Score(NamedTuple):
    """Shares of characters read right; merged with look-alikes counted as one."""

    raw: float
    merged: float
    count: int


def score_characters(file: Path, alphabet: str, keep: str) -> Score:
    """What the shared scorer finds, of the characters in ``keep``."""
    command = f"{shlex.quote(sys.executable)} -m handwrite_gui classify --alphabet {alphabet}"
    done = subprocess.run(
        [
            *(sys.executable, SHARED / "eval" / "score_chars.py", file),
            *("--keep", keep, "--command", command),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)  # pytest shows it where a figure is missed
    found = re.search(r" n +(\d+)  raw ([\d.]+)  merged ([\d.]+) ", done.stdout)
    assert found, done.stdout + done.stderr
    return Score(float(found[2]), float(found[3]), int(found[1]))


@pytest.fixture(scope="module")
def unseen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The characters of the UNIPEN writers that are set aside for validation."""
    images, labels = [], []
    for name in ("unipen_digits", "unipen_upper", "unipen_lower"):
        with np.load(SHARED / "data" / f"{name}.npz", allow_pickle=False) as data:
            chosen = data["writer"] % 5 == 1
            images.append(data["images"][chosen])
            labels.append(data["labels"][chosen])
    path = tmp_path_factory.mktemp("unseen") / "unseen.npz"
    np.savez(path, images=np.concatenate(images), labels=np.concatenate(labels))
    return path


@pytest.mark.parametrize(
    ("alphabet", "keep", "raw", "merged"),
    [
        ("digits", "0-9", 0.982, 0.982),
        ("upper", "A-Z", 0.978, 0.978),
        ("alnum", "0-9A-Z", 0.918, 0.963),
        ("full", "0-9A-Za-z", 0.78, 0.9),
    ],
)
def test_characters_of_writers_it_never_saw(
    unseen: Path, alphabet: str, keep: str, raw: float, merged: float
) -> None:
    score = score_characters(unseen, alphabet, keep)
    assert score.count > 3000
    assert score.raw >= raw
    assert score.merged >= merged


@pytest.mark.parametrize("alphabet", ["digits", "upper", "alnum", "full"])
def test_confidences_mean_what_they_say(unseen: Path, alphabet: str) -> None:
    done = subprocess.run(
        [
            *(sys.executable, "-m", "handwrite_gui", "evaluate", "--data", unseen, "--json"),
            *("--alphabet", alphabet),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(done.stdout)
    assert figures["images"] > 3000
    assert figures["calibration_error"] <= 0.018


def test_mnist_digits() -> None:
    score = score_characters(SHARED / "data" / "mnist_test.npz", "digits", "0-9")
    assert score.count == 10_000
    assert score.raw >= 0.995


def test_photographed_pages(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in ("01", "02", "03", "04"):
        for file in (SHARED / "pages").glob(f"{number}_*"):
            (folder / file.name).symlink_to(file)
    figures = tmp_path / "figures.json"
    done = subprocess.run(
        [sys.executable, SHARED / "eval" / "score_pages.py", folder, "--json", figures],
        capture_output=True,
        text=True,
        check=True,
    )
    print(done.stdout)
    scores = json.loads(figures.read_text(encoding="utf-8"))
    assert len(scores["pages"]) == 4
    assert scores["all"]["letters"] >= 0.93
