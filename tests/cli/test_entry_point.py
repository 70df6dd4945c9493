"""Which arguments are a command, which are files for the window, and how commands end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from handwrite_gui import __version__, app
from handwrite_gui.__main__ import main
from handwrite_gui.cli import COMMANDS
from handwrite_gui.engine.export.formats import FORMATS
from tests.cli.conftest import Run, bars

COMMAND = [sys.executable, "-m", "handwrite_gui"]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The arguments of every window that would have been opened."""
    calls: list[list[str]] = []

    def open_window(arguments: list[str]) -> int:
        calls.append(list(arguments))
        return 0

    monkeypatch.setattr(app, "main", open_window)
    return calls


def test_without_arguments_the_window_opens(opened: list[list[str]]) -> None:
    assert main([]) == 0
    assert opened == [[]]


def test_files_open_in_the_window(opened: list[list[str]]) -> None:
    assert main(["page.jpg", "model.npz"]) == 0
    assert opened == [["page.jpg", "model.npz"]]


def test_a_file_called_like_a_command_opens_by_its_path(
    opened: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train").touch()
    assert main(["./train"]) == 0
    assert opened == [["./train"]]


def test_a_file_without_a_suffix_opens(
    opened: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("scan").touch()
    assert main(["scan"]) == 0
    assert opened == [["scan"]]


def test_a_mistyped_command_opens_no_window(run: Run, opened: list[list[str]]) -> None:
    outcome = run("recognise", "page.jpg")
    assert outcome.status == 2
    assert "“recognise”" in outcome.err
    assert "recognize, classify" in outcome.err
    assert not opened


def test_help_lists_every_command(run: Run) -> None:
    outcome = run("--help")
    assert outcome.status == 0
    for name, summary in COMMANDS.items():
        assert f"{name} " in outcome.out
        assert summary in outcome.out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"handwrite-gui {__version__}\n", "")


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_each_command_has_an_example(run: Run, command: str) -> None:
    outcome = run(command, "--help")
    assert outcome.status == 0
    assert f"    python -m handwrite_gui {command} " in outcome.out


@pytest.mark.parametrize("command", COMMANDS)
def test_an_unknown_option_is_a_wrong_argument(run: Run, command: str) -> None:
    outcome = run(command, "--no-such-option")
    assert outcome.status == 2
    assert outcome.out == ""
    assert f"python -m handwrite_gui {command}: error:" in outcome.err


def test_commands_load_neither_qt_nor_need_a_display(model: Path, labelled: Path) -> None:
    program = (
        "import sys; from handwrite_gui.__main__ import main; "
        f"status = main(['classify', '--model', {str(model)!r}, {str(labelled)!r}]); "
        "print(*sys.modules, sep='\\n', file=sys.stderr); sys.exit(status)"
    )
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "DISPLAY"))}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stderr.splitlines()}
    assert "handwrite_gui" in loaded
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph"}


def test_what_is_printed_to_a_pipe_is_utf_8_everywhere(model: Path, tmp_path: Path) -> None:
    images, labels = bars(30, seed=1)
    path = tmp_path / "é.npz"
    np.savez(path, images=images, labels=labels)
    done = subprocess.run(
        [*COMMAND, "evaluate", "--model", model, "--data", path],
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "latin-1"},
        check=True,
    )
    assert "data               é\n" in done.stdout.decode("utf-8").replace("\r", "")


@pytest.mark.skipif(sys.platform == "win32", reason="a closed pipe is told otherwise there")
def test_a_reader_that_goes_away_is_no_error(model: Path, labelled: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(
        [*COMMAND, "classify", "--model", model, labelled],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode == 141


@pytest.mark.parametrize("command", ["recognize", "convert"])
def test_help_lists_every_format_on_a_line_of_its_own(run: Run, command: str) -> None:
    lines = run(command, "--help").out.splitlines()
    listed = [line.split()[0] for line in lines[lines.index("formats:") + 1 :] if line.strip()]
    assert listed == list(FORMATS)
