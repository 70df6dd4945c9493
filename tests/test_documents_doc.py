"""What docs/documents.md says works."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import io
import re
import shlex
from pathlib import Path

import pytest
from PIL import Image

from handwrite_gui.engine.export.formats import FORMATS
from handwrite_gui.engine.resources import resource_path
from tests.test_readme import REPOSITORY, code_blocks

DOCUMENT = (REPOSITORY / "docs" / "documents.md").read_text(encoding="utf-8")


def test_the_python_examples_run_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Image.open(resource_path("samples/shopping_list.jpg")) as page:
        page.crop((0, 0, page.width, page.height // 4)).save(tmp_path / "page.jpg")
    monkeypatch.chdir(tmp_path)
    for code in code_blocks("python", DOCUMENT):
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, "documents.md", "exec"), {})
        assert printed.getvalue().strip()


@pytest.mark.parametrize(
    "line", [line for block in code_blocks("sh", DOCUMENT) for line in block.splitlines()]
)
def test_the_commands_are_well_formed(line: str) -> None:
    _, _, _, command, *arguments = shlex.split(line.partition("<")[0])
    parser = argparse.ArgumentParser(exit_on_error=False)
    importlib.import_module(f"handwrite_gui.cli.{command}").add_arguments(parser)
    parser.parse_args(arguments)


def test_every_format_is_in_the_table() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `([\w./]+)` \|", DOCUMENT, re.MULTILINE)
    assert [name for name, _ in rows] == list(FORMATS)
    for name, suffix in rows:
        assert suffix == (FORMATS[name].suffix or ".characters/")


def test_links_lead_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", DOCUMENT):
        assert "://" in link or (REPOSITORY / "docs" / link).exists(), link
