"""Shells complete every command and option."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from handwrite_gui.cli import COMMANDS
from tests.cli.conftest import Run


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_every_command_is_known(run: Run, shell: str) -> None:
    outcome = run("completion", shell)
    assert (outcome.status, outcome.err) == (0, "")
    for command in COMMANDS:
        assert command in outcome.out


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_bash_completes_an_option(run: Run, tmp_path: Path) -> None:
    script = tmp_path / "completion.bash"
    script.write_text(run("completion", "bash").out)
    ask = (
        f"source {script}; COMP_WORDS=(handwrite-gui recognize --form); COMP_CWORD=2; "
        'COMP_LINE="handwrite-gui recognize --form"; COMP_POINT=${#COMP_LINE}; '
        '_shtab_handwrite_gui; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    done = subprocess.run(["bash", "-c", ask], capture_output=True, text=True, check=False)
    assert "--format" in done.stdout.split(), done.stderr


def test_another_shell_is_refused(run: Run) -> None:
    assert run("completion", "cmd").status == 2
