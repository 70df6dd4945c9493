"""Whether a window can open, said in one sentence before Qt would end the process."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_IN_CHECKOUT = (Path(__file__).resolve().parents[1] / "scripts" / "dev.py").exists()

# What Qt loads at run time on Debian and Ubuntu; scripts/dev.py installs the same.
_PACKAGES = (
    "libegl1 libgl1 libfontconfig1 libxkbcommon-x11-0 libdbus-1-3 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-image0 libxcb-keysyms1 libxcb-render-util0 libxcb-shape0 libxcb-xinerama0"
)


def startup_problem(arguments: Sequence[str] = ()) -> str | None:
    """Why Qt cannot open a window here and what to do about it; None where it can.

    Args:
        arguments: the program's own; ``-platform NAME`` among them counts.
    """
    try:
        from PySide6 import QtSvg, QtWidgets  # noqa: F401
    except ModuleNotFoundError as error:
        remedy = "python3 scripts/dev.py open" if _IN_CHECKOUT else "pip install PySide6-Essentials"
        return f"this Python lacks the package “{error.name}”; run “{remedy}”."
    except ImportError as error:
        return _missing_library(str(error))
    if sys.platform.startswith("linux") and _platform(arguments) == "xcb":
        return _xcb_problem()
    return None


def _platform(arguments: Sequence[str]) -> str:
    """The window system Qt will choose, as far as it is certain."""
    if "-platform" in arguments[:-1]:
        chosen = arguments[list(arguments).index("-platform") + 1]
    else:
        chosen = os.environ.get("QT_QPA_PLATFORM", "")
    if chosen:
        return chosen.split(":")[0].split(";")[0]
    return "" if os.environ.get("WAYLAND_DISPLAY") else "xcb"


def _xcb_problem() -> str | None:
    from PySide6.QtCore import QLibraryInfo

    plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath))
    plugin = plugins / "platforms" / "libqxcb.so"
    if plugin.exists():
        try:
            ctypes.CDLL(str(plugin))
        except OSError as error:
            return _missing_library(str(error))
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return _missing_library(str(error))
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(None, None)
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if refused:
        display = os.environ.get("DISPLAY", "")
        return (
            f"the display “{display}” cannot be reached; start the program from a desktop, or set "
            "DISPLAY to one that runs."
        )
    return None


def _missing_library(complaint: str) -> str:
    library = complaint.split(":")[0].strip()
    if _IN_CHECKOUT:
        remedy = "“python3 scripts/dev.py open”, which installs it"
    else:
        remedy = f"“sudo apt-get install {_PACKAGES}” or its like on this system"
    return f"Qt needs the system library {library}, which is missing here; run {remedy}."
