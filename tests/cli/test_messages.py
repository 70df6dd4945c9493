from __future__ import annotations

import io
from contextlib import redirect_stderr
from pathlib import Path

import pytest

from handwrite_gui.cli.messages import ProgressLine, report
from handwrite_gui.engine.errors import HandwriteError, ImageFileError


class Terminal(io.StringIO):
    """Keeps what is written to it; its lines are 40 characters wide."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("COLUMNS", "40")
    return Terminal()


class TestOnATerminal:
    def test_progress_is_shown_and_removed(self, terminal: Terminal) -> None:
        with redirect_stderr(terminal), ProgressLine("page.jpg") as progress:
            progress(0.25, "Finding lines")
        assert terminal.getvalue() == "\r\x1b[Kpage.jpg   25%  Finding lines\r\x1b[K"

    def test_a_line_never_wraps(self, terminal: Terminal) -> None:
        with redirect_stderr(terminal), ProgressLine("a_very_long_name_of_a_file.jpg") as progress:
            progress(0.5, "Finding lines and words")
        assert max(map(len, terminal.getvalue().split("\r\x1b[K"))) == 39

    def test_quick_reports_do_not_flood_it(self, terminal: Terminal) -> None:
        with redirect_stderr(terminal), ProgressLine("page.jpg") as progress:
            for step in range(1000):
                progress(step / 1000, "Working")
        assert 1 <= terminal.getvalue().count("Working") < 20

    def test_a_failure_begins_on_a_clean_line(self, terminal: Terminal) -> None:
        with (
            pytest.raises(HandwriteError),
            redirect_stderr(terminal),
            ProgressLine("page.jpg") as progress,
        ):
            progress(0.5, "Working")
            raise HandwriteError
        assert terminal.getvalue().endswith("\r\x1b[K")


def test_progress_is_for_terminals_only(capsys: pytest.CaptureFixture[str]) -> None:
    with ProgressLine("page.jpg") as progress:
        progress(0.5, "Working")
        progress.show("epoch 1\n")
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("error", "path", "line"),
    [
        (ImageFileError("scans/a.png", "is empty."), None, f"{Path('scans/a.png')}: is empty."),
        (HandwriteError("The alphabet is unknown."), None, "The alphabet is unknown."),
        (HandwriteError("Two\nlines."), "a.png", "a.png: Two lines."),
        (PermissionError(13, "Permission denied", "b.txt"), "a.png", "b.txt: Permission denied."),
        (MemoryError(), "a.png", "a.png: there is not enough memory for it; give a smaller file."),
        (OSError("odd"), "a.png", "a.png: odd"),
    ],
)
def test_an_error_is_one_line(
    error: Exception, path: str | None, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report(error, path)
    assert capsys.readouterr() == ("", f"handwrite-gui: {line}\n")
