#!/usr/bin/env python3
"""Prepares everything on a fresh machine, then opens the program, tests it or checks it.

    python3 scripts/dev.py open [FILE ...]          opens the window (or runs a command)
    python3 scripts/dev.py test [PYTEST OPTION ...] runs the tests, without a display
    python3 scripts/dev.py check                    runs ruff and mypy

Each makes the virtual environment .venv where it is missing, installs the program and what it
depends on where pyproject.toml has changed, and on Linux sees to the system libraries that Qt
needs: it installs them where it may (as root, or through sudo without a password) and prints
the exact command where it may not.  Needs Python 3.11 and nothing besides.
"""

# Only the standard library, and only syntax that an older Python can parse: it must live long
# enough to say that it is too old.
from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)

REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENT = REPOSITORY / ".venv"
WINDOWS = sys.platform == "win32"
PYTHON = ENVIRONMENT / ("Scripts/python.exe" if WINDOWS else "bin/python")

# What the Qt of the PySide6 wheels is linked against and does not bring along, with the Debian
# and Ubuntu packages that hold it.
QT_LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libX11.so.6": "libx11-6",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libxkbcommon.so.0": "libxkbcommon0",
}
# What its window on an X display needs on top; the tests draw off the screen and do without.
QT_WINDOW_LIBRARIES = {
    "libX11-xcb.so.1": "libx11-xcb1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}


class SetupError(Exception):
    """Something on this machine is missing that this script cannot see to; says what to do."""


def main(argv: list[str]) -> int:
    commands = {"open": open_program, "test": run_tests, "check": run_checks}
    if not argv or argv[0] not in commands:
        asked_for_help = argv[:1] in (["-h"], ["--help"])
        print(__doc__.strip(), file=sys.stdout if asked_for_help else sys.stderr)
        return 0 if asked_for_help else 2
    try:
        require_python()
        return commands[argv[0]](argv[1:])
    except SetupError as error:
        print(f"dev.py: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def open_program(arguments: list[str]) -> int:
    prepare(extras=(), libraries={**QT_LIBRARIES, **QT_WINDOW_LIBRARIES})
    return run_in_environment("-m", "handwrite_gui", *arguments)


def run_tests(arguments: list[str]) -> int:
    prepare(extras=("dev",), libraries=QT_LIBRARIES)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    # A process a core; `-n 0` among the arguments runs all in one, as a debugger wants it.
    return run_in_environment("-m", "pytest", "-n", "auto", "--dist", "worksteal", *arguments)


def run_checks(arguments: list[str]) -> int:
    if arguments:
        raise SetupError("check takes no arguments.")
    prepare(extras=("dev",), libraries={})
    checks = (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",))
    failed = [check for check in checks if run_in_environment("-m", *check) != 0]
    for check in failed:
        print(f"dev.py: failed: {' '.join(check)}", file=sys.stderr)
    return 1 if failed else 0


def run_in_environment(*arguments: str) -> int:
    """Runs the environment's Python in the caller's folder, so that relative paths hold."""
    folder = None if arguments[:2] == ("-m", "handwrite_gui") else REPOSITORY
    return subprocess.call([str(PYTHON), *arguments], cwd=folder)


def require_python() -> None:
    if sys.version_info < OLDEST_PYTHON:
        raise SetupError(
            f"this is Python {version(sys.version_info[:2])}, and the program needs "
            f"{version(OLDEST_PYTHON)} or newer. Install a newer Python and start this script "
            "with it, for example: python3.13 scripts/dev.py open"
        )


def version(numbers: tuple[int, ...]) -> str:
    return f"{numbers[0]}.{numbers[1]}"


def prepare(extras: tuple[str, ...], libraries: dict[str, str]) -> None:
    """Makes sure that system libraries, environment and packages are all there."""
    see_to_system_packages(libraries)
    if not environment_works():
        make_environment()
    install_packages(extras)


def see_to_system_packages(libraries: dict[str, str]) -> None:
    """Installs what the system lacks of ``libraries``, and of Python itself, where it may."""
    missing = {}
    if sys.platform == "linux":
        missing = {name: package for name, package in libraries.items() if not loads(name)}
    if not environment_works() and importlib.util.find_spec("ensurepip") is None:
        # Debian and Ubuntu split Python: without this package “python3 -m venv” makes
        # environments that have no pip.
        package = f"python{version(sys.version_info[:2])}-venv"
        missing["the Python module ensurepip"] = package
    if not missing:
        return
    print(f"dev.py: this machine lacks {', '.join(sorted(missing))}.", flush=True)
    install = ["apt-get", "install", "--yes", "--no-install-recommends"]
    install += sorted(set(missing.values()))
    if shutil.which("apt-get") is None:
        raise SetupError(other_system_advice(sorted(missing)))
    prefix = privilege_prefix()
    if prefix is None:
        raise SetupError(
            "this account may not install packages; run this, then try again:\n\n"
            f"    sudo apt-get update && sudo {shlex.join(install)}\n"
        )
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update"], install):
        print(f"dev.py: {shlex.join([*prefix, *command])}", flush=True)
        if subprocess.call([*prefix, *command], env=environment, stdin=subprocess.DEVNULL) != 0:
            raise SetupError(f"this failed: {shlex.join([*prefix, *command])}")
    still_missing = [name for name in missing if name in libraries and not loads(name)]
    if still_missing:
        raise SetupError(
            f"{', '.join(still_missing)} cannot be loaded even after the installation."
        )


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def privilege_prefix() -> list[str] | None:
    """What goes before a command to run it as root: nothing, or sudo; None where neither may."""
    if os.geteuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo is None:
        return None
    asks_nothing = subprocess.run([sudo, "-n", "true"], capture_output=True, check=False)
    return [sudo, "-n"] if asks_nothing.returncode == 0 else None


def other_system_advice(missing: list[str]) -> str:
    libraries = [name for name in missing if ".so" in name]
    for tool in ("dnf", "zypper"):
        if libraries and shutil.which(tool):
            # These find packages by the library they provide.
            names = shlex.join(f"{name}()(64bit)" for name in libraries)
            return f"run this, then try again:\n\n    sudo {tool} install {names}\n"
    return "install them with this system's package manager, then try again."


def environment_works() -> bool:
    """Whether the environment is there, has pip, and its Python was not removed meanwhile."""
    if not PYTHON.exists():
        return False
    probe = [str(PYTHON), "-c", "import sys, pip; sys.exit(sys.version_info < (3, 11))"]
    return subprocess.run(probe, capture_output=True, check=False).returncode == 0


def make_environment() -> None:
    print(f"dev.py: making the virtual environment {ENVIRONMENT.name}", flush=True)
    # In a process of its own: the module venv, imported here before its Debian package was
    # installed, would still not find ensurepip.
    command = [sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]
    if subprocess.call(command) != 0:
        raise SetupError(f"this failed: {shlex.join(command)}")


def install_packages(extras: tuple[str, ...]) -> None:
    """Installs the program in editable form, unless that was done for this pyproject.toml."""
    requirements = (REPOSITORY / "pyproject.toml").read_bytes()
    fingerprint = hashlib.sha256(requirements).hexdigest()
    stamp = ENVIRONMENT / "dev-stamp.txt"
    installed_for, *installed = stamp.read_text("utf-8").split() if stamp.exists() else [""]
    if installed_for == fingerprint and set(extras) <= set(installed):
        return
    extras = tuple(sorted({*extras, *installed}))
    target = f".[{','.join(extras)}]" if extras else "."
    print("dev.py: installing the program and the packages it depends on", flush=True)
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    command += [] if sys.stdout.isatty() else ["--quiet"]
    command += ["--editable", target]
    if subprocess.call(command, cwd=REPOSITORY) != 0:
        raise SetupError(f"this failed: {shlex.join(command)}")
    stamp.write_text(" ".join([fingerprint, *extras]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
