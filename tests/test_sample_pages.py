"""The sample pages that ship with the program are what the script makes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from handwrite_gui.engine.alphabets import ALPHABETS
from handwrite_gui.engine.resources import resource_path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "make_sample_pages.py"
LARGEST = 250_000


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, SCRIPT, folder], check=True, capture_output=True)
    return folder


def index(folder: Path) -> list[dict[str, str]]:
    return json.loads((folder / "index.json").read_text(encoding="utf-8"))


def test_the_index_names_every_page_and_what_it_says() -> None:
    folder = resource_path("samples")
    pages = index(folder)
    assert {page["file"] for page in pages} == {path.name for path in folder.glob("*.jpg")}
    for page in pages:
        assert set(page["text"]) <= {*ALPHABETS["full"], " ", "\n"}


def test_the_pages_are_small_files() -> None:
    for page in index(resource_path("samples")):
        assert (resource_path("samples") / page["file"]).stat().st_size <= LARGEST


def test_the_script_makes_these_pages(made: Path) -> None:
    shipped = resource_path("samples")
    assert index(made) == index(shipped)
    for page in index(shipped):
        here, again = (np.asarray(Image.open(folder / page["file"])) for folder in (shipped, made))
        assert here.shape == again.shape
        # Another version of the JPEG library may round otherwise.
        assert np.abs(here.astype(int) - again).mean() < 2
