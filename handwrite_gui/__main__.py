"""Entry point of ``python -m handwrite_gui`` and of the installed script ``handwrite-gui``.

A first argument that names a command runs that command without Qt; anything else is files to
open in the window.  A file that is called like a command is given as ``./recognize``.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from handwrite_gui import cli


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command or opens the window; returns the exit status.

    Args:
        argv: the arguments without the program's name; None takes those of the process.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments and (arguments[0] in cli.COMMANDS or arguments[0] in cli.TOP_LEVEL_OPTIONS):
        return cli.main(arguments)
    if arguments and _is_mistyped_command(arguments[0]):
        print(
            f"handwrite-gui: there is no file and no command named “{arguments[0]}”; the commands "
            f"are {', '.join(cli.COMMANDS)}.",
            file=sys.stderr,
        )
        return 2
    # Qt is loaded only here: the commands must run on machines that cannot load it.
    from handwrite_gui import app

    return app.main(arguments)


def _is_mistyped_command(argument: str) -> bool:
    """Whether it is a bare word that is no file: opening a window on it would help nobody."""
    if argument.startswith("-"):
        return False
    word = Path(argument)
    return word.name == argument and not word.suffix and not word.exists()


if __name__ == "__main__":
    sys.exit(main())
