"""Builds the wheel, installs it into an empty environment and reads a page with it.

    python scripts/wheel_smoke_test.py

Run it with the Python of the development environment, which has the package “build”.  The page
is read from a folder of its own, so that nothing of the checkout can stand in for what the wheel
lacks.  Exit status 0 where everything is as it should be; otherwise a message says what is not.
"""

from __future__ import annotations

import difflib
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
WINDOWS = sys.platform == "win32"

LEAST_SIMILARITY = 0.8
"""Of what is read to what is written: the test is of the packaging, not of the accuracy."""


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build_wheel(folder / "dist")
        check_contents(wheel)
        programs = install(wheel, folder / "environment")
        empty = folder / "elsewhere"
        empty.mkdir()
        check_scripts(programs, empty)
        pages = sample_pages(programs, empty)
        check(bool(pages), "the installed program has sample pages with their text")
        for page in pages:
            check_reading(programs, page, empty)
    print(f"wheel smoke test: {wheel.name} works, read {len(pages)} pages")
    return 0


def check(holds: bool, claim: str) -> None:
    if not holds:
        sys.exit(f"wheel smoke test: it does not hold that {claim}")


def run(*command: str | Path, folder: Path) -> str:
    """Standard output of a command; ends the test where it fails."""
    # The checkout must be no place to import from.
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "PYTHONHOME")}
    done = subprocess.run(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=False
    )
    if done.returncode != 0:
        words = " ".join(map(str, command))
        sys.exit(f"wheel smoke test: exit status {done.returncode} of {words}\n{done.stdout}")
    return done.stdout


def build_wheel(folder: Path) -> Path:
    """The wheel, built from the source distribution as an index would get it."""
    run(sys.executable, "-m", "build", "--outdir", folder, REPOSITORY, folder=REPOSITORY)
    wheels = list(folder.glob("*.whl"))
    check(len(wheels) == 1, "one wheel is built")
    return wheels[0]


def check_contents(wheel: Path) -> None:
    """Everything that is committed below the package and the resources is in the wheel."""
    names = set(zipfile.ZipFile(wheel).namelist())
    listing = run("git", "ls-files", "handwrite_gui", "resources", folder=REPOSITORY)
    expected = {
        f"handwrite_gui/{path}" if path.startswith("resources/") else path
        for path in listing.splitlines()
    }
    missing = sorted(expected - names)
    check(not missing, f"every committed file is in the wheel; it lacks {missing}")
    check("handwrite_gui/py.typed" in names, "the wheel is marked as typed")
    check(
        "handwrite_gui/resources/models/default.npz" in names, "the wheel holds the shipped model"
    )
    strangers = {name.partition("/")[0] for name in names} - {"handwrite_gui"}
    check(all(name.endswith(".dist-info") for name in strangers), f"{strangers} is metadata")
    check(
        any(name.endswith(".dist-info/licenses/LICENSE") for name in names),
        "the wheel holds the licence",
    )


def install(wheel: Path, environment: Path) -> Path:
    """Installs into a new environment and returns its folder of programs."""
    run(sys.executable, "-m", "venv", environment, folder=environment.parent)
    programs = environment / ("Scripts" if WINDOWS else "bin")
    pip = (programs / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, wheel, folder=environment.parent)
    return programs


def check_scripts(programs: Path, folder: Path) -> None:
    script = programs / ("handwrite-gui.exe" if WINDOWS else "handwrite-gui")
    check(script.exists(), f"installing makes the program {script.name}")
    entry_point = (
        "from importlib.metadata import entry_points; "
        "print(entry_points(group='gui_scripts')['handwrite-gui'].value)"
    )
    value = run(programs / "python", "-c", entry_point, folder=folder).strip()
    check(value == "handwrite_gui.__main__:main", "the program is declared as a GUI script")
    if not WINDOWS:  # a GUI script has no standard output there
        version = run(script, "--version", folder=folder)
        check(version.startswith("handwrite-gui "), "the program tells its version")


def sample_pages(programs: Path, folder: Path) -> list[tuple[Path, str]]:
    """The pages in the installed package, each with what is written on it."""
    find = (
        "from handwrite_gui.engine.resources import resource_path; print(resource_path('samples'))"
    )
    samples = Path(run(programs / "python", "-c", find, folder=folder).strip())
    check(REPOSITORY not in samples.parents, "the samples are those of the installed package")
    index = json.loads((samples / "index.json").read_text(encoding="utf-8"))
    return [(samples / entry["file"], entry["text"]) for entry in index]


def check_reading(programs: Path, page: tuple[Path, str], folder: Path) -> None:
    path, truth = page
    read = run(programs / "python", "-m", "handwrite_gui", "recognize", path, folder=folder)
    similarity = difflib.SequenceMatcher(None, letters(read), letters(truth), False).ratio()
    check(
        similarity >= LEAST_SIMILARITY,
        f"{path.name} is read as it is written ({similarity:.2f}):\n{read}",
    )


def letters(text: str) -> str:
    return "".join(character for character in text.upper() if character.isalnum())


if __name__ == "__main__":
    sys.exit(main())
