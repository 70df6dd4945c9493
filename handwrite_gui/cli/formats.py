"""The option that names the format of what is written, and the list of formats below the help."""

from __future__ import annotations

import argparse

from handwrite_gui.engine.export.formats import FORMATS


def add_format_argument(parser: argparse.ArgumentParser) -> None:
    """Add ``--format``, and what each format is to the end of the parser's help."""
    parser.add_argument(
        "--format",
        choices=tuple(FORMATS),
        default="text",
        metavar="FORMAT",
        help="one of the formats below; text by default",
    )
    listing = "\n".join(f"  {name:<9}{one.title}" for name, one in FORMATS.items())
    parser.epilog = f"formats:\n{listing}"
