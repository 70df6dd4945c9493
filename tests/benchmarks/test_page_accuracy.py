"""How the mistakes on a page are sorted."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "page_accuracy.py"


@pytest.fixture(scope="module")
def accuracy() -> ModuleType:
    spec = importlib.util.spec_from_file_location("page_accuracy", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("said", "truth", "expected"),
    [
        ("MILK 12", "MILK 12", {}),
        ("milk, 12.", "MILK 12", {}),
        ("NIILK", "MILK", {"split": 2}),
        ("HOUE", "HOUSE", {"missed": 1}),
        ("HOXE", "HOUSE", {"merged": 2}),
        ("HOUSEI", "HOUSE", {"extra": 1}),
        ("H0U5E", "HOUSE", {"alike": 2}),
        ("HOUVE", "HOUSE", {"other": 1}),
        ("MI LK", "MILK", {"gaps": 1}),
        ("RED TEA", "RED\nTEA", {"breaks": 1}),
        ("REDTEA", "RED\nTEA", {"gaps": 1}),
        ("ABC", "A B C", {}),
        ("", "MILK", {"missed": 4}),
    ],
)
def test_a_mistake_is_of_its_kind(
    accuracy: ModuleType, said: str, truth: str, expected: dict[str, int]
) -> None:
    found = accuracy.compare(said, truth)
    kinds = ("merged", "split", "missed", "extra", "alike", "other", "gaps", "breaks")
    assert {kind: getattr(found, kind) for kind in kinds if getattr(found, kind)} == expected


def test_the_kinds_add_up_to_the_edit_distances(accuracy: ModuleType) -> None:
    found = accuracy.compare("TWO L0AVE S OF BEAD\nEGGS", "TWO LOAVES\nOF BREAD EGGS")
    # 0 for O and a missing R; a space too many, and two line breaks in the wrong places
    assert (found.characters, found.symbols) == (20, 24)
    assert found.letters == pytest.approx(1 - 2 / 20)
    assert found.text == pytest.approx(1 - 5 / 24)


def test_pages_are_found_with_their_text_and_kind(accuracy: ModuleType, tmp_path: Path) -> None:
    for name in ("001_photo.png", "001_photo.gt.txt", "page.jpg", "page.gt.txt", "alone.gt.txt"):
        (tmp_path / name).touch()
    found = accuracy.find_pages([tmp_path])
    assert [(picture.name, kind) for picture, _, kind in found] == [
        ("001_photo.png", "photo"),
        ("page.jpg", tmp_path.name),
    ]


def test_a_folder_without_pages_is_said_so(
    accuracy: ModuleType, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accuracy.main([str(tmp_path)]) == 2
    assert "no picture" in capsys.readouterr().err
