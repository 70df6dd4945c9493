"""The names the engine offers, and what importing them costs."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from handwrite_gui import engine

HEAVY = {"scipy", "skimage", "PIL", "PySide6", "pyqtgraph", "platformdirs", "threadpoolctl"}


def test_the_names_of_the_design_are_there() -> None:
    assert {"load_model", "Recognizer", "Trainer"} <= set(engine.__all__)
    assert callable(engine.Recognizer.read_page)
    assert callable(engine.Recognizer.classify)


@pytest.mark.parametrize("name", engine.__all__)
def test_every_name_is_found_where_it_is_said_to_be(name: str) -> None:
    found = getattr(engine, name)
    assert found.__name__ == name
    assert found.__doc__
    assert found is getattr(sys.modules[found.__module__], name)


def test_the_names_are_sorted_and_shown() -> None:
    assert engine.__all__ == sorted(set(engine.__all__))
    assert set(engine.__all__) <= set(dir(engine))
    assert dir(engine) == sorted(set(dir(engine)))


def test_other_names_are_not_there() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'read_mind'"):
        engine.read_mind  # noqa: B018
    with pytest.raises(ImportError):
        exec("from handwrite_gui.engine import read_mind")


def loaded_after(statement: str) -> set[str]:
    """Top-level modules in a fresh Python after a statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(list(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_engine_alone_loads_not_even_numpy() -> None:
    assert not loaded_after("import handwrite_gui.engine") & (HEAVY | {"numpy"})


def test_recognising_characters_loads_no_heavy_library() -> None:
    loaded = loaded_after(
        "from handwrite_gui.engine import Recognizer, default_model_path, load_model"
    )
    assert "numpy" in loaded
    assert not loaded & HEAVY


def test_reading_pixels_waits_neither_for_pictures_nor_for_the_trainer() -> None:
    assert not loaded_after("import handwrite_gui.engine.data.readers.pixels") & HEAVY


def test_all_names_can_be_imported_without_a_window() -> None:
    assert not loaded_after("from handwrite_gui.engine import *") & {"PySide6", "pyqtgraph"}
