"""Where the files that ship with the program are: model, icons, sample pages."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def resource_path(name: str) -> Path:
    """The path of a shipped file, in a checkout and when installed from a wheel.

    Args:
        name: path below ``resources/``, with forward slashes, for example ``models/default.npz``.

    Raises:
        FileNotFoundError: the installation lacks that file.
    """
    # A wheel carries the folder inside the package; a checkout has it beside the package.
    for folder in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = folder / name
        if path.exists():
            return path
    raise FileNotFoundError(
        f"The installation is incomplete: resources/{name} is missing; install Handwrite again."
    )


def default_model_path() -> Path:
    """The path of the model that ships with the program."""
    return resource_path("models/default.npz")
