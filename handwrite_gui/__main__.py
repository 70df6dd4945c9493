"""Entry point of ``python -m handwrite_gui`` and of the installed script ``handwrite-gui``.

A first argument that names a command runs that command without Qt; anything else is files to
open in the window.  A file that is called like a command is given as ``./recognize``.
"""

from __future__ import annotations

import os
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
    complaint = _unusable_file_argument(arguments) or _missing_display(arguments)
    if complaint is not None:
        message, status = complaint
        print(f"handwrite-gui: {message}", file=sys.stderr)
        return status
    # Qt is loaded only here: the commands must run on machines that cannot load it.
    from handwrite_gui import app

    return app.main(arguments)


def _unusable_file_argument(arguments: Sequence[str]) -> tuple[str, int] | None:
    """A bare word that is no file is a mistyped command: say so instead of opening a window."""
    if not arguments or arguments[0].startswith("-"):
        return None
    word = Path(arguments[0])
    if word.name != arguments[0] or word.suffix or word.exists():
        return None
    commands = ", ".join(cli.COMMANDS)
    return f"there is no file and no command named “{word}”; the commands are {commands}.", 2


def _missing_display(arguments: Sequence[str]) -> tuple[str, int] | None:
    """Qt ends the process with a core dump where no display can be reached; we say why first."""
    if not sys.platform.startswith("linux") or "-platform" in arguments:
        return None
    if any(os.environ.get(name) for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY")):
        return None
    return (
        "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set); "
        "“python -m handwrite_gui --help” lists the commands that need none.",
        1,
    )


if __name__ == "__main__":
    sys.exit(main())
