"""What the README says works."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import re
import shlex
import shutil
from pathlib import Path

import pytest

from handwrite_gui.cli import COMMANDS
from handwrite_gui.engine.resources import resource_path

REPOSITORY = Path(__file__).resolve().parent.parent
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
GUIDE = (REPOSITORY / "docs" / "guide.md").read_text(encoding="utf-8")


def code_blocks(language: str, text: str = README) -> list[str]:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [block for found, block in blocks if found == language]


@pytest.mark.parametrize("code", code_blocks("python"))
def test_the_python_examples_run(
    code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(resource_path("samples/shopping_list.jpg"), tmp_path / "page.jpg")
    monkeypatch.chdir(tmp_path)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})
    assert len(printed.getvalue().splitlines()) >= 5


@pytest.mark.parametrize(
    "line",
    [
        line
        for text in (README, GUIDE)
        for block in code_blocks("sh", text)
        for line in block.replace("\\\n", " ").splitlines()
        if line.startswith("python -m handwrite_gui")
    ],
)
def test_the_commands_are_well_formed(line: str) -> None:
    _, _, _, command, *arguments = shlex.split(line)
    assert command in COMMANDS
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(f"handwrite_gui.cli.{command}").add_arguments(parser)
    parser.parse_args(arguments)


def test_every_command_is_shown() -> None:
    shown = "\n".join(code_blocks("sh"))
    for command in COMMANDS:
        assert f"python -m handwrite_gui {command} " in shown


@pytest.mark.parametrize(
    "document", ["README.md", "docs/guide.md", "docs/glossary.md", "docs/decisions/README.md"]
)
def test_links_lead_somewhere(document: str) -> None:
    path = REPOSITORY / document
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", path.read_text(encoding="utf-8"))
    for link in links:
        if "://" not in link:
            assert (path.parent / link).exists(), link


def test_the_folder_map_is_true() -> None:
    (folders,) = (block for block in code_blocks("") if "handwrite_gui/engine/" in block)
    for line in folders.splitlines():
        names = re.split(r" {3,}", line.strip())[0].split()
        parent = "handwrite_gui/engine" if line.startswith("    ") else ""
        if names[0].startswith("handwrite_gui/"):
            names[1:] = [f"handwrite_gui/{name}" for name in names[1:]]
        for name in names:
            assert (REPOSITORY / parent / name).exists(), name
