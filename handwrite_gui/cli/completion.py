"""Prints what makes a shell complete the commands, their options and file names.

It completes what is called as handwrite-gui.

    python -m handwrite_gui completion bash > ~/.bash_completion.d/handwrite-gui
    python -m handwrite_gui completion zsh > ~/.zfunc/_handwrite-gui
"""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

import shtab

from handwrite_gui import __version__
from handwrite_gui.cli import COMMANDS

PROGRAM = "handwrite-gui"
_FILES = frozenset({"FILE", "PATH", "IMAGE"})


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("shell", choices=shtab.SUPPORTED_SHELLS, help="the shell that completes")


def run(options: argparse.Namespace) -> int:
    print(shtab.complete(every_command(), options.shell))
    return 0


def every_command() -> argparse.ArgumentParser:
    """One parser with all commands below it, as shells think of them."""
    parser = argparse.ArgumentParser(prog=PROGRAM, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=__version__)
    below = parser.add_subparsers(dest="command")
    for name, summary in COMMANDS.items():
        command = below.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        importlib.import_module(f"handwrite_gui.cli.{name}").add_arguments(command)
        for action in command._actions:
            if action.type is Path or action.metavar in _FILES:
                action.complete = shtab.FILE  # type: ignore[attr-defined]
    return parser
