"""Opens the program from a checkout: ``python main.py [FILE …]``."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    try:
        from handwrite_gui.__main__ import main
    except ModuleNotFoundError as error:
        sys.exit(
            f"handwrite-gui: this Python lacks the package “{error.name}”; "
            "run “python3 scripts/dev.py open”, which installs what is missing and starts the "
            "program."
        )
    sys.exit(main())
