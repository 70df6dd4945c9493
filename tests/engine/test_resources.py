from __future__ import annotations

from pathlib import Path

import pytest

from handwrite_gui.engine import resources
from handwrite_gui.engine.resources import default_model_path, resource_path


def test_what_ships_is_found_in_this_checkout() -> None:
    path = resource_path("icons/open.svg")
    assert path.is_absolute()
    assert path.read_text(encoding="utf-8").lstrip().startswith("<")


def test_folders_are_found_too() -> None:
    assert resource_path("icons").is_dir()


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder an invented package is installed in."""
    (tmp_path / "package").mkdir()
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "package")
    return tmp_path


def put(folder: Path) -> Path:
    path = folder / "resources" / "models" / "default.npz"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"model")
    return path


def test_a_checkout_has_it_beside_the_package(installation: Path) -> None:
    beside = put(installation)
    assert default_model_path() == beside


def test_a_wheel_has_it_inside_the_package_and_nothing_beside_counts(installation: Path) -> None:
    put(installation)  # what another package left in site-packages
    inside = put(installation / "package")
    assert default_model_path() == inside


def test_an_incomplete_installation_is_said(installation: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"resources/models/default\.npz is missing; inst"):
        default_model_path()
