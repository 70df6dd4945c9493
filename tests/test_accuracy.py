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

import numpy as np
import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"

pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared collections and scoring scripts are not here"
)


def score_characters(file: Path, alphabet: str) -> tuple[float, int]:
    """Share of characters read right when their kind is known, and how many there are."""
    command = f"{shlex.quote(sys.executable)} -m handwrite_gui classify --alphabet {alphabet}"
    done = subprocess.run(
        [sys.executable, SHARED / "eval" / "score_chars.py", file, "--command", command],
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout)  # pytest shows it where a figure is missed
    found = re.search(r" n +(\d+)  raw ([\d.]+) ", done.stdout)
    assert found, done.stdout + done.stderr
    return float(found[2]), int(found[1])


def validation_writers(name: str, folder: Path) -> Path:
    """The part of a UNIPEN file whose writers are set aside for validation."""
    with np.load(SHARED / "data" / f"{name}.npz", allow_pickle=False) as data:
        chosen = data["writer"] % 5 == 1
        path = folder / f"{name}.npz"
        np.savez(path, images=data["images"][chosen], labels=data["labels"][chosen])
    return path


def test_characters_of_writers_it_never_saw(tmp_path: Path) -> None:
    scores = [
        score_characters(validation_writers("unipen_digits", tmp_path), "digits"),
        score_characters(validation_writers("unipen_upper", tmp_path), "upper"),
    ]
    right = sum(share * count for share, count in scores)
    assert right / sum(count for _, count in scores) >= 0.97, scores


def test_mnist_digits() -> None:
    share, count = score_characters(SHARED / "data" / "mnist_test.npz", "digits")
    assert count == 10_000
    assert share >= 0.99


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
