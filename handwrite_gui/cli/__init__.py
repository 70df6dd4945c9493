"""The command line: reads pages, classifies characters, trains and measures, without Qt.

Every command is a module of this package with ``add_arguments(parser)`` and ``run(options)``;
only the one that was asked for is imported, so that a command starts as fast as its own work
allows.  Exit status: 0 done, 1 an input failed (the others were still done), 2 wrong arguments,
130 interrupted, 141 the reader of standard output went away.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from types import MappingProxyType

from handwrite_gui import __version__
from handwrite_gui.cli.messages import UsageError, report
from handwrite_gui.engine.errors import HandwriteError

COMMANDS = MappingProxyType(
    {
        "recognize": "read images of handwritten pages and print their text",
        "classify": "name the character on every image of an .npz file, as CSV",
        "convert": "write readings in another format, also those of other programs",
        "train": "train a network on labelled characters and save it as a model",
        "study": "learn the same data with one setting varied, side by side",
        "runs": "list the runs that were kept, and what differs between them",
        "adapt": "adapt the shipped model to a hand, where that reads it better",
        "models": "list, keep and compare models",
        "sheet": "make a sample sheet to write on, and read it back into samples of a hand",
        "evaluate": "measure a model on labelled characters, or on pages with their text",
        "fetch": "download a public data set of handwritten characters",
        "completion": "print what makes a shell complete all of this",
    }
)
"""Name of every command, which is also its module's, and what it does."""

TOP_LEVEL_OPTIONS = frozenset({"-h", "--help", "--version"})

INTERRUPTED = 130
READER_WENT_AWAY = 141


def main(argv: Sequence[str]) -> int:
    """Runs one command and returns its exit status; every message goes to standard error.

    Args:
        argv: the command's name followed by its arguments.
    """
    if isinstance(sys.stdout, io.TextIOWrapper) and not sys.stdout.isatty():
        # JSON and CSV are UTF-8 for whoever reads them, also where the system has another code.
        sys.stdout.reconfigure(encoding="utf-8")
    try:
        status = _run(argv)
        sys.stdout.flush()
    except SystemExit as leaving:  # argparse, after it has printed help or what is wrong
        return leaving.code if isinstance(leaving.code, int) else 2
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # What Python still holds for standard output would raise again when it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_WENT_AWAY
    except (HandwriteError, OSError, MemoryError) as error:
        report(error)
        return 1
    return status


def _run(argv: Sequence[str]) -> int:
    if not argv or argv[0] not in COMMANDS:
        _top_level_parser().parse_args(argv)
        return 2
    module = importlib.import_module(f"{__name__}.{argv[0]}")
    parser = argparse.ArgumentParser(
        prog=f"python -m handwrite_gui {argv[0]}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    module.add_arguments(parser)
    options = parser.parse_args(argv[1:])
    try:
        status: int = module.run(options)
    except UsageError as error:
        parser.error(str(error))
    return status


def _top_level_parser() -> argparse.ArgumentParser:
    listing = "\n".join(f"  {name:<12}{summary}" for name, summary in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m handwrite_gui",
        usage="python -m handwrite_gui [FILE …]\n       python -m handwrite_gui COMMAND …",
        description="Reads handwriting and shows how it learns to.  Without a command it opens "
        "the window, with the files if any are named.",
        epilog=f"commands, which need no display:\n{listing}\n\n"
        "“python -m handwrite_gui COMMAND --help” tells more, with an example.  A file that is "
        "called\nlike a command is opened as ./recognize.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"handwrite-gui {__version__}")
    return parser
