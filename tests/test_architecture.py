"""Which part may import which, and what must not be loaded to start.

The engine knows nothing of any window, the command line nothing of Qt, and the window shows
before the libraries that only some of its views need are loaded.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent / "handwrite_gui"
WINDOW_LIBRARIES = {"PySide6", "shiboken6", "pyqtgraph"}
HEAVY_LIBRARIES = {"pyqtgraph", "scipy", "skimage"}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path) -> Iterator[str]:
    """Full names of everything a file imports, wherever in the file."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package.pop()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) + 1 - node.level] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{source}.{alias.name}" for alias in node.names)


def files_below(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((PACKAGE / folder).rglob("*.py"))]
    assert found
    return found


def is_within(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")


def breaches(paths: list[Path], forbids: Callable[[str], bool]) -> list[str]:
    """“module imports name” for every import that is not to be."""
    return [
        f"{module_name(path)} imports {name}"
        for path in paths
        for name in imports(path)
        if forbids(name)
    ]


def is_window_library(name: str) -> bool:
    return name.partition(".")[0] in WINDOW_LIBRARIES


def is_ours_outside(*allowed: str) -> Callable[[str], bool]:
    return lambda name: (
        is_within(name, "handwrite_gui")
        and name != "handwrite_gui.__version__"
        and not any(is_within(name, one) for one in allowed)
    )


def test_engine_and_command_line_import_no_window_library() -> None:
    assert not breaches(files_below("engine", "cli"), is_window_library)


def test_the_engine_imports_nothing_above_it() -> None:
    assert not breaches(files_below("engine"), is_ours_outside("handwrite_gui.engine"))


def test_the_command_line_imports_only_the_engine() -> None:
    allowed = ("handwrite_gui.engine", "handwrite_gui.cli")
    assert not breaches(files_below("cli"), is_ours_outside(*allowed))


def test_the_window_does_not_import_the_command_line() -> None:
    window = [
        path
        for path in files_below(".")
        if path.name != "__main__.py" and not is_within(module_name(path), "handwrite_gui.cli")
    ]
    assert not breaches(window, lambda name: is_within(name, "handwrite_gui.cli"))


def modules_loaded_by(statement: str) -> set[str]:
    """Top-level names of what a fresh Python has loaded after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return {name.partition(".")[0] for name in done.stdout.splitlines()}


def test_importing_the_window_loads_no_heavy_library() -> None:
    loaded = modules_loaded_by("import handwrite_gui.app, handwrite_gui.main_window")
    assert "PySide6" in loaded
    assert not loaded & HEAVY_LIBRARIES


def test_importing_the_command_line_loads_no_library() -> None:
    loaded = modules_loaded_by("import handwrite_gui.__main__")
    assert "handwrite_gui" in loaded
    assert not loaded & (HEAVY_LIBRARIES | WINDOW_LIBRARIES | {"numpy", "PIL"})


def test_classifying_loads_no_image_library() -> None:
    loaded = modules_loaded_by("import handwrite_gui.cli.classify, handwrite_gui.engine.recognizer")
    assert not loaded & (HEAVY_LIBRARIES | WINDOW_LIBRARIES)
