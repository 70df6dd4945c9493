"""What scripts/dev.py does on machines that lack something, without touching this one."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "dev.py"


class Machine:
    """Stands in for the commands that the script would run."""

    def __init__(self) -> None:
        self.commands: list[list[str]] = []
        self.failing = ""

    def call(self, command: list[str], **_: object) -> int:
        self.commands.append([str(word) for word in command])
        return 1 if self.failing and self.failing in command else 0


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script, with a repository of its own that has a working environment."""
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / ".venv").mkdir()
    (tmp_path / "pyproject.toml").write_text("[project]")
    monkeypatch.setattr(module, "REPOSITORY", tmp_path)
    monkeypatch.setattr(module, "ENVIRONMENT", tmp_path / ".venv")
    monkeypatch.setattr(module, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    monkeypatch.setattr(module, "environment_works", lambda: True)
    monkeypatch.setattr(module, "loads", lambda library: True)
    return module


@pytest.fixture
def machine(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine()
    monkeypatch.setattr(dev.subprocess, "call", machine.call)
    return machine


def lacking(dev: ModuleType, monkeypatch: pytest.MonkeyPatch, *libraries: str) -> None:
    """A Debian machine on which these libraries load only once they were installed."""
    missing = set(libraries)

    def call(command: list[str], **_: object) -> int:
        if "apt-get" in command:
            missing.clear()
        return 0

    monkeypatch.setattr(dev.sys, "platform", "linux")
    monkeypatch.setattr(dev, "loads", lambda library: library not in missing)
    monkeypatch.setattr(dev.shutil, "which", lambda tool: f"/usr/bin/{tool}")
    monkeypatch.setattr(dev.subprocess, "call", call)


def test_says_what_it_can_do(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["--help"]) == 0
    assert "dev.py open" in capsys.readouterr().out
    assert dev.main(["destroy"]) == 2
    assert "dev.py test" in capsys.readouterr().err


def test_an_old_python_is_told_which_one_is_needed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dev.sys, "version_info", (3, 9, 2))
    assert dev.main(["open"]) == 1
    message = capsys.readouterr().err
    assert "this is Python 3.9" in message
    assert "3.11 or newer" in message


def test_the_oldest_python_is_that_of_the_package(dev: ModuleType) -> None:
    text = (SCRIPT.parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={dev.version(dev.OLDEST_PYTHON)}"' in text


def test_missing_libraries_are_installed_as_root(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking(dev, monkeypatch, "libEGL.so.1", "libxcb-cursor.so.0")
    monkeypatch.setattr(dev, "privilege_prefix", list)
    dev.see_to_system_packages({**dev.QT_LIBRARIES, **dev.QT_WINDOW_LIBRARIES})
    printed = capsys.readouterr().out
    assert "apt-get update" in printed
    assert "install --yes --no-install-recommends libegl1 libxcb-cursor0\n" in printed


def test_without_permission_the_exact_command_is_printed(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking(dev, monkeypatch, "libGL.so.1")
    monkeypatch.setattr(dev, "privilege_prefix", lambda: None)
    assert dev.main(["test"]) == 1
    command = "sudo apt-get update && sudo apt-get install --yes --no-install-recommends libgl1"
    assert f"    {command}\n" in capsys.readouterr().err


def test_other_systems_are_told_by_their_own_package_manager(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking(dev, monkeypatch, "libGL.so.1")
    monkeypatch.setattr(dev.shutil, "which", lambda tool: tool if tool == "dnf" else None)
    assert dev.main(["open"]) == 1
    assert "sudo dnf install 'libGL.so.1()(64bit)'" in capsys.readouterr().err


def test_the_tests_need_no_library_of_a_display(
    dev: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    lacking(dev, monkeypatch, *dev.QT_WINDOW_LIBRARIES)
    monkeypatch.setattr(dev, "privilege_prefix", lambda: None)
    assert dev.main(["test"]) == 0
    assert dev.main(["open"]) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only there the libraries are needed")
def test_a_library_that_is_there_loads_and_one_that_is_not_does_not() -> None:
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    dev = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(dev)
    assert dev.loads("libc.so.6")
    assert not dev.loads("libhandwrite-has-no-such.so.1")


class TestPackages:
    def test_are_installed_once(self, dev: ModuleType, machine: Machine) -> None:
        dev.install_packages(("dev",))
        dev.install_packages(())
        dev.install_packages(("dev",))
        (command,) = machine.commands
        assert command[-2:] == ["--editable", ".[dev]"]

    def test_are_installed_again_when_the_project_changes(
        self, dev: ModuleType, machine: Machine
    ) -> None:
        dev.install_packages(("dev",))
        (dev.REPOSITORY / "pyproject.toml").write_text("[project] # more")
        dev.install_packages(())
        assert [command[-1] for command in machine.commands] == [".[dev]", ".[dev]"]

    def test_of_the_tests_are_added_when_they_are_needed(
        self, dev: ModuleType, machine: Machine
    ) -> None:
        dev.install_packages(())
        dev.install_packages(("dev",))
        assert [command[-1] for command in machine.commands] == [".", ".[dev]"]

    def test_are_tried_again_after_a_failure(self, dev: ModuleType, machine: Machine) -> None:
        machine.failing = "install"
        with pytest.raises(dev.SetupError, match="this failed"):
            dev.install_packages(())
        machine.failing = ""
        dev.install_packages(())
        assert len(machine.commands) == 2


def test_the_exit_status_of_the_tests_is_handed_on(
    dev: ModuleType, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.install_packages(("dev",))
    machine.failing = "pytest"
    assert dev.main(["test", "-k", "nothing"]) == 1
    assert machine.commands[-1][1:] == [
        *("-m", "pytest", "-n", "auto", "--dist", "worksteal"),
        *("-k", "nothing"),
    ]


def test_one_failing_check_does_not_hide_the_others(
    dev: ModuleType, machine: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    dev.install_packages(("dev",))
    machine.failing = "ruff"
    assert dev.main(["check"]) == 1
    assert machine.commands[-1][1:] == ["-m", "mypy"]
    assert capsys.readouterr().err.count("dev.py: failed: ruff") == 2


def test_it_needs_nothing_but_the_standard_library() -> None:
    subprocess.run([sys.executable, "-I", "-S", SCRIPT, "--help"], check=True, capture_output=True)
